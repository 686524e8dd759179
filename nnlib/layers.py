"""Fully connected layer, reshaping, dropout, embedding."""

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike, Generator
from nnlib.model import Layer


def uniform(rng: Generator, shape: int | tuple[int, ...], fan_in: int) -> Array:
    """Initial weights in (−1/√fan_in, 1/√fan_in): the spread of z does not grow with the number of inputs."""
    return rng.uniform(-(fan_in**-0.5), fan_in**-0.5, shape)


class Linear(Layer):
    """z = W a + b for each example; for a batch, whose rows are the examples: Z = A Wᵀ + b.  [A09, A15]

    a (N, n_in) or (N, T, n_in) -> z (N, n_out) or (N, T, n_out);  W (n_out, n_in), b (n_out,)"""
    shown = "{n_in}, {n_out}"

    def __init__(self, n_in: int, n_out: int, *, rng: Generator | None = None) -> None:
        self.n_in, self.n_out = checks.integer(n_in, "n_in"), checks.integer(n_out, "n_out")
        checks.generator(rng, type(self).__name__)
        self.add_parameters(W=uniform(rng, (n_out, n_in), n_in), b=uniform(rng, n_out, n_in))

    def forward(self, a: ArrayLike) -> Array:
        self.a = a = checks.floats(a, "input of Linear", self.W.dtype)
        checks.shape(self, a, a.ndim > 1 and a.shape[-1] == self.n_in, f"(N, {self.n_in})")
        z = a.reshape(-1, self.n_in) @ self.W.T
        z += self.b
        if np.isnan(z[:, 0].max()):  # a NaN in an example reaches each of its outputs, so one column tells
            checks.no_nan(a, "input of Linear")
        return z.reshape(*a.shape[:-1], self.n_out)

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, (*self.a.shape[:-1], self.n_out))
        rows = delta.reshape(-1, self.n_out)
        self.dW += rows.T @ self.a.reshape(-1, self.n_in)
        self.db += np.ones(len(rows), rows.dtype) @ rows  # the sum over examples, 13 times faster than sum(0)
        return (rows @ self.W).reshape(self.a.shape) if self.input_grad else None

    def multiply_adds(self, output_shape: tuple[int, ...]) -> int:
        return int(np.prod(output_shape)) * self.n_in


class Flatten(Layer):
    """All numbers of an example in one row: (N, C, H, W) -> (N, C·H·W)."""

    def forward(self, x: ArrayLike) -> Array:
        x = checks.array(x, "input of Flatten")
        checks.shape(self, x, x.ndim > 1, "(N, ...)")
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, (self.shape[0], int(np.prod(self.shape[1:]))))
        return delta.reshape(self.shape)


class Dropout(Layer):
    """While training, each number becomes 0 with probability p, and the others are divided by 1 − p.

    After model.eval() everything passes unchanged."""
    shown = "{p:g}"

    def __init__(self, p: float = 0.5, *, rng: Generator | None = None) -> None:
        self.p, self.rng = checks.number(p, "p", 0, 1), checks.generator(rng, "Dropout")

    def forward(self, x: ArrayLike) -> Array:
        x = checks.floats(x, "input of Dropout")
        self.factor = np.ones_like(x)
        if self.training:
            self.factor[self.rng.random(x.shape) < self.p] = 0
            self.factor /= 1 - self.p
        return x * self.factor

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.factor.shape)
        return delta * self.factor


class Embedding(Layer):
    """A learned vector for each token: row i of W for id i.

    ids (N, T), integers 0 … n_tokens − 1 -> (N, T, dim);  W (n_tokens, dim)"""
    shown = "{n_tokens}, {dim}"

    def __init__(self, n_tokens: int, dim: int, *, rng: Generator | None = None) -> None:
        self.n_tokens, self.dim = checks.integer(n_tokens, "n_tokens"), checks.integer(dim, "dim")
        self.add_parameters(W=checks.generator(rng, "Embedding").standard_normal((n_tokens, dim)))

    def forward(self, ids: ArrayLike) -> Array:
        self.ids = ids = checks.labels(ids, "ids", self.n_tokens)
        return self.W[ids]

    def backward(self, delta: Array) -> None:
        checks.delta(self, delta, (*self.ids.shape, self.dim))
        np.add.at(self.dW, self.ids, delta)  # += would count an id that comes twice only once
