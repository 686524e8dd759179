"""Pictures of chapter 1, Regression. Each function draws one message and returns the figure."""

import matplotlib.dates as mdates
import numpy as np

from nnbook.language import _
from nnbook.plots.style import (
    CLASS1,
    DATA,
    FAINT,
    GRADIENT,
    HIGHLIGHT,
    LOSS,
    MUTED,
    PREDICTION,
    WOOD,
    as_it_is,
    figure,
    styled,
)


@styled
def series(dates, views, test_from, zoom=("2019-03-04", "2019-04-29"), bursts=()):
    """Five years of daily views above, eight weeks of them below.  [B03]

    dates (T,) datetime64[D], views (T,) thousands; test_from: first day of the test year; zoom: first and last day.
    """
    fig, (above, below) = figure(height=5.2, nrows=2)
    test = dates >= np.datetime64(test_from)
    above.plot(dates[~test], views[~test], color=DATA, linewidth=0.6, label=_("training: 2017–2020"))
    above.plot(dates[test], views[test], color=PREDICTION, linewidth=0.6, label=_("test: 2021"))
    for day in bursts:
        value = views[dates == np.datetime64(day)][0]
        above.annotate(day, (np.datetime64(day), value), xytext=(8, -4), textcoords="offset points", fontsize=9)
    above.set(title=_("Fewer readers each year, and in every holiday"), ylabel=_("thousand views"), ylim=(0, None))
    above.legend(loc="upper right")
    part = (dates >= np.datetime64(zoom[0])) & (dates < np.datetime64(zoom[1]))
    below.plot(dates[part], views[part], color=DATA, marker="o", markersize=3, linewidth=1)
    weekend = (dates[part].astype(int) + 3) % 7 >= 5
    below.plot(dates[part][weekend], views[part][weekend], "o", color=HIGHLIGHT, markersize=6,
               label=_("Saturday, Sunday"))
    below.set(title=_("The same week, again and again"), ylabel=_("thousand views"), ylim=(0, None))
    below.xaxis.set_major_locator(mdates.WeekdayLocator(byweekday=0, interval=2))
    below.xaxis.set_major_formatter(mdates.DateFormatter(_("%d %b")))
    below.legend(loc="lower left")
    return fig


@styled
def three_tasks(sound, image, board, move, answers):
    """Raw data -> features -> answer for speech, an image and Go.  [B01]

    sound (T,) at 8,000 values a second; image (8, 8); board (19, 19) with 1 black, -1 white; move (row, column);
    answers: the word that is heard, the digit that is seen.
    """
    fig, axes = figure(height=6.8, nrows=3, ncols=3, gridspec_kw={"width_ratios": [1.2, 1, 0.8]})
    raw, features, answer = axes.T
    for column, title in zip((raw, features, answer), (_("raw data x"), _("features"), _("answer y")), strict=True):
        column[0].set_title(title, fontweight="bold")
    milliseconds = np.arange(len(sound)) / 8
    raw[0].plot(milliseconds[:320], sound[:320], color=DATA, linewidth=0.9)
    raw[0].set(xlabel=_("milliseconds"), ylabel=_("pressure"), yticks=[])
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    frequency = np.fft.rfftfreq(len(sound), 1 / 8)
    features[0].plot(frequency, spectrum, color=PREDICTION, linewidth=0.9)
    features[0].set(xlabel=_("kilohertz"), ylabel=_("strength"), yticks=[])
    raw[1].imshow(image, cmap="gray_r")
    features[1].barh(np.arange(8), image.sum(axis=1), color=PREDICTION)
    features[1].set(ylim=(7.5, -0.5), xlabel=_("ink in each row"), yticks=[])
    draw_board(raw[2], board)
    features[2].bar([_("black"), _("white")], [np.sum(board == 1), np.sum(board == -1)], color=PREDICTION, width=0.5)
    features[2].set(ylabel=_("stones on the board"))
    for axis, text in zip(answer[:2], answers, strict=True):
        axis.text(0.5, 0.5, str(text), ha="center", va="center", fontsize=30, color=LOSS, transform=axis.transAxes)
        axis.set_axis_off()
    draw_board(answer[2], np.zeros_like(board), move)
    for axis in (raw[1], raw[2], answer[2]):
        axis.set(xticks=[], yticks=[])
    for axis in (raw[2], answer[2]):
        as_it_is(axis).set_facecolor(WOOD)
    return fig


