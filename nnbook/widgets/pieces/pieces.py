"""A curve built by hand from hard sigmoids, soft sigmoids or ReLUs, and its error against their number."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import Adam, Layer, MSELoss
from nnlib.activations import hard_sigmoid, hard_sigmoid_prime, relu, sigmoid, sigmoid_prime

FUNCTIONS = {"hard": hard_sigmoid, "soft": sigmoid, "relu": relu}
TARGETS = {
    "wave": lambda x: np.sin(2 * np.pi * x),
    "hill": lambda x: 1.6 * np.exp(-40 * (x - 0.4) ** 2) - 0.8,
    "kink": lambda x: 2 * np.abs(x - 0.37) - 0.6,
    "jump": lambda x: np.where(x < 0.37, -0.7, 0.7),
}
MOST = 32


def parameters(kind, knots_x, knots_y):
    """(constant, c, w, b) of y = constant + Σ c_i f(w_i x + b_i) through the knots.  [B08, B11]

    kind "hard" or "soft": piece i rises from knot i to knot i + 1, w = 6/Δx puts its middle part there.
    kind "relu": piece i changes the slope at knot i. knots_x (n + 1,) rising, knots_y (n + 1,); c, w, b (n,).

    Raises ValueError for another kind, fewer than two knots, or knots that do not rise.
    """
    if kind not in FUNCTIONS:
        raise ValueError(f'kind must be "hard", "soft" or "relu", got {kind!r}')
    x, y = np.asarray(knots_x, dtype=float), np.asarray(knots_y, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2 or (np.diff(x) <= 0).any():
        raise ValueError(f"knots must be at least two, with rising x and one y for each, got x = {x} and y = {y}")
    if kind == "relu":
        return y[0], np.diff(np.diff(y) / np.diff(x), prepend=0), np.ones(len(x) - 1), -x[:-1]
    w = 6 / np.diff(x)
    return y[0], np.diff(y), w, -w * (x[1:] + x[:-1]) / 2


def total(kind, knots_x, knots_y, x):
    """The sum of the pieces at x (N,)."""
    constant, c, w, b = parameters(kind, knots_x, knots_y)
    return constant + FUNCTIONS[kind](x[:, None] * w + b) @ c


class Knots(Layer):
    """The sum of the pieces as a layer: its parameters are the knots, of which training moves all but the ends' x."""

    def __init__(self, kind, x, y):
        # in [0, 1] n ReLUs draw the same line through the knots as n hard sigmoids
        self.f, self.f_prime = (sigmoid, sigmoid_prime) if kind == "soft" else (hard_sigmoid, hard_sigmoid_prime)
        self.add_parameters(x=x, y=y)

    def forward(self, points):
        """points (N, 1) -> (N, 1)"""
        _constant, self.c, w, b = parameters("hard", self.x, self.y)
        self.z = points * w + b
        return self.y[:1] + self.f(self.z) @ self.c[:, None]

    def backward(self, delta):
        rise = delta[:, 0] @ self.f(self.z)
        self.dy[0] += delta.sum()
        self.dy[1:] += rise
        self.dy[:-1] -= rise
        slope = self.f_prime(self.z) * self.c / np.diff(self.x)
        self.dx[1:-1] += (delta[:, 0] @ (slope * (self.z - 3)))[1:] - (delta[:, 0] @ (slope * (self.z + 3)))[:-1]

    def keep_order(self):
        n = len(self.x) - 1
        gap = min(0.01, 0.3 / n)
        for k in range(1, n):
            self.x[k] = min(max(self.x[k], self.x[k - 1] + gap), 1 - (n - k) * gap)


def train(target, kind, x, y, steps, lr=0.01):
    """The knots (x, y) after so many steps of Adam on the mean squared distance over 401 points."""
    points, layer, loss = np.linspace(0, 1, 401)[:, None], Knots(kind, x, y), MSELoss()
    optimizer = Adam(layer, lr=lr)
    for _step in range(steps):
        optimizer.zero_grad()
        loss(layer.forward(points), TARGETS[target](points))
        layer.backward(loss.backward())
        optimizer.step()
        layer.keep_order()
    return layer.x, layer.y


def distance(target, kind, n):
    """RMSE over 401 points between a curve (a name) and n pieces with evenly spaced knots on it."""
    x, knots = np.linspace(0, 1, 401), np.linspace(0, 1, n + 1)
    return float(np.sqrt(np.mean((TARGETS[target](x) - total(kind, knots, TARGETS[target](knots), x)) ** 2)))


@widget
def pieces(target="wave", kind="hard", n=6):
    """Drag the knots of a sum of n pieces onto a curve; beside it, the error against the number of pieces.  [B08, B11]

    target: "wave", "hill", "kink" or "jump"; kind: "hard", "soft" (sigmoids) or "relu"; n: 1 … 32.
    Live, target, kind and knots ("x y; x y; …") are traits that can be read and set.

    Raises ValueError for anything else.
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, got {target!r}")
    if kind not in FUNCTIONS:
        raise ValueError(f'kind must be "hard", "soft" or "relu", got {kind!r}')
    if not 1 <= n <= MOST:
        raise ValueError(f"n must lie between 1 and {MOST}, got {n}")
    x = np.arange(n + 1) / n
    errors = {name: {k: [float(f"{max(distance(name, k, m), 1e-9):.4g}") for m in range(1, MOST + 1)]
                     for k in ("hard", "soft")} for name in TARGETS}
    state = {"kind": kind, "target": target, "errors": errors,
             "knots": "; ".join(f"{a:.9g} {b:.9f}" for a, b in zip(x, TARGETS[target](x), strict=True))}

    def picture():
        from nnbook.plots import multilayer_perceptron as mlp
        return mlp.pieces(target, kind, n)

    return FrontEnd("pieces", state, picture, alt=_(
        "Left: the sum of {n} pieces follows a curve in {n} straight stretches. Right: the error falls with the "
        "number of pieces, to a quarter for each doubling; here it is {error:.3f}.", n=n,
        error=distance(target, kind, n))).show()
