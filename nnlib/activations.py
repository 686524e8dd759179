"""Activation functions: each a pair of plain functions f and f′ (`f_prime`), and a layer made of it.  [A26, A27]

The functions work element by element, on any shape; float32 stays float32. The exponential function is only taken of
numbers ≤ 0, so nothing overflows, not even at z = ±10000."""

from collections.abc import Callable

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike, Generator, floats
from nnlib.layers import Linear
from nnlib.model import Layer


def sigmoid(z: ArrayLike) -> Array:
    """σ(z) = 1 / (1 + e⁻ᶻ), in (0, 1).  [A27]"""
    z = floats(z)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))

def sigmoid_prime(z: ArrayLike) -> Array:
    """σ′ = σ (1 − σ), at most 1/4."""
    return sigmoid(z) * sigmoid(-floats(z))  # 1 − σ(z) = σ(−z), without cancellation


def tanh(z: ArrayLike) -> Array:
    """tanh(z) = 2 σ(2z) − 1, in (−1, 1).  [A27]"""
    return np.tanh(floats(z))

def tanh_prime(z: ArrayLike) -> Array:
    """tanh′ = 1 − tanh², at most 1."""
    return 1 - tanh(z) ** 2


def softmax(z: ArrayLike) -> Array:
    """p_i = e^{z_i} / Σ_j e^{z_j} over the last axis: positive, sum 1.  [A27, E02]"""
    z = floats(z)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"softmax expects at least one score on the last axis, got shape {z.shape}")
    e = np.exp(z - z.max(-1, keepdims=True))  # the same shift for all leaves p as it is
    return e / e.sum(-1, keepdims=True)

def softmax_prime(z: ArrayLike) -> Array:
    """The Jacobian ∂p_i/∂z_j = p_i (δ_ij − p_j): (..., K) -> (..., K, K)."""
    p = softmax(z)
    return p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :])


def relu(z: ArrayLike) -> Array:
    """max(0, z).  [A27, B11]"""
    return np.maximum(floats(z), 0)

def relu_prime(z: ArrayLike) -> Array:
    """1 for z > 0, else 0; at 0 any value in [0, 1] is a subgradient, 0 is usual.  [E09]"""
    z = floats(z)
    return (z > 0).astype(z.dtype)  # ten times faster than np.heaviside


def leaky_relu(z: ArrayLike, slope: float = 0.01) -> Array:
    """max(0, z) + slope · min(0, z).  [A27]"""
    z = floats(z)
    return np.maximum(z, 0) + slope * np.minimum(z, 0)

def leaky_relu_prime(z: ArrayLike, slope: float = 0.01) -> Array:
    """1 for z > 0, else the slope."""
    return slope + (1 - slope) * relu_prime(z)


def elu(z: ArrayLike, alpha: float = 1.0) -> Array:
    """max(0, z) + α (e^{min(0, z)} − 1), above −α.  [A27]"""
    z = floats(z)
    return np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0))

def elu_prime(z: ArrayLike, alpha: float = 1.0) -> Array:
    """1 for z > 0, else α eᶻ."""
    return relu_prime(z) + (1 - relu_prime(z)) * alpha * np.exp(np.minimum(z, 0))


def softplus(z: ArrayLike) -> Array:
    """log(1 + eᶻ), a smooth ReLU.  [A27]"""
    z = floats(z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))  # ten times faster than logaddexp

def softplus_prime(z: ArrayLike) -> Array:
    """σ(z)."""
    return sigmoid(z)


def swish(z: ArrayLike, beta: float = 1.0) -> Array:
    """z σ(βz).  [A27]"""
    z = floats(z)
    return z * sigmoid(beta * z)

def swish_prime(z: ArrayLike, beta: float = 1.0) -> Array:
    """σ(βz) + βz σ(βz) (1 − σ(βz))."""
    bz = beta * floats(z)
    return sigmoid(bz) + bz * sigmoid_prime(bz)


def swiglu(a: ArrayLike, b: ArrayLike, beta: float = 1.0) -> Array:
    """Swish(a) ⊙ b: b passes as far as the gate a is open.  [A27, E03, E04]"""
    a, b = floats(a, "a"), floats(b, "b")
    if a.shape != b.shape:
        raise ValueError(f"swiglu expects a and b of one shape, got {a.shape} and {b.shape}")
    return swish(a, beta) * b

def swiglu_prime(a: ArrayLike, b: ArrayLike, beta: float = 1.0) -> tuple[Array, Array]:
    """The two partial derivatives (∂/∂a, ∂/∂b) = (Swish′(a) ⊙ b, Swish(a))."""
    swiglu(a, b, beta)  # checks a and b
    return swish_prime(a, beta) * b, swish(a, beta)


def step(z: ArrayLike) -> None:
    """1 for z ≥ 0, else 0: the threshold of a perceptron.  [A10]"""
    return np.heaviside(floats(z), 1)

def step_prime(z: ArrayLike) -> Array:
    """0 (at the jump there is no derivative): nothing can be learned through it."""
    return np.zeros_like(floats(z))