@styled
def draw_board(ax, board, move=None):
    size = len(board)
    for k in range(size):
        ax.plot([k, k], [0, size - 1], [0, size - 1], [k, k], color=MUTED, linewidth=0.4)
    for colour, face in ((1, "black"), (-1, "white")):
        rows, columns = np.nonzero(board == colour)
        ax.plot(columns, rows, "o", color=face, markeredgecolor="black", markersize=5)
    if move is not None:
        ax.plot(move[1], move[0], "s", color=LOSS, markersize=8)
    ax.set(xlim=(-0.8, size - 0.2), ylim=(size - 0.2, -0.8), aspect="equal")


@styled
def regression_and_classification(x, y, weekend):
    """Left: how many views tomorrow? Right: is it a weekend?  [A01]

    x, y (N,): yesterday's and today's views in thousands; weekend (N,): booleans.
    """
    fig, (left, right) = figure(ncols=2)
    w, b = np.polyfit(x, y, 1)
    ends = np.array([x.min(), x.max()])
    left.plot(x, y, "o", color=DATA, markersize=3)
    left.plot(ends, w * ends + b, color=PREDICTION, linewidth=2.5)
    left.set(title=_("Regression: y is a number"), xlabel=_("views a week ago (thousand)"),
             ylabel=_("views today (thousand)"))
    middle = (y[weekend].mean() + y[~weekend].mean()) / 2
    right.plot(y[~weekend], np.zeros(np.sum(~weekend)), "o", color=PREDICTION, markersize=6, alpha=0.6)
    right.plot(y[weekend], np.ones(np.sum(weekend)), "^", color=CLASS1, markersize=7, alpha=0.6)
    right.plot([y.min(), middle, middle, y.max()], [1, 1, 0, 0], color=MUTED, linewidth=1.5, zorder=0)
    right.set(title=_("Classification: one of a few"), xlabel=_("views today (thousand)"), ylim=(-0.4, 1.4))
    right.set_yticks([0, 1], [_("weekday\n(0)"), _("weekend\n(1)")])
    return fig


@styled
def hand_made_or_learned():
    """Machine learning learns the last step only, deep learning all of them.  [B02]"""
    fig, ax = figure(height=3.2)
    rows = {
        _("Machine learning"): [(_("raw data"), None), (_("features,\nmade\nby hand"), MUTED),
                                (_("model,\nlearned"), PREDICTION), (_("answer"), None)],
        _("Deep learning"): [(_("raw data"), None), (_("simple\nfeatures,\nlearned"), PREDICTION),
                             (_("richer\nfeatures,\nlearned"), PREDICTION), (_("model,\nlearned"), PREDICTION),
                             (_("answer"), None)],
    }
    for row, (title, boxes) in enumerate(rows.items()):
        y = 1 - row
        ax.text(0, y + 0.4, title, fontsize=12, fontweight="bold")
        places = np.linspace(0.6, 6.6, len(boxes))
        for k, ((text, colour), x) in enumerate(zip(boxes, places, strict=True)):
            ax.text(x, y, text, ha="center", va="center", fontsize=11, color=colour and "white" or "black",
                    bbox={"boxstyle": "round,pad=0.45", "facecolor": colour or "white", "edgecolor": "black"})
            if k:
                ax.annotate("", (x - 0.62, y), (places[k - 1] + 0.62, y), arrowprops={"arrowstyle": "->", "lw": 1.5})
    ax.set(xlim=(0, 7.2), ylim=(-0.4, 1.6))
    ax.set_axis_off()
    return fig


@styled
def loss_surface(ax, x, y, w_range, b_range, levels=None, colour=LOSS):
    """Contours of the mean squared error of w x + b on axes (w, b)."""
    w, b = np.meshgrid(np.linspace(*w_range, 61), np.linspace(*b_range, 61))
    loss = w**2 * np.mean(x * x) + 2 * w * b * x.mean() + b**2
    loss += np.mean(y * y) - 2 * w * np.mean(x * y) - 2 * b * y.mean()
    if levels is None:
        levels = loss.min() + np.var(y) * np.array([0, 0.05, 0.2, 0.5, 1, 2, 4, 8, 14, 22, 32, 44])
    ax.contourf(w, b, loss, levels=levels, cmap="Oranges", extend="max")
    ax.contour(w, b, loss, levels=levels, colors=colour, linewidths=0.5)
    ax.set(xlabel="w", ylabel="b")


