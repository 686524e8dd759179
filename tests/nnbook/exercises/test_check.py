"""check: names the mistake, never only says "wrong"; never raises; prints what nbval can compare."""

import re

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
    (3.0, 2.0, "too large"), (1.99, 2.0, "too small. Almost"),
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
