"""Pictures of chapter 2, Classification. Each function draws one message and returns the figure."""

import matplotlib.pyplot as plt
import numpy as np

from nnbook.language import N_, _
from nnbook.numbers import written
from nnbook.plots.style import (
    CLASS_COLORS,
    CLASS_MARKERS,
    DATA,
    GRADIENT,
    HIGHLIGHT,
    LOSS,
    MUTED,
    PREDICTION,
    figure,
    styled,
)

CLASSES, MARKERS = CLASS_COLORS[:2], CLASS_MARKERS[:2]


@styled
def points(ax, x, labels, names=(N_("class 0"), N_("class 1")), size=28, edge="black", alpha=1.0):
    """Points (N, 2) of two classes (N,): blue circles and orange triangles."""
    for k in (0, 1):
        ax.scatter(*x[labels == k].T, c=CLASSES[k], marker=MARKERS[k], s=size, edgecolors=edge, linewidths=0.6,
                   alpha=alpha, label=_(names[k]))


@styled
def messages(x, labels, names, rng):
    """Length and number of digits of each message, by class.  [A02]

    x (N, 2); labels (N,) 0 or 1; names of the two classes; rng shakes the points a little apart.
    """
    fig, ax = figure(height=3.8)
    shaken = x + rng.uniform(-0.35, 0.35, x.shape)
    points(ax, shaken, labels, names, size=9, edge="none", alpha=0.75)
    ax.set(xlim=(0, 400), ylim=(-1, 42), xlabel=_("length of the message (characters)"),
           ylabel=_("digits in the message"),
           title=_("Spam is long and full of digits"))
    ax.legend(loc="upper right", markerscale=2)
    return fig


@styled
def line_or_sigmoid(x, labels, line, logit, names):
    """One feature: a straight line through the labels leaves [0, 1]; a sigmoid does not.  [A02, E05]

    x (N,), labels (N,); line = (w, b) of least squares; logit = (w, b) of logistic regression.
    """
    fig, axes = figure(ncols=2, sharey=True, height=3.2)
    grid = np.linspace(-2, 42, 400)
    shown = np.random.default_rng(0).permutation(len(x))[:700]
    for ax in axes:
        for k in (0, 1):
            some = shown[labels[shown] == k]
            ax.plot(x[some], labels[some], MARKERS[k], color=CLASSES[k], markersize=4, alpha=0.35)
        ax.axhline(0.5, color=MUTED, linewidth=1, linestyle=":")
        ax.set(xlabel=_("digits in the message"), xlim=(-2, 42), ylim=(-0.25, 1.95))
    axes[0].plot(grid, line[0] * grid + line[1], color=PREDICTION, linewidth=2.5)
    axes[0].set_yticks([0, 0.5, 1, 1.5], [f"0\n{names[0]}", "0.5", f"1\n{names[1]}", "1.5"])
    axes[0].set(title=_("A line runs out of [0, 1]"))
    p = 1 / (1 + np.exp(-(logit[0] * grid + logit[1])))
    axes[1].plot(grid, p, color=PREDICTION, linewidth=2.5)
    threshold = -logit[1] / logit[0]
    axes[1].axvline(threshold, color=HIGHLIGHT, linewidth=1.5, linestyle="--")
    axes[1].annotate(_("threshold:\np = 0.5"), (threshold, 1.35), xytext=(6, 0), textcoords="offset points",
                     fontsize=11)
    axes[1].set(title=_("A sigmoid stays in (0, 1)"))
    return fig