@styled
def line_and_surface(x, y, w, b, xlabel="x", ylabel="y"):
    """The line ŷ = w x + b with residuals on the left, its point on the loss surface on the right.  [B04]"""
    x, y = np.ravel(x), np.ravel(y)
    fig, (left, right) = figure(ncols=2)
    left.plot(x, y, ".", color=FAINT, markersize=2)
    shown = np.linspace(0, len(x) - 1, min(40, len(x))).astype(int)
    left.vlines(x[shown], y[shown], w * x[shown] + b, color=LOSS, linewidth=1)
    left.plot(x[shown], y[shown], ".", color=DATA, markersize=5)
    ends = np.array([min(0, x.min()), x.max()])
    left.plot(ends, w * ends + b, color=PREDICTION, linewidth=2.5)
    left.set(title=f"ŷ = {w:g} x + {b:g}", xlabel=xlabel, ylabel=ylabel)
    loss_surface(right, x, y, (-0.5, 1.9), (-6, 12))
    right.plot(w, b, "o", color=HIGHLIGHT, markeredgecolor="black", markersize=9)
    right.set(title=_("loss = {loss:.2f}", loss=np.mean((w * x + b - y) ** 2)))
    return fig


@styled
def two_descents(x, y, raw_path, scaled_path):
    """Gradient descent on the loss of the raw and of the standardised feature.  [B04]

    x, y: (N, 1); raw_path, scaled_path: (steps, 2) arrays of (w, b).
    """
    x, y = np.ravel(x), np.ravel(y)
    fig, (left, right) = figure(height=3.6, ncols=2)
    loss_surface(left, x, y, (-0.3, 1.9), (-3, 6))
    loss_surface(right, (x - x.mean()) / x.std(), y, (-3.5, 6.5), (-1, 12))
    for ax, path, title in ((left, raw_path, _("x as it is: a valley")), (right, scaled_path,
                                                                          _("x standardised: a bowl"))):
        path = np.asarray(path)
        ax.plot(*path.T, ".-", color=GRADIENT, markersize=4, linewidth=1, markevery=list(range(min(40, len(path)))))
        ax.plot(*path[0], "s", color="white", markeredgecolor="black", label=_("start"))
        ax.set_title(title)
    w, b = np.polyfit(x, y, 1)
    star = {"color": HIGHLIGHT, "markeredgecolor": "black", "markersize": 13, "label": _("lowest point")}
    left.plot(w, b, "*", **star)
    right.plot(w * x.std(), y.mean(), "*", **star)
    right.legend(loc="lower right")
    return fig


@styled
def arms(x, y, weekday, w, b):
    """Why one past day is not enough: the Mondays lie above the line, the Saturdays below.  [B05]

    x, y: (N, 1) views yesterday and today; weekday (N,) of today, 0 = Monday; w, b of the fitted line.
    """
    x, y = np.ravel(x), np.ravel(y)
    fig, ax = figure(width=5.6, height=4.2)
    for days, colour, marker, name in (((1, 2, 3, 4, 6), MUTED, ".", _("other days")), ((0,), CLASS1, "^",
                                                                                        _("Mondays")),
                                       ((5,), HIGHLIGHT, "s", _("Saturdays"))):
        part = np.isin(weekday, days)
        ax.plot(x[part], y[part], marker, color=colour, markersize=4, alpha=0.7, label=name, rasterized=True)
    ends = np.array([0, x.max()])
    ax.plot(ends, w * ends + b, color=PREDICTION, linewidth=2.5, label=_("the best line"))
    ax.set(title=_("One line cannot follow three arms"), xlabel=_("views yesterday (thousand)"),
           ylabel=_("views today (thousand)"), xlim=(0, 25), ylim=(0, 25))
    ax.legend()
    return fig


@styled
def outlier_and_losses(prediction, target, values, measures):
    """Targets and predictions of a few days; measures of error as the last target moves.  [A13]

    prediction, target (N,); values (K,): what the last target can be; measures {name: K numbers}.
    """
    fig, (left, right) = figure(ncols=2)
    days = np.arange(1, len(target) + 1)
    left.vlines(days, target, prediction, color=LOSS, linewidth=2)
    left.plot(days, prediction, "s", color=PREDICTION, markersize=9, label=_("prediction"))
    left.plot(days, target, "o", color=DATA, markersize=8, label=_("target"))
    left.plot(days[-1], target[-1], "o", color=HIGHLIGHT, markeredgecolor=DATA, markersize=10,
              label=_("one that moves"))
    left.set(title=_("Four days"), xlabel=_("day"), ylabel=_("thousand views"), xticks=days, ylim=(0, 40))
    left.legend(loc="upper left")
    for (name, style) in (("MSE", "-"), ("RMSE", "--"), ("MAE", ":")):
        right.plot(values, measures[name], style, color=LOSS, linewidth=2, label=name)
    right.set(title=_("One measure grows like a square"), xlabel=_("target of the last day"), ylabel=_("error"),
              ylim=(0, 40))
    right.legend()
    return fig


