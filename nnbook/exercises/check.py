"""`check`: tells a student what is wrong with an answer, never only that it is wrong."""

import copy
import ctypes
import inspect
import linecache
import re
import sys
import threading
from collections.abc import Mapping

import numpy as np

SECONDS = 10  # for one answer: code that takes longer hardly ends


def check(name, answer, expected, *, mistakes=None, inputs=None, tolerance=1e-6):
    """Compare an exercise's answer with what is expected and print one line that says what is right or wrong.

    name:      of the exercise, printed in front.
    answer:    the student's number, array, text, list … or function. None or ... means: not answered yet.
    expected:  the right value; or, if `inputs` are given, the right function.
    mistakes:  {diagnosis: wrong value}, or {diagnosis: function of the answer that is true for this mistake};
               with `inputs`, {diagnosis: wrong function of the same inputs}.
    inputs:    list of argument tuples. Then `answer` is a function, called with each of them.
    tolerance: how far numbers may be off, relative to the largest expected one; where the expected numbers are of very
               different sizes, each relative to its own.

    Answers may be tuples, lists and dicts of all this, and functions that return them.

        check("1.2 prediction", y, w * x + b, mistakes={"The bias b is missing.": w * x})
        check("3.1 mse", mse, lambda p, y: np.mean((p - y) ** 2), inputs=[(p, y)],
              mistakes={"You took the sum; the mean divides by n.": lambda p, y: np.sum((p - y) ** 2)})

    Typical mistakes with arrays (wrong shape, transposed, wrong sign, a constant factor such as a missing 1/n, a
    constant offset, reversed order, NaN) are named without being listed. Never raises because of a wrong answer; a
    function that does not end is stopped.
    """
    verdict, message = grade(answer, expected, mistakes=mistakes, inputs=inputs, tolerance=tolerance)
    try:
        print({True: "✓", False: "✗", None: "…"}[verdict], f"{name}: {message}")
    except UnicodeEncodeError:  # a console that knows no ✓, as GBK's
        mark = {True: "right", False: "not yet", None: "..."}[verdict]
        encoding = sys.stdout.encoding or "ascii"
        print(f"[{mark}] {name}: {message}".encode(encoding, "replace").decode(encoding))


def grade(answer, expected, *, mistakes=None, inputs=None, tolerance=1e-6):
    """(True, False or None for "not answered", message)."""
    if answer is None or answer is ...:
        return None, "not answered yet."
    try:
        if inputs is not None:
            return grade_function(answer, expected, mistakes or {}, inputs, tolerance)
        if same(answer, expected, tolerance):
            return True, "right."
        for message, wrong in (mistakes or {}).items():
            if matches(answer, wrong, tolerance):
                return False, message
        return False, diagnosis(answer, expected, tolerance)
    except AuthorsFault as fault:
        raise fault.__cause__ from None
    except Exception as error:  # an answer can be anything, also something that cannot even be looked at
        return False, f"this cannot be compared with the right answer ({type(error).__name__}: {error})."


class AuthorsFault(Exception):
    """The right function fails: no answer can be the reason."""


def grade_function(answer, expected, mistakes, inputs, tolerance):
    """Call the student's function on every input; the first mistake that explains all differences is named."""
    if not callable(answer):
        return False, f"a function is expected, this is {article(answer)}."
    try:
        want = [expected(*own(arguments)) for arguments in inputs]
    except Exception as error:
        raise AuthorsFault from error
    got = []
    try:
        with time_limit(SECONDS):
            for arguments in inputs:
                got.append(answer(*own(arguments)))
    except TooLong:
        return False, (f"your function does not end: after {SECONDS} seconds it was stopped"
                       f"{place(answer, sys.exc_info()[2])}. Does its loop come to an end?")
    except NotImplementedError:
        return None, "not answered yet."
    except (Exception, SystemExit) as error:  # whatever a student's code raises
        return False, f"your function raises {type(error).__name__}: {error}{place(answer, error.__traceback__)}"
    if all(value is None or value is ... for value in got):
        stub = re.search(r"\breturn\b|\.\.\.|\bpass\b", source(answer))
        return None, "not answered yet: your function returns nothing." + ("" if stub else " Is the return missing?")
    if all(same(g, w, tolerance) for g, w in zip(got, want, strict=True)):
        return True, "right."
    for message, wrong in mistakes.items():
        if all(made_by(wrong, arguments, g, tolerance) for g, arguments in zip(got, inputs, strict=True)):
            return False, message
    first = next(k for k in range(len(got)) if not same(got[k], want[k], tolerance))
    where = "" if len(inputs) == 1 else f"with input {first + 1} of {len(inputs)}: "
    return False, where + diagnosis(got[first], want[first], tolerance)


