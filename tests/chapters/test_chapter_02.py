"""Chapter 2: the browser's arithmetic is NumPy's; the widgets' claims about points and lines hold."""

import itertools

import numpy as np
import pytest

from nnbook import data
from nnbook.widgets import nearest_neighbours, spam_reader, split_by_line, widest_street
from nnbook.widgets.nearest_neighbours.nearest_neighbours import DISTANCES, distances, votes
from nnbook.widgets.split_by_line.split_by_line import best_line, example_sets
from nnbook.widgets.widest_street.widest_street import small_example, street_width
from nnlib import metrics
from nnlib.activations import sigmoid
from tests.support.chapters import printed, prose, run
from tests.support.engine import Engine
from tests.support.exercises import checks, said


@pytest.fixture(scope="module")
def engine():
    return Engine("nearest_neighbours", "spam_reader", "split_by_line", "widest_street")


def test_distances_by_hand():
    a, b = np.array([[0.0, 3.0]]), np.array([[4.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(distances(a, b, "euclidean"), [[5, 2]])
    np.testing.assert_allclose(distances(a, b, "manhattan"), [[7, 2]])
    np.testing.assert_allclose(distances(a, b, "cosine"), [[1, 0]], atol=1e-15)


@pytest.mark.parametrize("name", DISTANCES)
def test_browser_orders_neighbours_as_numpy_does(name, engine):
    rng = np.random.default_rng(0)
    points, new = rng.uniform(0.1, 9.9, (40, 2)), rng.uniform(0.1, 9.9, (25, 2))
    order = np.argsort(distances(new, points, name), axis=1, kind="stable")
    there = engine.run("q.map(p => nn.nearest_neighbours.neighbours(points, p, name))", points=points.tolist(),
                       q=new.tolist(), name=name)
    np.testing.assert_array_equal(there, order)


def test_vote_counts_the_nearest():
    x, labels = np.array([[1.0, 1], [2, 1], [3, 1], [9, 9], [8, 9]]), np.array([0, 0, 1, 1, 1])
    assert votes(x, labels, np.array([[1.4, 1.0], [8.6, 9.0]]), 3, "euclidean").tolist() == [0, 1]
    assert votes(x, labels, x, 1, "manhattan").tolist() == labels.tolist()


@pytest.mark.parametrize(("name", "most"), [("two clouds", 40), ("XOR", 3)])
def test_best_line(name, most):
    x, labels = example_sets()[name]
    assert best_line(x, labels)[0] == most


@pytest.mark.parametrize("name", list(example_sets()))
def test_browser_counts_as_the_best_line_does(name, engine):
    x, labels = example_sets()[name]
    right, p, q = best_line(x, labels)
    there = engine.run("nn.split_by_line.rightSide(points, labels, p, q)", points=x.tolist(), labels=labels.tolist(),
                       p=p.tolist(), q=q.tolist())
    assert there["right"] == right
    for p, q in np.random.default_rng(1).uniform(-1.5, 1.5, (200, 2, 2)):  # no random line does better
        assert engine.run("nn.split_by_line.rightSide(points, labels, p, q).right", points=x.tolist(),
                          labels=labels.tolist(), p=p.tolist(), q=q.tolist()) <= right


def test_fourteen_of_sixteen_functions_are_separable():
    """The answer of exercise 2.4, by the same search that the widget uses."""
    corners = np.array(list(itertools.product([0.0, 1.0], repeat=2)))
    possible = [f for f in itertools.product([0, 1], repeat=4) if best_line(corners, np.array(f))[0] == 4]
    assert len(possible) == 14
    assert (0, 1, 1, 0) not in possible and (1, 0, 0, 1) not in possible


def test_street_in_the_browser_is_numpys(engine):
    points, labels = small_example().values()
    for angle in (-60.0, 5.0, 37.5, 150.0):
        there = engine.run("nn.widest_street.street(points, labels, angle)", points=points.tolist(),
                           labels=labels.tolist(), angle=angle)
        assert there["high"] - there["low"] == pytest.approx(street_width(points, labels, angle), abs=1e-12)


def test_widest_street_is_the_maximum_margin():
    """As wide as the shortest distance between the two classes' convex hulls: from a point of one to a side of the
    other, which joins two of its points."""
    points, labels = small_example().values()
    widest = max(street_width(points, labels, angle) for angle in np.arange(-60, 150, 0.05))
    zero, one = points[labels == 0], points[labels == 1]

    def nearest(p, group):
        a, ab = group[:, None], group - group[:, None]
        share = np.clip(np.sum((p - a) * ab, -1) / np.maximum(np.sum(ab**2, -1), 1e-12), 0, 1)
        return np.sqrt(np.sum((p - a - share[..., None] * ab)**2, -1)).min()

    gap = min([nearest(p, one) for p in zero] + [nearest(p, zero) for p in one])
    assert widest == pytest.approx(gap, rel=1e-3)  # between two angles a corner is missed by that


@pytest.mark.parametrize(("make", "message"), [
    (lambda: nearest_neighbours(np.ones((60, 3)), np.ones(60), np.ones((5, 2)), np.ones(5)), "expects points"),
    (lambda: nearest_neighbours(np.ones((5, 2)), np.ones(5), np.ones((5, 2)), np.ones(5)), "60 to 250"),
    (lambda: split_by_line("circles"), "start must be one of"),
    (lambda: widest_street([[0, 0], [1, 1]], [0, 2]), "labels 0 and 1"),
    (lambda: widest_street([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1]), "no direction"),
])
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.fixture(scope="module")
def chapter():
    """The checks of the exercises, and what they compare with: the fitted model, the joint table."""
    names = checks("02_classification", "x = np.array([[len(text)", "from nnlib import Adam",
                   "from nnlib import metrics", "def table")
    exec("p_train = sigmoid(model(scale(x_train)))[:, 0]\nthresholds = np.arange(1, 20) * 0.05", names)
    return names


@pytest.mark.parametrize(("answer", "message"), [
    (lambda x, w, b: abs(x @ w + b) / np.sqrt(w @ w), "right"),
    (lambda x, w, b: abs(x @ w + b) / (w @ w), "Take the root"),
    (lambda x, w, b: (x @ w + b) / np.sqrt(w @ w), "absolute value"), (lambda x, w, b: abs(x @ w + b), "length of w"),
    (lambda x, w, b: abs(x @ w) / np.sqrt(w @ w), "b is missing"),
    (lambda x, w, b: abs(x @ w + b) / np.sqrt(w @ w + b * b), "no part of the normal vector")])
def test_exercise_1(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    joint = chapter["joint"]
    both, effect = joint[:, :, 1, 1].sum(), joint[..., 1].sum()
    for answer, message in ((both / effect, "right"), (both, "Divide by P(missed)"), (0.5, "other way round"),
                            (joint[:, :, 1].sum(), "before we know"), (1.2, "too large")):
        assert message in said(capsys, chapter["check_2"], answer, joint)


def test_exercise_3(chapter, capsys):
    def mean(power=1, all_points=False, divide=True):
        def answer(x, y, new, k):
            d = np.linalg.norm(x - new, axis=1)
            near = np.argsort(d)[:None if all_points else k]
            weight = d[near] ** -float(power)
            return weight @ y[near] / (weight.sum() if divide else 1)
        return answer

    for answer, message in ((mean(), "right"), (mean(0), "plain mean"), (mean(all_points=True), "all points"),
                            (mean(divide=False), "divided by their sum"), (mean(2), "not 1/distance²"),
                            (mean(-1), "far ones count more")):
        assert message in said(capsys, chapter["check_3"], answer)


def test_exercises_4_and_5(chapter, capsys):
    for answer, message in ((14, "right"), (15, "opposite"), (16, "XOR"), (12, "constant")):
        assert message in said(capsys, chapter["check_4"], answer)
    p, y, thresholds = chapter["p_train"], chapter["y_train"], chapter["thresholds"]

    def cheapest(lost, through):
        return min(thresholds, key=lambda t: lost * np.sum(p[y == 0] > t) + through * np.sum(p[y == 1] <= t))

    for answer, message in ((cheapest(5, 1), "right"), (cheapest(1, 5), "exchanged"),
                            (cheapest(1, 1), "cost the same"), (90, "Which threshold has it?"), (17, "its place")):
        assert message in said(capsys, chapter["check_5"], answer, thresholds, p, y)


CHAPTER = "02_classification"


@pytest.fixture(scope="module")
def messages():
    """What the chapter computes from the messages, up to naive Bayes as a linear model."""
    names = run(CHAPTER, "x = np.array([[len(text)", "from nnlib import Adam", "from nnlib import metrics",
                "words = [set(", "tokens = [data.tokenize", "counts = np.array", "absent = np.log")
    return names


def test_naive_bayes_is_linear(messages):
    present, cut = messages["present"], messages["cut"]
    logit = present[cut:] @ messages["w_bayes"] + messages["b_bayes"]
    np.testing.assert_allclose(logit, messages["log_p"][cut:, 1] - messages["log_p"][cut:, 0], rtol=1e-9, atol=1e-8)
    assert ((logit > 0) == messages["bayes"]).all()
    assert "sign of wᵀx + b: 692 0 8 79" in printed(CHAPTER, "absent = np.log")
    assert "three of them with a straight line" not in prose(CHAPTER)


def test_the_spam_reader_adds_what_the_classifier_adds(messages, engine):
    texts, vocabulary = messages["texts"], messages["vocabulary"]
    state = spam_reader(vocabulary.tokens[4:], messages["w_bayes"], messages["b_bayes"], [texts[40]]).state
    logit = messages["present"] @ messages["w_bayes"] + messages["b_bayes"]
    for k in (0, 1, 40, 122, 3000):
        there = engine.run("nn.spam_reader.weigh(text, new Map(pairs), bias)", text=texts[k], bias=state["bias"],
                           pairs=[list(pair) for pair in zip(state["words"], state["weights"], strict=True)])
        assert there["z"] == pytest.approx(logit[k], abs=0.006 * (1 + len(there["found"])))


def test_the_derivative_of_the_cross_entropy_is_p_minus_y():
    for z, y in ((0.3, 1), (-2.0, 0), (1.5, 0)):
        def loss(z, y=y):
            return -y * np.log(sigmoid(z)) - (1 - y) * np.log(1 - sigmoid(z))
        assert (loss(z + 1e-6) - loss(z - 1e-6)) / 2e-6 == pytest.approx(sigmoid(z) - y, abs=1e-7)


def test_the_street_of_the_widget_is_that_of_the_chapter():
    """One width, one number of points that touch: the widget had said 1.23 and 4, the chapter 1.236 and 3."""
    names = run(CHAPTER, "rng = np.random.default_rng(26)", "unit = np.array")
    state = widest_street(names["clouds"], names["classes"]).state
    assert state["best"] == pytest.approx(names["best"])
    x, labels = np.array(state["points"]), np.array(state["labels"])
    assert f"{street_width(x, labels, state['best']):.3f}" == f"{names['widths'].max():.3f}"
    engine = Engine("widest_street")
    there = engine.run("nn.widest_street.touching(points, labels, angle)", points=x.tolist(),
                       labels=labels.tolist(), angle=state["best"])
    assert sum(there) == (names["side"] < 1.01).sum() == 3


def test_perceptron_by_hand_ends_with_a_line_for_and():
    names = run(CHAPTER, "def perceptron")
    w, b = names["perceptron"](names["square"], [-1, -1, -1, 1], 10)
    assert ((names["square"] @ w + b > 0) == [0, 0, 0, 1]).all()
    assert names["perceptron"](names["square"], [-1, -1, -1, 1], 1)[1] != b  # one pass is not enough
    assert f"w = {w}  b = {b}" in printed(CHAPTER, "def perceptron").splitlines()[-1]


def test_fisher_and_least_squares_have_one_direction(messages):
    x, y, cut = messages["x"], messages["labels"], messages["cut"]
    x, y = (x[:cut] - x[:cut].mean(0)) / x[:cut].std(0), y[:cut]
    within = sum(np.cov(x[y == k].T, bias=True) * np.mean(y == k) for k in (0, 1))
    fisher = np.linalg.solve(within, x[y == 1].mean(0) - x[y == 0].mean(0))
    squares = np.linalg.lstsq(np.c_[x, np.ones(len(x))], 2.0 * y - 1, rcond=None)[0][:2]
    np.testing.assert_allclose(fisher / np.linalg.norm(fisher), squares / np.linalg.norm(squares), atol=1e-9)
    assert f"{np.degrees(np.arctan2(*fisher[::-1])):3.0f}°" in next(
        line for line in printed(CHAPTER, "m0, m1 = ").splitlines() if line.startswith("Fisher"))


def test_the_bare_rule_beats_the_models_that_see_two_features():
    table = printed(CHAPTER, "at_least = ").splitlines()[1:]
    right = {line[:46].strip(): float(line[46:].split("%")[0]) for line in table}
    bare = right.pop("the bare rule “5 digits or more”")
    assert all(value < bare for name, value in right.items() if "2 features" in name)
    assert all(value > bare for name, value in right.items() if "words" in name)
    texts, labels, _ = data.load_spam()
    cut = int(0.8 * len(texts))
    says = np.array([sum(c.isdigit() for c in text) >= 5 for text in texts[cut:]])
    assert bare == pytest.approx(100 * metrics.accuracy(says.astype(int), labels[cut:]), abs=0.05)


def test_the_words_that_stood_in_every_fit_are_the_ones_named():
    assert "`Adam`" in prose(CHAPTER) and "`epochs`" in prose(CHAPTER)
    assert "the word that stood in every fit" not in prose(CHAPTER)
