"""`check`: tells a student what is wrong with an answer, never only that it is wrong."""

import copy
import ctypes
import inspect
import linecache
import math
import re
import sys
import threading
from collections.abc import Mapping
from numbers import Complex, Number

import numpy as np

from nnbook.language import _

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
        print({True: "✓", False: "✗", None: "…"}[verdict], _("{name}: {message}", name=_(name), message=message))
    except UnicodeEncodeError:  # a console that knows no ✓, as GBK's
        mark = {True: _("right"), False: _("not yet"), None: "..."}[verdict]
        encoding = sys.stdout.encoding or "ascii"
        print(f"[{mark}] {_(name)}: {message}".encode(encoding, "replace").decode(encoding))


def grade(answer, expected, *, mistakes=None, inputs=None, tolerance=1e-6):
    """(True, False or None for "not answered", message)."""
    if answer is None or answer is ...:
        return None, _("not answered yet.")
    try:
        if inputs is not None:
            return grade_function(answer, expected, mistakes or {}, inputs, tolerance)
        if same(answer, expected, tolerance):
            return True, _("right.")
        for message, wrong in (mistakes or {}).items():
            if matches(answer, wrong, tolerance):
                return False, _(message)
        return False, diagnosis(answer, expected, tolerance)
    except AuthorsFault as fault:
        raise fault.__cause__ from None
    except Exception as error:  # an answer can be anything, also something that cannot even be looked at
        return False, _("this cannot be compared with the right answer ({kind}: {error}).", kind=type(error).__name__,
                        error=error)


class AuthorsFault(Exception):
    """The right function fails: no answer can be the reason."""


def grade_function(answer, expected, mistakes, inputs, tolerance):
    """Call the student's function on every input; the first mistake that explains all differences is named."""
    if not callable(answer):
        return False, _("a function is expected, this is {thing}.", thing=article(answer))
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
        return False, _("your function does not end: after {seconds} seconds it was stopped{place}. Does its loop come "
                        "to an end?", seconds=SECONDS, place=place(answer, sys.exc_info()[2]))
    except NotImplementedError:
        return None, _("not answered yet.")
    except (Exception, SystemExit) as error:  # whatever a student's code raises
        return False, _("your function raises {kind}: {error}{place}", kind=type(error).__name__, error=error,
                        place=place(answer, error.__traceback__))
    if all(value is None or value is ... for value in got):
        stub = re.search(r"\breturn\b|\.\.\.|\bpass\b", source(answer))
        return None, _("not answered yet: your function returns nothing.") if stub else _(
            "not answered yet: your function returns nothing. Is the return missing?")
    if all(same(g, w, tolerance) for g, w in zip(got, want, strict=True)):
        return True, _("right.")
    for message, wrong in mistakes.items():
        if all(made_by(wrong, arguments, g, tolerance) for g, arguments in zip(got, inputs, strict=True)):
            return False, _(message)
    first = next(k for k in range(len(got)) if not same(got[k], want[k], tolerance))
    fault = diagnosis(got[first], want[first], tolerance)
    return False, fault if len(inputs) == 1 else _("with input {k} of {n}: {fault}", k=first + 1, n=len(inputs),
                                                   fault=fault)


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
    return _(" in line {number}: {line}", number=found, line=line) if line else ""


class TooLong(BaseException):
    """Raised inside code that takes too long; not an Exception, so that `except Exception` does not swallow it."""


class time_limit:  # noqa: N801  used as a function
    """Raise TooLong in the code under `with` after so many seconds, again and again until it ends.

    Not a signal: those reach the main thread only, and Windows has no alarm. A call that waits outside Python is
    stopped when it returns.
    """

    def __init__(self, seconds):
        self.seconds, self.done, self.thread = seconds, threading.Event(), threading.get_ident()
        self.raised = False

    def __enter__(self):
        self.watch = threading.Thread(target=self.wait, daemon=True)
        self.watch.start()

    def wait(self):
        while not self.done.wait(self.seconds):
            self.raised = True
            raise_in(self.thread, TooLong)
            self.seconds = 0.5

    def __exit__(self, *error):
        self.done.set()
        self.watch.join()
        if not self.raised:
            return
        # One that came too late ends here, not in the student's next cell. To take it back instead (NULL) leaves Python
        # looking for it at each step: 3.12 is slower by a fifth for good, 3.11 hangs under a debugger or profiler.
        try:
            raise_in(self.thread, TooLong)
            while True:
                pass
        except TooLong:
            pass


def raise_in(thread, exception):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


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
    """The value as a float array, or None if it is not made of numbers: fractions, Decimals and complex numbers on the
    real axis are numbers, too."""
    try:
        array = np.asarray(value)
        if array.dtype.kind in "Oc" and all(isinstance(x, Number) for x in array.flat):
            array = np.array([real(x) for x in array.flat]).reshape(array.shape)
        return array.astype(np.float32 if array.dtype == np.float32 else float) if array.dtype.kind in "biuf" else None
    except Exception:  # no array can be made of it, or its own __array__ fails
        return None


