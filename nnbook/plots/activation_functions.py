"""Figures of the chapter on activation functions."""

import time

import numpy as np

from nnbook.language import _
from nnbook.plots.style import CLASS1, COLORS, DATA, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, SKY, figure, styled

# name: colour, line, marker; the same in all figures of the chapter
LOOKS = {
    "sigmoid": (PREDICTION, "-", "o"), "tanh": (CLASS1, "--", "s"), "softmax": (MUTED, "-.", "X"),
    "ReLU": (LOSS, "-", "^"), "Leaky ReLU": (GRADIENT, "-.", "D"), "ELU": (HIGHLIGHT, "-", "v"),
    "Softplus": (DATA, ":", "*"), "Swish": (SKY, "--", "P"),
    "ReLU + skip": (LOSS, ":", "h"), "sigmoid + BN": (PREDICTION, ":", "d"),
}


@styled
def gallery(title, f, f_prime, signal, gradient, dead):
    """The function; signal, gradient and dead units through the layers.  [A26, A27]

    f, f_prime: functions of an array; signal, gradient (layers, 2): mean and spread in each layer; dead (layers,).
    """
    fig, axes = figure(6.6, 5.2, nrows=2, ncols=2)
    axes = axes.ravel()
    z, layers = np.linspace(-6, 6, 241), np.arange(1, len(signal) + 1)
    axes[0].plot(z, f(z), color=PREDICTION, label="f")
    axes[0].plot(z, f_prime(z), "--", color=GRADIENT, label="f′")
    axes[0].set(title=title, xlabel="z", ylim=(-2, 4))
    axes[0].legend()
    mean, spread = signal.T
    axes[1].fill_between(layers, mean - spread, mean + spread, color=PREDICTION, alpha=0.2)
    axes[1].plot(layers, mean, color=PREDICTION)
    axes[1].set(title=_("Signal: mean ± spread"), xlabel=_("layer"), ylim=(-2, 3))
    axes[2].semilogy(layers, gradient[:, 1], "--", color=GRADIENT)
    axes[2].set(title=_("Spread of the gradient"), xlabel=_("layer"), ylim=(1e-16, 1e8))
    axes[3].plot(layers, dead, color=LOSS)
    axes[3].set(title=_("Dead units"), xlabel=_("layer"), ylim=(-1, 64))
    return fig


@styled
def costs(functions, z, repeats=5):
    """Time of each f relative to ReLU's, measured now: the best of some repeats.  [A26]

    f alone: what f′ costs depends on what the layer has kept of its way forward.
    functions: {name: (f, f′)}; z: array of numbers to call them with.
    """
    def seconds(f):
        best = np.inf
        for _repeat in range(repeats):
            start = time.perf_counter()
            f(z)
            best = min(best, time.perf_counter() - start)
        return best

    times = np.array([seconds(f) for f, _slope in functions.values()])
    fig, ax = figure(6.0, 2.8)
    rows = np.arange(len(times))[::-1]
    ax.barh(rows, times / times[list(functions).index("ReLU")], 0.6, color=COLORS["prediction"])
    ax.set(yticks=rows, yticklabels=functions, xlabel=_("time of f, as a multiple of ReLU's"),
           title=_("An exponential costs time"))
    return fig


@styled
def layer_by_layer(spreads):
    """Spread of signal and gradient against the layers passed; spreads: {name: (signal, gradient)}.  [A27]"""
    fig, axes = figure(height=3.4, ncols=2, sharey=True)
    titles = _("Forward: the signal keeps its size"), _("Backward: the gradient seldom does")
    for k, (ax, title) in enumerate(zip(axes, titles, strict=True)):
        for name, both in spreads.items():
            color, style, _marker = LOOKS[name]
            ax.plot(np.arange(1, 1 + len(both[k])), both[k], style, color=color, label=name if k else None)
        ax.set(yscale="log", ylim=(1e-8, 1e4), xlabel=_("layers passed"), title=title)
    axes[0].set_ylabel(_("spread"))
    fig.legend(loc="outside lower center", ncols=4, fontsize=10.5)
    return fig


