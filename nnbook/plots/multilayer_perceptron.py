"""Pictures of chapter 4, The multilayer perceptron. Each function draws one message and returns the figure."""

import matplotlib.dates as mdates
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from nnbook.language import _
from nnbook.plots.style import CLASS0, CLASS1, DATA, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, figure, styled
from nnlib import Linear
from nnlib.activations import sigmoid

CLASSES = LinearSegmentedColormap.from_list("classes", ["#4095C6", "#ffffff", "#ECB740"])
MARKERS = {0: ("o", CLASS0, "white"), 1: ("^", CLASS1, "black")}


@styled
def scatter(ax, x, y, size=22):
    """Points (N, 2) of classes y (N, 1) or (N,): circles and triangles."""
    for label, (marker, colour, edge) in MARKERS.items():
        chosen = x[np.ravel(y) == label]
        ax.scatter(*chosen.T, s=size, marker=marker, color=colour, edgecolor=edge, linewidth=0.6, zorder=3,
                   label=_("class {label}", label=label))


def plane(extent=1.3, n=161):
    """(axis values (n,), all points of a square grid (n·n, 2))."""
    axis = np.linspace(-extent, extent, n)
    return axis, np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)


@styled
def region(ax, predict, extent=1.3):
    """Shade a plane by predict(points (N, 2)) -> probabilities (N, 1) and draw the line where they are 1/2."""
    axis, points = plane(extent)
    chance = np.reshape(predict(points), (len(axis), -1))
    ax.imshow(chance, origin="lower", extent=(-extent, extent, -extent, extent), cmap=CLASSES, vmin=0, vmax=1,
              interpolation="bilinear")
    if chance.min() < 0.5 < chance.max():
        ax.contour(axis, axis, chance, [0.5], colors="black", linewidths=1.6)
    ax.grid(False)
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


@styled
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


@styled
def input_and_hidden_space(model, x, y):
    """Left the input plane with the network's regions, right the same points as its last hidden layer sees them.  [A07]

    model: Sequential with one logit; x (N, 2), y (N, 1). The right axes are its two units, or logit and first unit.
    """
    fig, (left, right) = figure(height=3.7, ncols=2)
    region(left, lambda points: sigmoid(model(points)))
    scatter(left, x, y)
    left.set_title(_("Input space: a bent boundary"))
    last = [i for i, layer in enumerate(model.layers) if isinstance(layer, Linear)][-1]

    def see(points):
        a = points
        for layer in model.layers[:last]:
            a = layer(a)
        if a.shape[1] == 2:
            return a
        return np.c_[model(points), a[:, 0]]

    for rod in mesh():
        right.plot(*see(rod).T, color=MUTED, linewidth=0.6)
    seen = see(x)
    scatter(right, seen, y)
    if model[last].n_in == 2:
        low, high = see(mesh().reshape(-1, 2)).min() - 0.1, see(mesh().reshape(-1, 2)).max() + 0.1
        hidden_plane(right, model[last].W[0], model[last].b[0], low, high)
        right.set(xlim=(low, high), ylim=(low, high), xlabel="$a_1$", ylabel="$a_2$")
    else:
        right.axvline(0, color="black", linewidth=1.6)
        right.set(xlabel=_("logit"), ylabel="$a_1$")
    right.set_title(_("Hidden space: a straight boundary"))
    return fig


@styled
def pieces(target, kind, n):
    """A curve, the sum of n evenly spaced pieces, and the error against their number.  [B08]"""
    from nnbook.widgets.pieces.pieces import TARGETS, distance, total

    fig, (left, right) = figure(ncols=2)
    x, knots = np.linspace(0, 1, 401), np.arange(n + 1) / n
    curve = TARGETS[target]
    left.plot(x, curve(x), color=DATA, linestyle="--", label=_("the curve"))
    left.plot(x, total(kind, knots, curve(knots), x), color=PREDICTION, linewidth=2.5, label=_("sum of the pieces"))
    left.plot(knots, curve(knots), "o", color=PREDICTION, markerfacecolor="white")
    left.set(title=_("{n} pieces", n=n), xlabel="x", ylabel="y")
    left.legend(frameon=False)
    numbers = np.arange(1, 33)
    right.loglog(numbers, [distance(target, kind, m) for m in numbers], "o-", color=LOSS, markersize=4)
    right.plot(n, distance(target, kind, n), "o", color=HIGHLIGHT, markersize=9, markeredgecolor="black")
    right.set(title=_("More pieces, smaller error"), xlabel=_("number of pieces"), ylabel=_("error (RMSE)"),
              xticks=[1, 2, 4, 8, 16, 32], xticklabels=[1, 2, 4, 8, 16, 32])
    right.minorticks_off()
    return fig


