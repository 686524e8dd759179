"""The figures of chapter 1 show the numbers that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnbook import data
from nnbook.plots import regression

pytestmark = pytest.mark.usefixtures("drawn_and_closed")


def test_series_is_split_at_the_test_year():
    dates, views = data.load_views()
    above, below = regression.series(dates, views, "2021-01-01", bursts=["2017-07-25"]).axes
    train, test = above.lines
    assert train.get_ydata().tolist() == views[:1461].tolist() and test.get_ydata().tolist() == views[1461:].tolist()
    assert above.texts[0].get_text() == "2017-07-25"
    weekend = below.lines[1].get_xdata()
    assert {day.astype(object).weekday() for day in weekend.astype("datetime64[D]")} == {5, 6}


def test_residuals_reach_from_the_points_to_the_line():
    (x, y), _ = data.views_split(1)
    left, right = regression.line_and_surface(x, y, 0.5, 3).axes
    for (x0, y0), (x1, y1) in left.collections[0].get_segments():
        assert x0 == x1 and y1 == pytest.approx(0.5 * x0 + 3)
        assert [x0, y0] in np.c_[x, y].tolist()
    assert right.lines[0].get_xydata().tolist() == [[0.5, 3]]
    assert f"{np.mean((0.5 * x + 3 - y) ** 2):.2f}" in right.get_title(loc="left")


def test_loss_surface_is_the_mean_squared_error():
    x, y = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])
    ax = plt.figure().add_subplot()
    regression.loss_surface(ax, x, y, (-1, 1), (-2, 2), levels=[2, 3, 5])
    lines = ax.collections[-1]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for w, b in path.vertices[::7]:
            assert np.mean((w * x + b - y) ** 2) == pytest.approx(level, rel=0.01)


def test_bars_are_the_weights():
    ours, lecture = np.linspace(-0.5, 0.7, 7), np.linspace(0.4, -0.2, 7)
    (ax,) = regression.weights_by_day(ours, lecture).axes
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [*ours, *lecture]
    assert [t.get_text() for t in ax.get_xticklabels()][0] == "yesterday"


def test_predicted_and_true_have_their_colours():
    dates, views = data.load_views()
    (ax,) = regression.predicted_and_true(dates[:30], views[:30, None], views[:30] + 1).axes
    true, predicted = ax.lines
    assert true.get_ydata().tolist() == views[:30].tolist() and true.get_color() == "#000000"
    assert predicted.get_ydata().tolist() == (views[:30] + 1).tolist() and predicted.get_color() == "#0072B2"