def own(arguments):
    """Copies, so that a function that changes its arguments spoils them for itself alone."""
    try:
        return copy.deepcopy(tuple(arguments))
    except Exception:  # something that cannot be copied
        return tuple(arguments)


def made_by(wrong, arguments, value, tolerance):
    try:
        return same(value, wrong(*own(arguments)), tolerance)
    except Exception:  # a mistake that cannot be made with this input
        return False


def place(function, traceback):
    """Where in the student's own code it happened: the last line of the file, or cell, that holds the function."""
    function = inspect.unwrap(getattr(function, "func", function))  # also of a partial one
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    found = None
    while traceback:
        if traceback.tb_frame.f_code.co_filename == file:
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    line = linecache.getline(file, found).strip() if found else ""
    return f" in line {found}: {line}" if line else ""


class TooLong(BaseException):
    """Raised inside code that takes too long; not an Exception, so that `except Exception` does not swallow it."""


class time_limit:  # noqa: N801  used as a function
    """Raise TooLong in the code under `with` after so many seconds, again and again until it ends.

    Not a signal: those reach the main thread only, and Windows has no alarm. A call that waits outside Python is
    stopped when it returns.
    """

    def __init__(self, seconds):
        self.seconds, self.done, self.thread = seconds, threading.Event(), threading.get_ident()

    def __enter__(self):
        self.watch = threading.Thread(target=self.wait, daemon=True)
        self.watch.start()

    def wait(self):
        while not self.done.wait(self.seconds):
            raise_in(self.thread, TooLong)
            self.seconds = 0.5

    def __exit__(self, *error):
        self.done.set()
        self.watch.join()
        raise_in(self.thread, None)  # one that came too late is taken back


def raise_in(thread, exception):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception and ctypes.py_object(exception))


def source(function):
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return "..."


def matches(answer, wrong, tolerance):
    if not callable(wrong):
        return same(answer, wrong, tolerance)
    try:
        return bool(wrong(answer))
    except Exception:  # a predicate written for arrays meets whatever the student gave
        return False


def numbers(value):
    """The value as a float array, or None if it is not made of numbers."""
    try:
        array = np.asarray(value)
        return array.astype(np.float32 if array.dtype == np.float32 else float) if array.dtype.kind in "biuf" else None
    except Exception:  # no array can be made of it, or its own __array__ fails
        return None


def same(answer, expected, tolerance):
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and set(answer) == set(expected) and all(
            same(answer[key], value, tolerance) for key, value in expected.items())
    if isinstance(expected, str):
        return isinstance(answer, str) and " ".join(answer.lower().split()) == " ".join(expected.lower().split())
    a, e = numbers(answer), numbers(expected)
    if e is not None:
        return a is not None and a.shape == e.shape and close(a, e, tolerance)
    if isinstance(expected, (tuple, list)):
        return isinstance(answer, (tuple, list, np.ndarray)) and len(answer) == len(expected) and all(
            same(g, w, tolerance) for g, w in zip(answer, expected, strict=True))
    try:
        if isinstance(expected, (set, frozenset)):
            return isinstance(answer, (set, frozenset, list, tuple)) and set(answer) == set(expected)
        return bool(np.all(answer == expected))
    except Exception:  # unhashable, or a comparison of its own that fails
        return False


def close(a, e, tolerance):
    """Whether all numbers agree, measured by the largest; one by one if they are of very different sizes."""
    if not e.size:
        return True
    sizes = np.abs(e[np.isfinite(e)])
    scale = np.max(sizes, initial=0.0) or 1.0
    allowed = tolerance * scale
    if np.any((sizes > 0) & (sizes < 1e-4 * scale)):
        noise = 1e-6 if a.dtype == np.float32 else max(1e-9, 1e-5 * tolerance)
        allowed = np.maximum(tolerance * np.abs(np.where(np.isfinite(e), e, scale)), noise * scale)
    return bool(np.all(np.isclose(a, e, rtol=0, atol=allowed, equal_nan=True)))


def diagnosis(answer, expected, tolerance):
    """Name the difference between a wrong answer and the right one."""
    a, e = numbers(answer), numbers(expected)
    if e is None and (part := first_wrong_part(answer, expected, tolerance)):
        return part
    if e is None:
        return f"this is {article(answer)}; {article(expected)} is expected." \
            if type(answer) is not type(expected) else f"{answer!r} is not it."
    if a is None:
        what = "a number" if e.ndim == 0 else f"an array of shape {e.shape}"
        return f"this is {article(answer)}; {what} is expected."
    if np.isnan(a).any() and not np.isnan(e).any():
        return "your answer contains NaN (not a number): look for 0/0, log(0) or exp of a large number."
    if a.shape != e.shape:
        return wrong_shape(a, e, tolerance)
    return relation(a, e, tolerance) or far_off(a, e)


