"""check: names the mistake, never only says "wrong"; never raises; prints what nbval can compare."""

import functools
import io
import re
import subprocess
import sys
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from nnbook.exercises import check
from nnbook.exercises.check import grade

rng = np.random.default_rng(0)
W, x = rng.normal(size=(3, 4)), rng.normal(size=4)
SQUARE = rng.normal(size=(3, 3))
y, p = rng.normal(size=10), rng.normal(size=10)


def mse(p, y):
    return np.mean((p - y) ** 2)


@pytest.mark.parametrize(("answer", "expected", "message"), [
    (1.4, 1.4, "right."), (np.float32(1.4), 1.4, "right."), ([1, 2], np.array([1.0, 2.0]), "right."),
    (1.4 + 1e-9, 1.4, "right."), (0, 0.0, "right."), ("ReLU ", "relu", "right."), ({1, 2}, {2, 1}, "right."),
    ([2, 1], {1, 2}, "right."), (True, True, "right."), ((3, 4), (3, 4), "right."), ([], [], "right."),
    (-1.4, 1.4, "the sign is wrong"), (W.T, W, "transposed: the values|the values are right, but it is transposed"),
    (SQUARE.T, SQUARE, "the matrix is transposed"), (rng.normal(size=(4, 3)), W, "is it transposed"),
    (10 * W, W, "10 times the right value.*1/n"), (mse(p, y) * 10, mse(p, y), "10 times.*missing"),
    (W / 2, W, "0.5 times the right value.*one too many"), (W + 0.3, W, "off by 0.3 everywhere.*bias"),
    (SQUARE[::-1, ::-1], SQUARE, "flipped in both"), (x[::-1], x, "reverse order"), (-W, W, "sign"),
    (W[None], W, "values are right, but the shape is"), (x, 1.0, "a single number: is a sum or mean missing"),
    (rng.normal(size=(5, 5)), W, r"shape is \(5, 5\), it should be \(3, 4\)"), (W * np.nan, W, "NaN"),
    ("1.4", 1.4, "a text; a number is expected"), (None, 1.4, "not answered"), (..., W, "not answered"),
    (3.0, 2.0, "too large"), (1.99, 2.0, r"too small\.$"), (1.496, 1.5, "too small. Almost"),
    (59, 60, r"too small\.$"), (0.999, 1.0, r"too small\.$"),
    ([1, 2, 5], [1, 2, 3], "2 of 3 values are right.*index 2"),
    (np.array([5.0, -9, 4]), np.array([1.0, 2, 3]), "furthest off, at index 1, is too small"),
    ([[1, 2], [3]], W, "a list; an array"), ("tanh", "relu", "'tanh' is not it"), (len, 3, "is expected"),
    ({1}, {1, 2}, "is not it"), (1, "relu", "a number; a text is expected"), (np.inf, 2.0, "too large"),
    (object(), 2.0, "an object; a number"), (0.0, 2.0, "too small"), (np.zeros(3), np.arange(3.0), "."),
])
def test_answers(answer, expected, message, capsys):
    right, text = grade(answer, expected)
    assert right == (True if message == "right." else None if "not answered" in message else False)
    assert re.search(message, text), text
    check("1.1", answer, expected)
    assert capsys.readouterr().out == f"{'✓' if right else '…' if right is None else '✗'} 1.1: {text}\n"


def test_listed_mistakes_come_first():
    mistakes = {"The bias is missing.": W @ x, "You added it twice.": W @ x + 2.0, "Too short.": lambda a: len(a) < 3}
    assert grade(W @ x, W @ x + 1.0, mistakes=mistakes) == (False, "The bias is missing.")
    assert grade(W @ x + 2, W @ x + 1.0, mistakes=mistakes) == (False, "You added it twice.")
    assert grade([1.0], W @ x + 1.0, mistakes=mistakes) == (False, "Too short.")
    assert grade(W @ x + 1, W @ x + 1.0, mistakes=mistakes) == (True, "right.")
    assert grade(7, W @ x + 1.0, mistakes=mistakes)[0] is False, "a predicate that raises does not match"


def test_tolerance_is_relative_to_the_largest():
    assert grade([1000.0005, 1e-7], [1000, 0])[0]
    assert not grade([1000.002, 0], [1000, 0])[0]
    assert grade(3.14, np.pi, tolerance=0.01)[0]


