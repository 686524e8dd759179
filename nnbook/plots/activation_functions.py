"""Figures of the chapter on activation functions."""

import time

import matplotlib.pyplot as plt
import numpy as np

from nnbook.plots.style import CLASS1, COLORS, DATA, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, SKY, styled

# name: colour, line, marker; the same in all figures of the chapter
LOOKS = {
    "sigmoid": (PREDICTION, "-", "o"), "tanh": (CLASS1, "--", "s"), "softmax": (MUTED, "-.", "X"),
    "ReLU": (LOSS, "-", "^"), "Leaky ReLU": (GRADIENT, "-.", "D"), "ELU": (HIGHLIGHT, "-", "v"),
    "Softplus": (DATA, ":", "*"), "Swish": (SKY, "--", "P"),
}
# A phone shows a figure at about half its size: letters larger than elsewhere, figures a little narrower.
LETTERS = {"axes.titlesize": 12, "axes.labelsize": 11, "xtick.labelsize": 10.5, "ytick.labelsize": 10.5}


@styled
def figure(width=6.6, height=3.6, **grid):
    """A figure and its axes."""
    with plt.rc_context(LETTERS):
        return plt.subplots(figsize=(width, height), **grid)


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
    axes[1].set(title="Signal: mean ± spread", xlabel="layer", ylim=(-2, 3))
    axes[2].semilogy(layers, gradient[:, 1], "--", color=GRADIENT)
    axes[2].set(title="Spread of the gradient", xlabel="layer", ylim=(1e-16, 1e8))
    axes[3].plot(layers, dead, color=LOSS)
    axes[3].set(title="Dead units", xlabel="layer", ylim=(-1, 64))
    return fig


@styled
def costs(functions, z, repeats=5):
    """Time of each f and f′ relative to ReLU's, measured now: the best of some repeats.  [A26]

    functions: {name: (f, f′)}; z: array of numbers to call them with.
    """
    def seconds(f):
        best = np.inf
        for _ in range(repeats):
            start = time.perf_counter()
            f(z)
            best = min(best, time.perf_counter() - start)
        return best

    times = {name: [seconds(f) for f in pair] for name, pair in functions.items()}
    fig, ax = figure(6.0, 3.1)
    rows = np.arange(len(times))[::-1]
    for column, (label, color, shift) in enumerate((("f", "prediction", 0.2), ("f′", "gradient", -0.2))):
        ratio = [pair[column] / times["ReLU"][0] for pair in times.values()]
        ax.barh(rows + shift, ratio, 0.38, color=COLORS[color], label=label)
    ax.set(yticks=rows, yticklabels=times, xlabel="time, as a multiple of ReLU's f", title="An exponential costs time")
    ax.legend(fontsize=10.5)
    return fig


@styled
def curves(ax, values, x):
    """One line for each name of LOOKS."""
    for name, y in values.items():
        color, style, _ = LOOKS[name]
        ax.plot(x, y, style, color=color, label=name)
    ax.figure.legend(loc="outside right upper", fontsize=10.5)


@styled
def vanishing(spread):
    """Spread of the gradient against the layers it has passed; spread: {name: (layers,)}.  [A27]"""
    fig, ax = figure()
    curves(ax, spread, np.arange(1, 1 + len(next(iter(spread.values())))))
    ax.set_yscale("log")
    ax.set(ylim=(1e-16, 1e4), xlabel="layers passed", ylabel="spread of the gradient",
           title="A factor for each layer: straight lines down, level, or up")
    return fig


@styled
def training(losses):
    """Training loss against epochs; losses: {name: (epochs,)}.  [A28]"""
    fig, ax = figure()
    curves(ax, losses, np.arange(1, 1 + len(next(iter(losses.values())))))
    ax.set(ylim=(0, None), xlabel="epoch", ylabel="training loss (mean of the seeds)",
           title="One is late, the others arrive together")
    return fig


@styled
def depths(table, chance):
    """Validation accuracy against depth, mean and range of the seeds; table: {name: {depth: accuracies}}.  [A27]"""
    fig, ax = figure(height=3.8)
    for k, (name, accuracies) in enumerate(table.items()):
        x = np.arange(len(accuracies)) + 0.07 * (k - len(table) / 2)
        values = np.array(list(accuracies.values()))
        mean = values.mean(axis=1)
        color, style, marker = LOOKS[name]
        ax.errorbar(x, mean, [mean - values.min(axis=1), values.max(axis=1) - mean], capsize=3, marker=marker,
                    linestyle=style, color=color, label=name)
    ax.axhline(chance, color=MUTED, linewidth=1)
    ax.annotate("guessing", (len(accuracies) - 1.1, chance), (0, 4), textcoords="offset points", color=MUTED,
                ha="right")
    ax.set(xticks=range(len(accuracies)), xticklabels=list(accuracies), ylim=(0, 1), xlabel="hidden layers",
           ylabel="right on validation", title="The deeper, the worse, for every function")
    ax.figure.legend(loc="outside right upper", fontsize=10.5)
    return fig