def first_wrong_part(answer, expected, tolerance):
    """What is wrong with the first wrong part of a tuple, list or dict; None if it is of another kind."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        for key in expected:
            if key not in answer:
                return f"{key!r} is missing."
        extra = [key for key in answer if key not in expected]
        if extra:
            return f"{extra[0]!r} should not be there."
        parts = [(f"{key!r}", answer[key], value) for key, value in expected.items()]
    elif isinstance(expected, (tuple, list)) and isinstance(answer, (tuple, list)):
        if len(answer) != len(expected):
            return f"there are {len(answer)} parts, there should be {len(expected)}."
        parts = [(f"part {k} of {len(expected)}", g, w)
                 for k, (g, w) in enumerate(zip(answer, expected, strict=True), 1)]
    else:
        return None
    for name, got, want in parts:
        if not same(got, want, tolerance):
            return f"{name}: {diagnosis(got, want, tolerance)}"
    return None


def wrong_shape(a, e, tolerance):
    text = f"the shape is {a.shape}, it should be {e.shape}"
    if a.ndim == 2 and a.T.shape == e.shape:
        end = "the values are right, but" if close(a.T, e, tolerance) else ""
        return f"{text}: {end} it is transposed." if end else f"{text}: is it transposed?"
    if a.size == e.size and close(a.reshape(e.shape), e, tolerance):
        return f"the values are right, but {text}."
    if e.ndim == 0:
        return f"{text}, a single number: is a sum or mean missing?"
    if a.ndim < e.ndim and a.shape and a.shape[0] != e.shape[0] and a.ndim == e.ndim - 1:
        return f"{text}: is the axis of the examples missing?"
    return f"{text}."


def relation(a, e, tolerance):
    """A simple relation between answer and right value, in words; None if there is none."""
    if close(-a, e, tolerance):
        return "the sign is wrong: everything else is right."
    if a.ndim == 2 and a.shape[0] == a.shape[1] and close(a.T, e, tolerance):
        return "the matrix is transposed."
    if a.ndim >= 2 and close(a[..., ::-1, ::-1], e, tolerance):
        return "it is flipped in both directions: was the kernel flipped?"
    if a.ndim >= 1 and a.shape[-1] > 1 and close(a[..., ::-1], e, tolerance):
        return "the values are right but in reverse order."
    factor = constant(a, e, lambda x, y: x / y)
    if factor is not None:
        fault = "missing" if factor > 1 else "one too many"
        return f"it is {factor:.6g} times the right value: is a factor such as 1/n or 1/2 {fault}?"
    if a.size > 1:
        offset = constant(a, e, lambda x, y: x - y)
        if offset is not None:
            return f"it is off by {offset:.6g} everywhere: is a bias missing or added twice?"
    if a.size > 1:
        right = np.isclose(a, e, rtol=0, atol=tolerance * np.max(np.abs(e)))
        if right.mean() >= 0.5:
            place = tuple(int(i) for i in np.argwhere(~right)[0])
            place = place[0] if len(place) == 1 else place
            return (f"{right.sum()} of {right.size} values are right; the first wrong one, at index {place}, "
                    f"is {a[place]:.6g}.")
    return None


def constant(a, e, compare):
    """compare(a, e) if it is the same everywhere, and a single number only if it is a telling factor."""
    if not e.all() and compare(2.0, 1.0) == 2.0:
        keep = e != 0
        if not keep.any() or np.any(a[~keep]):
            return None
        a, e = a[keep], e[keep]
    values = np.asarray(compare(a, e))
    first = float(values.flat[0])
    if not np.isfinite(first) or first == 0 or not np.allclose(values, first, rtol=1e-6):
        return None
    if a.size == 1:  # any two numbers have a ratio: name only whole ones
        whole = max(first, 1 / first)
        return first if first > 0 and abs(whole - round(whole)) < 1e-6 and whole < 1e4 else None
    return first


def far_off(a, e):
    if a.ndim == 0:
        size = "too large" if a > e else "too small"
        near = " Almost: was it rounded on the way?" if e != round(float(e)) and np.isclose(a, e, rtol=0.01) else ""
        return f"{a:.6g} is {size}.{near}"
    worst = np.unravel_index(np.argmax(np.abs(a - e)), a.shape)
    place = tuple(int(i) for i in worst)
    side = "too large" if a[worst] > e[worst] else "too small"
    place = place[0] if a.ndim == 1 else place
    return f"the shape is right, the values are not; the one furthest off, at index {place}, is {side}."


def article(value):
    name = type(value).__name__
    return {"str": "a text", "int": "a number", "float": "a number", "function": "a function"}.get(
        name, f"{'an' if name[0] in 'aeiou' else 'a'} {name}")