@styled
def boundary(x, labels, probability, names):
    """Probability field of a classifier, its boundary p = 0.5, the points.  [A02]

    probability: function of features (M, 2) -> (M,).
    """
    fig, ax = figure(height=3.8)
    a, b = np.meshgrid(np.linspace(0, 400, 161), np.linspace(-1, 42, 130))
    p = probability(np.stack([a.ravel(), b.ravel()], axis=1)).reshape(a.shape)
    field = ax.contourf(a, b, p, levels=np.linspace(0, 1, 11), cmap=two_colours(), alpha=0.4)
    ax.contour(a, b, p, levels=[0.5], colors="black", linewidths=2)
    points(ax, x, labels, names, size=14, alpha=0.8)
    ax.set(xlim=(0, 400), ylim=(-1, 42), xlabel=_("length of the message (characters)"),
           ylabel=_("digits in the message"),
           title=_("The boundary p = 0.5 is a straight line"))
    fig.colorbar(field, label=_("probability of “{name}”", name=names[1]), ticks=[0, 0.5, 1])
    return fig


def two_colours():
    """Colour map from class 0's blue over white to class 1's orange."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("classes", [CLASSES[0], "white", CLASSES[1]])


@styled
def threshold_counts(p, labels, threshold, names):
    """Histogram of the probabilities by class (left), right and wrong decisions at a threshold (right).  [A02]"""
    fig, (left, right) = figure(  # a fixed layout: many frames are drawn
        ncols=2, height=3.3, layout="none", gridspec_kw={
            "width_ratios": [1.3, 1], "left": 0.1, "right": 0.99, "bottom": 0.19, "top": 0.82, "wspace": 0.38})
    bins = np.linspace(0, 1, 26)
    for k in (0, 1):
        left.hist(p[labels == k], bins, color=CLASSES[k], alpha=0.65, label=names[k],
                  histtype="stepfilled")
    left.axvline(threshold, color=HIGHLIGHT, linewidth=3)
    left.set(yscale="log", ylim=(0.7, 2500), xlabel=_("probability of spam"), ylabel=_("messages"))
    left.set_title(_("Right of the bar: called spam"), pad=22)
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 0.97), ncols=2, fontsize=10)
    said = (p > threshold).astype(int)
    table = np.array([[np.sum((labels == i) & (said == j)) for j in (0, 1)] for i in (0, 1)])
    right.imshow([[1, 0], [0, 1]], cmap="Greys", vmin=-3, vmax=9)
    for i in (0, 1):
        for j in (0, 1):
            right.text(j, i, f"{table[i, j]}", ha="center", va="center", fontsize=16,
                       color=DATA if i == j else "#A83C00")
    right.set_yticks([0, 1], [_("truly\n{name}", name=name.replace(" ", "\n")) for name in names])
    precision, recall = table[1, 1] / max(table[:, 1].sum(), 1), table[1, 1] / table[1].sum()
    right.set(xticks=[0, 1], xticklabels=names, xlabel=_("decision"),
              title=_("precision {precision:.0%}\nrecall {recall:.0%}", precision=precision, recall=recall))
    return fig


def threshold_text(p, labels, threshold):
    """The decisions at a threshold in words: what `threshold_counts` draws.  [A02]"""
    lost = np.sum((p > threshold) & (labels == 0))
    through = np.sum((p <= threshold) & (labels == 1))
    caught = np.sum(labels) - through
    return _("Threshold {threshold:g}: {lost} good messages called spam, {through} spam messages let through; "
             "precision {precision:.0%}, recall {recall:.0%}.", threshold=threshold, lost=lost, through=through,
             precision=caught / max(caught + lost, 1), recall=caught / np.sum(labels))


@styled
def dependencies(ax, places, arrows, title):
    """A small directed graph: places {label: (x, y)}, arrows [(from, to)]."""
    for name, (x, y) in places.items():
        ax.text(x, y, name, ha="center", va="center", fontsize=13, zorder=3,
                bbox={"boxstyle": "circle,pad=0.45", "facecolor": "white", "edgecolor": "black", "linewidth": 1.5})
    for start, end in arrows:
        ax.annotate("", places[end], places[start],
                    arrowprops={"arrowstyle": "-|>", "shrinkA": 21, "shrinkB": 21, "linewidth": 1.5, "color": "black"})
    ax.set(xlim=(-0.5, 3.5), ylim=(-0.6, 2.6), title=title)
    ax.axis("off")


@styled
def bayes_networks():
    """Naive Bayes and the lecture's network of four variables, side by side.  [A03, E06]"""
    fig, (left, right) = figure(ncols=2, height=2.8)
    dependencies(left, {"$y$": (1.5, 2), "$x_1$": (0, 0.2), "$x_2$": (1, 0.2), "$x_3$": (2, 0.2), "$x_4$": (3, 0.2)},
                 [("$y$", f"$x_{k}$") for k in range(1, 5)], _("Naive Bayes: arrows from y only"))
    dependencies(right, {"$x_1$": (0.3, 2), "$x_2$": (0.3, 0.2), "$x_3$": (1.7, 1.1), "$x_4$": (3.1, 1.1)},
                 [("$x_1$", "$x_2$"), ("$x_1$", "$x_3$"), ("$x_2$", "$x_3$"), ("$x_3$", "$x_4$")],
                 _("The lecture's network"))
    return fig