@styled
def one_dies(sums, pull):
    """The sums z (steps, examples) of one ReLU while it is trained, and the size (steps,) of its gradient.  [A27]"""
    fig, (left, right) = figure(height=2.9, ncols=2)
    steps = np.arange(len(sums))
    left.fill_between(steps, sums.min(axis=1), sums.max(axis=1), color=PREDICTION, alpha=0.25)
    left.plot(steps, np.median(sums, axis=1), color=PREDICTION)
    left.axhline(0, color=MUTED, linewidth=1)
    left.annotate(_("on"), (steps[-1], 0), (0, 4), textcoords="offset points", ha="right", color=MUTED)
    left.annotate(_("off"), (steps[-1], 0), (0, -4), textcoords="offset points", ha="right", va="top", color=MUTED)
    left.set(xlabel=_("step"), ylabel=_("z of all digits"), title=_("One unit, thrown off"))
    right.plot(steps, pull, "o-", color=GRADIENT, markersize=4)
    right.set(xlabel=_("step"), ylabel=_("size of its gradient"), title=_("Nothing pulls it back"))
    return fig


@styled
def depths(table, chance):
    """Accuracy on the test digits against depth, mean and range of the seeds; table: {name: {depth: values}}.  [A27]"""
    fig, (top, ax) = figure(height=4.5, nrows=2, height_ratios=(1, 5))
    skip_connection(top)
    for k, (name, accuracies) in enumerate(table.items()):
        x = np.array(list(accuracies)) * 1.03 ** (k - len(table) / 2)  # side by side
        values = np.array(list(accuracies.values()))
        mean = values.mean(axis=1)
        spread = np.maximum(0, [mean - values.min(axis=1), values.max(axis=1) - mean])  # no −1e-17
        color, style, marker = LOOKS[name]
        ax.errorbar(x, mean, spread, capsize=3, marker=marker,
                    linestyle=style, color=color, label=name)
    ax.axhline(chance, color=MUTED, linewidth=1)
    ax.annotate(_("guessing"), (2, chance), (0, 4), textcoords="offset points", color=MUTED)
    ax.set_xscale("log")
    ax.set_xticks(list(next(iter(table.values()))), labels=list(next(iter(table.values()))))
    ax.set_xticks([], minor=True)
    ax.set(ylim=(0, 1), xlabel=_("hidden layers"), ylabel=_("right on the test digits"),
           title=_("The deeper, the worse, unless skips or normalisation help"))
    ax.figure.legend(loc="outside right upper", fontsize=10.5)
    return fig


def skip_connection(ax):
    """One layer with a way around it: what comes in is added to what goes out."""
    ax.set(xlim=(0, 10), ylim=(-0.6, 1.5))
    ax.axis("off")
    line = {"arrowstyle": "-|>", "color": MUTED, "shrinkA": 0, "shrinkB": 0}
    for start, end in ((1.2, 3.6), (6, 7.7), (8.3, 9.4)):
        ax.annotate("", (end, 0), (start, 0), arrowprops=line)
    ax.plot((2, 2, 8), (0, 0.9, 0.9), color=LOSS)
    ax.annotate("", (8, 0.42), (8, 0.9), arrowprops=line | {"color": LOSS})
    ax.text(4.8, 0, _("W, b, ReLU"), ha="center", va="center", bbox={"boxstyle": "round", "facecolor": "none",
                                                                  "edgecolor": MUTED})
    ax.text(8, 0, "+", ha="center", va="center", color=LOSS, bbox={"boxstyle": "circle", "facecolor": "none",
                                                                   "edgecolor": LOSS})
    ax.text(5, 1.05, _("skip"), ha="center", color=LOSS)
    ax.text(1, 0, _("in"), ha="right", va="center")
    ax.text(9.5, 0, _("out"), va="center")
