"""Pictures of chapter 3, Gradient descent. Each function draws one message and returns the figure."""

import matplotlib.pyplot as plt
import numpy as np

from nnbook.language import N_, _
from nnbook.numbers import written
from nnbook.plots.style import CLASS1, DATA, GRADIENT, HIGHLIGHT, LOSS, MUTED, PREDICTION, SKY, figure, styled


@styled
def line_and_parabola(x, y, w, w_range):
    """Points, the line ŷ = w x; each point's squared error over w, and their mean.  [A17]"""
    fig, (left, right) = figure(ncols=2)
    left.plot([0, 4], [0, 4 * w], color=PREDICTION, linewidth=2.5)
    left.vlines(x, y, w * x, color=LOSS)
    left.plot(x, y, "o", color=DATA)
    left.set(xlim=(0, 4), ylim=(-2, 6), xlabel="x", ylabel="y", title=f"ŷ = {w:g} x")
    ws = np.linspace(*w_range, 200)
    errors = (ws[:, None] * x - y) ** 2
    right.plot(ws, errors, color=MUTED, linewidth=1, linestyle="--")
    right.plot(ws, errors.mean(1), color=LOSS, linewidth=3)
    right.plot(w, np.mean((w * x - y) ** 2), "o", color=HIGHLIGHT, markersize=9, markeredgecolor="black")
    right.set(xlim=w_range, ylim=(0, 12), xlabel="w", ylabel=_("loss"), title=_("The mean of parabolas is a parabola"))
    return fig


@styled
def slopes(f, slope, places, w_range):
    """A loss curve, its tangents at some places, and the step that gradient descent takes there.  [A18]"""
    fig, ax = figure(height=3.6)
    w = np.linspace(*w_range, 300)
    ax.plot(w, f(w), color=LOSS, linewidth=2.5)
    for place in places:
        g = slope(place)
        ends = np.array([place - 0.25, place + 0.25])
        ax.plot(ends, f(place) + g * (ends - place), color=GRADIENT, linewidth=2.5)
        ax.annotate("", (place - 0.045 * g, f(place)), (place, f(place)),
                    arrowprops={"arrowstyle": "-|>", "color": HIGHLIGHT, "linewidth": 2.5})
        ax.plot(place, f(place), "o", color=HIGHLIGHT, markeredgecolor="black", markersize=8)
        ax.annotate(_("slope {g}", g=written(g, "+.1f")), (place, f(place)), xytext=(16 if g > 0 else -14, -4),
                    textcoords="offset points", ha="right" if g < 0 else "left", color="#006B4D", fontsize=11)
    ax.set(xlabel="w", ylabel=_("loss"), title=_("Against the sign of the slope is downhill"), ylim=(0, None),
           xlim=(w_range[0] - 0.25, w_range[1] + 0.1))
    return fig


@styled
def rates_on_parabola(start, curvature):
    """Static picture of the widget learning_rate: four learning rates on one parabola.  [A18]"""
    fig, axes = figure(ncols=4, width=9, height=2.8)
    for ax, factor in zip(axes, (0.15, 0.9, 1.9, 2.15), strict=True):
        path = start * (1 - factor) ** np.arange(9)
        far = max(2.4, *np.abs(path)) * 1.1
        w = np.linspace(-far, far, 200)
        ax.plot(w, curvature / 2 * w**2, color=LOSS)
        ax.plot(path, curvature / 2 * path**2, "o-", color=GRADIENT, markersize=4, linewidth=1)
        ax.set(title=f"η = {factor / curvature:.3g} = {factor:g}/λ", xlabel="w", yticks=[])
    axes[0].set_ylabel(_("loss"))
    return fig


@styled
def steps_needed(rates, steps, curvature):
    """Number of steps to come within 1/1000 of the start's distance, against the learning rate.  [A18]"""
    fig, ax = figure(height=3.2)
    ax.plot(rates, steps, "o-", color=DATA, markersize=4)
    for k in (1, 2):
        ax.axvline(k / curvature, color=HIGHLIGHT, linestyle="--", linewidth=2)
        ax.annotate(f"{k}/λ", (k / curvature, 150), xytext=(5, 0), textcoords="offset points", fontsize=11)
    ax.set(yscale="log", xlim=(0, 2.2 / curvature), xlabel=_("learning rate η"), ylabel=_("steps"), yticks=[1, 10, 100],
           yticklabels=[1, 10, 100], title=_("Fast only in the middle, never above 2/λ"))
    return fig


