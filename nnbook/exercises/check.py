"""`check`: tells a student what is wrong with an answer, never only that it is wrong."""

import inspect
import re

import numpy as np


def check(name, answer, expected, *, mistakes=None, inputs=None, tolerance=1e-6):
    """Compare an exercise's answer with what is expected and print one line that says what is right or wrong.

    name:      of the exercise, printed in front.
    answer:    the student's number, array, text, list … or function. None or ... means: not answered yet.
    expected:  the right value; or, if `inputs` are given, the right function.
    mistakes:  {diagnosis: wrong value}, or {diagnosis: function of the answer that is true for this mistake};
               with `inputs`, {diagnosis: wrong function of the same inputs}.
    inputs:    list of argument tuples. Then `answer` is a function, called with each of them.
    tolerance: how far numbers may be off, relative to the largest expected one.

        check("1.2 prediction", y, w * x + b, mistakes={"The bias b is missing.": w * x})
        check("3.1 mse", mse, lambda p, y: np.mean((p - y) ** 2), inputs=[(p, y)],
              mistakes={"You took the sum; the mean divides by n.": lambda p, y: np.sum((p - y) ** 2)})

    Typical mistakes with arrays (wrong shape, transposed, wrong sign, a constant factor such as a missing 1/n, a
    constant offset, reversed order, NaN) are named without being listed. Never raises because of a wrong answer.
    """
    verdict, message = grade(answer, expected, mistakes=mistakes, inputs=inputs, tolerance=tolerance)
    mark = {True: "✓", False: "✗", None: "…"}[verdict]
    print(f"{mark} {name}: {message}")


def grade(answer, expected, *, mistakes=None, inputs=None, tolerance=1e-6):
    """(True, False or None for "not answered", message)."""
    if answer is None or answer is ...:
        return None, "not answered yet."
    mistakes = mistakes or {}
    if inputs is not None:
        return grade_function(answer, expected, mistakes, inputs, tolerance)
    if same(answer, expected, tolerance):
        return True, "right."
    for message, wrong in mistakes.items():
        if matches(answer, wrong, tolerance):
            return False, message
    return False, diagnosis(answer, expected, tolerance)


def grade_function(answer, expected, mistakes, inputs, tolerance):
    """Call the student's function on every input; the first mistake that explains all differences is named."""
    if not callable(answer):
        return False, f"a function is expected, this is {article(answer)}."
    got, want = [], [expected(*arguments) for arguments in inputs]
    for arguments in inputs:
        try:
            got.append(answer(*[np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]))
        except NotImplementedError:
            return None, "not answered yet."
        except Exception as error:  # whatever a student's code raises
            return False, f"your function raises {type(error).__name__}: {error}"
    if all(value is None or value is ... for value in got):
        stub = re.search(r"\breturn\b|\.\.\.|\bpass\b", source(answer))
        return None, "not answered yet: your function returns nothing." + ("" if stub else " Is the return missing?")
    if all(same(g, w, tolerance) for g, w in zip(got, want, strict=True)):
        return True, "right."
    for message, wrong in mistakes.items():
        if all(same(g, wrong(*arguments), tolerance) for g, arguments in zip(got, inputs, strict=True)):
            return False, message
    first = next(k for k in range(len(got)) if not same(got[k], want[k], tolerance))
    where = "" if len(inputs) == 1 else f"with input {first + 1} of {len(inputs)}: "
    return False, where + diagnosis(got[first], want[first], tolerance)


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
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except (TypeError, ValueError):
        return None


def same(answer, expected, tolerance):
    a, e = numbers(answer), numbers(expected)
    if e is None:
        if isinstance(expected, str):
            return isinstance(answer, str) and " ".join(answer.lower().split()) == " ".join(expected.lower().split())
        if isinstance(expected, (set, frozenset)):
            return isinstance(answer, (set, frozenset, list, tuple)) and set(answer) == set(expected)
        try:
            return bool(answer == expected)
        except Exception:
            return False
    return a is not None and a.shape == e.shape and close(a, e, tolerance)


def close(a, e, tolerance):
    if not e.size:
        return True
    scale = np.max(np.abs(e[np.isfinite(e)]), initial=0.0) or 1.0
    return bool(np.all(np.isclose(a, e, rtol=0, atol=tolerance * scale, equal_nan=True)))


def diagnosis(answer, expected, tolerance):
    """Name the difference between a wrong answer and the right one."""
    a, e = numbers(answer), numbers(expected)
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
        near = " Almost: was it rounded on the way?" if np.isclose(a, e, rtol=0.02) else ""
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
