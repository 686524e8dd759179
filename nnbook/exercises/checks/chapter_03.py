"""What the exercises of chapter 3 (gradient descent) say to an answer."""

import numpy as np

from nnbook.exercises import check

x = np.array([1.0, 2.0, 1.5, 3.0, 2.5, 3.5])
y = np.array([1.6, 1.4, 1.9, 3.4, 1.8, 3.1])


def check_1(answer):
    def right(x, y):
        return np.array([np.sum(x * x), -2 * np.sum(x * y), np.sum(y * y)])

    check("1 coefficients", answer, right,
          inputs=[(x, y), (np.array([2.0]), np.array([3.0]))], mistakes={
        "The sign of b: the cross term of (wx − y)² is negative.":
            lambda x, y: right(x, y) * [1, -1, 1],
        "The cross term comes twice: b = −2 Σ xy.":
            lambda x, y: right(x, y) * [1, 0.5, 1],
        "This is the mean; here the sum is asked for.":
            lambda x, y: right(x, y) / len(x),
        "Square first, then sum: Σx² is not (Σx)².":
            lambda x, y: np.array([x.sum() ** 2, -2 * x.sum() * y.sum(),
                                   y.sum() ** 2])})


def check_2(answer):
    check("2 largest rate", answer, lambda x: len(x) / np.sum(x**2),
          inputs=[(x,), (2 * x[:2],)], mistakes={
        "That is 1/λ, the fastest learning rate; the largest is 2/λ.":
            lambda x: len(x) / (2 * np.sum(x**2)),
        "The curvature is the second derivative of a w²/n: the factor 2 is "
        "missing.": lambda x: 2 * len(x) / np.sum(x**2),
        "The 1/n is missing: the loss is the mean.":
            lambda x: 1 / np.sum(x**2),
        "The steeper the parabola, the smaller the rate: turn the fraction "
        "over.": lambda x: np.sum(x**2) / len(x)})


def check_3(answer):
    def right(X, w, y):
        return X.T @ (X @ w - y) / len(y)

    rng = np.random.default_rng(3)
    check("3 gradient", answer, right, inputs=[
        (rng.normal(size=(7, 3)), rng.normal(size=3), rng.normal(size=7)),
        (np.eye(2), np.ones(2), np.zeros(2))], mistakes={
        "The sign: prediction minus target, not target minus prediction.":
            lambda X, w, y: -right(X, w, y),
        "The 1/N is missing: the loss is a mean.":
            lambda X, w, y: right(X, w, y) * len(y),
        "The ½ cancels the 2.": lambda X, w, y: right(X, w, y) * 2,
        "You divided by the number of features; the mean is over the "
        "examples.": lambda X, w, y: X.T @ (X @ w - y) / len(w)})


def check_4(answer):
    def right(w, x, y, batch_size, eta):
        for k in range(0, len(x), batch_size):
            xb, yb = x[k:k + batch_size], y[k:k + batch_size]
            w = w - eta * np.mean((w * xb - yb) * xb)
        return w

    def without_update(w, x, y, batch_size, eta):
        batches = range(0, len(x), batch_size)
        return w + sum(right(w, x[k:k + batch_size], y[k:k + batch_size],
                             batch_size, eta) - w for k in batches)

    check("4 one epoch", answer, right,
          inputs=[(0.2, x, y, 2, 0.1), (0.2, x, y, 3, 0.05)], mistakes={
        "All gradients were taken at the old w: update after each batch.":
            without_update,
        "The ½ cancels the 2 of the derivative.":
            lambda w, x, y, size, eta: right(w, x, y, size, 2 * eta),
        "You summed over the batch; the loss is a mean.":
            lambda w, x, y, size, eta: right(w, x, y, size, size * eta),
        "You went uphill: subtract the gradient.":
            lambda w, x, y, size, eta: right(w, x, y, size, -eta),
        "That is one full-batch update.":
            lambda w, x, y, size, eta: right(w, x, y, len(x), eta),
        "Only the first batch was used.":
            lambda w, x, y, size, eta: right(w, x[:size], y[:size], size, eta),
        "That is stochastic gradient descent: one example in each update.":
            lambda w, x, y, size, eta: right(w, x, y, 1, eta)})


def check_5(answer):
    check("5 momentum", answer, [0.9, 0.76, 0.614], mistakes={
        "That is plain descent: v must remember.": [0.9, 0.81, 0.729],
        "The old v was not multiplied by μ.": [0.9, 0.71, 0.449]})


def check_6(answer):
    check("6 batch size", answer, 16, mistakes={
        "The radius goes with the square root of η/B.": 8,
        "That is a quarter of the radius: √(η/B) once more.": 64,
        "Half the radius is a quarter of η/B, so four times B, not eight.": 32,
        "A smaller batch makes more noise.": lambda size: size < 4})