@styled
def worked_case(path, losses):
    """Worked case 1: the path over (w, b) to the line of all solutions, and the loss of each step.  [A24]

    path (T, 2) of (w, b); losses (T,).
    """
    fig, (left, right) = figure(ncols=2)
    a, b = np.meshgrid(np.linspace(0.2, 1.0, 80), np.linspace(-0.25, 0.4, 80))
    left.contourf(a, b, np.sqrt((a * 1.5 + b - 0.8) ** 2 / 2), levels=12, cmap="Oranges", alpha=0.8)
    w = np.array([0.2, 1.0])
    left.plot(w, 0.8 - 1.5 * w, color=DATA, linewidth=2)
    left.text(0.22, -0.22, _("thick line: L = 0"))
    left.plot(*path.T, "o-", color=GRADIENT, markersize=4)
    left.annotate(_("start"), path[0], xytext=(6, 4), textcoords="offset points")
    left.set(xlim=(0.2, 1.0), ylim=(-0.25, 0.4), xlabel="w", ylabel="b", title=_("To the nearest solution"),
             aspect="equal")
    right.semilogy(losses, "o-", color=LOSS, markersize=4)
    right.set(xlabel=_("step"), ylabel=_("loss"), title=_("The same factor each step"))
    return fig


@styled
def surfaces_3d(surfaces, azimuth, elevation):
    """Static picture of the widget surface_view: {name: its state} with heights (n, n) and paths.  [B07]"""
    fig, axes = figure(ncols=len(surfaces), width=9.6, height=2.9, subplot_kw={"projection": "3d"})
    for ax, (name, surface) in zip(axes, surfaces.items(), strict=True):
        heights, path = np.array(surface["heights"]), np.array(surface["paths"]["SGD"])
        x, y = np.meshgrid(*[np.linspace(-1, 1, len(heights))] * 2)
        ax.plot_surface(x, y, heights, cmap="Oranges", linewidth=0, alpha=0.75)
        ax.plot(path[:, 0], path[:, 1], path[:, 2] + 0.03, "o-", color=GRADIENT, markersize=3, linewidth=1.2, zorder=10)
        ax.view_init(elevation, azimuth)
        ax.set(title=name, xlabel=surface["axes"][0], ylabel=surface["axes"][1], xticks=[], yticks=[], zticks=[])
    return fig


@styled
def many_starts(f, paths, w_range, names):
    """A curve with several minima and where gradient descent ends from each start.  [A19]"""
    fig, ax = figure(height=3.6)
    w = np.linspace(*w_range, 500)
    ax.plot(w, f(w), color=LOSS, linewidth=2)
    for path, colour in zip(paths, (PREDICTION, GRADIENT, CLASS1, HIGHLIGHT), strict=False):
        path = np.asarray(path)
        ax.plot(path, f(path), "o-", color=colour, markersize=4, linewidth=1)
        ax.plot(path[-1], f(path[-1]), "s", color=colour, markersize=9, markeredgecolor="black")
    ax.set(xlabel=names[0], ylabel=names[1], title=_("Where it ends depends on where it begins"))
    return fig


@styled
def two_valleys(raw, scaled):
    """The loss around its lowest point before and after standardising the inputs, each with its path.  [B07]

    raw, scaled: (matrix H (2, 2), minimum (2,), path (T, 2), names (2,)).
    """
    fig, axes = figure(ncols=2, height=4.4)
    for ax, (hessian, best, path, names), title in zip(
            axes, (raw, scaled), (_("Raw inputs: a canyon"), _("Standardised: a bowl")), strict=True):
        reach = 1.25 * np.max(np.abs(path - best))
        a, b = np.meshgrid(*[np.linspace(m - reach, m + reach, 120) for m in best])
        d = np.stack([a - best[0], b - best[1]])
        loss = 0.5 * np.einsum("ikl,ij,jkl->kl", d, hessian, d)
        ax.contour(a, b, np.sqrt(loss), levels=14, cmap="Oranges", vmin=-1)
        ax.plot(*path.T, "o-", color=GRADIENT, markersize=3, linewidth=1.2)
        ax.plot(*best, "x", color=DATA, markersize=9, markeredgewidth=2)
        title = _("{title},\n1 step to the cross", title=title) if len(path) == 2 else _(
            "{title},\n{n} steps to the cross", title=title, n=len(path) - 1)
        ax.set(aspect="equal", xlabel=names[0], ylabel=names[1], title=title)
        ax.locator_params(nbins=6)
    return fig