@pytest.mark.parametrize(("function", "message"), [
    (mse, "right."),
    (lambda p, y: np.sum((p - y) ** 2), "You took the sum"),
    (lambda p, y: -mse(p, y), "sign"),
    (lambda p, y: mse(p, y) / 2, "with input 1 of 2: it is 0.5 times"),
    (lambda p, y: None, "returns nothing"),
    (lambda p, y: ..., "returns nothing"),
    (lambda p: 0, "raises TypeError"),
    (3.0, "a function is expected, this is a number"),
    (None, "not answered"),
])
def test_functions(function, message):
    inputs = [(p, y), (p[:3], y[:3])]
    mistakes = {"You took the sum; the mean divides by n.": lambda p, y: np.sum((p - y) ** 2)}
    right, text = grade(function, mse, inputs=inputs, mistakes=mistakes)
    assert message in text
    assert right == (True if message == "right." else None if "not" in message else False)


def test_unsolved_function_cells():
    def stub(p, y):
        ...

    def computes_but_returns_nothing(p, y):
        np.mean((p - y) ** 2)

    def not_yet(p, y):
        raise NotImplementedError

    assert grade(stub, mse, inputs=[(p, y)])[0] is None
    assert grade(not_yet, mse, inputs=[(p, y)]) == (None, "not answered yet.")
    assert "Is the return missing?" in grade(computes_but_returns_nothing, mse, inputs=[(p, y)])[1]


def test_an_answer_does_not_change_the_data():
    def changes_its_input(p, y):
        p -= y
        return np.mean(p * p)

    before = p.copy()
    assert grade(changes_its_input, mse, inputs=[(p, y), (p, y)])[0]
    assert (p == before).all()


class Refuses:
    """Nothing can be done with it."""

    def __array__(self, *args, **options):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __repr__(self):
        raise RuntimeError("no text")

    __hash__ = None


PARTS = (np.zeros((2, 3)), np.ones(4))


@pytest.mark.parametrize(("answer", "expected", "message"), [
    ((np.zeros((2, 3)), np.ones(4)), PARTS, "right."), ([np.zeros((2, 3)), [1, 1, 1, 1.0]], PARTS, "right."),
    ((np.zeros((2, 3)), np.zeros(4)), PARTS, "part 2 of 2: "),
    ((np.zeros((3, 2)), np.ones(4)), PARTS, "part 1.*transposed"),
    (PARTS[:1], PARTS, "1 parts, there should be 2"), (7, PARTS, "a number; a tuple"),
    ({"W": PARTS[0], "b": [1, 1, 1, 1]}, {"W": PARTS[0], "b": PARTS[1]}, "right."),
    ({"W": PARTS[0], "b": -PARTS[1]}, {"W": PARTS[0], "b": PARTS[1]}, "'b': the sign"),
    ({"W": PARTS[0]}, {"W": PARTS[0], "b": PARTS[1]}, "'b' is missing"),
    ({"a": 1, "z": 2}, {"a": 1}, "'z' should not be there"),
    ([[1], [2]], {1, 2}, "a list; a set"), ({"a": {1}}, {"a": {1}}, "right."),
    ([["a"], ["b"]], [["a"], ["b"]], "right."),
    (Refuses(), 2.0, "a Refuses; a number"), (Refuses(), "text", "a Refuses"), (Refuses(), {1}, "a Refuses"),
    (Refuses(), Refuses(), "cannot be compared"), ((Refuses(), 1), (2.0, [1]), "part 1"),
    ([1e6, 0.9], [1e6, 0.1], "."), ([1e6, 0.1], [1e6, 0.1], "right."), ([1.0, 1e-12], [1.0, 0.0], "right."),
    (np.float32([0.1, 1e-6, 3]) * np.float32(1.0000001), [0.1, 1e-6, 3], "right."),
    ([1e6, -np.inf], [1e6, -np.inf], "right."),
    (Fraction(1, 2), 0.5, "right."), (Decimal("0.5"), 0.5, "right."), (0.5 + 0j, 0.5, "right."),
    (0.5 + 1j, 0.5, "complex"),
    ([Fraction(1, 4), Decimal(2)], [0.25, 2.0], "right."), (np.array([1, 2.5], dtype=object), [1.0, 2.5], "right."),
    (np.array([1 + 0j, 2]), [1.0, 2.0], "right."), (["1"], 1.0, "a list; a number"),
    (["1", "2"], [1.0, 2.0], "holds a text; numbers"), (np.array(["1", "2"]), [1.0, 2.0], "holds a text; numbers"),
    ([1.0, None], [1.0, 2.0], "holds a NoneType"), ([1.0, Refuses()], [1.0, 2.0], "holds a Refuses"),
    (iter([1.0]), [1.0], "an array of shape"), (np.zeros(2, [("a", float)]), [1.0, 2.0], "numbers are expected"),
    ("x" * 1000, "text", "^'x{70,80}… is not it"), ([np.nan, 2.0, 3.0], [np.nan, 2.0, 4.0], "2 of 3 values are right"),
])
@pytest.mark.filterwarnings("error")
def test_answers_of_several_parts_and_strange_ones(answer, expected, message):
    right, text = grade(answer, expected)
    assert right == (message == "right.")
    assert re.search(message, text), text


