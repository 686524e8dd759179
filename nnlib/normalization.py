"""Layers that keep the numbers in a network near mean 0 and spread 1: LayerNorm and BatchNorm."""

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike
from nnlib.model import Layer


class LayerNorm(Layer):
    """y = γ (x − mean) / √(variance + eps) + β, with mean and variance over the numbers of each example or step.

    x (N, D) or (N, T, D) -> the same;  gamma, beta (D,). Source: J. L. Ba, J. R. Kiros, G. E. Hinton: "Layer
    Normalization", 2016."""
    shown = "{n_features}"
    axis = 1  # of the rows (examples, features): over what the mean goes
    fixed = False  # True: mean and variance are numbers that do not depend on the input

    def __init__(self, n_features: int, eps: float = 1e-5) -> None:
        self.n_features = checks.integer(n_features, "n_features")
        self.eps = checks.number(eps, "eps", low_included=False)
        self.add_parameters(gamma=np.ones(n_features), beta=np.zeros(n_features))

    def forward(self, x: ArrayLike) -> Array:
        x = checks.floats(x, f"input of {type(self).__name__}", self.gamma.dtype)
        checks.shape(self, x, x.ndim > 1 and x.shape[-1] == self.n_features, f"(N, {self.n_features})")
        checks.no_nan(x, f"input of {type(self).__name__}")
        self.shape, rows = x.shape, x.reshape(-1, self.n_features)
        mean, variance = self.statistics(rows)
        self.inverse = 1 / np.sqrt(variance + self.eps)
        self.x_hat = (rows - mean) * self.inverse
        return (self.gamma * self.x_hat + self.beta).reshape(x.shape)

    def statistics(self, rows: Array) -> tuple[Array, Array]:
        """Mean and variance that the rows are normalised by."""
        return rows.mean(self.axis, keepdims=True), rows.var(self.axis, keepdims=True)

    def backward(self, delta: Array) -> Array:
        """Each x acts on its own x̂ and on the mean and the variance of its group:
        ∂L/∂x = (g − mean(g) − x̂ mean(g x̂)) / √(variance + eps) with x̂ = (x − mean) / √(variance + eps), g = γ δ."""
        checks.delta(self, delta, self.shape)
        rows = delta.reshape(-1, self.n_features)
        self.dgamma += (rows * self.x_hat).sum(axis=0)
        self.dbeta += rows.sum(axis=0)
        g = rows * self.gamma
        if not self.fixed:
            g = g - g.mean(self.axis, keepdims=True) - self.x_hat * (g * self.x_hat).mean(self.axis, keepdims=True)
        return (g * self.inverse).reshape(delta.shape) if self.input_grad else None


class BatchNorm(LayerNorm):
    """The same with mean and variance of each feature over the batch, and for images over all pixels.

    x (N, D) or (N, D, H, W) -> the same;  gamma, beta, running_mean, running_var (D,). While training, the running
    ones move by the share `momentum` towards those of the batch (the variance that divides by n − 1); after
    model.eval() they take its place. Source: S. Ioffe, C. Szegedy: "Batch Normalization", ICML 2015."""
    axis = 0

    def __init__(self, n_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__(n_features, eps)
        self.momentum = checks.number(momentum, "momentum", 0, 1)
        self.add_buffers(running_mean=np.zeros(n_features), running_var=np.ones(n_features))

    def forward(self, x: ArrayLike) -> Array:
        x = checks.array(x, "input of BatchNorm")
        checks.shape(self, x, x.ndim in (2, 4) and x.shape[1] == self.n_features, f"(N, {self.n_features}, ...)")
        if self.training and x.size == self.n_features:
            raise ValueError(f"BatchNorm needs two numbers of each feature or more while training, got {x.shape}")
        return np.moveaxis(super().forward(np.moveaxis(x, 1, -1)), -1, 1)

    def statistics(self, rows: Array) -> tuple[Array, Array]:
        self.fixed = not self.training
        if self.fixed:
            return self.running_mean, self.running_var
        mean, variance = super().statistics(rows)
        self.running_mean += self.momentum * (mean[0] - self.running_mean)
        self.running_var += self.momentum * (variance[0] * len(rows) / (len(rows) - 1) - self.running_var)
        return mean, variance

    def backward(self, delta: Array) -> Array:
        N, *places, D = self.shape
        checks.delta(self, delta, (N, D, *places))
        dx = super().backward(np.moveaxis(delta, 1, -1))
        return np.moveaxis(dx, -1, 1) if self.input_grad else None