@styled
def fair_race(rates, finals):
    """Loss after a race over the learning rate, each optimizer at its best other settings.  [X01]

    rates (M,); finals {(surface, optimizer): losses (M,)}, inf where it diverged.
    """
    surfaces = list(dict.fromkeys(surface for surface, _name in finals))
    fig, axes = figure(ncols=len(surfaces), height=3.6, sharey=True)
    styles = {N_("plain"): (MUTED, "-", "o"), N_("momentum"): (GRADIENT, "--", "s"), "Adam": (PREDICTION, "-.", "^")}
    for ax, surface in zip(axes, surfaces, strict=True):
        for name, (colour, style, marker) in styles.items():
            loss = np.clip(finals[surface, name], 1e-9, 30)
            ax.loglog(rates, loss, linestyle=style, marker=marker, color=colour, markersize=4, label=_(name))
        ax.set(xlabel=_("learning rate η"), title=_(surface).capitalize(), xticks=[0.001, 0.01, 0.1, 1],
               xticklabels=["0.001", "0.01", "0.1", "1"], ylim=(5e-10, 60))
        ax.minorticks_off()
    axes[0].set(ylabel=_("loss after 100 steps"), yticks=[1e-8, 1e-6, 1e-4, 1e-2, 1])
    axes[0].legend(loc="lower left")
    return fig


@styled
def three_paths(x, y, paths, sizes):
    """Static picture of the widget batch_paths: three paths, and their loss against epochs.  [A20]

    x, y (N, 1); paths {name: (T, 2) of (w, b)}; sizes: the batch sizes.
    """
    fig, (left, right) = figure(ncols=2, height=3.6)
    a, b = np.meshgrid(np.linspace(-1, 2.6, 90), np.linspace(-1, 2.8, 90))
    loss = np.mean((a[..., None] * x[:, 0] + b[..., None] - y[:, 0]) ** 2, axis=-1)
    left.contourf(a, b, np.sqrt(loss), levels=14, cmap="Oranges", alpha=0.6)
    for (name, path), size, colour, width in zip(
            paths.items(), sizes, (PREDICTION, GRADIENT, CLASS1), (3, 1.8, 0.7), strict=True):
        left.plot(*path.T, color=colour, linewidth=width, label=name, zorder=5 - width)
        losses = np.mean((path[:, :1] * x[:, 0] + path[:, 1:] - y[:, 0]) ** 2, axis=1)
        epochs = np.arange(len(path)) * size / len(x)
        keep = epochs <= 10
        right.plot(epochs[keep], losses[keep], color=colour, linewidth=width, zorder=5 - width, label=name)
    left.set(xlabel="w", ylabel="b", title=_("Three ways down"), xlim=(-1, 2.6), ylim=(-1, 2.8))
    right.set(xlabel=_("epochs"), ylabel=_("loss"), yscale="log", title=_("For the same number of examples"))
    right.legend(fontsize=9)
    return fig


@styled
def epochs_and_examples(runs, count):
    """Loss against updates (left), against epochs and, on the upper axis, against examples seen (right).  [A20]

    runs {name: (batch size, losses (T,))}; count: examples in an epoch.
    """
    fig, (left, right) = figure(ncols=2, height=3.7, sharey=True)
    for (name, (size, losses)), colour, width in zip(
            runs.items(), (PREDICTION, GRADIENT, CLASS1), (3, 1.8, 0.8), strict=True):
        updates = np.arange(len(losses))
        for ax, unit in ((left, 1), (right, size / count)):
            ax.plot(updates * unit, losses, color=colour, linewidth=width, label=name, zorder=5 - width)
    shortest = min(len(losses) - 1 for _size, losses in runs.values())
    left.set(xlim=(0, 3 * shortest), xlabel=_("updates"), ylabel=_("loss"), yscale="log", title=_("By updates: alike"))
    left.set_yticks([0.6, 1, 2, 4, 6], [0.6, 1, 2, 4, 6], minor=False)
    left.yaxis.set_minor_locator(plt.NullLocator())
    left.legend(fontsize=10)
    right.set(xlim=(0, shortest), xlabel=_("epochs"), title=_("By epochs: small batches lead"))
    right.xaxis.set_major_locator(plt.MaxNLocator(integer=True))
    above = right.secondary_xaxis(1.0, functions=(lambda e: e * count, lambda e: e / count))
    above.set_xlabel(_("examples seen"), fontsize=11)
    above.tick_params(labelsize=10)
    return fig


