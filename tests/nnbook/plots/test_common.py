"""What the shared figures draw, not only that they draw."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from nnbook import data, plots
from nnlib import Linear

pytestmark = pytest.mark.usefixtures("drawn_and_closed")


X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])
Y = np.array([0, 1, 0, 1])


def test_class_points_have_colour_and_name():
    ax = plots.class_points(X, Y[:, None], names=["left", "right"])
    left, right = ax.collections
    assert left.get_offsets().tolist() == X[Y == 0].tolist() and right.get_offsets().tolist() == X[Y == 1].tolist()
    assert to_hex(left.get_facecolor()[0]).upper() == plots.COLORS["class0"]
    assert [left.get_label(), right.get_label()] == ["left", "right"]


def region_at(ax, x, y):
    """The class drawn at a point of the plane."""
    image = ax.images[0]
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_array().shape
    return image.get_array()[int((y - bottom) / (top - bottom) * rows), int((x - left) / (right - left) * columns)]


@pytest.mark.parametrize("classify", [
    lambda p: (p[:, 0] > 0.5).astype(int),
    lambda p: p[:, :1] - 0.5,
    lambda p: np.stack([0.5 - p[:, 0], p[:, 0] - 0.5], axis=1),
])
def test_decision_regions_show_what_is_said(classify):
    ax = plots.decision_regions(classify, X, Y)
    assert [region_at(ax, *point) for point in X] == [0, 1, 0, 1]
    assert region_at(ax, 0.4, 1) == 0 and region_at(ax, 0.6, 1) == 1


def test_decision_regions_of_a_model():
    model = Linear(2, 1, rng=np.random.default_rng(0))
    model.W[:], model.b[:] = [[0, 1]], -1
    ax = plots.decision_regions(model, X, Y)
    assert [region_at(ax, *point) for point in X] == [0, 0, 1, 1]


def test_loss_contours_show_path_and_minimum():
    path = [(2, 1), (1, 0.5), (0, 0)]
    ax = plots.loss_contours(lambda w, b: w**2 + b**2, (-3, 3), (-2, 2), path=path, minimum=(0, 0))
    line, start, star = ax.lines
    assert line.get_xydata().tolist() == [list(p) for p in path] and start.get_xydata().tolist() == [[2, 1]]
    assert star.get_xydata().tolist() == [[0, 0]] and line.get_color() == plots.COLORS["gradient"]
    assert ax.get_xlim() == (-3, 3) and ax.get_ylim() == (-2, 2)


def test_image_grid():
    images = np.arange(12 * 4).reshape(12, 1, 2, 2)
    axes = plots.image_grid(images, titles=range(12), columns=5)
    assert len(axes) == 12 and [ax.get_title() for ax in axes] == [str(k) for k in range(12)]
    assert axes[7].images[0].get_array().tolist() == images[7, 0].tolist()
    assert {ax.images[0].get_clim() for ax in axes} == {(0, 47)}  # one scale
    assert len(plots.image_grid(data.load_photo()[None])) == 1


def test_confusion_matrix():
    ax = plots.confusion_matrix([[8, 2, 0], [0, 0, 0], [0, 1, 9]], names=["a", "b", "c"])
    assert {t.get_position(): t.get_text() for t in ax.texts} == {(0, 0): "8", (1, 0): "2", (1, 2): "1", (2, 2): "9"}
    colors = ax.images[0].get_array()
    assert colors[0, 2].tolist() == colors[1, 1].tolist() == [1, 1, 1]  # nothing counted: white
    assert colors[0, 0, 2] > colors[0, 0, 0] and colors[0, 1, 0] > colors[0, 1, 2]  # hit blue, mistake red
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"] and ax.get_ylabel() == "true class"


def test_network():
    weights = [np.array([[1.0, -2.0], [0.0, 0.5], [1.0, 1.0]]), np.array([[-1.0, 1.0, 1.0]])]
    ax = plots.network((2, 3, 1), labels=[["$x_1$", "$x_2$"], ["a", "b", "c"], ["$y$"]], weights=weights,
                       values=[[0, 1], [0.5, 0.5, 0.5], [2]], names=["输入", "隐藏", "输出"])
    assert len([p for p in ax.patches if isinstance(p, Circle)]) == 6 and len(ax.lines) == 2 * 3 + 3 * 1
    assert ax.lines[1].get_color() == plots.COLORS["class1"]  # W[0, 1] = -2 is negative
    assert ax.lines[1].get_linewidth() > ax.lines[0].get_linewidth()
    assert ax.lines[0].get_xydata()[0].tolist() == list(ax.patches[0].center)
    assert "隐藏" in [t.get_text() for t in ax.texts]


def test_given_axes_are_used():
    figure, ax = plt.subplots()
    assert plots.class_points(X, Y, ax) is ax
    assert plots.decision_regions(lambda p: p[:, :1], X, Y, ax) is ax
    assert plots.loss_contours(lambda w, b: w**2 + b**2, (-1, 1), (-1, 1), ax=ax) is ax
    assert plots.confusion_matrix(np.eye(2), ax=ax) is ax
    assert plots.network((1, 1), ax=ax) is ax
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("call, message", [
    (lambda: plots.class_points(X[:3], Y), r"\(3, 2\) and \(4,\)"),
    (lambda: plots.class_points(X, Y - 1), "classes 0, 1"),
    (lambda: plots.class_points(X, Y + 0.5), "classes 0, 1"),
    (lambda: plots.decision_regions(lambda p: p[:3, 0], X, Y), "for 40000 points, got"),
    (lambda: plots.loss_contours(lambda w, b: 0.0, (-1, 1), (-1, 1)), r"\(121, 121\), got \(\)"),
    (lambda: plots.image_grid(np.zeros((3, 3))), r"got \(3, 3\)"),
    (lambda: plots.image_grid(np.zeros((3, 2, 3, 3)), columns=0), r"got \(3, 2, 3, 3\)|at least 1"),
    (lambda: plots.image_grid(np.zeros((3, 3, 3)), columns=0), "columns must be at least 1"),
    (lambda: plots.image_grid(np.zeros((3, 3, 3)), titles=["a"]), "got 1 for 3"),
    (lambda: plots.confusion_matrix(np.zeros((2, 3))), r"got \(2, 3\)"),
    (lambda: plots.confusion_matrix(np.eye(3), names=["a"]), "name 3 classes, got 1"),
    (lambda: plots.network((3,)), "at least two layers"),
    (lambda: plots.network((2, 0)), "at least one unit"),
    (lambda: plots.network((2, 1), labels=[["a", "b"]]), "labels must have 2 entries"),
    (lambda: plots.network((2, 3, 1), weights=[np.zeros((3, 2))]), "weights must have 2 entries"),
])
def test_bad_calls(call, message):
    with pytest.raises(ValueError, match=message):
        call()