def hard_sigmoid(z: ArrayLike) -> Array:
    """0 up to −3, 1 from 3 on, a straight line between.  [B08]"""
    return np.clip(floats(z) / 6 + 0.5, 0, 1)

def hard_sigmoid_prime(z: ArrayLike) -> Array:
    """1/6 between −3 and 3, else 0."""
    return relu_prime(3 - np.abs(floats(z))) / 6


class Activation(Layer):
    """A layer of f and f′, for inputs of any shape: a = f(z), ∂L/∂z = δ ⊙ f′(z).

    For one of your own, set the two functions: class Cube(Activation): f, f_prime = cube, cube_prime"""

    f: Callable[..., Array]
    f_prime: Callable[..., Array]
    option = ""  # name of the number that they take, if they take one

    def forward(self, z: ArrayLike) -> Array:
        self.z = floats(z, f"input of {type(self).__name__}")
        return type(self).f(self.z, *self.numbers())

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.z.shape)
        return delta * self.slopes()

    def slopes(self) -> Array:
        """da/dz, element by element."""
        return type(self).f_prime(self.z, *self.numbers())

    def numbers(self) -> list[float]:
        return [getattr(self, self.option)] if self.option else []

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{self.option}={value:g}' for value in self.numbers())})"


class ByOutput(Activation):
    """Base of activations whose slope is quickest to find from a, of which it keeps a copy: the caller may change a."""

    def forward(self, z: ArrayLike) -> Array:
        a = super().forward(z)
        self.a = a.copy()
        return a


class Sigmoid(ByOutput):
    """a = σ(z) in (0, 1); da/dz = a (1 − a).  [A27]"""
    f = sigmoid

    def slopes(self) -> Array:
        return self.a * (1 - self.a)


class Tanh(ByOutput):
    """a = tanh(z) in (−1, 1); da/dz = 1 − a².  [A27]"""
    f = tanh

    def slopes(self) -> Array:
        return 1 - self.a * self.a


class Softmax(Activation):
    """p = softmax(z) over the last axis; ∂L/∂z = p ⊙ (δ − Σ_j δ_j p_j), the whole Jacobian at work.  [A27]

    For training use CrossEntropyLoss on the logits: its δ = (p − y)/N is simpler and never overflows."""

    def forward(self, z: ArrayLike) -> Array:
        self.p = softmax(z)
        return self.p.copy()

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.p.shape)
        return self.p * (delta - (delta * self.p).sum(-1, keepdims=True))


class ReLU(Activation):
    """a = max(0, z); da/dz = 1 for z > 0, else 0.  [A27]"""
    f = relu

    def slopes(self) -> Array:
        return self.z > 0  # eight times faster than np.where


class LeakyReLU(Activation):
    """a = z for z > 0, else slope · z.  [A27]"""
    f, f_prime, option = leaky_relu, leaky_relu_prime, "slope"

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = checks.number(slope, "slope")


class ELU(Activation):
    """a = z for z > 0, else α (eᶻ − 1).  [A27]"""
    f, f_prime, option = elu, elu_prime, "alpha"

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = checks.number(alpha, "alpha")


class Softplus(Activation):
    """a = log(1 + eᶻ).  [A27]"""
    f, f_prime = softplus, softplus_prime


class Swish(Activation):
    """a = z σ(βz).  [A27]"""
    f, f_prime, option = swish, swish_prime, "beta"

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = checks.number(beta, "beta")

    def forward(self, z: ArrayLike) -> Array:
        self.z = floats(z, "input of Swish")
        self.gate = sigmoid(self.beta * self.z)  # kept: backward needs no further exponential
        return self.z * self.gate

    def slopes(self) -> Array:
        return self.gate + self.beta * self.z * self.gate * (1 - self.gate)


class Step(Activation):
    """a = 1 for z ≥ 0, else 0; the derivative is 0.  [A10]"""
    f, f_prime = step, step_prime


class HardSigmoid(Activation):
    """a = z/6 + 1/2, cut off at 0 and 1.  [B08]"""
    f, f_prime = hard_sigmoid, hard_sigmoid_prime


class SwiGLU(Layer):
    """Swish(a) ⊙ b with two linear maps a = W₁x + b₁ (`gate`) and b = W₂x + b₂ (`value`).  [A27]

    x (N, n_in) -> (N, n_out); twice the parameters of Linear(n_in, n_out)"""
    shown = "{n_in}, {n_out}, beta={beta:g}"

    def __init__(self, n_in: int, n_out: int, beta: float = 1.0, *, rng: Generator | None = None) -> None:
        self.n_in, self.n_out = n_in, n_out
        self.gate, self.value = Linear(n_in, n_out, rng=rng), Linear(n_in, n_out, rng=rng)
        self.beta = checks.number(beta, "beta")

    def forward(self, x: ArrayLike) -> Array:
        self.a, self.b = self.gate.forward(x), self.value.forward(x)
        return swiglu(self.a, self.b, self.beta)

    def backward(self, delta: Array) -> Array:
        checks.delta(self, delta, self.a.shape)
        da, db = swiglu_prime(self.a, self.b, self.beta)
        return self.gate.backward(delta * da) + self.value.backward(delta * db)
