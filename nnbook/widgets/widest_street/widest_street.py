"""Maximum margin in the plane: the street between two classes, turned by hand."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget


def street_width(x, labels, angle):
    """Width of the empty street at right angles to a direction (degrees); negative if the classes overlap along it."""
    s = x @ [np.cos(np.radians(angle)), np.sin(np.radians(angle))]
    return s[labels == 1].min() - s[labels == 0].max()


def small_example():
    rng = np.random.default_rng(26)
    labels = np.repeat([0, 1], 14)
    x = np.where(labels[:, None] == 1, [3.6, 3.4], [1.3, 1.5]) + 0.62 * rng.normal(size=(28, 2))
    return {"x": x, "labels": labels}


@widget(example=small_example)
def widest_street(x, labels, angle=5.0):
    """Turn the direction of w between −60° and 150° and look for the widest street: the support vector machine.  [A04]

    x (N, 2), labels (N,) 0 or 1, both present, linearly separable by a direction between −60° and 150°.

    Raises ValueError for wrong shapes or labels, or points that no such direction separates.
    """
    x, labels = np.round(np.asarray(x, dtype=float), 3), np.asarray(labels)
    if x.shape != (len(labels), 2) or set(np.unique(labels)) != {0, 1}:
        raise ValueError(f"widest_street expects points (N, 2) and labels 0 and 1 (N,), "
                         f"got {x.shape} and {labels.shape}")
    angles = np.round(np.arange(-60, 150.05, 0.1), 1)
    widths = np.array([street_width(x, labels, a) for a in angles])
    best = float(angles[widths.argmax()])
    if widths.max() <= 0:
        raise ValueError("no direction between -60° and 150° separates the classes")
    low, high = np.floor(x.min() - 0.5), np.ceil(x.max() + 0.5)
    state = {"angle": float(angle), "points": x, "labels": labels, "best": best, "angles": [-60, 150],
             "range": [low, high]}

    def picture():
        from nnbook.plots import classification
        return classification.margin(x, labels, best, angles, widths)

    return FrontEnd("widest_street", state, picture, alt=_(
        "Left: the widest empty street between two classes, {width:.3f} wide, its edges touched by the support "
        "vectors. Right: the width over all directions; it is largest at {best:g}°.", width=widths.max(),
        best=best)).show()
