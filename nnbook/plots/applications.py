"""Pictures of chapter 12: speech, digits in a scene, Go. Each draws one message and returns the figure.  [B14]"""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from nnbook.games import go
from nnbook.language import _
from nnbook.plots.style import DATA, FAINT, LOSS, MUTED, PREDICTION, WOOD, as_it_is, styled

LINES = "#6B5A36"


@styled
def sounds(waves, spectra, titles, rate):
    """Waveforms (N, T), and below them their log spectrograms (N, frames, bins)."""
    seconds = np.arange(waves.shape[1]) / rate
    fig, axes = plt.subplots(2, len(waves), figsize=(3.4 * len(waves), 4), sharex=True, height_ratios=(1, 1.5),
                             squeeze=False)
    for (above, below), wave, spectrum, title in zip(axes.T, waves, spectra, titles, strict=True):
        above.plot(seconds, wave, color=DATA, linewidth=0.5, rasterized=True)
        above.set(title=title, ylim=(-1.1, 1.1))
        below.imshow(spectrum.T, origin="lower", aspect="auto", cmap="gray_r", interpolation="nearest",
                     extent=(0, seconds[-1], 0, rate / 2000))
        below.grid(False)
        below.set(xlabel=_("seconds"))
    axes[0, 0].set_ylabel(_("air pressure"))
    axes[1, 0].set_ylabel(_("frequency (kHz)"))
    return fig


@styled
def tests_of(table, names, chance, title):
    """Accuracies of models under several tests, one line a model.  table: {model: one accuracy for each name}."""
    fig, ax = plt.subplots(figsize=(6.8, 3.6))
    styles = [(MUTED, "v", ":"), (MUTED, "s", ":"), (DATA, "D", "--"), (LOSS, "o", "-"), (PREDICTION, "o", "-")]
    for (model, scores), (color, marker, line) in zip(table.items(), styles[-len(table):], strict=True):
        ax.plot(range(len(names)), 100 * np.array(scores), line, color=color, marker=marker)
        ax.text(len(names) - 0.93, 100 * scores[-1], model, color=color, va="center")
    ax.axhline(100 * chance, color=MUTED, linewidth=1)
    ax.text(0, 100 * chance - 1, _("guessing"), color=MUTED, fontsize=9, va="top")
    ax.set_xticks(range(len(names)), names)
    ax.set(xlim=(-0.1, len(names) - 0.1), ylim=(0, 104), ylabel=_("test accuracy (%)"), title=title)
    return fig


@styled
def scene(page, found=(), title="", ax=None, heat=None):
    """A page (H, W) with a frame and the answer for each digit found, (row, column, digit, probability, 1 if right).

    heat (h, w): how likely there is a digit in each window, drawn under the page.
    """
    ax = ax or plt.subplots(figsize=(5.2, 3.7))[1]
    height, width = page.shape
    if heat is None:
        ax.imshow(page, cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    else:  # each window of 28 × 28, 4 apart, is shown by its middle
        h, w = heat.shape
        ax.imshow(heat, cmap="Blues", interpolation="nearest", vmin=0, vmax=1, extent=(12, 12 + 4 * w, 12 + 4 * h, 12))
        ink = np.zeros((height, width, 4))
        ink[..., 3] = 0.45 * page
        ax.imshow(ink, interpolation="nearest")
    for i, j, digit, _share, *right in found:
        color, line = (LOSS, "--") if right == [0] else (PREDICTION, "-")
        ax.add_patch(Rectangle((j, i), 27, 27, facecolor="none", edgecolor=color, linewidth=1.3, linestyle=line))
        ax.text(j + 1.5, i + 1, str(digit), color=color, fontsize=10, va="top")
    ax.set(xticks=[], yticks=[], xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), title=title)
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=FAINT)
    return ax.figure


@styled
def scenes(page, heat, before, after):
    """One page: the heat map, what the classifier finds on it, and what it finds with a class for "nothing"."""
    fig, axes = plt.subplots(3, 1, figsize=(4.6, 9.4))
    scene(page, before, _("Chapter 8's network: it sees digits everywhere"), axes[0])
    scene(page, (), _("With a class for “nothing”: probability of a digit"), axes[1], heat)
    scene(page, after, _("The peaks that are left"), axes[2])
    return fig


