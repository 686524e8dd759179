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
    "ReLU + skip": (LOSS, ":", "h"),
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
def curves(ax, values, x):
    """One line for each name of LOOKS."""
    for name, y in values.items():
        color, style, _marker = LOOKS[name]
        ax.plot(x, y, style, color=color, label=name)
    ax.figure.legend(loc="outside right upper", fontsize=10.5)


@styled
def vanishing(spread):
    """Spread of the gradient against the layers it has passed; spread: {name: (layers,)}.  [A27]"""
    fig, ax = figure(height=3.6)
    curves(ax, spread, np.arange(1, 1 + len(next(iter(spread.values())))))
    ax.set_yscale("log")
    ax.set(ylim=(1e-16, 1e4), xlabel=_("layers passed"), ylabel=_("spread of the gradient"),
           title=_("A factor for each layer: straight lines down, level, or up"))
    return fig


@styled
def training(losses):
    """Training loss against epochs; losses: {name: (epochs,)}.  [A28]"""
    fig, ax = figure(height=3.6)
    curves(ax, losses, np.arange(1, 1 + len(next(iter(losses.values())))))
    ax.set(ylim=(0, None), xlabel=_("epoch"), ylabel=_("training loss (mean of the seeds)"),
           title=_("One is late, the others arrive together"))
    return fig


@styled
def depths(table, chance):
    """Accuracy on the test digits against depth, mean and range of the seeds; table: {name: {depth: values}}.  [A27]"""
    fig, ax = figure(height=3.8)
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
           title=_("The deeper, the worse, unless layers are skipped"))
    ax.figure.legend(loc="outside right upper", fontsize=10.5)
    return fig
