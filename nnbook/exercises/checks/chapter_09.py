"""What the exercises of chapter 9 (recurrent networks) say to an answer."""

import numpy as np

from nnbook.exercises import check
from nnlib import RNN


def check_1(answer):
    h_2 = np.tanh(0.5 * np.tanh(1))
    check("1 by hand", answer, h_2, tolerance=0.012, mistakes={
        "That is h₁.": np.tanh(1),
        "tanh is missing in the second step.": 0.5 * np.tanh(1),
        "tanh is missing in the first step.": np.tanh(0.5),
        "tanh is missing in both steps.": 0.5,
        "The feedback is missing: h₂ depends on h₁.": 0.0,
        "x₂ is 0: there is an input in the first step only.":
            np.tanh(1 + 0.5 * np.tanh(1))})


def check_2(answer):
    def states(x, U, W, b):
        cell = RNN(U.shape[1], U.shape[0], rng=np.random.default_rng(0))
        cell.U[:], cell.W[:], cell.b[:] = U, W, b
        return cell(x[None])[0].copy()

    def linear(x, U, W, b):
        h, every = 0 * b, []
        for x_t in x:
            h = U @ x_t + W @ h + b
            every.append(h)
        return np.array(every)

    rng = np.random.default_rng(5)
    weights = [rng.normal(size=shape) for shape in ((3, 2), (3, 3), 3)]
    inputs = [(rng.normal(size=(T, 2)), *weights) for T in (4, 1)]
    check("2 states", answer, states, inputs=inputs, mistakes={
              "The feedback W h is missing.":
                  lambda x, U, W, b: np.tanh(x @ U.T + b),
              "W is transposed: write W @ h.":
                  lambda x, U, W, b: states(x, U, W.T, b),
              "The bias is missing.":
                  lambda x, U, W, b: states(x, U, W, 0 * b),
              "The tanh is missing.": lambda x, U, W, b: linear(x, U, W, b),
              "The state of zeros before the first step does not belong to the answer.":
                  lambda x, U, W, b: np.vstack([0 * b, states(x, U, W, b)]),
              "All rows are the last state: you keep one array and change it in place. Store a copy.":
                  lambda x, U, W, b: np.tile(states(x, U, W, b)[-1], (len(x), 1)),
              "That is the last state only; all are wanted, (T, H).":
                  lambda x, U, W, b: states(x, U, W, b)[-1]})


def check_3(u, w):
    if any(value is ... or value is None for value in (u, w)):
        return check("3 latch", ..., True)
    if not all(isinstance(value, (int, float, np.number)) and np.isfinite(value) for value in (u, w)):
        return check("3 latch", (u, w), (1.0, 1.5), mistakes={"u and w must be two numbers.": lambda answer: True})
    h = [np.tanh(u)]
    for _ in range(100):
        h.append(np.tanh(w * h[-1]))
    check("3 latch", bool(min(h) > 0.5), True, mistakes={
        "The press must push the state up: u is too small, or negative.":
            lambda held: h[0] <= 0.5,
        "It flips its sign in every step: w must be positive.":
            lambda held: w < 0,
        "It fades: for w ≤ 1 the state comes to rest at 0.":
            lambda held: w <= 1,
        "It comes to rest above 0, but too low: w must be larger.":
            lambda held: True})


def check_4(answer):
    def length(gradients):
        return np.sqrt(sum(np.sum(g**2) for g in gradients))

    long = [np.full((2, 2), 3.0), np.ones(3)]
    short = [np.full(4, 0.1), np.ones(2) / 9]
    check("4 clip", answer, lambda g, limit: min(1, limit / length(g)),
          inputs=[(long, 1.0), (short, 1.0), (long, 2.5)], mistakes={
              "A gradient that is short enough stays as it is: at most 1.":
                  lambda g, limit: limit / length(g),
              "Only the first array counts; all belong to one gradient.":
                  lambda g, limit: min(1, limit / length(g[:1])),
              "The lengths do not add; their squares do.":
                  lambda g, limit: min(1, limit / sum(length([a]) for a in g)),
              "The square root is missing.":
                  lambda g, limit: min(1, limit / length(g) ** 2),
              "The largest number is not the length.":
                  lambda g, limit: min(1, limit / max(a.max() for a in g))})


def check_5(answer):
    f = 0.5 ** (1 / 50)
    bias = np.log(f / (1 - f))
    check("5 half-life", answer, bias, tolerance=0.01, mistakes={
        "That is f itself. The gate is σ(b): which b gives it?": f,
        "f is not 1/50: after 50 steps f⁵⁰ is left, and that is ½.":
            np.log((1 / 50) / (1 - 1 / 50)),
        "f is not 1 − 1/50: after 50 steps f⁵⁰ is left, and that is ½.":
            np.log((1 - 1 / 50) / (1 / 50)),
        "The sign is turned: f must be near 1, so b is positive.":
            -np.log(f / (1 - f)),
        "The inverse of σ takes the natural logarithm.":
            np.log10(f / (1 - f))})
