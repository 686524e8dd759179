"""Chapter 11: what its prose says about the club, its figures, and what its checks say to wrong answers."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnbook import data
from nnbook.plots import graph_networks as plots
from nnbook.widgets.message_stepper.message_stepper import TIES, adjacency, message_stepper, weighted
from nnlib import Adam, CrossEntropyLoss, GraphConv, ReLU, Sequential, fit, normalize_adjacency
from tests.support.exercises import checks, said

pytestmark = pytest.mark.usefixtures("drawn_and_closed")
TINY, H = adjacency(TIES, 5), np.array([1.0, 2, 3, 6, 3])


def trained(A_hat, seed):
    """Answers about the 34 members, from the labels of the instructor and the officer alone."""
    rng, known = np.random.default_rng(seed), np.isin(np.arange(34), [0, 33])
    model = Sequential(GraphConv(34, 16, A_hat, rng=rng), ReLU(), GraphConv(16, 2, A_hat, rng=rng))
    fit(model, (np.eye(34), (np.arange(34) == 33).astype(int), known), CrossEntropyLoss(), Adam(model, lr=0.01),
        epochs=200, progress=False)
    return model(np.eye(34)).argmax(axis=1)


def test_two_labels_are_enough_with_the_graph_and_not_without():
    A, labels, _ = data.load_karate()
    others = ~np.isin(np.arange(34), [0, 33])
    for A_hat, low, high in ((normalize_adjacency(A), 0.93, 0.97), (np.eye(34), 0.2, 0.7)):
        for seed in (11, 12):  # not among the chapter's
            right = trained(A_hat, seed) == labels
            assert low <= right[others].mean() <= high
            if low > 0.9:
                assert not right[8] and set(np.flatnonzero(~right)) <= {2, 8}


def test_smoothing_ends_at_the_root_of_the_degree():
    A = data.load_karate().adjacency
    d = A.sum(axis=1) + 1
    x = np.linalg.matrix_power(normalize_adjacency(A), 200) @ np.random.default_rng(1).normal(size=34)
    np.testing.assert_allclose(x / np.sqrt(d), (x / np.sqrt(d)).mean(), rtol=1e-6)


def test_weights_by_hand():
    assert weighted(TINY, "sum") @ H == pytest.approx([6, 6, 12, 12, 9])
    assert weighted(TINY, "mean") @ H == pytest.approx([2, 2, 3, 4, 4.5])
    assert (weighted(TINY, "symmetric") @ H)[4] == pytest.approx(1.5 + 6 / np.sqrt(6))
    np.testing.assert_allclose(weighted(TINY, "symmetric"), normalize_adjacency(TINY))


@pytest.mark.parametrize("arguments, message", [
    ({"h": [1, 2]}, "M from 3 to 6"), ({"ties": [(0, 5)]}, "0–5"), ({"ties": [(1, 1)]}, "two different nodes"),
    ({"node": 5}, "node must be 0 … 4"), ({"step": 6}, "step must be 0 … 5"), ({"weights": "max"}, "'max'")])
def test_stepper_says_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        message_stepper(**arguments)


def test_club_is_drawn_once_for_each_tie_and_member():
    A, labels, _ = data.load_karate()
    ax = plots.club(A, np.where(np.arange(34) < 2, np.nan, labels), (0, 33), [8, 2]).axes[0]
    ties, *members, rings = ax.collections
    assert len(ties.get_segments()) == 78 and len(ax.texts) == 34 and len(rings.get_offsets()) == 2
    assert sum(len(group.get_offsets()) for group in members) == 34
    places = plots.spring_layout(A)
    np.testing.assert_allclose(rings.get_offsets(), places[[8, 2]])
    assert plots.shade(np.nan).tolist() == [1, 1, 1]
    assert plots.shade(0.02)[2] > plots.shade(0.02)[0] and plots.shade(0.98)[0] > plots.shade(0.98)[2]  # blue, orange


def test_layout():
    A = data.load_karate().adjacency
    places = plots.spring_layout(A)
    assert places.shape == (34, 2) and places.min() == 0 and places.max() == 1
    assert (places == plots.spring_layout(A)).all()
    distance = np.linalg.norm(places[:, None] - places, axis=2)
    assert distance[A > 0].mean() < 0.7 * distance[A == 0].mean()  # friends stand closer
    assert distance[~np.eye(34, dtype=bool)].min() > 0.03  # nobody on top of another
    with pytest.raises(ValueError, match="symmetric"):
        plots.spring_layout(np.array([[0, 1], [0, 0]]))


def test_other_figures_show_their_numbers():
    texts = [t.get_text() for t in plots.small_graph(TINY, -H, H / 2, chosen=2).axes[0].texts]
    assert "−6" in texts and "node 4" in texts and "→ 1.5" in texts
    above, below = plots.smoothing(np.array([[1.0, 2], [3, 4]]), np.array([1, 4])).axes
    assert above.lines[1].get_ydata().tolist() == [2, 4] and below.lines[1].get_ydata().tolist() == [1, 2]
    lines = plots.growth({"sum": [1, 18], "mean": [1, 1], "symmetric": [1, 2]}).axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [[1, 18], [1, 1], [1, 2]]
    plt.close("all")


@pytest.fixture(scope="module")
def chapter():
    return checks("11_graph_networks")


def test_exercise_1(chapter, capsys):
    right = 2 + 3 / np.sqrt(12) + 3 / np.sqrt(6)
    for answer, message in ((right, "right"), (4.09, "right"), (4, "mean"), (12, "sum"), (right - 2, "hears itself"),
                            (3 + 3 / np.sqrt(6) + 3 / np.sqrt(2), "count the self loop"), (1.4167, "root is missing"),
                            (1.5 + 6 / np.sqrt(6), "That is node 4"), (0.75 + 9 / np.sqrt(12), "That is node 2"),
                            (12 / np.sqrt(3), "two roots"), (2.866, "of node 4 is missing"),
                            (3.2247, "of node 2 is missing"), (4.25, "dⱼ alone"),
                            (6 / np.sqrt(3) + 1.5 + 3 / np.sqrt(2), "two roots"),
                            (..., "not answered")):
        assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    def looped(A):
        return A + np.eye(len(A))

    def degree(A):
        return A.sum(axis=1)

    def both(A, d):
        return A / np.sqrt(np.outer(d, d))

    for answer, message in (
            (normalize_adjacency, "right"), (lambda A: both(A, degree(A)), "self loops are missing"),
            (lambda A: both(looped(A), degree(A)), "must count the self loops"),
            (lambda A: both(A, degree(looped(A))), "matrix lacks them"),
            (lambda A: looped(A) / degree(looped(A))[:, None], "rows of the mean"),
            (lambda A: looped(A) / degree(looped(A)), "divided the columns"),
            (lambda A: looped(A) / np.outer(degree(looped(A)), degree(looped(A))), "root is missing"),
            (lambda A: looped(A) * np.sqrt(np.outer(degree(looped(A)), degree(looped(A)))), "multiplies"),
            (lambda A: looped(A) * np.outer(degree(looped(A)), degree(looped(A))), "needs the power"),
            (lambda A: looped(A) / np.sqrt(degree(looped(A))), "the rows not yet"),
            (lambda A: looped(A) / np.sqrt(degree(looped(A)))[:, None], "the columns not yet"),
            (lambda A: both(A + 1, degree(A + 1)), "ties everybody"),
            (lambda A: both(A, degree(A)) + np.eye(len(A)), "come first"),
            (looped, "Nothing is divided"), (lambda A: ..., "not answered")):
        assert message in said(capsys, chapter["check_2"], answer), message


def test_exercise_3(chapter, capsys):
    for answer, message in (
            (lambda delta, A_hat, W: A_hat.T @ delta @ W, "right"),
            (lambda delta, A_hat, W: A_hat @ delta @ W, "Back along the ties"),
            (lambda delta, A_hat, W: A_hat.T @ delta @ W.T, "W is transposed"),
            (lambda delta, A_hat, W: A_hat @ delta @ W.T, "Both are transposed"),
            (lambda delta, A_hat, W: delta @ W, "graph is missing"),
            (lambda delta, A_hat, W: A_hat.T @ delta, "weights W are missing"),
            (lambda delta, A_hat, W: ..., "not answered")):
        assert message in said(capsys, chapter["check_3"], answer), message


def layers(A, loops=1, extra=0, rows=slice(None)):
    M = step = A + loops * np.eye(len(A))
    k = 1
    while (M[rows] == 0).any() and k < 60:
        M, k = M @ step, k + 1
    return k + extra


def test_exercise_4(chapter, capsys):
    for options, message in (({}, "right"), ({"loops": 0}, "self loops are missing"), ({"extra": 1}, "One too many"),
                             ({"extra": -1}, "One too few"), ({"rows": 0}, "for one node")):
        assert message in said(capsys, chapter["check_4"], lambda A, options=options: layers(A, **options)), message
    for answer, message in ((lambda A: min(layers(A, rows=k) for k in range(len(A))), "wait for the last"),
                            (lambda A: len(A) - 1, "for any graph"), (lambda A: ..., "not answered"),
                            (lambda A: float(max(layers(A, rows=k) for k in range(len(A)))), "right")):
        assert message in said(capsys, chapter["check_4"], answer), message


def test_exercise_5(chapter, capsys):
    def limit(A, h, loops=1, power=0.5, scale=2):
        u = (A.sum(axis=1) + loops) ** power
        return u * (u @ h) / np.linalg.norm(u) ** scale

    for options, message in (({}, "right"), ({"loops": 0}, "count the self loops"), ({"power": 1}, "not d"),
                             ({"scale": 0}, "Divide by u"), ({"scale": 1}, "stands there twice")):
        assert message in said(capsys, chapter["check_5"], lambda A, h, o=options: limit(A, h, **o)), message
    def part(A, h):
        u = np.sqrt(A.sum(axis=1) + 1)
        return u @ h / (u @ u)

    for answer, message in ((lambda A, h: np.full(len(h), (A.sum(axis=1) + 1) @ h / (A.sum() + len(A))),
                             "the mean ends"),
                            (lambda A, h: (A.sum(axis=1) + 1) * h / (A.sum() + len(A)), "products, u @ h"),
                            (lambda A, h: limit(A, h, scale=0) / (A.sum(axis=1) + 1), "products, u @ u"),
                            (part, "times u is missing"), (lambda A, h: np.sqrt(A.sum(axis=1) + 1), "u alone;"),
                            (lambda A, h: np.sqrt((A.sum(axis=1) + 1) / (A.sum() + len(A))), "u alone, shortened")):
        assert message in said(capsys, chapter["check_5"], answer), message
    assert "all end at the mean" in said(capsys, chapter["check_5"], lambda A, h: np.full(len(h), h.mean()))


def test_what_gathering_can_and_cannot_make_grow():
    """Means stay within the range of the numbers; with the symmetric weights the length cannot grow, an entry can."""
    A, _, _ = data.load_karate()
    looped = A + np.eye(34)
    mean, hat = looped / looped.sum(axis=1, keepdims=True), normalize_adjacency(A)
    rng = np.random.default_rng(0)
    for h in (np.ones(34), rng.normal(size=34), rng.uniform(5, 9, size=34)):
        for matrix in (mean, hat):
            after = matrix @ h
            if matrix is mean:
                assert h.min() - 1e-12 <= after.min() and after.max() <= h.max() + 1e-12
            else:
                assert np.linalg.norm(after) <= np.linalg.norm(h) + 1e-12
    assert (hat @ np.ones(34)).max() > 1.5  # an entry can grow


@pytest.fixture(scope="module")
def cells():
    return checks("11_graph_networks", "A, labels", "tiny =", "I = np.eye(34)", "by_hand = 3", "def network",
                  "def train", "def propagate", "def given", "def community", "def four_ways", "def many_graphs",
                  "class ReadOut", "def learn", "def errors", "def attention")


def test_features_and_graph_together_beat_each_alone(cells):
    clubs = np.array([cells["four_ways"](seed) for seed in (20, 21, 22)])  # not among the chapter's
    propagation, told, mlp, both = clubs.mean(axis=0)
    assert both > max(propagation, told, mlp) and (clubs[:, 3] > clubs[:, [0, 2]].max(axis=1)).all()
    assert 0.5 < mlp < told < 0.9


def test_balanced_propagation_is_not_thrown_by_a_badly_placed_label(cells):
    labels, shares = cells["labels"], []
    for seed in range(30, 50):
        pair = cells["given"](np.random.default_rng(seed), labels, 1)
        assert pair.sum() == 2 and set(labels[pair]) == {0, 1}
        p = cells["propagate"](cells["A"], labels, pair)
        np.testing.assert_array_equal(p[pair], labels[pair])
        shares.append([(said == labels)[~pair].mean() for said in (p > 0.5, cells["balanced"](p))])
    plain, balanced = np.mean(shares, axis=0)
    assert plain < 0.8 and balanced > 0.85

    def right(*pair):
        return ((cells["propagate"](cells["A"], labels, np.isin(np.arange(34), pair)) > 0.5) == labels).mean()

    assert plain < right(0, 33) < right(4, 26) == 1  # the leaders are well placed, and not "the best one could have"


def test_a_sum_counts_and_a_mean_shares(cells):
    A, members = cells["many_graphs"](np.random.default_rng(0), 4, 10)
    assert (A == A.T).all() and (members.sum(axis=0) == 1).all() and not A[~(members.T @ members)].any()
    np.testing.assert_allclose(cells["pool"](members, "mean").sum(axis=1), 1)
    off = {(how, asked): cells["errors"](how, asked, 9) for how in ("sum", "mean") for asked in ("sum", "mean")}
    assert off["sum", "sum"][0] < off["mean", "sum"][0] and off["mean", "mean"][0] < off["sum", "mean"][0]
    assert 3 * off["sum", "sum"][1] < off["mean", "sum"][1] and 5 * off["mean", "mean"][1] < off["sum", "mean"][1]


def test_attention_weighs_by_what_is_heard(cells):
    for a, order in (((0, 0), None), ((0, 1), [3, 0, 2, 1]), ((0, -1), [1, 2, 0, 3])):
        heard, weights = cells["attention"](2, a)  # itself, 3; then 1, 2 and 6
        assert heard == [2, 0, 1, 3] and weights.sum() == pytest.approx(1)
        assert np.allclose(weights, 0.25) if order is None else np.argsort(-weights).tolist() == order
