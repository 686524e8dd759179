"""Chapter 3: the browser's arithmetic is nnlib's, the thresholds and the noise are where the text says."""

import ast

import numpy as np
import pytest

from nnbook.widgets import batch_paths, every_direction, learning_rate, loss_parabola, surface_view
from nnbook.widgets.batch_paths.batch_paths import descend, small_example
from nnbook.widgets.gradient_descent.gradient_descent import SURFACES
from nnbook.widgets.gradient_descent.gradient_descent import descend as walk
from nnbook.widgets.surface_view.surface_view import LINE, NOTES, ROOTS, loss_of_line, surface_state
from nnlib import metrics
from tests.support.chapters import cells, printed, prose, run
from tests.support.engine import Engine
from tests.support.exercises import checks, said


@pytest.fixture(scope="module")
def engine():
    return Engine("loss_parabola", "every_direction", "learning_rate", "batch_paths", "surface_view")


def test_parabola_in_the_browser_is_the_mean_squared_error(engine):
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 4, 7), rng.uniform(-2, 6, 7)
    points = np.stack([x, y], axis=1).tolist()
    a, b, c = engine.run("nn.loss_parabola.coefficients(points)", points=points)
    np.testing.assert_allclose([a, b, c], [np.sum(x * x), -2 * np.sum(x * y), np.sum(y * y)])
    for w in (-1.0, 0.3, 2.0):
        assert (a * w**2 + b * w + c) / 7 == pytest.approx(metrics.mse(w * x, y))
        there = engine.run("nn.loss_parabola.lossOf(points, w)", points=points, w=w)
        assert there == pytest.approx(metrics.mse(w * x, y))


@pytest.mark.parametrize("curvature", [0.5, 2.0, 4.0])
def test_thresholds_of_the_learning_rate(curvature, engine):
    """Below 1/λ one side, at 1/λ one step, up to 2/λ zigzag, above it divergence."""
    def path(factor):
        return np.array(engine.run("nn.learning_rate.descend(2, c, r, 20)", c=curvature, r=factor / curvature))

    assert (path(0.5) > 0).all() and abs(path(0.5)[-1]) < 1e-5
    assert np.abs(path(1.0)[1:]).max() < 1e-12
    zigzag = path(1.5)
    assert (zigzag[:-1] * zigzag[1:] < 0).all() and abs(zigzag[-1]) < 1e-5
    np.testing.assert_allclose(np.abs(path(2.0)), 2, rtol=1e-9)
    assert (np.diff(np.abs(path(2.1))) > 0).all()
    np.testing.assert_allclose(path(0.3), 2 * 0.7 ** np.arange(21), rtol=1e-9)


def test_batch_path_is_full_gradient_descent():
    x, y = small_example().values()
    path = descend(x, y, 64, 0.15, 30, (-0.6, 2.4), np.random.default_rng(0))
    w, b = -0.6, 2.4
    for point in path:
        np.testing.assert_allclose(point, (w, b), rtol=1e-12)
        error = w * x + b - y
        w, b = w - 0.15 * np.mean(error * x), b - 0.15 * np.mean(error)


def test_an_epoch_of_stochastic_descent_sees_each_example_once():
    x, y = np.eye(1).repeat(4, axis=0), np.array([[1.0], [2.0], [3.0], [4.0]])
    path = descend(x, y, 1, 1e-9, 4, (0.0, 0.0), np.random.default_rng(0))
    np.testing.assert_allclose(np.sort(np.diff(path[:, 1])) / 1e-9, [1, 2, 3, 4], rtol=1e-6)


