"""Is backward right? Central differences tell, without knowing how backward works.  [X02]"""

from collections.abc import Callable

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike
from nnlib.losses import Loss
from nnlib.model import Layer

Row = tuple[str, Array, Array, float]


class GradientCheck:
    """Result of gradient_check: rows of (name, numerical gradient, gradient of backward, relative difference)."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    @property
    def worst(self) -> float:
        """The largest relative difference; below about 1e-7 backward is right."""
        return float(np.max([row[3] for row in self.rows]))

    def __repr__(self) -> str:
        width = max(len(row[0]) for row in self.rows)
        return "\n".join(f"{name:{width}}  {len(own):4d} entries, " + (
            "too small to be tested: rounding hides them" if np.isnan(error) else f"relative difference {error:.1e}")
            for name, _, own, error in self.rows)


def gradient_check(model: Layer, loss: Loss, x: ArrayLike | tuple[ArrayLike, ...], y: ArrayLike,
                   mask: ArrayLike | None = None, eps: float = 1e-5, max_entries: int = 100) -> GradientCheck:
    """Compare backward with (L(w + ε) − L(w − ε)) / 2ε for the parameters and, where it is one array of floats, for x.

    x may be a tuple of arrays: forward(*x). Of each array at most max_entries entries are tried, drawn at random, but
    the same ones each time. The relative difference of an array is max |numerical − own| / max(|numerical|, |own|). It
    is NaN, and so passes no test, where all gradients are smaller than the rounding errors of the differences.
    The model must be float64; it is checked in eval mode and left as it was, gradients too. Near a kink (ReLU at 0) the
    two may differ."""
    checks.number(eps, "eps", low_included=False)
    checks.integer(max_entries, "max_entries")
    inputs = tuple(checks.array(a, "x").copy() for a in (x if isinstance(x, tuple) else (x,)))
    parameters = list({id(p): (name, p, g) for name, p, g in model.parameters()}.values())
    for name, given in [("x", a) for a in inputs] + [(name, p) for name, p, _ in parameters]:
        if given.dtype.kind == "f" and given.dtype != np.float64:
            raise ValueError(f"gradient_check needs float64, but {name} is {given.dtype}: use model.astype(float)")
        checks.no_nan(given, name)
    modes, kept = [(layer, layer.training) for _, layer in model.walk()], [g.copy() for _, _, g in parameters]

    def value() -> float:
        return loss.forward(model.forward(*inputs), y, mask)

    try:
        model.eval().zero_grad()
        value()
        dx = model.backward(loss.backward())
        arrays = [(name, p, g.copy()) for name, p, g in parameters]
        if len(inputs) == 1 and isinstance(dx, np.ndarray) and inputs[0].dtype.kind == "f":
            arrays.append(("input", inputs[0], dx))
        return GradientCheck([compare(*each, value, eps, max_entries) for each in arrays])
    finally:
        for layer, mode in modes:
            layer.training = mode
        for (_, _, g), old in zip(parameters, kept, strict=True):
            g[...] = old


def compare(name: str, array: Array, gradient: Array, value: Callable[[], float], eps: float,
            max_entries: int) -> Row:
    """A row of the result: the gradient of `value` for some entries of `array`, numerically and by backward."""
    entries = np.random.default_rng(0).permutation(array.size)[:max_entries]
    numerical = np.empty(len(entries))
    for k, at in enumerate(entries):
        old = array.flat[at]
        try:
            array.flat[at] = old + eps
            above = value()
            array.flat[at] = old - eps
            below = value()
        finally:
            array.flat[at] = old
        numerical[k] = (above - below) / (2 * eps)
    own = gradient.flat[entries]
    scale, difference = max(np.abs(numerical).max(), np.abs(own).max()), np.abs(numerical - own).max()
    if scale == 0:
        return name, numerical, own, 0.0
    rounding = 10 * np.finfo(float).eps * abs(value()) / eps
    return name, numerical, own, float(difference / scale) if scale > rounding else float("nan")
