"""Fully connected layer, reshaping, dropout, embedding."""

import numpy as np

from nnlib import checks
from nnlib.model import Layer


def uniform(rng, shape, fan_in, dtype=float):
    """Initial weights in (−1/√fan_in, 1/√fan_in): the spread of z does not grow with the number of inputs."""
    return rng.uniform(-(fan_in**-0.5), fan_in**-0.5, shape).astype(dtype)


class Linear(Layer):
    """z = W a + b for each example; for a batch, one example a row: Z = A Wᵀ + b.  [A09, A15]

    a (N, n_in) or (N, T, n_in) -> z (N, n_out) or (N, T, n_out);  W (n_out, n_in), b (n_out,)
    """

    def __init__(self, n_in, n_out, *, rng=None):
        self.n_in, self.n_out = checks.integer(n_in, "n_in"), checks.integer(n_out, "n_out")
        rng = checks.generator(rng, "Linear")
        self.add_parameters(W=uniform(rng, (n_out, n_in), n_in), b=uniform(rng, n_out, n_in))

    def forward(self, a):
        self.a = a = checks.floats(a, "input of Linear", self.W.dtype)
        checks.layer_input(self, a, a.ndim > 1 and a.shape[-1] == self.n_in, f"(N, {self.n_in})")
        z = a.reshape(-1, self.n_in) @ self.W.T
        z += self.b
        if np.isnan(z[:, 0].max()):  # a NaN in an example reaches each of its outputs, so one column tells
            checks.no_nan(a, "input of Linear")
        return z.reshape(*a.shape[:-1], self.n_out)

    def backward(self, delta):
        checks.delta(self, delta, (*self.a.shape[:-1], self.n_out))
        rows = delta.reshape(-1, self.n_out)
        self.dW += rows.T @ self.a.reshape(-1, self.n_in)
        self.db += np.ones(len(rows), rows.dtype) @ rows  # the sum over examples, 13 times faster than sum(0)
        return delta @ self.W if self.input_grad else None

    def multiply_adds(self, output_shape):
        return int(np.prod(output_shape)) * self.n_in

    def __repr__(self):
        return f"{type(self).__name__}({self.n_in}, {self.n_out})"


class Flatten(Layer):
    """All numbers of an example in one row: (N, C, H, W) -> (N, C·H·W)."""

    def forward(self, x):
        x = checks.array(x, "input of Flatten")
        checks.layer_input(self, x, x.ndim > 1, "(N, ...)")
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, delta):
        checks.delta(self, delta, (self.shape[0], int(np.prod(self.shape[1:]))))
        return delta.reshape(self.shape)


class Dropout(Layer):
    """While training, each number is set to 0 with probability p, the others are divided by 1 − p.

    After model.eval() the layer does nothing.
    """

    def __init__(self, p=0.5, *, rng=None):
        self.p, self.rng = checks.number(p, "p", 0, 1), checks.generator(rng, "Dropout")

    def forward(self, x):
        x = checks.floats(x, "input of Dropout")
        keep = 1 - self.p if self.training else 1.0
        self.scale = (self.rng.random(x.shape) < keep).astype(x.dtype) / keep if keep < 1 else np.ones_like(x)
        return x * self.scale

    def backward(self, delta):
        checks.delta(self, delta, self.scale.shape)
        return delta * self.scale

    def __repr__(self):
        return f"Dropout({self.p:g})"


class Embedding(Layer):
    """A learned vector for each token: row i of W for id i.

    ids (N, T), integers 0 … n_tokens − 1 -> (N, T, dim);  W (n_tokens, dim)
    """

    def __init__(self, n_tokens, dim, *, rng=None):
        self.n_tokens, self.dim = checks.integer(n_tokens, "n_tokens"), checks.integer(dim, "dim")
        self.add_parameters(W=checks.generator(rng, "Embedding").standard_normal((n_tokens, dim)))

    def forward(self, ids):
        ids = checks.array(ids, "ids of Embedding")
        if ids.dtype.kind not in "iu":
            raise TypeError(f"Embedding expects integer ids, got {ids.dtype}")
        if ids.size == 0 or ids.min() < 0 or ids.max() >= self.n_tokens:
            given = f"{ids.min()} … {ids.max()}" if ids.size else f"none, shape {ids.shape}"
            raise ValueError(f"Embedding expects ids from 0 to {self.n_tokens - 1}, got {given}")
        self.ids = ids
        return self.W[ids]

    def backward(self, delta):
        checks.delta(self, delta, (*self.ids.shape, self.dim))
        np.add.at(self.dW, self.ids, delta)  # += would count an id that comes twice only once

    def __repr__(self):
        return f"Embedding({self.n_tokens}, {self.dim})"
