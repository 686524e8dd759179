"""The surfaces of gradient_descent in three dimensions, turned by hand, each with paths on it."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.gradient_descent.gradient_descent import SURFACES, descend

OPTIMIZERS = {"SGD": {}, "momentum 0.9": {"momentum": 0.9}, "Adam": {"optimizer": "Adam"}}
# surface: learning rate of Adam and of the others, what one sees
NOTES = {
    "bowl": (0.3, 0.1, N_("downhill everywhere points to one lowest point.")),
    "ravine": (0.3, 0.3, N_("steep across, nearly flat along: plain descent jumps from wall to wall and creeps.")),
    "saddle": (0.1, 0.1, N_("flat at the pass in the middle: descent slows down there, then finds the way out.")),
    "bumps": (0.1, 0.1, N_("not convex: where a path ends depends on where it began.")),
    "four valleys": (0.3, 0.005, N_("four equally deep valleys around a hill (heights are drawn as square roots).")),
}


def surface_state(name, steps, n=31):
    """Heights on an n × n grid and along each optimizer's path, scaled to 0 … 1; places scaled to −1 … 1."""
    f, _slope, (low, high), start, _rate = SURFACES[name]
    adam, others, note = NOTES[name]
    shape = np.sqrt if name == "four valleys" else np.asarray
    ticks = np.linspace(low, high, n)
    z = shape(f(*np.meshgrid(ticks, ticks)))
    paths = {}
    for label, options in OPTIMIZERS.items():
        path = descend(name, start, steps, adam if label == "Adam" else others, **options)
        scaled = np.column_stack([2 * (path - low) / (high - low) - 1, (shape(f(*path.T)) - z.min()) / np.ptp(z)])
        paths[label] = np.round(scaled, 3)
    return {"heights": np.round((z - z.min()) / np.ptp(z), 3), "paths": paths, "note": _(note)}


@widget
def surface_view(surface="four valleys", optimizer="SGD", azimuth=-100, elevation=60, steps=40):
    """Turn a loss surface by dragging, with arrow keys or sliders, and see an optimizer's path on it.  [B07, X01]

    surface: "bowl", "ravine", "saddle", "bumps" or "four valleys"; optimizer: "SGD", "momentum 0.9" or "Adam";
    azimuth in −180 … 180 and elevation in 0 … 90, in degrees.

    Raises ValueError for an unknown surface or optimizer, or angles outside these ranges.
    """
    if surface not in NOTES or optimizer not in OPTIMIZERS:
        raise ValueError(f"surface must be one of {list(NOTES)} and optimizer one of {list(OPTIMIZERS)}, "
                         f"got {surface!r} and {optimizer!r}")
    if not -180 <= azimuth <= 180 or not 0 <= elevation <= 90:
        raise ValueError(f"azimuth must lie in -180 … 180 and elevation in 0 … 90, got {azimuth!r} and {elevation!r}")
    state = {"surface": surface, "optimizer": optimizer, "azimuth": int(azimuth), "elevation": int(elevation),
             "surfaces": {name: surface_state(name, steps) for name in NOTES}}

    def picture():
        from nnbook.plots import gradient_descent
        return gradient_descent.surfaces_3d({_(name): s for name, s in state["surfaces"].items() if name != "saddle"},
                                            azimuth, elevation)

    return FrontEnd("surface_view", state, picture, alt=_(
        "Loss surfaces with a path of gradient descent. {notes}", notes=" ".join(
            _("{name}: {value}", name=_(name), value=_(note)) for name, (*__, note) in NOTES.items()))).show()
