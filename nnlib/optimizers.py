"""Optimizers: how the gradient becomes a step. Learning-rate schedules, clipping.  [A18, A20, X01]"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from nnlib import checks
from nnlib.checks import Array
from nnlib.model import Layer

LearningRate = float | Callable[[int], float]


class Optimizer:
    """Base of the optimizers: knows the parameters of the model (shared ones once) and the learning rate.

    lr: a number, or a function of the step 0, 1, 2, … such as cosine_decay(0.1, steps=1000)."""

    def __init__(self, model: Layer, lr: LearningRate) -> None:
        if not hasattr(model, "walk"):
            raise TypeError(f"{type(self).__name__} expects a layer or model first, got {model!r}")
        slots = {id(getattr(layer, name)): (layer, name) for _, layer in model.walk() for name in layer.names}
        if not slots:
            raise ValueError("the model has no parameters to optimize")
        for layer, name in slots.values():
            checks.parameter(layer, name)
        self.slots, self.steps = list(slots.values()), 0
        self.lr = lr if callable(lr) else checks.number(lr, "lr", low_included=False)

    def parameters(self) -> list[tuple[Array, Array]]:
        """(array, gradient) of each parameter, looked up afresh: astype may have replaced them."""
        return [(getattr(layer, name), getattr(layer, "d" + name)) for layer, name in self.slots]

    def zero_grad(self) -> None:
        """Set the gradients to 0: backward adds to them."""
        for _, gradient in self.parameters():
            gradient.fill(0)

    def step(self) -> None:
        """Change the parameters by one step."""
        raise NotImplementedError

    def zeros(self) -> list[Array]:
        """An array of zeros for each parameter."""
        return [np.zeros_like(w) for w, _ in self.parameters()]

    def next_lr(self) -> float:
        self.steps += 1
        return checks.number(self.lr(self.steps - 1), f"lr({self.steps - 1})") if callable(self.lr) else self.lr

    def __repr__(self) -> str:
        return f"{type(self).__name__}(lr={self.lr})"


class SGD(Optimizer):
    """w ← w − η v with v ← momentum · v + g; without momentum v = g. weight_decay λ adds λ w to g.  [A18, A20]"""

    def __init__(self, model: Layer, lr: LearningRate, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        super().__init__(model, lr)
        self.momentum = checks.number(momentum, "momentum", 0, 1)
        self.weight_decay = checks.number(weight_decay, "weight_decay")
        self.velocity = self.zeros()

    def step(self) -> None:
        lr = self.next_lr()
        for (w, g), v in zip(self.parameters(), self.velocity, strict=True):
            if self.weight_decay:
                g = g + self.weight_decay * w
            if self.momentum:
                v *= self.momentum
                v += g
                g = v
            w -= lr * g


class Adam(Optimizer):
    """Steps of about η for each weight, whatever the size of its gradient.  [X01]

    m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η m̂ / (√v̂ + ε),  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
    (Kingma and Ba, 2015). weight_decay λ adds λ w to g, as in SGD."""

    def __init__(self, model: Layer, lr: LearningRate = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0.0) -> None:
        super().__init__(model, lr)
        if not isinstance(betas, tuple) or len(betas) != 2:
            raise TypeError(f"betas must be a pair (beta1, beta2), got {betas!r}")
        self.betas = tuple(checks.number(beta, "betas", 0, 1) for beta in betas)
        self.eps = checks.number(eps, "eps", low_included=False)
        self.weight_decay = checks.number(weight_decay, "weight_decay")
        self.m, self.v = self.zeros(), self.zeros()

    def step(self) -> None:
        lr, (beta1, beta2) = self.next_lr(), self.betas
        root = math.sqrt(1 - beta2**self.steps)
        rate, eps = lr * root / (1 - beta1**self.steps), self.eps * root  # both corrections in two numbers
        for (w, g), m, v in zip(self.parameters(), self.m, self.v, strict=True):
            if self.weight_decay:
                g = g + self.weight_decay * w
            m += (1 - beta1) * (g - m)
            v += (1 - beta2) * (g * g - v)
            w -= rate * m / (np.sqrt(v) + eps)


def clip_gradients(model: Layer | Optimizer, max_norm: float) -> float:
    """Scale all gradients down so that together they have length max_norm at most; returns what it was.  [A45]

    model: a layer or model, or an optimizer: then the gradients are those of the parameters that it changes."""
    checks.number(max_norm, "max_norm", low_included=False)
    gradients = {id(g): g for *_, g in model.parameters()}.values()
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in (g.astype(float, copy=False) for g in gradients)))
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return norm


class Schedule(partial):
    """A learning rate η(t) as a function of the step t; it says what it is and can be pickled."""

    def __repr__(self) -> str:
        name = self.func.__name__.removesuffix("_at")
        return f"{name}({', '.join(f'{key}={value!r}' for key, value in self.keywords.items())})"


def step_decay(lr: float, factor: float = 0.5, every: int = 1000) -> Schedule:
    """η(t) = lr · factor^⌊t / every⌋."""
    checks.number(lr, "lr", low_included=False)
    checks.number(factor, "factor")
    checks.integer(every, "every")
    return Schedule(step_decay_at, lr=lr, factor=factor, every=every)


def step_decay_at(t: int, lr: float, factor: float, every: int) -> float:
    return lr * factor ** (t // every)


def inverse_decay(lr: float, rate: float) -> Schedule:
    """η(t) = lr / (1 + rate · t): small enough in the end for SGD to settle, large enough to get there.  [E08]"""
    checks.number(lr, "lr", low_included=False)
    checks.number(rate, "rate")
    return Schedule(inverse_decay_at, lr=lr, rate=rate)


def inverse_decay_at(t: int, lr: float, rate: float) -> float:
    return lr / (1 + rate * t)


def cosine_decay(lr: float, steps: int, warmup: int = 0) -> Schedule:
    """Rises in a line over `warmup` steps to lr, then falls along half a cosine to 0 at `steps`."""
    checks.number(lr, "lr", low_included=False)
    checks.integer(steps, "steps")
    if checks.integer(warmup, "warmup", 0) >= steps:
        raise ValueError(f"warmup must be less than steps = {steps}, got {warmup}")
    return Schedule(cosine_decay_at, lr=lr, steps=steps, warmup=warmup)


def cosine_decay_at(t: int, lr: float, steps: int, warmup: int) -> float:
    if t < warmup:
        return lr * (t + 1) / warmup
    return lr * (1 + math.cos(math.pi * min(1.0, (t - warmup) / (steps - warmup)))) / 2
