"""A straight line moved by hand: the line among the data, its residuals, its loss, its point on the loss surface."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks


def small_example():
    rng = np.random.default_rng(0)
    x = rng.uniform(2, 16, (60, 1))
    return {"x": x, "y": 0.7 * x + 3 + rng.normal(size=x.shape)}


@widget(example=small_example)
def line_by_hand(x, y, w=0.2, b=4.0, xlabel="x", ylabel="y", n_residuals=40):
    """Sliders for w and b of ŷ = w x + b; the loss is the mean squared error over all points.  [B04]

    x, y: (N, 1) or (N,), N >= 2, x not all equal. Residuals are drawn for n_residuals points, the loss is of all.

    Raises ValueError for different shapes, NaN or infinity, or fewer than two different x.
    """
    x, y = (checks.floats(values, name) for values, name in ((x, "x"), (y, "y")))
    if x.shape != y.shape or x.size != len(x):
        raise ValueError(f"line_by_hand expects x and y of one shape (N, 1) or (N,), got {x.shape} and {y.shape}")
    for values, name in ((x, "x"), (y, "y")):
        if not np.isfinite(values).all():
            raise ValueError(f"line_by_hand expects finite numbers, but {name} contains NaN or infinity")
    x, y = x.ravel(), y.ravel()
    if len(np.unique(x)) < 2:
        raise ValueError("line_by_hand expects at least two different values in x")
    best_w = np.cov(x, y, bias=True)[0, 1] / np.var(x)
    best_b = y.mean() - best_w * x.mean()
    least = np.mean((y - best_w * x - best_b) ** 2)
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    state = {
        "w": float(w), "b": float(b), "best": [best_w, best_b], "labels": [xlabel, ylabel],
        "points": np.round(np.stack([x, y], axis=1), 4), "range": [min(0.0, np.floor(low)), np.ceil(high)],
        "shown": np.linspace(0, len(x) - 1, min(n_residuals, len(x))).astype(int),
        "means": {"xx": np.mean(x * x), "x": x.mean(), "xy": np.mean(x * y), "y": y.mean(), "yy": np.mean(y * y)},
        "w_range": [-0.5, 1.9], "b_range": [-6.0, 12.0],
        "levels": least + np.var(y) * np.array([0.005, 0.05, 0.2, 0.5, 1, 2, 4, 8, 14, 22, 32, 44]),
    }

    def picture():
        from nnbook.plots import regression
        return regression.line_and_surface(x, y, w, b, xlabel, ylabel)

    return FrontEnd("line_by_hand", state, picture, alt=_(
        "Left: the line ŷ = {w:g} x + {b:g} misses most points. Right: its point on the loss surface lies high on "
        "the wall of a long valley, whose lowest point is w = {best_w:.2f}, b = {best_b:.2f}.", w=w, b=b,
        best_w=best_w, best_b=best_b)).show()