@styled
def every_direction(x, y, w, b, size):
    """Static picture of the widget every_direction: the change of the loss over the direction of a nudge.  [B07]"""
    fig, ax = figure(height=3.4)
    error = w * x + b - y
    g = np.array([2 * np.mean(error * x), 2 * np.mean(error)])
    angle = np.linspace(-180, 180, 361)
    d = size * np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    change = np.mean(((w + d[0])[:, None] * x + (b + d[1])[:, None] - y) ** 2, axis=1) - np.mean(error**2)
    ax.plot(angle, change, color=LOSS, linewidth=3, label=_("change of the loss"))
    ax.plot(angle, g @ d, color=DATA, linestyle="--", linewidth=1.3, label="g · d")
    up = np.degrees(np.arctan2(g[1], g[0]))
    for place, name in ((up, N_("gradient")), ((up + 360) % 360 - 180, N_("−gradient"))):
        ax.axvline(place, color=GRADIENT, linewidth=2)
        ax.annotate(_(name), (place, change.min() if name == "gradient" else change.max()), xytext=(4, 0),
                    textcoords="offset points", fontsize=11)
    ax.set(xlabel=_("direction of the nudge, in degrees"), ylabel=_("change"), xticks=range(-180, 181, 90),
           title=_("Against the gradient the loss falls fastest"))
    ax.legend(loc="upper center", fontsize=10)
    return fig


@styled
def noise_ball(clouds, radii, rates, sizes):
    """Where SGD is after a long time, for three learning rates; its distance against η/B.  [E08]

    clouds {η: (M, 2)} of w − w*; radii (rates, sizes).
    """
    fig, (left, right) = figure(ncols=2, height=3.7)
    for (rate, cloud), colour in zip(sorted(clouds.items(), reverse=True), (CLASS1, GRADIENT, PREDICTION), strict=True):
        left.plot(*cloud.T, ".", color=colour, markersize=2.5, label=f"η = {rate:g}")
    left.plot(0, 0, "x", color=DATA, markersize=10, markeredgewidth=2)
    reach = 1.25 * max(np.abs(cloud).max() for cloud in clouds.values())
    left.set(aspect="equal", xlabel="w − w*", ylabel="b − b*", title=_("The cloud where SGD lives"),
             xlim=(-reach, reach), ylim=(-reach, 1.35 * reach))
    left.legend(markerscale=4, loc="upper center", ncols=3, columnspacing=0.8, handletextpad=0.1)
    for k, (size, marker) in enumerate(zip(sizes, "os^D", strict=False)):
        right.loglog(rates / size, radii[:, k], marker, color=(DATA, MUTED, LOSS, SKY)[k], label=f"B = {size}")
    ends = np.array([np.min(rates) / max(sizes), np.max(rates) / min(sizes)])
    scale = np.median(radii / np.sqrt(rates[:, None] / np.array(sizes)))
    right.loglog(ends, scale * np.sqrt(ends), color=MUTED, linewidth=1, linestyle="--", label="∝ √(η/B)")
    right.set(xlabel="η / B", ylabel=_("radius"), title=_("Its radius grows like √(η/B)"))
    right.set_yticks([0.03, 0.1, 0.3], [0.03, 0.1, 0.3])
    right.set_xticks([0.001, 0.01, 0.1], [0.001, 0.01, 0.1])
    right.minorticks_off()
    right.legend(fontsize=10)
    return fig


@styled
def schedules(shapes, losses):
    """Learning rates over the steps (left) and the loss that they lead to (right).  [X01]

    shapes {name: (T,) rate of each step}; losses {name: (steps (M,), mean distance of the loss from the lowest (M,))}.
    """
    fig, (left, right) = figure(ncols=2, height=3.6)
    styles = ((DATA, "-"), (GRADIENT, "--"), (CLASS1, "-."), (PREDICTION, ":"))
    for name, (colour, style) in zip(shapes, styles, strict=False):
        left.plot(shapes[name], color=colour, linestyle=style, linewidth=2, label=name)
        right.semilogy(*losses[name], color=colour, linestyle=style, linewidth=2, label=name)
    left.set(xlabel=_("step"), ylabel=_("learning rate η"), title=_("Four schedules"))
    right.set(xlabel=_("step"), ylabel=_("mean excess loss"), title=_("Only falling rates come to rest"))
    right.legend(fontsize=10, loc="upper right")
    return fig
