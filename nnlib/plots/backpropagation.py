"""Figures of the chapter on backpropagation."""

import matplotlib.pyplot as plt
import numpy as np

GREY, PREDICTION, LOSS, GRADIENT, HIGHLIGHT = "#767676", "#0072B2", "#D55E00", "#009E73", "#CC79A7"
PLACES = {"x1": (0, 1), "x2": (0, 0), "1": (1.5, 1), "2": (1.5, 0), "3": (3.1, 0.5), "L": (4.4, 0.5)}
EDGES = {"w1": ("x1", "1"), "w2": ("x1", "2"), "w3": ("x2", "1"), "w4": ("x2", "2"), "w5": ("1", "3"), "w6": ("2", "3")}
INKS = {"x1": GREY, "x2": GREY, "L": LOSS}


def subscript(name):
    """w3 -> $w_3$."""
    return f"${name[0]}_{{{name[1:]}}}$" if len(name) > 1 else f"${name}$"


def network_2_2_1(path=(), title="The lecture's network: two inputs, two hidden units, one output"):
    """The 2-2-1 network with its names; the weights and units in `path` are marked, the last ones strongest.  [A22]"""
    fig, ax = plt.subplots(figsize=(7.2, 2.9), layout="constrained")
    for name, (start, end) in [*EDGES.items(), ("", ("3", "L"))]:
        arrow(ax, PLACES[start], PLACES[end], name, marked=name in path or (not name and "L" in path))
    for unit, (x, y) in PLACES.items():
        text = f"$z_{unit}\\,|\\,a_{unit}$" if unit.isdigit() else subscript(unit)
        marked = unit in path
        ax.scatter(x, y, s=1900, facecolor="white", edgecolor=HIGHLIGHT if marked else INKS.get(unit, PREDICTION),
                   linewidth=3.5 if marked else 1.5, zorder=2)
        ax.annotate(text, (x, y), ha="center", va="center", fontsize=12, zorder=3)
    for unit, name in (("1", "$b_1$"), ("2", "$b_2$"), ("3", "$b_3$")):
        x, y = PLACES[unit]
        ax.annotate(name, (x, y), (x, y + (0.42 if unit != "2" else -0.47)), ha="center", fontsize=11, color=GREY,
                    arrowprops={"arrowstyle": "-|>", "color": GREY, "shrinkB": 22})
    ax.set(xlim=(-0.4, 4.8), ylim=(-0.6, 1.6), title=title)
    ax.axis("off")
    return fig


def arrow(ax, start, end, name, marked):
    color, width = (HIGHLIGHT, 3) if marked else (GREY, 1.3)
    ax.annotate("", end, start, zorder=1, arrowprops={
        "arrowstyle": "-|>", "color": color, "linewidth": width, "shrinkA": 21, "shrinkB": 23})
    (x0, y0), (x1, y1) = start, end
    share = 0.28 if y0 != y1 and x0 == 0 else 0.5
    ax.annotate(subscript(name) if name else "", (x0 + share * (x1 - x0), y0 + share * (y1 - y0)), (0, 4),
                textcoords="offset points", ha="center", va="bottom", fontsize=12,
                color="#a3467c" if marked else "black", zorder=3,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})


def chain_rule_errors(steps, errors):
    """The gap between measured and predicted change against the step; errors: {case: array}.  [A21]"""
    fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
    for (name, values), marker in zip(errors.items(), "o^s", strict=False):
        ax.loglog(steps, values, marker + "-", color={"o": PREDICTION, "^": LOSS}.get(marker, GREY), label=name)
    ax.set(xlabel="step $\\Delta$", ylabel="|measured − chain rule|",
           title="The gap shrinks with the step: the chain rule is the limit")
    ax.legend()
    return fig


def multiplications(width, formulas, counted):
    """Multiplications for all gradients against depth, three ways.  [A22]

    formulas: {way: function of depth}; counted: {way: {depth: number}}, drawn as dots on the lines.
    """
    depths = np.arange(1, 21)
    fig, ax = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    for (way, formula), color, style in zip(formulas.items(), (LOSS, GREY, GRADIENT), ("--", ":", "-"), strict=True):
        ax.semilogy(depths, [formula(width, depth) for depth in depths], style, color=color, label=way, linewidth=2)
        if way in counted:
            ax.semilogy(list(counted[way]), list(counted[way].values()), "o", color=color, markersize=5)
    ax.set(xlabel="layers", ylabel="multiplications", ylim=(1, 1e13), xticks=range(2, 21, 2),
           title=f"All gradients of a network {width} unit{'s' * (width > 1)} wide")
    ax.legend(loc="upper left")
    return fig


def difference_steps(steps, one_sided, central):
    """Error of finite differences against their step: too long is wrong, too short is noise.  [X02]"""
    fig, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    ax.loglog(steps, one_sided, "--", color=GREY, label="one-sided: (L(w+h) − L(w)) / h")
    ax.loglog(steps, central, "-", color=GRADIENT, label="central: (L(w+h) − L(w−h)) / 2h")
    ax.set(xlabel="step h", ylabel="error of the derivative", title="Central differences are best near h = 1e-5")
    ax.legend()
    return fig


def training(losses, x, y, probability):
    """Loss while training, and the learned boundary. x (N, 2), y (N, 1), probability: (N, 2) -> (N, 1).  [A23]"""
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.7), layout="constrained")
    left.plot(losses, color=LOSS)
    left.set(xlabel="step", ylabel="loss (cross-entropy)", title="The loss falls", ylim=(0, None))
    ticks = np.linspace(-1.5, 1.5, 121)
    grid = np.stack(np.meshgrid(ticks, ticks), -1)
    p = probability(grid.reshape(-1, 2)).reshape(grid.shape[:2])
    right.contourf(ticks, ticks, p, [0, 0.5, 1], colors=["#cfe3f0", "#f7e3bf"])
    right.contour(ticks, ticks, p, [0.5], colors="black", linewidths=1)
    for value, color, marker in ((0, PREDICTION, "o"), (1, "#E69F00", "^")):
        right.plot(*x[y[:, 0] == value].T, marker, color=color, markersize=4, label=f"class {value}")
    right.set(xlabel="$x_1$", ylabel="$x_2$", title="and the boundary closes", aspect="equal")
    right.legend(loc="upper right")
    return fig
