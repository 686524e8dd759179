"""Pictures of chapter 4, The multilayer perceptron. Each function draws one message and returns the figure."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from nnlib import Linear
from nnlib.activations import sigmoid

DATA, GREY, PREDICTION, LOSS, GRADIENT = "#000000", "#767676", "#0072B2", "#D55E00", "#009E73"
CLASS0, CLASS1, HIGHLIGHT = "#0072B2", "#E69F00", "#CC79A7"
CLASSES = LinearSegmentedColormap.from_list("classes", ["#4095C6", "#ffffff", "#ECB740"])
MARKERS = {0: ("o", CLASS0, "white"), 1: ("^", CLASS1, "black")}


def figure(width=7.2, height=3.4, **grid):
    """A figure on white and its axes."""
    return plt.subplots(figsize=(width, height), layout="constrained", facecolor="white", **grid)


def scatter(ax, x, y, size=22):
    """Points (N, 2) of classes y (N, 1) or (N,): circles and triangles."""
    for label, (marker, colour, edge) in MARKERS.items():
        chosen = x[np.ravel(y) == label]
        ax.scatter(*chosen.T, s=size, marker=marker, color=colour, edgecolor=edge, linewidth=0.6, zorder=3,
                   label=f"class {label}")


def plane(extent=1.3, n=161):
    """(axis values (n,), all points of a square grid (n·n, 2))."""
    axis = np.linspace(-extent, extent, n)
    return axis, np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


def region(ax, predict, extent=1.3):
    """Shade a plane by predict(points (N, 2)) -> probabilities (N, 1) and draw the line where they are 1/2."""
    axis, points = plane(extent)
    chance = np.reshape(predict(points), (len(axis), -1))
    ax.imshow(chance, origin="lower", extent=(-extent, extent, -extent, extent), cmap=CLASSES, vmin=0, vmax=1,
              interpolation="bilinear")
    if chance.min() < 0.5 < chance.max():
        ax.contour(axis, axis, chance, [0.5], colors="black", linewidths=1.6)
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def hidden_plane(ax, weights, bias, low, high):
    """The straight line w·a + b = 0 in a plane of two hidden units, within [low, high]²."""
    ends = np.linspace(low, high, 50)
    w1, w2 = weights
    if abs(w2) > abs(w1):
        ax.plot(ends, -(w1 * ends + bias) / w2, color="black", linewidth=1.6)
    else:
        ax.plot(-(w2 * ends + bias) / w1, ends, color="black", linewidth=1.6)


def mesh(step=0.4, count=41):
    """A grid of the input plane as 14 lines: (14, count, 2)."""
    along, at = np.linspace(-1.2, 1.2, count), np.arange(-3, 4) * step
    upright = np.stack(np.broadcast_arrays(at[:, None], along), -1)
    return np.concatenate([upright, upright[..., ::-1]])


def input_and_hidden_space(model, x, y):
    """Left the input plane with the network's regions, right the same points as its last hidden layer sees them.  [A07]

    model: Sequential with one logit; x (N, 2), y (N, 1). The right axes are its two units, or logit and first unit.
    """
    fig, (left, right) = figure(height=3.7, ncols=2)
    region(left, lambda points: sigmoid(model(points)))
    scatter(left, x, y)
    left.set_title("Input space: a bent boundary")
    last = [i for i, layer in enumerate(model.layers) if isinstance(layer, Linear)][-1]

    def see(points):
        a = points
        for layer in model.layers[:last]:
            a = layer(a)
        if a.shape[1] == 2:
            return a
        return np.c_[model(points), a[:, 0]]

    for rod in mesh():
        right.plot(*see(rod).T, color=GREY, linewidth=0.6)
    seen = see(x)
    scatter(right, seen, y)
    if model[last].n_in == 2:
        low, high = see(mesh().reshape(-1, 2)).min() - 0.1, see(mesh().reshape(-1, 2)).max() + 0.1
        hidden_plane(right, model[last].W[0], model[last].b[0], low, high)
        right.set(xlim=(low, high), ylim=(low, high), xlabel="$a_1$", ylabel="$a_2$")
    else:
        right.axvline(0, color="black", linewidth=1.6)
        right.set(xlabel="logit", ylabel="$a_1$")
    right.set_title("Hidden space: a straight boundary")
    return fig


def pieces(target, kind, n):
    """A curve, the sum of n evenly spaced pieces, and the error against their number.  [B08]"""
    from nnlib.widgets.pieces import TARGETS, distance, total

    fig, (left, right) = figure(ncols=2)
    x, knots = np.linspace(0, 1, 401), np.arange(n + 1) / n
    curve = TARGETS[target]
    left.plot(x, curve(x), color=DATA, linestyle="--", label="the curve")
    left.plot(x, total(kind, knots, curve(knots), x), color=PREDICTION, linewidth=2.5, label="sum of the pieces")
    left.plot(knots, curve(knots), "o", color=PREDICTION, markerfacecolor="white")
    left.set(title=f"{n} pieces", xlabel="x", ylabel="y")
    left.legend(frameon=False)
    numbers = np.arange(1, 33)
    right.loglog(numbers, [distance(target, kind, m) for m in numbers], "o-", color=LOSS, markersize=4)
    right.plot(n, distance(target, kind, n), "o", color=HIGHLIGHT, markersize=9, markeredgecolor="black")
    right.set(title="More pieces, smaller error", xlabel="number of pieces", ylabel="error (RMSE)",
              xticks=[1, 2, 4, 8, 16, 32], xticklabels=[1, 2, 4, 8, 16, 32])
    right.minorticks_off()
    return fig
