"""The surfaces of gradient_descent in three dimensions, turned by hand, each with paths on it."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.gradient_descent.gradient_descent import SURFACES, descend

OPTIMIZERS = {"SGD": {}, "momentum 0.9": {"momentum": 0.9}, "Adam": {"optimizer": "Adam"}}
LINE = N_("line")  # the surface that is made of the reader's points
# surface: learning rate of Adam and of the others, what one sees
NOTES = {
    LINE: (0.3, 0.1, N_("the loss of a line through the points: a long valley, a larger b makes up for a smaller w.")),
    "bowl": (0.3, 0.1, N_("downhill everywhere points to one lowest point.")),
    "ravine": (0.3, 0.3, N_("steep across, nearly flat along: plain descent jumps from wall to wall and creeps.")),
    "saddle": (0.1, 0.1, N_("flat at the pass in the middle: descent slows down there, then finds the way out.")),
    "bumps": (0.1, 0.1, N_("not convex: where a path ends depends on where it began.")),
    "four valleys": (0.3, 0.005, N_("four equally deep valleys around a hill.")),
}
ROOTS = (LINE, "four valleys")  # so steep that square roots of the heights are drawn


def loss_of_line(x, y):
    """A surface as in SURFACES: the mean squared error of ŷ = w x + b over w and b.  [A18]"""
    def loss(w, b):
        return np.mean((np.multiply.outer(w, x) + np.asarray(b)[..., None] - y) ** 2, axis=-1)

    def slope(w, b):
        error = w * x + b - y
        return np.mean(2 * error * x), np.mean(2 * error)

    return loss, slope, [-2, 3], [-1.0, 2.5], None


def surface_state(name, steps, surfaces=SURFACES, n=31):
    """Heights on an n × n grid and along each optimizer's path, scaled to 0 … 1; places scaled to −1 … 1."""
    f, slope, (low, high), start, _rate = surfaces[name]
    adam, others, note = NOTES[name]
    shape = np.sqrt if name in ROOTS else np.asarray
    ticks = np.linspace(low, high, n)
    z = shape(f(*np.meshgrid(ticks, ticks)))
    paths = {}
    for label, options in OPTIMIZERS.items():
        path = descend(slope, start, steps, adam if label == "Adam" else others, **options)
        scaled = np.column_stack([2 * (path - low) / (high - low) - 1, (shape(f(*path.T)) - z.min()) / np.ptp(z)])
        paths[label] = np.round(scaled, 4)
    note = _(note) + (" " + _("Heights are drawn as square roots.") if name in ROOTS else "")
    return {"heights": np.round((z - z.min()) / np.ptp(z), 3), "range": [low, high], "paths": paths, "note": note,
            "axes": "wb" if name == LINE else "xy"}


@widget(example=lambda: {"x": [1, 2, 3], "y": [2, 2, 4]})
def surface_view(x, y, surface=LINE, optimizer="SGD", azimuth=-100, elevation=60, step=40, steps=40):
    """Descend a loss surface step by step, and turn it by dragging, with arrow keys or sliders.  [B07, X01]

    x, y (n,): points; the surface "line" is the mean squared error of ŷ = w x + b, and the line of the step is drawn
    beside it. surface: "line", "bowl", "ravine", "saddle", "bumps" or "four valleys"; optimizer: "SGD",
    "momentum 0.9" or "Adam"; azimuth in −180 … 180 and elevation in 0 … 90, in degrees; step in 0 … steps.

    Raises ValueError for points that are no two vectors of one length, an unknown surface or optimizer, or angles and
    steps outside these ranges.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 1 or x.shape != y.shape or not len(x) or not np.isfinite([x, y]).all():
        raise ValueError(f"x and y must be finite numbers of shape (n,), got {x.shape} and {y.shape}")
    if surface not in NOTES or optimizer not in OPTIMIZERS:
        raise ValueError(f"surface must be one of {list(NOTES)} and optimizer one of {list(OPTIMIZERS)}, "
                         f"got {surface!r} and {optimizer!r}")
    if not -180 <= azimuth <= 180 or not 0 <= elevation <= 90:
        raise ValueError(f"azimuth must lie in -180 … 180 and elevation in 0 … 90, got {azimuth!r} and {elevation!r}")
    if not 0 <= step <= steps:
        raise ValueError(f"step must lie in 0 … {steps}, got {step!r}")
    surfaces = SURFACES | {LINE: loss_of_line(x, y)}
    state = {"surface": surface, "optimizer": optimizer, "azimuth": int(azimuth), "elevation": int(elevation),
             "step": int(step), "points": np.column_stack([x, y]),
             "surfaces": {name: surface_state(name, steps, surfaces) for name in NOTES}}

    def picture():
        from nnbook.plots import gradient_descent
        shown = {_(name): s for name, s in state["surfaces"].items() if name not in ("saddle", "bumps")}
        return gradient_descent.surfaces_3d(shown, azimuth, elevation)

    return FrontEnd("surface_view", state, picture, alt=_(
        "Loss surfaces with a path of gradient descent. {notes}", notes=" ".join(
            _("{name}: {value}", name=_(name), value=s["note"]) for name, s in state["surfaces"].items()))).show()