@styled
def weights_by_day(weights, lecture):
    """Fitted weights of the last seven days, ours beside the lecture's.  [B05]

    weights, lecture: (7,), first yesterday.
    """
    fig, ax = figure(height=3.2)
    days = np.arange(1, len(weights) + 1)
    ax.axhline(0, color="black", linewidth=0.8)
    for shift, values, colour, name in ((-0.2, weights, PREDICTION, _("our data")),
                                        (0.2, lecture, MUTED, _("lecture"))):
        bars = ax.bar(days + shift, values, 0.38, color=colour, label=name)
        ax.bar_label(bars, fmt="%.2f", fontsize=9, padding=2)
    ax.set(title=_("Yesterday weighs most, and a second hill stands a week back"), ylabel=_("weight"),
           ylim=(-0.55, 0.95))
    ax.set_xticks(days, [_("yesterday"), *[_("{d} days\nago", d=d) for d in days[1:]]])
    ax.legend(ncols=2)
    return fig


@styled
def predicted_and_true(dates, y, prediction, title=""):
    """True views in black, predicted views in blue.  [B05]   dates, y, prediction: (N,) or (N, 1)"""
    fig, ax = figure(5.6, 3.4, layout="none")  # fixed margins: the frames of a film must not jump
    fig.subplots_adjust(left=0.12, right=0.98, top=0.9, bottom=0.1)
    ax.plot(dates, np.ravel(y), color=DATA, linewidth=1.5, marker="o", markersize=2.5, label=_("true"))
    ax.plot(dates, np.ravel(prediction), color=PREDICTION, linewidth=1.8, label=_("predicted"))
    ax.set(title=title, ylabel=_("thousand views a day"), ylim=(0, 12))
    ax.xaxis.set_major_formatter(mdates.DateFormatter(_("%d %b")))
    ax.legend(loc="lower left", ncols=2)
    return fig


@styled
def loss_by_number_of_days(n_days, train, validation):
    """Training and validation error against the number of past days that the model sees.  [B05]"""
    fig, ax = figure(height=3.2)
    ax.plot(n_days, train, "o-", color=LOSS, markersize=4, label=_("training, 2017–2019"))
    ax.plot(n_days, validation, "s--", color=LOSS, markersize=4, markerfacecolor="white", label=_("validation, 2020"))
    ax.set(title=_("Most is won within a week; after a month the gain is small"),
           xlabel=_("past days used as features"), ylabel=_("RMSE (thousand views)"), ylim=(0.6, None))
    ax.legend()
    return fig


@styled
def error_by_year(years, mean_views, errors, train_until):
    """One model's error in each year beside the number of readers.  [B05]   all: (Y,) arrays."""
    fig, (left, right) = figure(height=3, ncols=2)
    colours = [MUTED if year <= train_until else PREDICTION for year in years]
    for ax, values, title in ((left, mean_views, _("Readers (thousand a day)")), (right, errors,
                                                                                  _("MAE (thousand views)"))):
        ax.bar_label(ax.bar([str(year) for year in years], values, color=colours), fmt="%.2f", padding=2)
        ax.set(title=title, ylim=(0, 1.15 * max(values)), yticks=[])
    left.set_xlabel(_("grey: training years, blue: test year"))
    return fig


@styled
def noise_and_loss():
    """Two kinds of noise of one mean size, and minus the logarithm of each: a parabola and a V.  [A13]"""
    fig, (left, right) = figure(height=3.2, ncols=2)
    e = np.linspace(-4, 4, 401)
    gauss, laplace = np.exp(-e**2 / 2) / np.sqrt(2 * np.pi), np.exp(-np.abs(e) / 0.8) / 1.6
    for density, style, noise, loss in ((gauss, "-", _("Gaussian"), _("squared error")),
                                        (laplace, "--", _("Laplace"), _("|error|"))):
        left.plot(e, density, style, color=DATA, linewidth=2, label=noise)
        right.plot(e, -np.log(density / density.max()), style, color=LOSS, linewidth=2, label=loss)
    left.set(title=_("How probable is an error e?"), xlabel=_("error e"), ylabel=_("density p(e)"))
    right.set(title=_("What it costs"), xlabel=_("error e"), ylabel=_("−ln p(e), from its lowest"))
    left.legend(loc="upper left")
    right.legend(loc="upper center")
    return fig