@styled
def distance_to_line(w, b, x):
    """A line w·x + b = 0 in the plane, a point and the shortest way between them.  [A04]"""
    fig, ax = figure(width=5.0, height=4.0)
    w, x = np.asarray(w, float), np.asarray(x, float)
    foot = x - (w @ x + b) / (w @ w) * w
    across = np.array([-w[1], w[0]]) / np.linalg.norm(w) * 9
    ax.plot(*np.stack([foot - across, foot + across]).T, color=DATA, linewidth=2)
    ax.plot(*np.stack([x, foot]).T, color=HIGHLIGHT, linewidth=3)
    ax.plot(*x, "o", color=CLASSES[0], markersize=9)
    ax.annotate(f"({x[0]:g}, {x[1]:g})", x, xytext=(8, 4), textcoords="offset points", fontsize=11)
    ax.annotate("", foot + w / np.linalg.norm(w), foot,
                arrowprops={"arrowstyle": "-|>", "color": GRADIENT, "linewidth": 2})
    ax.annotate("w/‖w‖", foot + w / np.linalg.norm(w) / 2, xytext=(8, -14), textcoords="offset points",
                color="#006B4D", fontsize=11)
    ax.set(xlim=(-1, 6), ylim=(-1, 5), aspect="equal", xlabel="$x_1$", ylabel="$x_2$",
           title=_("{plane}: {distance:g} away", distance=abs(w @ x + b) / np.linalg.norm(w),
                   plane=f"{w[0]:g} x₁ + {w[1]:g} x₂ {'−' if b < 0 else '+'} {abs(b):g} = 0"))
    return fig


@styled
def margin(x, labels, angle, angles, margins):
    """The street between two classes in one direction (left), its width over all directions (right).  [A04]

    x (N, 2), labels (N,); angle in degrees of the normal vector; angles, margins (M,): the curve on the right.
    """
    fig, (left, right) = figure(ncols=2, height=3.6)
    normal = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    along = np.array([-normal[1], normal[0]])
    s = x @ normal
    low, high = s[labels == 0].max(), s[labels == 1].min()
    separates = high > low
    for value, style, width in ((low, "--", 1.2), (high, "--", 1.2), ((low + high) / 2, "-", 2.2)):
        if separates:
            left.plot(*np.stack([value * normal - 20 * along, value * normal + 20 * along]).T, color=DATA,
                      linestyle=style, linewidth=width)
    if separates:
        corners = [low * normal - 20 * along, low * normal + 20 * along, high * normal + 20 * along,
                   high * normal - 20 * along]
        left.add_patch(plt.Polygon(corners, color=HIGHLIGHT, alpha=0.25, linewidth=0))
        support = ((labels == 0) & np.isclose(s, low, atol=0.005)) | ((labels == 1) & np.isclose(s, high, atol=0.005))
        left.scatter(*x[support].T, s=150, facecolors="none", edgecolors=HIGHLIGHT, linewidths=2)
    points(left, x, labels)
    left.set(xlim=(-1, 6), ylim=(-1, 6), aspect="equal", xlabel="$x_1$", ylabel="$x_2$",
             title=_("Street {width:.3f} wide", width=high - low) if separates else _("No street: the classes overlap"))
    right.plot(angles, margins, color=DATA)
    right.axhline(0, color=MUTED, linewidth=1)
    here = np.interp(angle, angles, margins)
    right.plot(angle, here, "o", color=HIGHLIGHT, markersize=9, markeredgecolor="black")
    right.set(xlabel=_("direction of w (degrees)"), ylabel=_("width of the street"), ylim=(-4, 2.5),
              title=_("The widest street is the SVM's"))
    return fig


