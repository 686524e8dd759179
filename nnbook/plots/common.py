"""Figures that several chapters share. Each draws on `ax`, or on a figure of its own, and returns the axes."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, PowerNorm, to_rgb

from nnbook.language import _
from nnbook.plots.style import (
    CLASS0,
    CLASS1,
    CLASS_COLORS,
    CLASS_MARKERS,
    GRADIENT,
    HIGHLIGHT,
    LOSS,
    MUTED,
    PREDICTION,
    styled,
)
from nnlib import checks

PALE_ORANGE = LinearSegmentedColormap.from_list("pale orange", ["#FFF5EB", "#FDB176"])  # of losses; lines stay visible


def axes_or_new(ax, width=7.0, height=3.6, **subplot):
    """`ax`, or the axes of a new figure."""
    return plt.figure(figsize=(width, height)).add_subplot(**subplot) if ax is None else ax


@styled
def class_points(x, y, ax=None, names=None, size=22):
    """Points x (N, 2) of classes y (N,) = 0, 1, …: one colour and one marker for each class. Returns the axes."""
    x, y = checks.array(x, "x"), class_labels(y)
    if x.ndim != 2 or x.shape[1] != 2 or len(x) != len(y):
        raise ValueError(f"class_points expects x of shape (N, 2) and y of shape (N,), got {x.shape} and {y.shape}")
    ax = axes_or_new(ax, 4.6, 4.2)
    for k in np.unique(y):
        ax.scatter(*x[y == k].T, color=CLASS_COLORS[k % 8], marker=CLASS_MARKERS[k % 8], s=size, edgecolor="white",
                   linewidth=0.5, label=_(names[k]) if names else _("class {k}", k=k), zorder=3)
    return ax


def class_labels(y):
    """Labels as (N,) whole numbers from 0 on; (N, 1) is flattened."""
    y = checks.array(y, "y")
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.ndim != 1 or y.size == 0 or (y != np.round(y)).any() or y.min() < 0:
        raise ValueError(f"y must hold classes 0, 1, … of shape (N,), got shape {y.shape}")
    return y.astype(int)


@styled
def decision_regions(classify, x, y, ax=None, names=None, resolution=200):
    """What a classifier says at every point of the plane, and the points x (N, 2) of classes y (N,).

    classify: a function (M, 2) -> classes (M,), or scores (M, K) whose largest wins, or, for two classes, logits
    (M, 1) that say class 1 above 0. A trained nnlib model with logits will do as it is. Returns the axes.
    """
    ax = class_points(x, y, ax, names)
    low, high = np.min(x, axis=0), np.max(x, axis=0)
    left, bottom = low - 0.1 * (high - low)
    right, top = high + 0.1 * (high - low)
    columns, rows = np.meshgrid(np.linspace(left, right, resolution), np.linspace(bottom, top, resolution))
    said = np.asarray(classify(np.stack([columns.ravel(), rows.ravel()], axis=1)))
    if said.ndim == 2:
        said = said[:, 0] > 0 if said.shape[1] == 1 else said.argmax(axis=1)
    if said.shape != (resolution**2,):
        raise ValueError(f"classify must give (M,), (M, 1) or (M, K) for {resolution**2} points, got {said.shape}")
    said = said.astype(int).reshape(resolution, resolution)
    pale = ListedColormap([0.72 + 0.28 * np.array(to_rgb(color)) for color in CLASS_COLORS])
    ax.imshow(said % 8, extent=(left, right, bottom, top), origin="lower", cmap=pale, vmin=0, vmax=7, aspect="auto",
              interpolation="nearest", zorder=0)
    for k in range(said.min(), said.max()):  # the border between classes up to k and above
        ax.contour(columns, rows, said, levels=[k + 0.5], colors=MUTED, linewidths=1)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.grid(False)
    return ax


@styled
def loss_contours(loss, x_range, y_range, path=None, ax=None, minimum=None, levels=14):
    """Contours of a loss over two parameters, with the path of gradient descent.

    loss: a function of two arrays of the same shape; x_range, y_range: (first, last); path: (steps, 2) points;
    minimum: (2,) point. The contours lie closer near the lowest point, so that a narrow valley shows. Returns the axes.
    """
    ax = axes_or_new(ax, 5.2, 4.2)
    columns, rows = np.meshgrid(np.linspace(*x_range, 121), np.linspace(*y_range, 121))
    heights = loss(columns, rows)
    if np.shape(heights) != columns.shape:
        raise ValueError(f"loss must give an array of shape {columns.shape}, got {np.shape(heights)}")
    lowest, highest = np.nanmin(heights), np.nanmax(heights)
    steps = lowest + (highest - lowest) * np.linspace(0, 1, levels + 1) ** 3  # cubes: fine at the bottom
    ax.imshow(heights, extent=(*x_range, *y_range),
              origin="lower", aspect="auto", interpolation="bilinear", cmap=PALE_ORANGE, zorder=0,
              norm=PowerNorm(1 / 3, lowest, highest))
    ax.contour(columns, rows, heights, levels=steps, colors=LOSS, linewidths=0.5, zorder=1)
    if path is not None:
        path = np.asarray(path, dtype=float)
        ax.plot(*path.T, "o-", color=GRADIENT, markersize=4, linewidth=1.4, label=_("gradient descent"))
        ax.plot(*path[0], "s", color="white", markeredgecolor="black", markersize=7, label=_("start"))
    if minimum is not None:
        ax.plot(*minimum, "*", color=HIGHLIGHT, markeredgecolor="black", markersize=13, label=_("lowest point"))
    ax.set(xlim=x_range, ylim=y_range)
    ax.grid(False)
    return ax


@styled
def image_grid(images, titles=None, columns=None, cmap="gray_r", vmin=None, vmax=None, size=1.1):
    """Images side by side: (N, H, W), (N, 1, H, W) or colour (N, H, W, 3). Returns the axes (N,).

    Grey images share one scale, from `vmin` to `vmax` (else their own smallest and largest value); gray_r shows 0 as
    paper. For weights use cmap="PuOr", vmin=-m, vmax=m. size: width of one image in inches.
    """
    images = checks.array(images, "images")
    if images.ndim == 4 and images.shape[1] == 1:
        images = images[:, 0]
    if images.size == 0 or not (images.ndim == 3 or images.ndim == 4 and images.shape[3] == 3):
        raise ValueError(f"image_grid expects (N, H, W), (N, 1, H, W) or (N, H, W, 3), got {images.shape}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"image_grid expects one title for each image, got {len(titles)} for {len(images)}")
    columns = min(len(images), 10) if columns is None else checks.integer(columns, "columns")
    rows = -(-len(images) // columns)
    height = size * images.shape[1] / images.shape[2] + (0.25 if titles is not None else 0.05)
    figure, axes = plt.subplots(rows, columns, figsize=(size * columns, height * rows), squeeze=False)
    scale = {"vmin": images.min() if vmin is None else vmin, "vmax": images.max() if vmax is None else vmax}
    for i, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if i < len(images):
            ax.imshow(images[i], cmap=cmap, interpolation="nearest", **scale if images.ndim == 3 else {})
            ax.set_title(titles[i] if titles is not None else "", loc="center", fontsize=9)
    return axes.flat[:len(images)]


@styled
def confusion_matrix(matrix, names=None, ax=None):
    """Counts (K, K), rows = true class, columns = predicted; hits blue, mistakes vermillion. Returns the axes."""
    matrix = checks.array(matrix, "matrix")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"confusion_matrix expects counts of shape (K, K), got {matrix.shape}")
    size = len(matrix)
    names = [str(k) for k in range(size)] if names is None else names
    if len(names) != size:
        raise ValueError(f"names must name {size} classes, got {len(names)}")
    ax = axes_or_new(ax, 1.6 + 0.42 * max(size, 4), 1.2 + 0.42 * max(size, 4))
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    strength = np.sqrt(share)[..., None]  # the root makes rare mistakes visible
    hit, mistake = np.array(to_rgb(PREDICTION)), np.array(to_rgb(LOSS))
    color = np.where(np.eye(size, dtype=bool)[..., None], hit, mistake)
    ax.imshow(1 - strength * (1 - color), interpolation="nearest")
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            ax.text(column, row, f"{count:g}", ha="center", va="center", fontsize=9,
                    color="white" if share[row, column] > 0.35 else "black")
    ax.set(xticks=range(size), yticks=range(size), xticklabels=names, yticklabels=names, xlabel=_("predicted class"),
           ylabel=_("true class"))
    ax.grid(False)
    ax.tick_params(length=0)
    return ax


@styled
def network(sizes, labels=None, ax=None, weights=None, values=None, names=None):
    """A fully connected network: a column of circles for each layer, a line for each weight.  [B13, A15]

    sizes: units in each layer, e.g. (2, 3, 1). labels: for each layer a list of texts in the circles; names: a text
    below each layer. weights: for each pair of layers an array (n_out, n_in) as Linear.W; then blue lines are
    positive, orange ones negative, and thick ones large. values: for each layer numbers in [0, 1] to fill the circles.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must give at least two layers of at least one unit, got {sizes}")
    for name, given, expected in (("labels", labels, len(sizes)), ("names", names, len(sizes)),
                                  ("values", values, len(sizes)), ("weights", weights, len(sizes) - 1)):
        if given is not None and len(given) != expected:
            raise ValueError(f"{name} must have {expected} entries for sizes {tuple(sizes)}, got {len(given)}")
    ax = axes_or_new(ax, 1.5 * len(sizes), 0.75 * max(sizes) + 0.5)
    places = [[(1.6 * column, (size - 1) / 2 - row) for row in range(size)] for column, size in enumerate(sizes)]
    for layer, (before, after) in enumerate(zip(places, places[1:], strict=False)):
        for j, end in enumerate(after):
            for k, start in enumerate(before):
                ax.plot(*zip(start, end, strict=True), zorder=1, **line_style(weights, layer, j, k))
    for layer, column in enumerate(places):
        for j, (x, y) in enumerate(column):
            value = None if values is None else float(np.clip(values[layer][j], 0, 1))
            fill = "white" if value is None else tuple(1 - value * (1 - np.array(to_rgb(PREDICTION))))
            ax.add_patch(plt.Circle((x, y), 0.32, facecolor=fill, edgecolor="black", linewidth=1.2, zorder=2))
            if labels is not None:
                ax.text(x, y, labels[layer][j], ha="center", va="center", zorder=3,
                        color="white" if value is not None and value > 0.6 else "black")
        if names is not None:
            ax.text(1.6 * layer, -(max(sizes) - 1) / 2 - 0.55, names[layer], ha="center", va="top", fontsize=9)
    bottom = -max(sizes) / 2 - (0.45 if names is not None else 0)
    ax.set(xlim=(-0.6, 1.6 * (len(sizes) - 1) + 0.6), ylim=(bottom, max(sizes) / 2), aspect="equal")
    ax.set_axis_off()
    return ax


def line_style(weights, layer, j, k):
    """Colour and width of the line from unit k to unit j of the next layer."""
    if weights is None:
        return {"color": MUTED, "linewidth": 0.9}
    matrix = np.asarray(weights[layer])
    color = CLASS0 if matrix[j, k] >= 0 else CLASS1
    return {"color": color, "linewidth": 0.4 + 3 * abs(matrix[j, k]) / max(np.abs(matrix).max(), 1e-12)}
