"""Figures of the chapter on backpropagation."""

import numpy as np

from nnbook.language import N_, _
from nnbook.plots.style import CLASS1, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, figure, styled

PLACES = {"x1": (0, 1), "x2": (0, 0), "1": (1.5, 1), "2": (1.5, 0), "3": (3.1, 0.5), "L": (4.4, 0.5)}
EDGES = {"w1": ("x1", "1"), "w2": ("x1", "2"), "w3": ("x2", "1"), "w4": ("x2", "2"), "w5": ("1", "3"), "w6": ("2", "3")}
INKS = {"x1": MUTED, "x2": MUTED, "L": LOSS}


def subscript(name):
    """w3 -> $w_3$."""
    return f"${name[0]}_{{{name[1:]}}}$" if len(name) > 1 else f"${name}$"


@styled
def network_2_2_1(path=(), title=N_("The lecture's network: 2 inputs, 2 hidden units, 1 output")):
    """The 2-2-1 network with its names; the weights and units in `path` are marked, the last ones strongest.  [A22]"""
    fig, ax = figure(6.4, 3.1)
    for name, (start, end) in [*EDGES.items(), ("", ("3", "L"))]:
        arrow(ax, PLACES[start], PLACES[end], name, marked=name in path or (not name and "L" in path))
    for unit, (x, y) in PLACES.items():
        text = f"$z_{unit}\\,|\\,a_{unit}$" if unit.isdigit() else subscript(unit)
        marked = unit in path
        ax.scatter(x, y, s=1900, facecolor="white", edgecolor=HIGHLIGHT if marked else INKS.get(unit, PREDICTION),
                   linewidth=3.5 if marked else 1.5, zorder=2)
        ax.annotate(text, (x, y), ha="center", va="center", fontsize=14, zorder=3)
    for unit, name in (("1", "$b_1$"), ("2", "$b_2$"), ("3", "$b_3$")):
        x, y = PLACES[unit]
        ax.annotate(name, (x, y), (x, y + (0.42 if unit != "2" else -0.52)), ha="center", fontsize=13, color=MUTED,
                    arrowprops={"arrowstyle": "-|>", "color": MUTED, "shrinkB": 22})
    ax.set(xlim=(-0.35, 4.75), ylim=(-0.6, 1.55), title=_(title))
    ax.axis("off")
    return fig


@styled
def arrow(ax, start, end, name, marked):
    color, width = (HIGHLIGHT, 3) if marked else (MUTED, 1.3)
    ax.annotate("", end, start, zorder=1, arrowprops={
        "arrowstyle": "-|>", "color": color, "linewidth": width, "shrinkA": 21, "shrinkB": 23})
    (x0, y0), (x1, y1) = start, end
    share = 0.28 if y0 != y1 and x0 == 0 else 0.5
    ax.annotate(subscript(name) if name else "", (x0 + share * (x1 - x0), y0 + share * (y1 - y0)), (0, 4),
                textcoords="offset points", ha="center", va="bottom", fontsize=14,
                color="#a3467c" if marked else "black", zorder=3,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})


@styled
def chain_rule_errors(steps, errors):
    """The gap between measured and predicted change against the step; errors: {case: array}.  [A21]"""
    fig, ax = figure(6, 3.4)
    for (name, values), marker in zip(errors.items(), "o^s", strict=False):
        ax.loglog(steps, values, marker + "-", color={"o": PREDICTION, "^": LOSS}.get(marker, MUTED), label=name)
    ax.set(xlabel=_("step $\\Delta$"), ylabel=_("|measured − chain rule|"),
           title=_("The gap shrinks with the step: the chain rule is the limit"))
    ax.legend(fontsize=10.5)
    return fig


def one_delta(width, layers_above):
    """Multiplications for one delta of a network of equal layers if nothing is remembered."""
    return 1 if layers_above == 0 else width * (1 + one_delta(width, layers_above - 1)) + 1


# Multiplications for all gradients of a network of `depth` layers of `width` units, one example, three ways.
WAYS = {
    N_("forgetting deltas"): lambda width, depth: sum(width**2 * (1 + one_delta(width, k)) for k in range(depth)),
    N_("nudging each weight"): lambda width, depth: 2 * (depth * width**2) ** 2,
    N_("backpropagation"): lambda width, depth: depth * width**2 + (depth - 1) * width * (width + 1) + width,
}


@styled
def multiplications(width, counted):
    """Multiplications for all gradients against depth, WAYS as lines.  [A22]   counted: {way: {depth: number}}, dots"""
    depths = range(1, 21)
    fig, ax = figure(6.4, 3.8)
    for (way, formula), color, style in zip(WAYS.items(), (LOSS, MUTED, GRADIENT), ("--", ":", "-"), strict=True):
        line = [formula(width, depth) for depth in depths]
        ax.semilogy(depths, line, style, color=color, label=_(way), linewidth=2)
        if way in counted:
            ax.semilogy(list(counted[way]), list(counted[way].values()), "o", color=color, markersize=5)
    ax.set(xlabel=_("layers"), ylabel=_("multiplications"), ylim=(1, 1e13), xticks=range(2, 21, 2),
           title=_("All gradients of a network {n} units wide", n=width) if width > 1 else _(
               "All gradients of a network 1 unit wide"))
    ax.legend(loc="upper left", fontsize=10.5)
    return fig


@styled
def difference_steps(steps, one_sided, central):
    """Error of finite differences against their step: too long is wrong, too short is noise.  [X02]"""
    fig, ax = figure(6.4, 3.6)
    ax.loglog(steps, one_sided, "--", color=MUTED, label=_("one-sided: (L(w+h) − L(w)) / h"))
    ax.loglog(steps, central, "-", color=GRADIENT, label=_("central: (L(w+h) − L(w−h)) / 2h"))
    ax.set(xlabel=_("step h"), ylabel=_("error of the derivative"),
           title=_("Central differences are best near h = 0.00001"))
    ax.legend(fontsize=10.5, loc="upper left")
    return fig


@styled
def training(losses, x, y, probability):
    """Loss while training, and the learned boundary. x (N, 2), y (N, 1), probability: (N, 2) -> (N, 1).  [A23]"""
    fig, (left, right) = figure(6.6, 3.6, ncols=2)
    left.plot(losses, color=LOSS)
    left.set(xlabel=_("step"), ylabel=_("loss (cross-entropy)"), title=_("The loss falls …"), ylim=(0, None),
             xticks=[0, 200, 400, 600])
    ticks = np.linspace(-1.5, 1.5, 121)
    grid = np.stack(np.meshgrid(ticks, ticks), -1)
    p = probability(grid.reshape(-1, 2)).reshape(grid.shape[:2])
    right.contourf(ticks, ticks, p, [0, 0.5, 1], colors=["#cfe3f0", "#f7e3bf"])
    right.contour(ticks, ticks, p, [0.5], colors="black", linewidths=1)
    for value, color, marker in ((0, PREDICTION, "o"), (1, CLASS1, "^")):
        right.plot(*x[y[:, 0] == value].T, marker, color=color, markersize=4, label=_("class {value}", value=value))
    right.set(xlabel="$x_1$", ylabel="$x_2$", title=_("… and the boundary closes"), aspect="equal",
              xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    fig.legend(loc="outside lower right", ncols=2, fontsize=10.5)
    return fig
