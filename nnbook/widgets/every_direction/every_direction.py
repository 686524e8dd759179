"""A dial over the loss of a line: nudge (w, b) in every direction and see how the loss changes."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks


def small_example():
    return {"x": [1.0, 2.0, 1.5, 3.0, 2.5, 3.5], "y": [1.6, 1.4, 1.9, 3.4, 1.8, 3.1]}


@widget(example=small_example)
def every_direction(x, y, w=0.2, b=1.0, direction=90.0, size=0.1):
    """Turn a nudge of (w, b) through all directions: the change of the mean squared error is nearly a cosine.  [B07]

    x, y: (N,); w, b: the place; direction in −180 … 180 degrees, 0 = w grows, 90 = b grows; size: length of the nudge,
    0.02 … 1.

    Raises ValueError for different shapes, a direction or a size out of range, or a place where the slope is 0.
    """
    x, y = checks.floats(x, "x"), checks.floats(y, "y")
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"every_direction expects x and y of one shape (N,), got {x.shape} and {y.shape}")
    if not -180 <= direction <= 180 or not 0.02 <= size <= 1:
        raise ValueError(f"direction must lie in -180 … 180 and size in 0.02 … 1, got {direction!r} and {size!r}")
    error = w * x + b - y
    gradient = np.array([2 * np.mean(error * x), 2 * np.mean(error)])
    if np.linalg.norm(gradient) < 1e-9:
        raise ValueError("the slope is 0 here: no direction is steeper than another")
    best_w = np.cov(x, y, bias=True)[0, 1] / np.var(x)
    state = {"direction": float(direction), "size": float(size), "place": [float(w), float(b)],
             "best": [best_w, y.mean() - best_w * x.mean()], "gradient": gradient,
             "means": {"xx": np.mean(x * x), "x": x.mean(), "xy": np.mean(x * y), "y": y.mean(), "yy": np.mean(y * y)}}

    def picture():
        from nnbook.plots import gradient_descent
        return gradient_descent.every_direction(x, y, w, b, size)

    uphill = np.degrees(np.arctan2(gradient[1], gradient[0]))
    return FrontEnd("every_direction", state, picture, alt=_(
        "Left: nudges from (w, b) = ({w:g}, {b:g}) in all directions on the loss surface. Right: the change of the "
        "loss over the direction is a wave, highest along the gradient at {uphill:.0f}° and lowest opposite, at "
        "{downhill:.0f}°.", w=w, b=b, uphill=uphill, downhill=(uphill + 360) % 360 - 180)).show()