@styled
def two_lines(x, y, lines, hidden, output_line):
    """Left: points and two lines; right: what two step units make of them, and one line that is now enough.  [A07]

    x (N, 2), y (N,); lines: ((w1, w2, b), …) of the two units; hidden (N, 2) zeros and ones; output_line (w1, w2, b).
    """
    fig, (left, right) = figure(height=3.9, ncols=2)
    ends = np.array([-1.4, 1.4])
    for k, (w1, w2, b) in enumerate(lines):
        left.plot(ends, -(w1 * ends + b) / w2, color="black", linestyle=("-", "--")[k],
                  label=_("unit {k} switches", k=k + 1))
    scatter(left, x, y)
    left.set(title=_("Two lines in the input plane"), xlim=ends, ylim=ends, xticks=[-1, 0, 1], yticks=[-1, 0, 1],
             xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    fig.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=10.5, columnspacing=1.2, handletextpad=0.4)
    places, counts = np.unique(np.c_[hidden, np.ravel(y)], axis=0, return_counts=True)
    for (h1, h2, label), count in zip(places, counts, strict=True):
        marker, colour, edge = MARKERS[int(label)]
        right.scatter(h1, h2, s=90, marker=marker, color=colour, edgecolor=edge)
        below = h1 == 1  # the line is above
        right.annotate(_("{n} points", n=count), (h1, h2), xytext=(0, -17 if below else 9),
                       textcoords="offset points",
                       fontsize=10.5, ha="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})
    w1, w2, b = output_line
    ends = np.array([-0.5, 1.6])
    right.plot(ends, -(w1 * ends + b) / w2, color="black", linewidth=1.6)
    right.set(title=_("One line in the hidden plane"), xlim=ends, ylim=(-0.5, 1.6), xticks=[0, 1], yticks=[0, 1],
              xlabel="$h_1$", ylabel="$h_2$", aspect="equal")
    return fig


@styled
def parts(axis, on):
    """The parts into which units cut the plane: which of them are on (n·n, units), at the points of `plane`.  [A07]"""
    fig, ax = figure(4.4, 4.2)
    square = on.reshape(len(axis), len(axis), -1)
    ends = axis[[0, -1, 0, -1]]
    ax.imshow(square.sum(axis=2), extent=ends, origin="lower", cmap="Blues", vmax=1.6 * square.sum(axis=2).max())
    for unit in range(square.shape[2]):
        ax.contour(axis, axis, square[..., unit], levels=[0.5], colors="black", linewidths=1)
    count = len(np.unique(on, axis=0))
    title = _("{lines} lines, {count} parts", lines=square.shape[2], count=count)
    ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$",
           xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    ax.grid(False)
    return fig


@styled
def regions(networks, x, y):
    """Decision regions of four networks.  [A10]   networks: {title: function points (N, 2) -> probabilities (N, 1)}"""
    fig, axes = figure(5.4, 5.9, nrows=2, ncols=2, sharex=True, sharey=True)
    for ax, (title, predict) in zip(axes.flat, networks.items(), strict=True):
        region(ax, predict)
        scatter(ax, x, y, size=15)
        right = np.mean((predict(x) > 0.5).ravel() == np.ravel(y))
        ax.set_title(_("{title}:\n{right:.0%} right", title=title, right=right))
        ax.label_outer()
    return fig


@styled
def two_relus(x, first, second):
    """Two ReLUs and their difference, the hard sigmoid.  [B11]   x (N,), first and second (N,)"""
    fig, ax = figure(5.4, 3.2)
    ax.plot(x, first, color=MUTED, linestyle="--", label=_("first ReLU"))
    ax.plot(x, -second, color=MUTED, linestyle=":", linewidth=2, label=_("minus the second"))
    ax.plot(x, first - second, color=PREDICTION, linewidth=3, label=_("their sum: a hard sigmoid"))
    ax.set(title=_("Two ReLUs make one hard sigmoid"), xlabel="z", ylabel="a", ylim=(-1.1, 2.1))
    ax.legend(frameon=False, loc="upper left", fontsize=10.5)
    return fig


@styled
def orders(numbers, errors):
    """Error against number of pieces, both axes logarithmic.  [B08]   errors: {name: (len(numbers),)}"""
    fig, ax = figure(5.8, 3.7)
    styles = [("o-", PREDICTION), ("s--", LOSS), ("^:", GRADIENT), ("v-.", HIGHLIGHT)]
    for (name, values), (style, colour) in zip(errors.items(), styles, strict=False):
        ax.loglog(numbers, values, style, color=colour, markersize=5, label=name)
    ax.set(title=_("The steeper the line, the higher the order"), xlabel=_("number of pieces"),
           ylabel=_("error (RMSE)"),
           xticks=numbers, xticklabels=numbers)
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize=10.5)
    return fig


