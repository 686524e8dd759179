"""Pictures of chapter 9: sequences, unrolling, memory. Each draws one message and returns the figure."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from nnbook.language import N_, _
from nnbook.numbers import written
from nnbook.plots.style import CLASS1, DATA, GRADIENT, LOSS, MUTED, PREDICTION, figure, styled

CELLS = {"RNN": (LOSS, "s", "-"), "LSTM": (GRADIENT, "D", "-."), N_("LSTM, open"): (CLASS1, "^", "--"),
         "GRU": (PREDICTION, "o", "-"), N_("its direct path"): (CLASS1, "", ":")}


@styled
def lengths(groups):
    """Histogram of sequence lengths.  groups: {name: list of lengths}.  [A43]"""
    fig, axes = figure(6.2, 2 * len(groups), nrows=len(groups))
    for ax, (name, values) in zip(axes, groups.items(), strict=True):
        ax.hist(values, bins=np.arange(0.5, max(values) + 1.5), color=DATA)
        ax.set(title=_("{name}: {least} to {most}", name=name, least=min(values), most=max(values)), xlabel=_("length"),
               ylabel=_("sequences"))
    return fig


@styled
def window_accuracy(windows, measured, theory, recurrent):
    """Accuracy of MLPs that see the last k steps, the best that k steps allow, and an RNN.  [A42]"""
    fig, ax = figure(6.2, 3.2)
    ax.plot(windows, 100 * np.asarray(theory), "--", color=MUTED, label=_("the best possible with the last $k$ steps"))
    ax.plot(windows, 100 * np.asarray(measured), "s", color=LOSS, label=_("MLP on the last $k$ steps, trained"))
    ax.axhline(100 * recurrent, color=PREDICTION, label=_("RNN, trained"))
    ax.set(xlabel=_("steps that the MLP sees, $k$"), ylabel=_("test accuracy (%)"), ylim=(48, 103), xticks=windows,
           title=_("A window forgets what has left it; a state need not"))
    ax.legend(loc="lower right", fontsize=10.5)
    return fig


@styled
def switch_trace(x, states, probability, reach):
    """An RNN that follows a lamp, and how strongly its last state depends on each input.  [A45]

    x (T, 2), states (T, H), probability (T,), reach (t,): ‖∂h_t/∂x_k‖ for k = 1 … t.
    """
    T = len(x)
    steps = np.arange(1, T + 1)
    fig, (top, bottom, back) = figure(6.2, 5.4, nrows=3, sharex=True, height_ratios=[2, 3, 3])
    image = top.imshow(states.T, cmap="PuOr", vmin=-1, vmax=1, aspect="auto", interpolation="nearest",
                       extent=(0.5, T + 0.5, states.shape[1] + 0.5, 0.5))
    top.set(ylabel=_("unit of $h_t$"), yticks=range(1, states.shape[1] + 1),
            title=_("The state keeps what was pressed last, as long as needed"))
    top.grid(False)
    fig.colorbar(image, ax=top, ticks=[-1, 0, 1])
    for name, column, marker, colour in ((_("on pressed"), 0, "^", CLASS1), (_("off pressed"), 1, "v", DATA)):
        at = steps[x[:, column] > 0]
        bottom.plot(at, np.full(len(at), 0.5), marker, color=colour, markersize=9, label=name)
    bottom.step(steps, probability, where="mid", color=PREDICTION, label=_("$o_t$: probability that the lamp is on"))
    bottom.set(ylabel="$o_t$", ylim=(-0.05, 1.4), yticks=[0, 0.5, 1])
    bottom.legend(ncols=3, loc="upper center", columnspacing=1.2, fontsize=10)
    back.bar(steps[: len(reach)], reach, color=GRADIENT)
    back.set(xlabel=_("step $t$"), yscale="log", ylim=(1e-8, 10),
             title=_("$\\Vert\\partial h_t/\\partial x_k\\Vert$ for $t$ = {t}: how far back the gradient sees",
                     t=len(reach)))
    return fig


@styled
def arrow(ax, start, end, text="", color=MUTED, width=1.6, curve=0.0, offset=(0, 0)):
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=color, linewidth=width,
                                 shrinkA=0, shrinkB=0, connectionstyle=f"arc3,rad={curve}"))
    ax.text((start[0] + end[0]) / 2 + offset[0], (start[1] + end[1]) / 2 + offset[1], text, color=color, fontsize=13,
            ha="center", va="center")


@styled
def box(ax, x, y, name, values, edge):
    ax.add_patch(Rectangle((x - 0.39, y - 0.52), 0.78, 1.04, facecolor="white", edgecolor=edge, linewidth=1.6,
                           zorder=2))
    lines = "\n".join([f"${name}$", *values])
    ax.text(x, y, lines, ha="center", va="center", fontsize=11 if values else 14, linespacing=1.25, zorder=3)


@styled
def unrolled(xs, hs, os):
    """A recurrent network folded (left) and unrolled over its steps, with the numbers of each box.  [A44]

    xs (T, D), hs (T, H), os (T, O).
    """
    T = len(xs)
    fig, ax = figure(6.8, 4.2)
    rows = (("x", 0, xs, DATA), ("h", 1.6, hs, PREDICTION), ("o", 3.2, os, GRADIENT))
    for column, x in enumerate([0, *(2.05 + np.arange(T))]):
        for letter, y, numbers, edge in rows:
            values = [written(v, ".2f") for v in numbers[column - 1]] if column else []
            box(ax, x, y, f"{letter}_{{{column or 't'}}}", values, edge)
        arrow(ax, (x, 0.53), (x, 1.07), "U", LOSS, offset=(0.17, 0))
        arrow(ax, (x, 2.13), (x, 2.67), "V", GRADIENT, offset=(0.17, 0))
        if column:
            arrow(ax, (x - 0.61, 1.6), (x - 0.39, 1.6), "W" if column > 1 else "", PREDICTION, offset=(0, 0.2))
    arrow(ax, (0.4, 1.85), (0.4, 1.35), "W", PREDICTION, curve=-2.0, offset=(0.58, 0))
    ax.text(1.36, 1.6, "0", ha="right", va="center", fontsize=11)
    ax.text(0, 3.95, _("folded"), ha="center", fontsize=11, color=MUTED)
    ax.text(1.55 + T / 2, 3.95, _("unrolled: the same U, W, V in every step"), ha="center", fontsize=11, color=MUTED)
    ax.set(xlim=(-0.5, T + 1.55), ylim=(-0.6, 4.1))
    ax.set_axis_off()
    return fig


def powers_of_ten(S, floor=-8, ceiling=8):
    """log₁₀ of S where t ≥ k, cut off at both ends; elsewhere NaN, which stays white."""
    with np.errstate(divide="ignore"):
        return np.where(np.tri(len(S), dtype=bool), np.clip(np.log10(S), floor, ceiling), np.nan)


def mean_by_lag(S):
    """Mean of S[t, k] over all pairs with the same distance t − k = 0, 1, …"""
    return np.array([np.diagonal(S, -lag).mean() for lag in range(len(S))])


@styled
def sensitivity_map(S, title, floor=-8):
    """‖∂h_t/∂x_k‖ for all t and k as a heat map in powers of ten, and its mean against the distance t − k.  [A45]"""
    T = len(S)
    fig, (left, right) = figure(6.8, 3.3, ncols=2)
    image = left.imshow(powers_of_ten(S, floor, -floor), cmap="RdBu_r", vmin=floor, vmax=-floor, origin="lower",
                        extent=(0.5, T + 0.5, 0.5, T + 0.5), interpolation="nearest")
    left.set(xlabel=_("input $x_k$"), ylabel=_("state $h_t$"), title=title)
    left.grid(False)
    bar = fig.colorbar(image, ax=left, shrink=0.85, ticks=range(floor, -floor + 1, 4))
    bar.ax.set_yticklabels([f"$10^{{{k}}}$" for k in range(floor, -floor + 1, 4)])
    right.semilogy(np.arange(T), mean_by_lag(S), color=GRADIENT)
    right.axhline(1, color=MUTED, linewidth=1, linestyle=":")
    right.set(xlabel=_("distance $t - k$"), ylabel=_("mean of $\\Vert\\partial h_t/\\partial x_k\\Vert$"),
              ylim=(10.0**floor, 10.0**-floor), title=_("How far back is seen"))
    return fig


@styled
def clipping(plain, clipped):
    """Loss while training with and without clipped gradients: two lists of losses."""
    fig, ax = figure(6.2, 3.1)
    ax.axhline(np.log(4), color=MUTED, linewidth=1, linestyle=":")
    ax.text(len(plain), np.log(4) - 0.08, _("guessing"), ha="right", va="top", fontsize=10, color=MUTED)
    ax.plot(plain, color=LOSS, linewidth=1, linestyle="--", label=_("gradient as it is"))
    ax.plot(clipped, color=PREDICTION, label=_("gradient clipped at length 1"))
    ax.set(xlabel=_("step"), ylabel=_("loss"), ylim=(0, 4), title=_("One exploding gradient undoes what was learned"))
    ax.legend(loc="upper right", fontsize=10.5)
    return fig


@styled
def reach(lags, sizes):
    """Gradient that arrives `lag` steps back, mean over seeds: {name: (seeds, T)}; of the open LSTM each seed, too."""
    fig, ax = figure(6.2, 3.2)
    for name, values in sizes.items():
        colour, _marker, style = CELLS[name]
        if name == "LSTM, open":
            ax.semilogy(lags, np.transpose(values), color=colour, linewidth=0.5, alpha=0.6)
        ax.semilogy(lags, np.mean(values, axis=0), color=colour, linestyle=style, label=_(name))
    ax.set(xlabel=_("steps back"), ylabel=_("mean |∂L/∂x|"), ylim=(1e-12, 10),
           title=_("Before training only the open gate lets the gradient through"))
    ax.legend(fontsize=10.5)
    return fig


@styled
def memory(table):
    """Accuracy of recalling a symbol after a delay: {cell: {delay: (seeds,)}}; points are seeds.  [X03]"""
    fig, ax = figure(6.2, 3.4)
    for shift, (name, delays) in zip((-0.06, -0.02, 0.02, 0.06), table.items(), strict=False):
        colour, marker, style = CELLS[name]
        x = np.array(list(delays)) * (1 + shift)
        ax.plot(x, [100 * v.mean() for v in delays.values()], color=colour, linestyle=style, label=_(name))
        for place, values in zip(x, delays.values(), strict=True):
            ax.plot(np.full(len(values), place), 100 * values, marker, color=colour, markersize=5, alpha=0.8)
    ax.axhline(25, color=MUTED, linewidth=1, linestyle=":")
    ax.text(4.6, 20, _("guessing"), fontsize=10, color=MUTED)
    ax.set_xscale("log")
    ax.set_xticks(list(delays), [str(d) for d in delays])
    ax.minorticks_off()
    ax.set(xlabel=_("delay (steps)"), ylabel=_("test accuracy (%)"), ylim=(0, 104),
           title=_("Open gates carry a symbol over longer delays"))
    ax.legend(loc="upper right", fontsize=10.5)
    return fig


@styled
def gates_over_time(x, steps):
    """Gates and state of a cell of one unit at each step.  x (T, 2): on, off; steps: {name: (T,)}.  [X03]"""
    t = np.arange(1, len(x) + 1)
    fig, (top, bottom) = figure(6.2, 4, nrows=2, sharex=True)
    for (name, values), style in zip(steps.items(), ("-", "--", ":", "-.", "-", "-"), strict=False):
        if name in "ifqru":
            top.plot(t, values, style, marker="o", label=f"${name}_t$")
    top.set(ylim=(-0.05, 1.4), yticks=[0, 0.5, 1], title=_("A press moves the gates for a moment"))
    top.legend(ncols=3, loc="upper center")
    state = "c" if "c" in steps else "h"
    bottom.bar(t, steps[state], color=[PREDICTION if v > 0 else LOSS for v in steps[state]])
    for k, (on, off) in enumerate(x):
        if on or off:
            bottom.text(t[k], -1.65, _("on") if on else _("off"), ha="center", fontsize=10)
    bottom.set(xlabel=_("step $t$"), ylabel=f"${state}_t$", ylim=(-1.8, 1.1), xticks=t,
               title=_("Between two presses the state stays"))
    return fig


@styled
def next_characters(characters, p, text):
    """Probability of the likeliest characters after a text.  [A50]"""
    fig, ax = figure(6.2, 2.6)
    ax.bar(characters, p, color=PREDICTION)
    ax.set(ylabel=_("probability"), title=_("Which character follows “{text}” in a Tang poem?", text=text))
    return fig


def next_letters(letters, p, text):
    """Probability of each next letter after a text, the end first.  [A50]"""
    fig, ax = figure(6.2, 2.6)
    ax.bar(range(len(p)), p, color=[GRADIENT, *[PREDICTION] * (len(p) - 1)])
    ax.set(xticks=range(len(p)), ylabel=_("probability"), title=_("Which letter follows “{text}” in a name?",
                                                                  text=text))
    ax.set_xticklabels([_("end"), *letters[1:]], fontsize=10)
    return fig