@styled
def neighbours(x, labels, k, distance, query, errors, ks, names):
    """Static picture of the widget nearest_neighbours: regions of the vote, error against K.  [A05]"""
    from nnbook.widgets.nearest_neighbours.nearest_neighbours import distances, votes

    fig, (left, right) = figure(ncols=2, height=3.6)
    ticks = np.linspace(0.03, 9.97, 90)
    a, b = np.meshgrid(ticks, ticks)
    grid = np.stack([a.ravel(), b.ravel()], axis=1)
    left.contourf(a, b, votes(x, labels, grid, k, distance).reshape(a.shape), levels=[-0.5, 0.5, 1.5], colors=CLASSES,
                  alpha=0.28)
    near = np.argsort(distances(np.array([query]), x, distance)[0], kind="stable")[:k]
    for i in near:
        left.plot(*np.stack([query, x[i]]).T, color=HIGHLIGHT, linewidth=2)
    points(left, x, labels)
    left.plot(*query, "o", color=HIGHLIGHT, markersize=11, markeredgecolor="black")
    left.set(xlim=(0, 10), ylim=(0, 10), aspect="equal", xlabel=names[0], ylabel=names[1],
             title=_("{k} neighbours vote ({distance})", k=k, distance=_(distance)))
    for column, style, name in ((0, "-", _("training points")), (1, "--", _("new points"))):
        right.plot([e[column] for e in errors], color=LOSS, linestyle=style, label=name)
    right.set(xticks=range(len(ks)), xticklabels=ks, ylim=(0, 50), xlabel="K", ylabel=_("wrong, in %"),
              title=_("Too few neighbours, too many"))
    right.legend()
    return fig


@styled
def word_weights(found, z):
    """Static picture of the widget spam_reader: found [(word, weight)], z their sum with the bias.  [B15]"""
    fig, ax = figure(width=5.6, height=0.8 + 0.3 * len(found))
    values = [weight for _word, weight in found]
    ax.barh(range(len(found)), values, color=[CLASSES[int(v > 0)] for v in values], edgecolor="black", linewidth=0.6)
    ax.set_yticks(range(len(found)), [word for word, _weight in found])
    ax.invert_yaxis()
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set(xlabel=_("weight: left against spam, right for it"),
           title=_("Sum with the bias {z}", z=written(z, "+.1f")))
    return fig