def test_an_integer_beyond_all_floats():
    assert grade(10**400, 2.0) == (False, "inf is too large.")
    assert grade(-(10**400), 2.0) == (False, "-inf is too small.")


def test_functions_that_return_several_parts():
    def both(n):
        return {"mean": np.zeros(n), "all": (np.ones((n, 2)), n)}

    def wrong(n):
        return {"mean": np.zeros(n), "all": (np.ones((n, 3)), n)}

    assert grade(both, lambda n: both(n), inputs=[(2,), (3,)])[0]
    assert "'all': part 1 of 2: the shape is (2, 3)" in grade(wrong, both, inputs=[(2,)])[1]


def test_rounded_answers_of_mixed_sizes():
    assert grade([1234.6, 0.05], [1234.567, 0.0512], tolerance=0.05)[0]
    assert not grade([1234.6, 0.02], [1234.567, 0.0512], tolerance=0.05)[0]


def test_a_function_that_fails_shows_its_line():
    def fails(v):
        steps = len(v)
        return np.mean(v / nothing(steps))

    def nothing(steps):
        return steps[0]

    right, text = grade(fails, np.mean, inputs=[(x,)])
    assert right is False
    assert re.search(r"raises TypeError: .* in line \d+: return steps\[0\]$", text), text
    assert "\n" not in text
    assert "in line" in grade(functools.partial(fails), np.mean, inputs=[(x,)])[1]


def test_a_function_that_does_not_end_is_stopped(monkeypatch):
    monkeypatch.setattr(sys.modules["nnbook.exercises.check"], "SECONDS", 0.3)

    def turns(v):
        while True:
            try:
                len(v)
            except Exception:
                continue

    start = time.perf_counter()
    right, text = grade(turns, np.mean, inputs=[(x,)])
    assert right is False
    assert "does not end" in text
    assert "in line" in text
    assert time.perf_counter() - start < 5
    assert grade(np.mean, np.mean, inputs=[(x,)])[0], "and nothing is left over"


@pytest.mark.parametrize("answer", ["lambda: 1", "lambda: [0 for k in iter(int, 1)]"], ids=["right", "endless"])
def test_a_debugger_goes_on_after_a_check(answer):
    """JupyterLab's debugger and %prun trace each step. In a process of its own: one that hangs cannot be stopped."""
    after = f"""
import sys
from nnbook.exercises import check
sys.modules["nnbook.exercises.check"].SECONDS = 0.3
check("1", {answer}, lambda: 1, inputs=[()])
sys.settrace(lambda *event: None)
sum(k for k in range(1000))
"""
    subprocess.run([sys.executable, "-c", after], timeout=60, check=True)


def test_a_function_that_changes_its_arguments_spoils_nothing():
    def sorts(values):
        values.sort()
        values.append(1)
        return values[0]

    def wrong(values):
        values.clear()
        raise ValueError("a mistake that cannot be made here")

    mistakes = {"Never.": wrong, "The largest.": max}
    inputs = [([3, 1, 2],), ([5, 4],)]
    assert grade(sorts, min, inputs=inputs, mistakes=mistakes)[0]
    assert grade(lambda values: max(values), min, inputs=inputs, mistakes=mistakes) == (False, "The largest.")
    assert inputs == [([3, 1, 2],), ([5, 4],)]


def test_an_authors_fault_is_raised():
    with pytest.raises(ZeroDivisionError):
        grade(len, lambda v: 1 / 0, inputs=[(x,)])


def test_a_console_without_the_marks(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    monkeypatch.setattr(sys, "stdout", console)
    check("1.1 平均", 2, 2)
    check("1.2 naïve", 2, 3)
    console.flush()
    lines = console.buffer.getvalue().decode("gbk").splitlines()
    assert lines == ["[right] 1.1 平均: right.", "[not yet] 1.2 na?ve: 2 is too small."]