def test_turning_keeps_lengths(engine):
    rng = np.random.default_rng(2)
    for point in rng.normal(size=(10, 3)):
        there = engine.run("nn.surface_view.turn(p, a, e)", p=point.tolist(), a=float(rng.uniform(-180, 180)),
                           e=float(rng.uniform(0, 90)))
        assert np.linalg.norm(there) == pytest.approx(np.linalg.norm(point))
    np.testing.assert_allclose(engine.run("nn.surface_view.turn([0, 0, 1], 30, 0)"), [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(engine.run("nn.surface_view.turn([0, 0, 1], 30, 90)"), [0, 0, 1], atol=1e-12)


@pytest.mark.parametrize("name", NOTES)
def test_paths_lie_on_the_surface_and_go_down(name):
    x, y = np.array([0.5, 1, 2, 3.5]), np.array([1, 1.5, 2, 3])
    surfaces = SURFACES | {LINE: loss_of_line(x, y)}
    state = surface_state(name, 40, surfaces)
    f, _, (low, high), *_ = surfaces[name]
    heights = state["heights"]
    assert heights.min() == 0 and heights.max() == 1 and heights.shape == (31, 31)
    for path in state["paths"].values():
        assert path.shape == (41, 3) and path[-1, 2] < path[0, 2]
        places = low + (path[:, :2].T + 1) / 2 * (high - low)
        z = np.sqrt(f(*places)) if name in ROOTS else f(*places)
        scale = np.corrcoef(z, path[:, 2])[0, 1] if np.ptp(z) > 0 else 1
        assert scale > 0.99


@pytest.mark.parametrize(("make", "message"), [
    (lambda: loss_parabola([1, 2], [1, 2, 3]), "one shape"), (lambda: loss_parabola([1, 2], [1, 2], n=3), "n must be"),
    (lambda: loss_parabola([5], [1]), "x must lie"), (lambda: learning_rate(rate=3), "rate in"),
    (lambda: learning_rate(start=0), "not 0"), (lambda: batch_paths(np.ones((9, 1)), np.ones((9, 1))), "multiple of 8"),
    (lambda: surface_view([1], [1], "hill"), "surface must be"), (lambda: surface_view([1, 2], [1]), "shape"),
    (lambda: surface_view([1], [1], azimuth=200), "azimuth must lie"),
    (lambda: surface_view([1], [1], step=41), "step must lie"), (lambda: surface_view([1], [np.nan]), "finite"),
])
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.fixture(scope="module")
def chapter():
    return checks("03_gradient_descent")


def coefficients(a=1.0, b=-2.0, c=1.0, mean=False):
    def answer(x, y):
        sums = np.array([a * np.sum(x * x), b * np.sum(x * y), c * np.sum(y * y)])
        return sums / len(x) if mean else sums
    return answer


@pytest.mark.parametrize(("answer", "message"), [
    (lambda x, y: None, "not answered"), (coefficients(), "right"), (coefficients(b=2), "The sign of b"),
    (coefficients(b=-1), "comes twice"), (coefficients(mean=True), "the sum is asked for"),
    (lambda x, y: np.array([sum(x)**2, -2 * sum(x) * sum(y), sum(y)**2]), "Square first")])
def test_exercise_1(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_1"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (lambda x: 1 / np.mean(x * x), "right"), (lambda x: 0.5 / np.mean(x * x), "That is 1/λ"),
    (lambda x: 2 / np.mean(x * x), "second derivative"), (lambda x: 1 / np.sum(x * x), "1/n is missing"),
    (lambda x: np.mean(x * x), "turn the fraction over")])
def test_exercise_2(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_2"], answer)


@pytest.mark.parametrize(("answer", "message"), [
    (lambda X, w, y: X.T @ (X @ w - y) / len(y), "right"), (lambda X, w, y: X.T @ (y - X @ w) / len(y), "The sign"),
    (lambda X, w, y: X.T @ (X @ w - y), "1/N is missing"),
    (lambda X, w, y: 2 * X.T @ (X @ w - y) / len(y), "½ cancels"),
    (lambda X, w, y: X.T @ (X @ w - y) / len(w), "number of features")])
def test_exercise_3(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_3"], answer)


def epoch(w, x, y, size, eta, update=True, first=False):
    old, change = w, 0.0
    for k in range(0, size if first else len(x), size):
        xb, yb = x[k:k + size], y[k:k + size]
        change += eta * np.mean(((old - change if update else old) * xb - yb) * xb)
    return old - change


@pytest.mark.parametrize(("answer", "message"), [
    (epoch, "right"), (lambda w, x, y, size, eta: epoch(w, x, y, size, eta, update=False), "at the old w"),
    (lambda w, x, y, size, eta: epoch(w, x, y, len(x), eta), "full-batch"),
    (lambda w, x, y, size, eta: epoch(w, x, y, 1, eta), "stochastic"),
    (lambda w, x, y, size, eta: epoch(w, x, y, size, eta, first=True), "first batch"),
    (lambda w, x, y, size, eta: epoch(w, x, y, size, 2 * eta), "½ cancels"),
    (lambda w, x, y, size, eta: epoch(w, x, y, size, size * eta), "You summed"),
    (lambda w, x, y, size, eta: epoch(w, x, y, size, -eta), "uphill")])
def test_exercise_4(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_4"], answer)


def test_exercises_5_and_6(chapter, capsys):
    for answer, message in (([0.9, 0.76, 0.614], "right"), (0.9 ** np.arange(1, 4), "must remember"),
                            ([0.9, 0.71, 0.449], "not multiplied by μ"), (0.9, "shape")):
        assert message in said(capsys, chapter["check_5"], answer)
    for answer, message in ((16, "right"), (8, "square root"), (1, "more noise"), (32, "four times B"),
                            (64, "a quarter")):
        assert message in said(capsys, chapter["check_6"], answer)


CHAPTER = "03_gradient_descent"


def test_the_loss_changes_with_the_direction_as_the_widget_says(engine):
    x, y = np.array([1.0, 2.0, 1.5, 3.0, 2.5, 3.5]), np.array([1.6, 1.4, 1.9, 3.4, 1.8, 3.1])
    state = every_direction(x, y).state
    for direction in (-180.0, -37.0, 90.0):
        w, b = 0.2 + 0.3 * np.cos(np.radians(direction)), 1 + 0.3 * np.sin(np.radians(direction))
        there = engine.run("nn.every_direction.change(means, [0.2, 1], direction, 0.3)", means=state["means"],
                           direction=direction)
        assert there == pytest.approx(metrics.mse(w * x + b, y) - metrics.mse(0.2 * x + 1, y), rel=1e-9)
    angles = np.arange(-180, 180)
    changes = [engine.run("nn.every_direction.change(means, [0.2, 1], a, 0.001)", means=state["means"], a=float(a))
               for a in angles]
    uphill = np.degrees(np.arctan2(*state["gradient"][::-1]))
    assert angles[np.argmax(changes)] == pytest.approx(uphill, abs=1)
    assert abs(angles[np.argmin(changes)] - uphill) == pytest.approx(180, abs=1)


def test_no_cell_overwrites_the_parabola():
    """slope(0.2) is −8.62 after the whole chapter, too: a later cell had overwritten the parabola's b."""
    names = run(CHAPTER, "a, b, c = ", "def slope(w):")
    assert names["slope"](0.2) == pytest.approx(-8.61667, abs=1e-5)
    later = [source for source, *_ in cells(CHAPTER)]
    later = later[next(k for k, source in enumerate(later) if source.startswith("def slope(w):")):]
    stored = [node.id for source in later for node in ast.walk(ast.parse(source))
              if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    in_functions = [node.id for source in later for function in ast.walk(ast.parse(source))
                    if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assert not {name for name in ("a", "b", "c") if stored.count(name) > in_functions.count(name)}


def test_the_valley_is_as_long_as_the_root_of_its_condition_number():
    """An ellipse of equal loss has half axes √(2/λ): their ratio is √κ."""
    names = run(CHAPTER, "a, b, c = ", "from nnbook import data", "def valley", "raw = valley")
    hessian = names["raw"][0]
    values, vectors = np.linalg.eigh(hessian)
    along, across = (np.sqrt(2 / value) for value in values)
    for size, vector in ((along, vectors[:, 0]), (across, vectors[:, 1])):
        assert 0.5 * (size * vector) @ hessian @ (size * vector) == pytest.approx(1)
    assert f"valley {along / across:2.0f} times as long as wide" in printed(CHAPTER, "raw = valley")


def test_cost_is_counted():
    """The steps are the cheaper ones where D > 2k, as the text says; each row of the table is recomputed."""
    table = printed(CHAPTER, 'print("multiplications').replace("(", " ").replace(")", " ")
    rows = [line.split() for line in table.splitlines()[2:-2]]
    for row in rows:
        d, equations, k = int(row[0]), float(row[1]), int(row[3])
        assert equations == pytest.approx((5 * d**3 + d**3 / 3) / 1e6, abs=0.06)
        assert float(row[2]) == pytest.approx(2 * k * 5 * d * d / 1e6, abs=0.06)
        assert d > 2 * k and float(row[2]) < equations
    assert not any("perf_counter" in source for source, *_ in cells(CHAPTER))


def test_a_model_that_is_not_linear_and_has_a_formula():
    """ŷ = w²x: the lowest points are where the text says, so "nobody can solve it" was too strong."""
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.2, 3.9, 6.3])
    w = np.linspace(-3, 3, 60001)
    losses = np.mean((w[:, None] ** 2 * x - y) ** 2, axis=1)
    assert abs(w[np.argmin(losses)]) == pytest.approx(np.sqrt(np.sum(x * y) / np.sum(x * x)), abs=1e-4)
    assert "nobody can solve" not in prose(CHAPTER)


def test_what_schedules_do_on_the_ravine():
    """Adam with η = 0.1 is best with the constant rate; plain descent with η = 0.34 is saved by both falling rates."""
    table = printed(CHAPTER, 'f = SURFACES["ravine"][0]')
    start, f = (-2.6, 1.6), SURFACES["ravine"][0]
    losses = {(kind, s): f(*walk("ravine", start, 100, eta, optimizer=kind, schedule=s)[-1])
              for eta, kind in ((0.1, "Adam"), (0.34, "SGD")) for s in ("constant", "1/t", "cosine")}
    for (kind, schedule), value in losses.items():
        assert any(line.startswith(kind) and schedule in line and f"{value:.1e}" in line for line in table.splitlines())
    assert losses["Adam", "constant"] < min(losses["Adam", "cosine"], losses["Adam", "1/t"])
    assert losses["SGD", "constant"] > f(*start) > 0.1 > max(losses["SGD", "cosine"], losses["SGD", "1/t"])
    assert "brings it to rest" not in prose(CHAPTER)


def test_each_optimizer_runs_at_its_own_best_setting():
    """Nothing between the tried rates is much better for plain descent, whose best one is just below its limit."""
    table = [line for line in printed(CHAPTER, "tried = np.geomspace").splitlines() if line.startswith("ravine")]
    best = {line.split()[1]: float(line.split("best loss ")[1].split()[0]) for line in table}
    f, _, _, start, _ = SURFACES["ravine"]
    finer = min(f(*walk("ravine", start, 100, eta)[-1]) for eta in np.linspace(0.25, 0.34, 37))
    assert best["plain"] < 3 * finer
    assert best["momentum"] < best["Adam"] < best["plain"]


def test_a_positive_slope_speaks_of_small_steps():
    """E19: at w = 1 the slope is positive, and at the smaller w = 0.5 the loss is five times as large."""
    names = run(CHAPTER, "a, b, c = ", "def slope(w):")
    assert names["slope"](1.0) > 0 and names["loss"](0.99) < names["loss"](1.0)
    assert names["loss"](0.5) / names["loss"](1.0) == pytest.approx(5, abs=0.1)


def test_titles_of_the_two_valleys_are_whole():
    """Square axes had left no room: the titles were cut at the top, the w at the bottom."""
    from nnbook.plots import gradient_descent as plots

    valley = np.eye(2), np.ones(2), np.array([[0.0, 0], [1, 1]]), ("w", "b")
    figure = plots.two_valleys(valley, valley)
    figure.canvas.draw()
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1
