"""Pictures of chapter 11: a small graph with its numbers, the karate club, news that spreads."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from nnbook.language import _
from nnbook.numbers import written
from nnbook.plots.style import COLORS, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, figure, styled
from nnlib import checks


def circle(n):
    """Places (n, 2) on a circle, clockwise from the top: no line between two of them runs through a third."""
    angle = np.pi / 2 - 2 * np.pi * np.arange(n) / n
    return np.stack([1.25 * np.cos(angle), np.sin(angle)], axis=1)


def spring_layout(adjacency, steps=300):
    """A drawing of a graph in the unit square: ties pull like springs, all nodes push each other away.

    (Fruchterman and Reingold 1991.) adjacency (M, M); returns (M, 2), the same for the same graph.
    """
    adjacency = checks.floats(adjacency, "adjacency")
    if adjacency.ndim != 2 or adjacency.shape[0] != adjacency.shape[1] or (adjacency != adjacency.T).any():
        raise ValueError(f"adjacency must be a symmetric (M, M) array, got {adjacency.shape}")
    n = len(adjacency)
    places = np.random.default_rng(0).uniform(size=(n, 2))
    natural = 1 / np.sqrt(n)  # length at which pull and push are equal
    for step in range(steps):
        apart = places[:, None] - places
        distance = np.maximum(np.linalg.norm(apart, axis=2), 0.01)
        force = (natural / distance) ** 3 - 0.4 * adjacency * distance / natural
        move = (apart * force[..., None]).sum(axis=1)
        length = np.maximum(np.linalg.norm(move, axis=1, keepdims=True), 1e-9)
        places += move / length * np.minimum(length, 0.1 * (1 - step / steps))  # ever smaller steps
    places -= places.min(axis=0)
    return places / np.maximum(places.max(axis=0), 1e-9)


@styled
def ties(ax, adjacency, places, color="#BDBDBD", width=1.0):
    pairs = np.argwhere(np.triu(adjacency, 1))
    ax.add_collection(LineCollection(places[pairs], colors=color, linewidths=width, zorder=1))


@styled
def small_graph(adjacency, h, outputs=None, chosen=None, title=""):
    """A graph of a few nodes on a circle: its numbers h (M,) in the nodes, outputs (M,) below them.  [A49]

    chosen: a node whose ties are marked.
    """
    adjacency, places = np.asarray(adjacency), circle(len(h))
    fig, ax = figure(5.2, 3.9)
    ties(ax, adjacency, places, width=1.6)
    if chosen is not None:
        heard = np.zeros_like(adjacency)
        heard[chosen] = heard[:, chosen] = adjacency[chosen]
        ties(ax, heard, places, PREDICTION, 3)
    for i, (x, y) in enumerate(places):
        ax.scatter(x, y, s=900, facecolor="white", zorder=2, linewidth=3 if i == chosen else 1.5,
                   edgecolor=PREDICTION if i == chosen else MUTED)
        ax.text(x, y, written(h[i], ".3g"), ha="center", va="center", fontsize=13, zorder=3)
        side, align = (-0.2, "right") if x < -0.1 else (0.2, "left")  # away from the ties
        ax.text(x + side, y + 0.18, _("node {i}", i=i), ha=align, va="center", fontsize=11, color=MUTED)
        if outputs is not None:
            ax.text(x + side, y - 0.02, f"→ {written(outputs[i], '.3g')}", ha=align, va="center", fontsize=12,
                    color=PREDICTION)
    ax.set(xlim=(-1.85, 1.85), ylim=(-1.15, 1.25), title=title)
    ax.set_axis_off()
    return fig


@styled
def club(adjacency, p, known=(), ring=(), title=""):
    """The members of the karate club and what is said of each: shape and colour tell the side.  [A49]

    adjacency (M, M); p (M,) probability to go with the officer, NaN = nothing is said; known: members that are drawn
    larger; ring: members that get a ring. Class 1 is a square, not a triangle: a number fits into it.
    """
    p, places, known = np.asarray(p, dtype=float), spring_layout(adjacency), np.isin(np.arange(len(p)), known)
    fig, ax = figure(5.4, 4.9)
    ties(ax, adjacency, places)
    colours = np.array([shade(v) for v in p])
    for marker, here in (("D", np.isnan(p)), ("o", p <= 0.5), ("s", p > 0.5)):
        for group, size, width in ((here & known, 650, 2.5), (here & ~known, 380, 0.8)):
            ax.scatter(*places[group].T, marker=marker, s=size * (1 if marker == "o" else 0.75), c=colours[group],
                       edgecolor="black", linewidth=width, zorder=2 if size > 400 else 2.5)  # the large ones behind
    ax.scatter(*places[list(ring)].T, s=1000, facecolor="none", edgecolor=HIGHLIGHT, linewidth=3.5, zorder=4)
    for i, (x, y) in enumerate(places):
        ax.text(x, y, str(i), ha="center", va="center_baseline", fontsize=10.5, zorder=3,
                color="white" if np.dot(colours[i], (0.3, 0.59, 0.11)) < 0.5 else "black")
    ax.set(title=title, xlim=(-0.06, 1.06), ylim=(-0.07, 1.07))
    ax.set_axis_off()
    return fig


def shade(p):
    """Colour for a probability p of class 1: full at 0 and 1, nearly white at ½; white for NaN."""
    strength = 0 if np.isnan(p) else 0.15 + 0.85 * abs(2 * p - 1)
    return 1 - strength * (1 - np.array(to_rgb(COLORS["class1" if p > 0.5 else "class0"])))


@styled
def growth(sizes):
    """Largest number after k rounds of gathering: {name of the weights: (rounds + 1,)}.  [A49]"""
    fig, ax = figure(6.2, 3.1)
    styles = (LOSS, "s", "-"), (PREDICTION, "o", "-"), (GRADIENT, "^", "--")
    for (name, values), (colour, marker, line) in zip(sizes.items(), styles, strict=True):
        ax.semilogy(values, color=colour, marker=marker, linestyle=line, label=name)
    ax.set(xlabel=_("rounds of gathering"), ylabel=_("largest number"), title=_("Sums grow without end; means do not"))
    ax.legend(loc="upper left", fontsize=10.5)
    return fig


@styled
def smoothing(numbers, degrees):
    """Numbers (rounds + 1, M) of all nodes, round by round; below, each divided by the root of its degree.  [A49]"""
    fig, axes = figure(6.2, 5.2, nrows=2, sharex=True)
    for ax, values, label in ((axes[0], numbers, _("number")),
                              (axes[1], numbers / np.sqrt(degrees), _("number / √degree"))):
        ax.plot(values, color=PREDICTION, linewidth=0.9, alpha=0.7)
        ax.set(ylabel=label)
    axes[0].set(title=_("One line for each member: round by round the differences go"))
    axes[1].set(xlabel=_("rounds of gathering"))
    return fig
