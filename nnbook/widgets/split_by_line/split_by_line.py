"""A straight line moved by hand through two classes: linearly separable or not."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget


def best_line(x, labels):
    """(right, p, q): the most points (N, 2) of classes 0, 1 (N,) that one line can have on the right side.

    Tried are all lines through two of the points, moved and turned by a little to either side: every division of
    points in general position is among them.
    """
    best = (max(np.sum(labels == 0), np.sum(labels == 1)), np.array([-9.0, 9.0]), np.array([9.0, 9.0]))
    for i in range(len(x)):
        for j in range(len(x)):
            for side in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                way = x[j] - x[i]
                if not way.any():
                    continue
                normal = np.array([-way[1], way[0]]) / np.linalg.norm(way) * 1e-6
                p, q = x[i] + side[0] * normal, x[j] + side[1] * normal
                d = q - p
                ones = int(np.sum((d[0] * (x[:, 1] - p[1]) - d[1] * (x[:, 0] - p[0]) > 0) == labels))
                right = max(ones, len(x) - ones)
                if right > best[0]:
                    best = (right, p, q)
    return best


def example_sets():
    """{name: (points (N, 2), labels (N,))}: two clouds, XOR's four corners, XOR of clouds, a ring around a cloud."""
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], 20)
    clouds = np.where(labels[:, None], [0.55, 0.5], [-0.55, -0.45]) + 0.27 * rng.normal(size=(40, 2))
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    centre = corners[np.repeat([0, 1, 2, 3], 10)] * 0.75
    angle = rng.uniform(0, 2 * np.pi, 40)
    radius = np.where(labels, 1.15, 0.35) + 0.12 * rng.normal(size=40)
    return {
        N_("two clouds"): (clouds, labels),
        "XOR": (corners, np.array([0, 0, 1, 1])),
        N_("XOR with clouds"): (centre + 0.22 * rng.normal(size=(40, 2)), labels),
        N_("a ring"): (radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), labels),
    }


@widget
def split_by_line(start="XOR", p=(-1.2, 0.6), q=(1.2, -0.3)):
    """Drag the ends of a line and try to part the classes of four data sets.  [A06]

    start: name of the set shown first. p, q: the ends, in the square −1.5 … 1.5.

    Raises ValueError for an unknown set.
    """
    sets = example_sets()
    if start not in sets:
        raise ValueError(f"start must be one of {list(sets)}, got {start!r}")
    rounded = {name: (np.round(x, 2), labels) for name, (x, labels) in sets.items()}
    lines = {name: best_line(x, labels) for name, (x, labels) in rounded.items()}
    state = {"set": start, "p": [float(v) for v in p], "q": [float(v) for v in q],
             "sets": {name: {"points": x, "labels": labels, "best": lines[name][0]}
                      for name, (x, labels) in rounded.items()}}

    def picture():
        from nnbook.plots import classification
        return classification.lines_that_try(rounded, lines)

    told = _(", ").join(_("{name} {k} of {n}", name=_(name), k=entry["best"], n=len(entry["labels"]))
                        for name, entry in state["sets"].items())
    return FrontEnd("split_by_line", state, picture, alt=_(
        "The most points that one straight line can have on the right side: {list}.", list=told)).show()