@styled
def five_rules(x, labels, lines, names):
    """One wᵀx + b by five rules on the same messages (left), the loss of four of them over the margin (right).  [B15]

    x (N, 2), labels (N,); lines {name: (w (2,), b)} of logistic regression, SVM, perceptron, Fisher and others, in this
    order and in the same units as x.
    """
    fig, (left, right) = figure(height=3.9, ncols=2)
    points(left, x, labels, names, size=10, edge="black", alpha=0.5)
    colours = (DATA, LOSS, GRADIENT, HIGHLIGHT, MUTED)
    styles = dict(zip(lines, zip(colours, ("-", "--", "-.", ":", (0, (6, 2))), strict=True), strict=True))
    length = np.array([0.0, 320.0])
    for name, (w, b) in lines.items():
        colour, style = styles[name]
        left.plot(length, -(w[0] * length + b) / w[1], color=colour, linestyle=style, linewidth=2.2, label=name)
    left.set(xlim=(0, 320), ylim=(-1, 30), xlabel=_("characters"), ylabel=_("digits"),
             title=_("Five rules, five lines"))
    m = np.linspace(-2, 2.7, 301)
    logistic, svm, perceptron, fisher = list(lines)[:4]
    losses = {fisher: (1 - m) ** 2, perceptron: np.maximum(0, -m), svm: np.maximum(0, 1 - m),
              logistic: np.log1p(np.exp(-m)) / np.log(2)}
    for name, loss in losses.items():
        colour, style = styles[name]
        right.plot(m, loss, color=colour, linestyle=style, linewidth=2.2, label=name)
    right.plot(m, (m < 0).astype(float), color="#888888", linewidth=1, label=_("a mistake"))
    right.set(xlim=(-2, 4.6), ylim=(-0.1, 4), xlabel=_("margin y · (wᵀx + b)"), ylabel=_("loss"),
              title=_("What they punish"))
    right.legend(fontsize=9, loc="upper right")
    left.legend(*(part[2:] for part in left.get_legend_handles_labels()), fontsize=9, loc="upper right",
                frameon=True, framealpha=0.9)
    return fig


@styled
def lines_that_try(sets, lines):
    """For each data set {name: (x, labels)} a line {name: (right, p, q)} with most points on the right side.  [A06]"""
    fig, axes = figure(height=4.6, ncols=-(-len(sets) // 2), nrows=2)
    for ax, (name, (x, labels)) in zip(axes.flat, sets.items(), strict=True):
        right, p, q = lines[name]
        way = (q - p) / np.linalg.norm(q - p) * 9
        ax.plot(*np.stack([p - way, p + way]).T, color=DATA, linewidth=2)
        points(ax, x, labels, size=22)
        ax.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal", xticks=[], yticks=[],
               title=_("{name}\n{right} of {n}", name=_(name), right=right, n=len(x)))
    return fig


@styled
def xor_proof():
    """XOR's four corners: the segments that join equal classes cross in one point.  [A06]"""
    fig, (left, right) = figure(ncols=2, height=3.4)
    x, labels = np.array([[0, 0], [1, 1], [0, 1], [1, 0]]), np.array([0, 0, 1, 1])
    for ax, features, title, names in (
        (left, x, _("Between both pairs"), ("$x_1$", "$x_2$")),
        (right, np.stack([x[:, 0] + x[:, 1] + [0, 0, -0.06, 0.06], x[:, 0] * x[:, 1]], axis=1),
         _("A new feature helps"),
         ("$x_1 + x_2$", "$x_1 \\cdot x_2$")),
    ):
        points(ax, features, labels, size=110)
        ax.set(xlabel=names[0], ylabel=names[1], title=title)
    left.plot([0, 1], [0, 1], color=CLASSES[0], linewidth=2)
    left.plot([0, 1], [1, 0], color=CLASSES[1], linewidth=2)
    left.plot(0.5, 0.5, "o", color=HIGHLIGHT, markersize=12, markeredgecolor="black")
    left.set(xlim=(-0.25, 1.25), ylim=(-0.25, 1.25), xticks=[0, 1], yticks=[0, 1])
    right.plot([0, 2.4], [-0.25, 0.95], color=DATA, linewidth=2)
    right.annotate(_("(0, 1) and (1, 0)"), (1, 0), xytext=(16, -4), textcoords="offset points", fontsize=10)
    right.set(xlim=(-0.3, 2.4), ylim=(-0.35, 1.3), xticks=[0, 1, 2], yticks=[0, 1])
    return fig