@styled
def threshold(page, found, levels, curve, chosen):
    """What a detector reports above a threshold, and what any threshold does to its two kinds of mistakes.

    found: as `scene` takes it; levels: thresholds; curve (levels, 2): precision and recall; chosen: one of levels.
    """
    fig, (above, below) = plt.subplots(2, 1, figsize=(5.2, 6), height_ratios=(1.7, 1))
    scene(page, found, _("Reported above {threshold}", threshold=chosen), above)
    places = np.arange(len(levels))
    for name, shares, color, line in ((_("precision"), curve[:, 0], PREDICTION, "o-"),
                                      (_("recall"), curve[:, 1], DATA, "s--")):
        below.plot(places, shares, line, color=color)
        below.text(len(levels) - 0.85, shares[-1], name, color=color, va="center")
    below.axvline(levels.index(chosen), color=MUTED, linewidth=1)
    below.set_xticks(places, [f"{level:g}" for level in levels])
    below.set(xlim=(-0.3, len(levels) + 0.5), ylim=(0, 1.05), xlabel=_("threshold"))
    return fig


@styled
def boards(positions, columns=2):
    """Go positions side by side.  positions: (board, title) or (board, title, chances (size²,)).

    Without chances each stone carries the number of liberties of its group.
    """
    columns = min(columns, len(positions))
    rows = -(-len(positions) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(3.3 * columns, 3.5 * rows), squeeze=False,
                             facecolor=WOOD)
    as_it_is(fig)  # in the dark, too, it lies there as a board
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, (board, title, *chances) in zip(axes.flat, positions, strict=False):
        one_board(ax, board, title, chances[0] if chances else None)
    return fig


@styled
def one_board(ax, board, title, chances=None):
    size = math.isqrt(len(board))
    ax.set(xlim=(-0.95, size - 0.35), ylim=(size - 0.1, -0.65), aspect="equal")
    ax.set_title(title, loc="center", fontsize=13)
    for k in range(size):
        ax.plot([k, k], [0, size - 1], color=LINES, linewidth=0.8, zorder=1)
        ax.plot([0, size - 1], [k, k], color=LINES, linewidth=0.8, zorder=1)
        ax.text(k, size - 0.12, "ABCDEFGHJ"[k], ha="center", va="center", fontsize=11)
        ax.text(-0.82, k, str(size - k), ha="center", va="center", fontsize=11)
    for p, stone in enumerate(board):
        row, column = divmod(p, size)
        if stone:
            ax.add_patch(plt.Circle((column, row), 0.43, facecolor="black" if stone > 0 else "white",
                                    edgecolor="black", zorder=3))
            if chances is None:
                ax.text(column, row, str(len(go.group(board, p)[1])), ha="center", va="center", zorder=4,
                        fontsize=12, color="white" if stone > 0 else "black")
        elif chances is not None and chances[p] > 0.005:
            ax.add_patch(plt.Circle((column, row), 0.38, facecolor=WOOD, zorder=2))
            ax.add_patch(plt.Circle((column, row), 0.38, facecolor=PREDICTION, alpha=0.15 + 0.6 * chances[p], zorder=2))
            ax.text(column, row, f"{100 * chances[p]:.0f}", ha="center", va="center", fontsize=12, zorder=4)


@styled
def duels(results, title):
    """Shares of games won, each with its standard error.  results: {name: (share, error)}."""
    fig, ax = plt.subplots(figsize=(6.4, 0.5 * len(results) + 1.3))
    rows = np.arange(len(results))
    shares, errors = 100 * np.array(list(results.values())).T
    ax.barh(rows, shares, xerr=errors, color=PREDICTION, height=0.5, error_kw={"ecolor": DATA, "capsize": 4})
    ax.axvline(50, color=MUTED, linestyle="--")
    ax.text(51, -0.4, _("equal"), color=MUTED, fontsize=9, va="center")
    ax.set_yticks(rows, list(results))
    ax.set(ylim=(len(results) - 0.5, -0.6), xlim=(0, 103), xlabel=_("games won (%), with standard error"), title=title)
    return fig
