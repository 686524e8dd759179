"""Gradient descent on a surface over two weights: where it starts, how far it steps, what momentum and Adam change."""

import numpy as np

from nnbook.language import N_, _
from nnbook.palette import COLORS
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib.model import Layer
from nnlib.optimizers import SGD, Adam, cosine_decay, inverse_decay

# name: (f, ∇f, [lowest, highest] of x and y, a start and a learning rate that show the point)
SURFACES = {
    N_("bowl"): (lambda x, y: 0.5 * x**2 + y**2, lambda x, y: (x, 2 * y), [-3, 3], [-2.5, 2], 0.1),
    N_("ravine"): (lambda x, y: 0.05 * x**2 + 3 * y**2, lambda x, y: (0.1 * x, 6 * y), [-3, 3], [-2.6, 1.6], 0.3),
    N_("curved valley"): (lambda x, y: (1 - x)**2 + 10 * (y - x**2)**2,
                      lambda x, y: (-2 * (1 - x) - 40 * x * (y - x**2), 20 * (y - x**2)),
                      [-2, 2], [-1.4, 1.4], 0.01),
    N_("four valleys"): (lambda x, y: (x**2 + y - 11)**2 + (x + y**2 - 7)**2,
                     lambda x, y: (4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
                                   2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7)),
                     [-5, 5], [-0.5, -0.5], 0.01),
    N_("saddle"): (lambda x, y: 0.5 * x**2 - 0.5 * y**2 + 0.125 * y**4, lambda x, y: (x, -y + 0.5 * y**3),
               [-3, 3], [2.5, 0.05], 0.1),
    N_("bumps"): (lambda x, y: 0.3 * (x**2 + y**2) + np.sin(2 * x) * np.sin(2 * y),
              lambda x, y: (0.6 * x + 2 * np.cos(2 * x) * np.sin(2 * y), 0.6 * y + 2 * np.sin(2 * x) * np.cos(2 * y)),
              [-3, 3], [2.4, -0.2], 0.1),
}

# name: η and the number of steps -> what nnlib's optimizers take as lr
SCHEDULES = {
    "constant": lambda rate, steps: rate,
    "1/t": lambda rate, steps: inverse_decay(rate, 0.1),
    "cosine": lambda rate, steps: cosine_decay(rate, max(steps, 1)),
}


@widget
def gradient_descent(surface="ravine", start=None, learning_rate=None, momentum=0.0, optimizer="SGD", steps=25,
                     schedule="constant", brief=False):
    """Follow gradient descent from a start that is clicked, dragged or moved by the arrow keys.  [A18, B07, X01]

    surface: one of SURFACES, which also says where to start and how far to step if that is not given.
    optimizer: "SGD" (with momentum in [0, 1)) or "Adam". steps: 0 … 200. schedule: how the learning rate goes on,
    one of SCHEDULES. brief: show the learning rate only, the other controls behind "more". Where anything differs
    from plain descent, its path is drawn in grey for comparison.

    Raises ValueError for an unknown surface, optimizer or schedule, or values out of range.
    """
    if surface not in SURFACES:
        raise ValueError(f"surface must be one of {list(SURFACES)}, got {surface!r}")
    if optimizer not in ("SGD", "Adam"):
        raise ValueError(f"optimizer must be 'SGD' or 'Adam', got {optimizer!r}")
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule must be one of {list(SCHEDULES)}, got {schedule!r}")
    if not 0 <= momentum < 1 or not 0 <= steps <= 200:
        raise ValueError(f"momentum must be in [0, 1) and steps in 0 … 200, got {momentum!r} and {steps!r}")
    default_start, default_rate = SURFACES[surface][3:]
    start = [float(v) for v in (default_start if start is None else start)]
    learning_rate = float(default_rate if learning_rate is None else learning_rate)
    state = {
        "surface": surface, "start": start, "learning_rate": learning_rate, "momentum": float(momentum),
        "optimizer": optimizer, "schedule": schedule, "steps": int(steps), "brief": bool(brief),
        "surfaces": {name: {"range": s[2], "start": s[3], "rate": s[4]} for name, s in SURFACES.items()},
    }
    path = descend(surface, start, steps, learning_rate, momentum, optimizer, schedule)
    value = SURFACES[surface][0](*path[-1])
    return FrontEnd("gradient_descent", state, lambda: picture(surface, path), alt=_(
        "Gradient descent on the surface “{surface}” with learning rate {rate:g}: in {steps} steps the loss goes from "
        "{first:.3g} to {last:.3g}.", surface=_(surface), rate=learning_rate, steps=len(path) - 1,
        first=SURFACES[surface][0](*start), last=value)).show()


def descend(surface, start, steps, learning_rate, momentum=0.0, optimizer="SGD", schedule="constant"):
    """The path of an nnlib optimizer over a surface, by its name or its gradient function, (steps + 1, 2)."""
    gradient = surface if callable(surface) else SURFACES[surface][1]
    point = Layer()
    point.add_parameters(w=np.array(start, dtype=float))
    rate = SCHEDULES[schedule](learning_rate, steps)
    step = SGD(point, rate, momentum) if optimizer == "SGD" else Adam(point, rate)
    path = [point.w.copy()]
    for _step in range(steps):
        step.zero_grad()
        point.dw += gradient(*point.w)
        step.step()
        path.append(point.w.copy())
    return np.array(path)


def picture(surface, path):
    """Contours of the surface and the path, for print."""
    from matplotlib.figure import Figure

    f, span = SURFACES[surface][0], SURFACES[surface][2]
    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    ax = figure.subplots()
    x, y = np.meshgrid(np.linspace(*span, 200), np.linspace(*span, 200))
    z = f(x, y)
    levels = z.min() + (z.max() - z.min()) * (np.arange(13) / 12) ** 3
    ax.contourf(x, y, z, levels=levels, cmap="Oranges", alpha=0.7)
    ax.contour(x, y, z, levels=levels, colors=COLORS["loss"], linewidths=0.5)
    ax.plot(*path.T, "o-", color=COLORS["prediction"], markersize=3.5, linewidth=1.3)
    ax.plot(*path[0], "o", color="white", markeredgecolor="black", markersize=8)
    ax.set(xlim=span, ylim=span, xlabel="x", ylabel="y", aspect="equal",
           title=_("{surface}: loss {loss:.3g} after {steps} steps", surface=_(surface), loss=f(*path[-1]),
                   steps=len(path) - 1))
    return figure
