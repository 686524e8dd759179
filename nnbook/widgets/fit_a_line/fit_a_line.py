"""`explore` at work: w and b of a line by sliders, with the residuals and the place on the loss surface."""

import numpy as np

from nnbook.language import _
from nnbook.palette import COLORS
from nnbook.widgets.core.host import widget
from nnlib import metrics


def small_example():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 5, 30)
    return {"x": x, "y": 1.3 * x + 2 + rng.normal(0, 0.8, 30), "w": np.linspace(0, 2.4, 4), "b": [0, 2, 4]}


@widget(example=small_example)
def fit_a_line(x, y, w, b, start=None):
    """Sliders for w and b of ŷ = w x + b: data, residuals, mean squared error, and its surface over (w, b).  [B04]

    x, y: (N,) or (N, 1); w, b: the values of the two sliders, about seven and five. start: {"w": …, "b": …}, else the
    middle one of each.

    Raises ValueError for different shapes.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.size != len(x):
        raise ValueError(f"x and y must have one shape (N,) or (N, 1), got {x.shape} and {y.shape}")
    from nnbook.exercises import explore  # not at the top: it uses widgets.core, so this package must be there first

    x, y = x.ravel(), y.ravel()
    w, b = [round(float(v), 6) for v in w], [round(float(v), 6) for v in b]
    draw_line = panels(x, y, w, b)
    return explore(draw_line, w=w, b=b, start=start or {"w": w[-2], "b": b[-1]}, alt=lambda w, b: _(
        "With w = {w:g} and b = {b:g} the mean squared error is {loss:.3f}.", w=w, b=b, loss=metrics.mse(w * x + b, y)))


def panels(x, y, w_values, b_values):
    """draw(w, b) -> figure; it is built once and then only moved, which is several times faster."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from nnbook.plots.style import RC, add_font

    add_font()
    sizes = {"font.size": 12, "axes.titlesize": 12, "axes.labelsize": 12}  # on a phone half as large
    with rc_context(sizes | {"font.family": RC["font.family"]}):
        figure = Figure(figsize=(6.6, 3.4), layout="constrained")
        data, surface = figure.subplots(1, 2)
    margin = 0.06 * np.ptp(x)
    ends = np.array([x.min() - margin, x.max() + margin])
    order = np.argsort(x)
    data.plot(x, y, "o", color=COLORS["data"], markersize=4, zorder=3)
    residuals = data.vlines(x, y, y, color=COLORS["loss"], linewidth=1.2)
    line, = data.plot(ends, ends, color=COLORS["prediction"], linewidth=2.5)
    data.set(xlim=ends, ylim=(min(0, y.min()), 1.15 * y.max()), xlabel="x", ylabel="y",
             title=_("Data, line, residuals"))

    def padded(values):
        step = (values[-1] - values[0]) / (len(values) - 1 or 1)
        return np.linspace(values[0] - step, values[-1] + step, 60)

    W, B = np.meshgrid(padded(w_values), padded(b_values))
    losses = np.mean((W[..., None] * x[order] + B[..., None] - y[order]) ** 2, axis=-1)
    levels = losses.min() + np.ptp(losses) * (np.arange(12) / 11) ** 2
    surface.contourf(W, B, losses, levels=levels, cmap="Oranges", alpha=0.7)
    surface.contour(W, B, losses, levels=levels, colors=COLORS["loss"], linewidths=0.5)
    point, = surface.plot([0], [0], "o", color=COLORS["highlight"], markeredgecolor="black", markersize=9)
    surface.set(xlabel="w", ylabel="b", title=_("Loss over w and b"))

    figure.draw_without_rendering()  # arranges the panels, once for all frames
    figure.set_layout_engine("none")

    def draw_line(w, b):
        predicted = w * x + b
        line.set_ydata(w * ends + b)
        residuals.set_segments([[(xi, yi), (xi, pi)] for xi, yi, pi in zip(x, y, predicted, strict=True)])
        point.set_data([w], [b])
        return figure

    return draw_line