def real(x):
    """A number of any kind as a float; of an integer beyond all floats, infinity."""
    try:
        return float(x.real if isinstance(x, Complex) and not x.imag else x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf


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
        return unexpected(answer, article(expected)) if type(answer) is not type(expected) else _(
            "{answer!r} is not it.", answer=Shown(answer))
    if a is None and e.ndim and (other := no_number_in(answer)):
        return _("this holds {thing}; numbers are expected.", thing=other)
    if a is None:
        return unexpected(answer, _("a number") if e.ndim == 0 else _("an array of shape {shape}", shape=e.shape))
    if np.isnan(a).any() and not np.isnan(e).any():
        return _("your answer contains NaN (not a number): look for 0/0, log(0) or exp of a large number.")
    if a.shape != e.shape:
        return wrong_shape(a, e, tolerance)
    return relation(a, e, tolerance) or far_off(a, e)


class Shown:
    """An answer as it is quoted: cut where it is too long for one line."""

    def __init__(self, answer):
        self.text = repr(answer)

    def __repr__(self):
        return self.text if len(self.text) <= 80 else self.text[:79] + "…"


def no_number_in(answer):
    """In words, the first thing in a flat list or array that is no number; empty if there is none."""
    if not isinstance(answer, (list, tuple, np.ndarray)):
        return ""
    parts = np.ravel(answer) if isinstance(answer, np.ndarray) else answer
    others = [x for x in parts if not isinstance(x, (Number, list, tuple, np.ndarray))]
    return article(others[0].item() if isinstance(others[0], np.generic) else others[0]) if others else ""


def unexpected(answer, what):
    return _("this is {thing}; {what} is expected.", thing=article(answer), what=what)


def first_wrong_part(answer, expected, tolerance):
    """What is wrong with the first wrong part of a tuple, list or dict; None if it is of another kind."""
    if isinstance(expected, Mapping) and isinstance(answer, Mapping):
        for key in expected:
            if key not in answer:
                return _("{key!r} is missing.", key=key)
        extra = [key for key in answer if key not in expected]
        if extra:
            return _("{key!r} should not be there.", key=extra[0])
        parts = [(f"{key!r}", answer[key], value) for key, value in expected.items()]
    elif isinstance(expected, (tuple, list)) and isinstance(answer, (tuple, list)):
        if len(answer) != len(expected):
            return _("there are {n} parts, there should be {expected}.", n=len(answer), expected=len(expected))
        parts = [(_("part {k} of {n}", k=k, n=len(expected)), g, w)
                 for k, (g, w) in enumerate(zip(answer, expected, strict=True), 1)]
    else:
        return None
    for name, got, want in parts:
        if not same(got, want, tolerance):
            return _("{name}: {message}", name=name, message=diagnosis(got, want, tolerance))
    return None


def wrong_shape(a, e, tolerance):
    if a.ndim == 2 and a.T.shape == e.shape:
        text = _("the shape is {a}, it should be {e}: the values are right, but it is transposed.") \
            if close(a.T, e, tolerance) else _("the shape is {a}, it should be {e}: is it transposed?")
    elif a.size == e.size and close(a.reshape(e.shape), e, tolerance):
        text = _("the values are right, but the shape is {a}, it should be {e}.")
    elif e.ndim == 0:
        text = _("the shape is {a}, it should be {e}, a single number: is a sum or mean missing?")
    elif a.ndim < e.ndim and a.shape and a.shape[0] != e.shape[0] and a.ndim == e.ndim - 1:
        text = _("the shape is {a}, it should be {e}: is the axis of the examples missing?")
    else:
        text = _("the shape is {a}, it should be {e}.")
    return text.format(a=a.shape, e=e.shape)


def relation(a, e, tolerance):
    """A simple relation between answer and right value, in words; None if there is none."""
    if close(-a, e, tolerance):
        return _("the sign is wrong: everything else is right.")
    if a.ndim == 2 and a.shape[0] == a.shape[1] and close(a.T, e, tolerance):
        return _("the matrix is transposed.")
    if a.ndim >= 2 and close(a[..., ::-1, ::-1], e, tolerance):
        return _("it is flipped in both directions: was the kernel flipped?")
    if a.ndim >= 1 and a.shape[-1] > 1 and close(a[..., ::-1], e, tolerance):
        return _("the values are right but in reverse order.")
    factor = constant(a, e, lambda x, y: x / y)
    if factor is not None:
        text = _("it is {factor:.6g} times the right value: is a factor such as 1/n or 1/2 missing?") \
            if factor > 1 else _(
                "it is {factor:.6g} times the right value: is a factor such as 1/n or 1/2 one too many?")
        return text.format(factor=factor)
    if a.size > 1:
        offset = constant(a, e, lambda x, y: x - y)
        if offset is not None:
            return _("it is off by {offset:.6g} everywhere: is a bias missing or added twice?", offset=offset)
    if a.size > 1:
        right = np.isclose(a, e, rtol=0, atol=tolerance * np.max(np.abs(e[np.isfinite(e)]), initial=0), equal_nan=True)
        if right.mean() >= 0.5:
            place = tuple(int(i) for i in np.argwhere(~right)[0])
            place = place[0] if len(place) == 1 else place
            return _("{k} of {n} values are right; the first wrong one, at index {place}, is {value:.6g}.",
                     k=right.sum(), n=right.size, place=place, value=a[place])
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
        text = _("{a:.6g} is too large.") if a > e else _("{a:.6g} is too small.")
        near = e != round(float(e)) and np.isclose(a, e, rtol=0.01)
        return text.format(a=a) + (_(" Almost: was it rounded on the way?") if near else "")
    worst = np.unravel_index(np.argmax(np.abs(a - e)), a.shape)
    place = tuple(int(i) for i in worst)
    text = _("the shape is right, the values are not; the one furthest off, at index {place}, is too large.") \
        if a[worst] > e[worst] else _(
            "the shape is right, the values are not; the one furthest off, at index {place}, is too small.")
    return text.format(place=place[0] if a.ndim == 1 else place)


def article(value):
    name = type(value).__name__
    known = {"str": _("a text"), "int": _("a number"), "float": _("a number"), "function": _("a function")}
    return known.get(name) or (_("an {name}", name=name) if name[0] in "aeiou" else _("a {name}", name=name))