@styled
def network_drawing(sizes, labels=True):
    """A fully connected network with the names of its parts.  [A15, B13]   sizes: units of each layer, input first."""
    fig, ax = figure(6.2, 4.1)
    height = lambda n, k: (n - 1) / 2 - k  # noqa: E731
    for l, (n, m) in enumerate(zip(sizes, sizes[1:], strict=False)):
        for j in range(n):
            for i in range(m):
                marked = labels and (l, j, i) == (0, 2, 0)
                ax.plot([l, l + 1], [height(n, j), height(m, i)], color=HIGHLIGHT if marked else MUTED,
                        linewidth=2.5 if marked else 0.8, zorder=1)
    for l, n in enumerate(sizes):
        for k in range(n):
            name = f"$x_{k + 1}$" if l == 0 else f"$a_{k + 1}^{{({l})}}$"
            ax.scatter(l, height(n, k), s=1150, color="white", edgecolor=DATA if l == 0 else PREDICTION, linewidth=2,
                       zorder=2)
            ax.text(l, height(n, k), name, ha="center", va="center", zorder=3, fontsize=14)
            if l and labels:
                ax.annotate(f"$b_{k + 1}^{{({l})}}$", (l, height(n, k) + 0.19), (l - 0.02, height(n, k) + 0.43),
                            fontsize=11, ha="center", va="center", color=MUTED,
                            arrowprops={"arrowstyle": "-|>", "color": MUTED})
        kind = _("input layer") if l == 0 else _("output layer") if l == len(sizes) - 1 else _("hidden layer {l}", l=l)
        ax.text(l, max(sizes) / 2 + 0.35, f"{kind}\n$a^{{({l})}}$", ha="center", fontsize=12)
    if labels:
        ax.annotate(_("weight $w_{13}^{(1)}$:\nfrom unit 3 to unit 1"), (0.5, 0), xytext=(-0.3, -2.05), fontsize=12,
                    color="#8A3D6A", arrowprops={"arrowstyle": "->", "color": HIGHLIGHT})
        ax.annotate(_("a neuron:\n$z = w\\cdot a + b$, then $a = \\sigma(z)$"), (1.0, -1.22), xytext=(0.95, -2.05),
                    fontsize=12, arrowprops={"arrowstyle": "->", "color": MUTED})
    ax.set(xlim=(-0.35, len(sizes) - 0.65), ylim=(-max(sizes) / 2 - 0.7, max(sizes) / 2 + 1.0))
    ax.axis("off")
    return fig


@styled
def experiment(rows, networks, titles, baselines):
    """Errors of the networks, one dot a seed, for known and for held-out years.  [B12]

    rows: {protocol: structured array}; networks: names; titles: {protocol: (known, held out)}; baselines: {protocol:
    (train, held out)} of the linear model.
    """
    fig, axes = figure(6.6, 4.0, ncols=2, sharey=True)
    for ax, (protocol, table) in zip(axes, rows.items(), strict=True):
        for name, colour, marker, shift, label, base in (
                ("train", MUTED, "o", -0.12, titles[protocol][0], baselines[protocol][0]),
                ("held_out", LOSS, "D", 0.12, titles[protocol][1], baselines[protocol][1])):
            means = []
            for k, network in enumerate(networks):
                values = table[name][table["hidden"] == network]
                ax.plot(np.full(len(values), k + shift), values, marker, color=colour, markersize=4, alpha=0.45)
                means.append(values.mean())
            ax.plot(np.arange(len(networks)) + shift, means, color=colour, linewidth=1.8, label=label)
            ax.axhline(base, color=colour, linestyle=":", linewidth=1.5)
        ax.set(xticks=range(len(networks)), xlabel=_("hidden layers of 100 ReLUs"), ylim=(0, None),
               title=_("Held out: {label}", label=label))
        ax.set_xticklabels(range(1, len(networks) + 1))
        ax.plot([], [], ":", color=DATA, linewidth=1.5, label=_("linear model"))
        ax.legend(frameon=False, fontsize=10.5, loc="lower left")
    axes[0].set_ylabel(_("RMSE (thousand views a day)"))
    return fig


@styled
def predicted(dates, truth, predictions, title):
    """True and predicted views of the same days.  [B12]   predictions: {name: (days,)}"""
    fig, ax = figure(6.6, 3.0)
    ax.plot(dates, truth, color=DATA, linewidth=1.3, label=_("true"))
    for (name, values), color, style in zip(predictions.items(), (PREDICTION, HIGHLIGHT), ("--", ":"), strict=False):
        ax.plot(dates, values, color=color, linewidth=1.6, linestyle=style, label=name)
    ax.set(title=title, ylabel=_("thousand views a day"), ylim=(0, None))
    ax.legend(frameon=False, ncols=3, fontsize=10.5, loc="lower left")
    ax.xaxis.set_major_locator(mdates.MonthLocator())
    ax.xaxis.set_major_formatter(mdates.DateFormatter(_("1 %b %Y")))
    return fig


@styled
def folds(x, curves):
    """What repeated folding makes of a straight line.   curves: {number of layers: (N,)}"""
    fig, axes = figure(6.0, 3.9, nrows=2, ncols=2, sharex=True, sharey=True)
    for ax, (layers, curve) in zip(axes.flat, curves.items(), strict=True):
        ax.plot(x, curve, color=PREDICTION, linewidth=1.8 if layers < 5 else 0.8)
        ax.set(title=_("depth {layers}, {n} ReLUs", layers=layers, n=2 * layers), xlabel="x",
               xticks=[0, 0.5, 1], yticks=[0, 1])
        ax.label_outer()
    return fig
