"""The loss of ŷ = w x over w is a parabola; points are added one by one and its coefficients add up."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget


def small_example():
    return {"x": [1.0, 2.0, 1.5, 3.0, 2.5, 3.5], "y": [1.6, 1.4, 1.9, 3.4, 1.8, 3.1]}


@widget(example=small_example)
def loss_parabola(x, y, n=1, w=0.2, w_range=(-0.5, 2.5)):
    """Add points, move w: the line, its residuals, each point's parabola, their mean, and a, b, c summed.  [A17]

    x, y: (N,), N <= 10, x in 0 … 4, y in −2 … 6. n: number of points at the start. w: slope at the start.

    Raises ValueError for different shapes, points outside the picture, or n outside 1 … N.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.ndim != 1 or not 1 <= len(x) <= 10:
        raise ValueError(f"loss_parabola expects x and y of one shape (N,) with 1 to 10 points, "
                         f"got {x.shape} and {y.shape}")
    if x.min() < 0 or x.max() > 4 or y.min() < -2 or y.max() > 6 or not x[0]:
        raise ValueError("x must lie in 0 … 4 (the first not 0) and y in −2 … 6")
    if not 1 <= n <= len(x):
        raise ValueError(f"n must be between 1 and {len(x)}, got {n}")
    state = {"n": int(n), "w": float(w), "points": np.stack([x, y], axis=1), "w_range": [float(v) for v in w_range]}

    def picture():
        from nnbook.plots import gradient_descent
        return gradient_descent.line_and_parabola(x, y, w, w_range)

    best = np.sum(x * y) / np.sum(x * x)
    return FrontEnd("loss_parabola", state, picture, alt=_(
        "Left: {n} points and the line ŷ = {w:g} x. Right: each point's squared error is a parabola over w, and so "
        "is their mean; its lowest point is at w = {best:.2f}.", n=len(x), w=w, best=best)).show()
