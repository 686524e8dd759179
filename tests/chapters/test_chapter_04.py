"""What chapter 4 stands on: the stored experiment, the pieces, the playground's points and start weights."""

import importlib.util
import inspect
import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from nnbook import data
from nnbook.data.recorded import load_equal_size
from nnbook.data.views_experiment import load_views_experiment
from nnbook.exercises import quiz
from nnbook.plots import multilayer_perceptron as plots
from nnbook.widgets import pieces as pieces_widget
from nnbook.widgets import playground as playground_widget
from nnbook.widgets.pieces.pieces import TARGETS, distance, parameters, total
from nnbook.widgets.playground.playground import dataset, inputs, mlp, optimizer_for, start_weights, train, weights_of
from nnlib import BCEWithLogitsLoss, Linear
from tests.support.chapters import printed, prose
from tests.support.exercises import checks, said

NAME = "04_multilayer_perceptron"
ROOT = Path(__file__).parents[2]
START = inspect.signature(playground_widget).parameters["seed"].default


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("views_experiment", ROOT / "tools/views_experiment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_stored_experiment_is_complete(script):
    origin, rows = load_views_experiment()
    assert re.search(r"tools/views_experiment.py, \d{4}-\d\d-\d\d, default_rng\(0…9\)", origin)
    assert (ROOT / "nnbook/data/trained/views_experiment.csv").stat().st_size < 50_000
    for protocol, series in itertools.product(("choose", "report"), ("cleaned", "raw")):
        here = rows[(rows["protocol"] == protocol) & (rows["series"] == series)]
        networks = script.LECTURE + (script.EQUAL_SIZE if series == "cleaned" else [])
        for hidden in networks:
            seeds = here["seed"][here["hidden"] == "-".join(map(str, hidden))]
            assert seeds.tolist() == list(script.SEEDS)
        assert len(here) == 10 * len(networks) + 1  # and the linear model
    assert (rows["train"] > 0.1).all() and (rows["held_out"] < 1.2).all()


def test_no_legend_lies_on_the_errors_of_the_networks():
    _, rows = load_views_experiment()
    cleaned = rows[rows["series"] == "cleaned"]
    tables = {protocol: cleaned[cleaned["protocol"] == protocol] for protocol in ("choose", "report")}
    depths = ["100", "100-100", "100-100-100", "100-100-100-100"]
    titles, linear = dict.fromkeys(tables, ("2017–2020", "2021")), dict.fromkeys(tables, (0.7, 0.5))
    fig = plots.experiment(tables, depths, titles, linear)
    fig.canvas.draw()
    for ax in fig.axes:
        box = ax.get_legend().get_window_extent()
        data = np.concatenate([line.get_xydata() for line in ax.lines if len(line.get_xydata())])
        assert not any(box.contains(*place) for place in ax.transData.transform(data))


def test_script_repeats_a_stored_row(script):
    _, rows = load_views_experiment()
    for hidden, seed in (((10,), 3), ((), 0)):
        *_, train, held_out = script.run(("report", "cleaned", hidden, seed)).split(",")
        stored = rows[(rows["protocol"] == "report") & (rows["series"] == "cleaned") & (rows["seed"] == seed)
                      & (rows["hidden"] == ("10" if hidden else "linear"))][0]
        assert (float(train), float(held_out)) == pytest.approx((stored["train"], stored["held_out"]), abs=2e-3)


def test_script_never_trains_on_held_out_days(script):
    dates, views = data.load_views()
    for protocol, year in (("choose", 2020), ("report", 2021)):
        (_, y_known), (_, y_held_out) = script.split(protocol, cleaned=False)
        years = dates.astype("datetime64[Y]").astype(int) + 1970
        assert y_known.ravel().tolist() == views[(years < year)][script.N_DAYS:].tolist()
        assert y_held_out.ravel().tolist() == views[years == year].tolist()


def test_the_table_of_the_lecture_shows_both_series_and_the_text_follows_it():
    rows, table = load_views_experiment()[1], printed(NAME, "lecture = {")
    means = {}
    sizes = "10", "100", "1000", "100-100", "100-100-100", "100-100-100-100"
    for series, size in itertools.product(("cleaned", "raw"), sizes):
        here = rows[(rows["protocol"] == "report") & (rows["series"] == series) & (rows["hidden"] == size)]
        means[series, size] = here["held_out"].mean()
        assert f"{here['held_out'].mean():.2f} ± {here['held_out'].std():.2f}" in table
    raw = {size: mean for (series, size), mean in means.items() if series == "raw"}
    assert sorted(raw, key=raw.get)[-2:] == ["1000", "100-100"] and min(raw, key=raw.get) == "100-100-100-100"
    assert "worst at 1000 units and at two layers, and *best at four*" in prose(NAME)
    assert "with every neuron" not in prose(NAME) and "always fit" not in prose(NAME)


def test_fewer_readers_in_2021_than_in_any_year_before():
    dates, views = data.load_views(despike=True)
    year = dates.astype("datetime64[Y]").astype(int) + 1970
    means = [views[year == y].mean() for y in range(2017, 2022)]
    assert min(means) == means[-1]
    table = printed(NAME, "lecture = {")
    assert all(f"{y}: {mean:.2f}" in table for y, mean in zip(range(2017, 2022), means, strict=True))


def test_ripples_are_a_small_part_of_a_piece():
    knots, x = np.arange(17) / 16, np.linspace(0.4, 0.6, 2001)
    ripple = 16 * np.abs(total("soft", knots, knots, x) - x).max()
    assert f"{100 * ripple:.1f} % of its height" in prose(NAME) and f"{ripple:.1%}" in printed(NAME, "fine, numbers")


def test_the_race_at_equal_size_is_fair_and_can_be_repeated():
    spec = importlib.util.spec_from_file_location("equal_size", ROOT / "tools/equal_size.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    origin, tasks = load_equal_size()
    assert origin.startswith("tools/equal_size.py, ")
    for task, networks in script.NETWORKS.items():
        assert list(tasks[task]) == ["-".join(map(str, hidden)) for hidden in networks]
        assert all(rate in script.RATES[task] for rate, _ in tasks[task].values())
        assert all(len(results) == len(script.SEEDS) for _, results in tasks[task].values())
    rate, results = tasks["views"]["100"]
    assert script.run(("views", (100,), rate, 3)) == pytest.approx(tuple(results[3]), abs=2e-3)
    reported = {hidden: results[:, 1:].mean(axis=0) for hidden, (_, results) in tasks["views"].items()}
    assert all((reported["100"] < other).all() for hidden, other in reported.items() if hidden != "100")
    spirals = {hidden: results[:, 2] for hidden, (_, results) in tasks["spirals"].items()}
    wide, two, three = (results.mean() for results in spirals.values())
    assert abs(wide - two) < 0.005 < wide - three
    assert spirals["11-12-11"].std() > 3 * spirals["84"].std()


def test_units_that_start_alike_stay_alike():
    model = mlp([4], "tanh")
    for _, array, _ in model.parameters():
        array[...] = 0
    train(model, dataset("circles", 0.05, 1), optimizer_for(model, "adam", 0.03), 50)
    W, b = weights_of(model)[0]
    assert np.ptp(W, axis=0).max() == 0 == np.ptp(b) and "From zeros all units" in prose(NAME)


def test_equal_size_is_equal_to_half_a_percent(script):
    sizes = [sum(n * m + m for n, m in itertools.pairwise([56, *hidden, 1])) for hidden in [(100,), *script.EQUAL_SIZE]]
    assert max(abs(size - sizes[0]) for size in sizes) <= 0.005 * sizes[0]


@pytest.mark.parametrize("kind", ["hard", "relu"])
@pytest.mark.parametrize("seed", range(5))
def test_pieces_go_through_their_knots_and_straight_between(kind, seed):
    rng = np.random.default_rng(seed)
    x, y = np.sort(rng.uniform(0, 1, 7)), rng.normal(size=7)
    np.testing.assert_allclose(total(kind, x, y, x), y, atol=1e-9)
    points = rng.uniform(x[0], x[-1], 50)
    np.testing.assert_allclose(total(kind, x, y, points), np.interp(points, x, y), atol=1e-9)


def test_orders_of_the_error():
    def order(target, kind, n):
        return np.log2(distance(target, kind, n) / distance(target, kind, 2 * n))

    assert order("wave", "hard", 16) == pytest.approx(2, abs=0.05)
    assert order("hill", "relu", 16) == pytest.approx(2, abs=0.05)
    assert order("wave", "soft", 64) == pytest.approx(1, abs=0.1)


def test_pieces_errors():
    with pytest.raises(ValueError, match="kind"):
        parameters("smooth", [0, 1], [0, 1])
    for x, y in (([0], [1]), ([0, 0], [1, 2]), ([1, 0], [1, 2]), ([0, 1], [1])):
        with pytest.raises(ValueError, match="knots"):
            parameters("hard", x, y)
    for wrong in ({"target": "line"}, {"kind": "step"}, {"n": 0}, {"n": 33}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            pieces_widget(**wrong)
    assert set(TARGETS) == {"wave", "hill", "kink", "jump"}


def test_datasets():
    for name in ("xor", "circles", "spirals"):
        x, y = dataset(name, noise=0.1, seed=5, n=40)
        assert x.shape == (40, 2) and y.shape == (40, 1) and y.sum() == 20
        np.testing.assert_array_equal(x, dataset(name, noise=0.1, seed=5, n=40)[0])
        assert np.abs(x - dataset(name, noise=0.1, seed=6, n=40)[0]).max() > 0.1
    x, y = dataset("xor", noise=0)
    np.testing.assert_array_equal((x[:, 0] * x[:, 1] < 0), y[:, 0] == 1)
    x, y = dataset("circles", noise=0)
    np.testing.assert_array_equal(np.hypot(*x.T) < 0.6, y[:, 0] == 1)
    x, y = dataset("spirals", noise=0)
    turn = np.arctan2(x[:, 1], x[:, 0]) - 3 * np.pi * (np.hypot(*x.T) - 0.1) / 0.9
    np.testing.assert_allclose(np.cos(turn), 1 - 2 * y[:, 0], atol=1e-9)
    with pytest.raises(ValueError, match="moons"):
        dataset("moons")


def test_start_weights():
    model = start_weights(mlp([5, 3], "tanh"), seed=4)
    for (W, b), n_in in zip(weights_of(model), (2, 5, 3), strict=True):
        values = np.append(np.ravel(W), b)
        assert np.abs(values).max() <= n_in**-0.5 and np.abs(values).max() > 0.5 * n_in**-0.5
        assert len(np.unique(values)) == values.size
    assert isinstance(mlp([], "tanh")[0], Linear) and len(mlp([4, 4], "none")) == 3
    with pytest.raises(ValueError, match="activation"):
        mlp([2], "sine")


@pytest.mark.parametrize(("wrong", "message"), [
    ({"dataset": "moons"}, "dataset"), ({"activation": "sine"}, "activation"), ({"optimizer": "rmsprop"}, "optimizer"),
    ({"penalty": "l3"}, "penalty"), ({"hidden": [9]}, "hidden"), ({"hidden": [1] * 5}, "hidden"), ({"lr": 0}, "lr"),
    ({"points": [(0, 0, 2)]}, "points"), ({"noise": 1}, "noise"), ({"steps": -1}, "steps"), ({"seed": -1}, "seed")])
def test_playground_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        playground_widget(**wrong)


def tried(name, hidden, seed, steps=500, optimizer="adam", lr=0.03, noise=0.05, penalty="none", points=None):
    """(share right, loss) on the training points, the same on the test points, losses on the way."""
    known = points or dataset(name, noise, 1)
    model = start_weights(mlp(hidden, "tanh"), seed)
    losses = train(model, known, optimizer_for(model, optimizer, lr), steps, penalty, 0.01)
    parts = [known, dataset(name, noise, 2)] if points is None else [known]
    return [(np.mean((model(x) > 0) == (y > 0)), BCEWithLogitsLoss()(model(x), y)) for x, y in parts], losses


def test_what_we_saw_in_the_playground():
    """The figures of the chapter's list "What we saw", measured again."""
    right = {units: [tried("xor", [units], seed)[0][0][0] for seed in range(1, 7)] for units in (1, 2, 3, 4)}
    assert np.median(right[1]) == pytest.approx(0.70, abs=0.02) and np.median(right[2]) == pytest.approx(0.91, abs=0.02)
    assert np.median(right[3]) == pytest.approx(0.98, abs=0.01)
    assert sorted(right[4])[1] < 0.76 and sorted(right[4])[2] > 0.98
    circles = {units: [tried("circles", [units], seed)[0][0][0] for seed in (1, 2)] for units in (2, 3)}
    assert max(circles[2]) < 0.87 and min(circles[3]) >= 0.98
    spirals = {seed: tried("spirals", [8, 8], seed, steps=1000, lr=0.01)[0] for seed in (1, 2, 4, START)}
    (known, test) = spirals.pop(1)
    assert known[0] == pytest.approx(0.9, abs=0.01) and test[0] == pytest.approx(0.815, abs=0.01)
    assert all(known[0] == 1 and 0.945 < test[0] < 0.965 for known, test in spirals.values())
    assert "From no. 1 training got stuck: 90 %, and 82 %" in prose(NAME)


def test_chosen_inputs_do_the_work_of_a_hidden_layer():
    for name, features in (("xor", "x1x2"), ("circles", "x1x1 x2x2")):
        for seed in (1, 2, 3):
            (x, y), model = dataset(name, 0.05, 1), start_weights(mlp([], "tanh", len(features.split())), seed)
            train(model, (inputs(x, features), y), optimizer_for(model, "adam", 0.03), 500)
            assert ((model(inputs(x, features)) > 0) == (y > 0)).all(), (name, seed)
    assert "8: All points right, from every start" in prose(NAME)


def test_what_we_saw_of_learning_rate_and_penalty():
    slow, fast = (tried("xor", [4, 2], START, steps=300, optimizer="sgd", lr=lr)[1] for lr in (0.3, 3))
    assert min(slow[:120]) > 0.68 and slow[-1] < 0.45
    assert fast[100] < 0.05 and np.sum(np.diff(fast) > 0) > 5 and np.sum(np.diff(slow) > 0) == 0
    (known, test), _ = tried("xor", [8, 8], 2, steps=2000, noise=0.3)  # the text asks for start weights no. 2
    assert (known[1], test[1]) == pytest.approx((0.04, 2.8), abs=0.1) and test[0] == pytest.approx(0.81, abs=0.01)
    (known, test), _ = tried("xor", [8, 8], 2, steps=2000, noise=0.3, penalty="l2")
    assert (known[1], test[1]) == pytest.approx((0.28, 0.34), abs=0.01) and test[0] == pytest.approx(0.81, abs=0.01)


def test_what_we_saw_of_a_ring():
    angle = np.arange(8) * np.pi / 4
    points = np.append(0.7 * np.stack([np.cos(angle), np.sin(angle)], 1), [[0, 0]], axis=0), np.eye(9)[:, 8:]
    solved = {units: sum(tried("own", [units], seed, 1000, points=points)[0][0][0] == 1 for seed in range(1, 6))
              for units in (1, 2, 3)}
    assert solved == {1: 0, 2: 1, 3: 3}  # "none, one of five, three of five"


def test_the_start_shows_the_point():
    """The page opens with clouds moved apart: class 1 in one corner of the hidden plane, class 0 in two others."""
    (x, y), parameters = dataset("xor", 0.05, 1), inspect.signature(playground_widget).parameters
    model = start_weights(mlp([4, 2], "tanh"), START)
    train(model, (x, y), optimizer_for(model, "adam", 0.03), parameters["steps"].default)
    assert np.mean((model(x) > 0) == (y > 0)) >= 0.99
    hidden = x
    for layer in model.layers[:-1]:
        hidden = layer(hidden)
    label = y[:, 0] == 1
    corners = {kind: np.unique(np.sign(hidden[chosen]), axis=0, return_counts=True)[1]
               for kind, chosen in (("one", label), ("two", ~label))}
    assert corners["one"].max() > 85 and sorted(corners["two"])[-2] > 30


@pytest.fixture(scope="module")
def chapter():
    return checks("04_multilayer_perceptron", "rng = np.random.default_rng(0)\ncentres", "def step", "origin, rows",
                  "def errors_of", "rng = np.random.default_rng(8)", "W_lines")


def test_exercise_1(chapter, capsys):
    for answer, message in ((36_101, "right"), (..., "not answered"), (35_700, "biases are missing"),
                            (46_201, "three maps"), (26_001, "three hidden"), (36_100, "output's bias"),
                            (36_000, "output layer"), (22_901, "Only the first layer hears")):
        assert message in said(capsys, chapter["check_1"], answer)


def test_exercise_2(chapter, capsys):
    W1, b1, W2, b2 = (chapter[name] for name in ("W1", "b1", "W2", "b2"))
    for W, b, first, second in ((W2 @ W1, W2 @ b1 + b2, "right", "right"), (..., ..., "not answered", "not answered"),
                                ((W2 @ W1).T, W2 @ b1, "transposed", "b₂ is missing"), (W1, b2, "shape", "b₁ goes")):
        one, two = said(capsys, chapter["check_2"], W, b, W1, b1, W2, b2).splitlines()
        assert first in one and second in two


def test_exercise_3(chapter, capsys):
    for answer, message in (([1, -2, 1], "right"), ([1, -1, 0], "level"), ([1, -2, 0], "below 0"),
                            ([1, -1, 1], "slopes"), ([1, -2, 2], "−1 to 0"), ([0, 1, 0], "heights"),
                            ([-1, 2, -1], "sign")):
        assert message in said(capsys, chapter["check_3"], answer)


def test_exercise_4(chapter, capsys):
    tests, step = chapter["tests"], chapter["step"]

    def answers(b_out, lines=((1, 0), (0, 1), (-1, -1)), b=(0, 0, 1), out=(1, 1, 1)):
        return step(step(tests @ np.transpose(lines) + b) @ np.array(out) + b_out)

    W, b = [[1, 0], [0, 1], [-1, -1]], [0, 0, 1]
    for bias, told in (([0, 0, -1], "Line 3"), ([0.5, 0, 1], "Line 1"), ([0, -3, 1], "Line 2")):
        text = said(capsys, chapter["check_4"], answers(-2.5, b=bias), tests, W, bias)
        assert told in text and "its bias" in text and "threshold" not in text
    for answer, message in ((answers(-2.5), "right"), (None, "not answered"), (answers(-0.5), "any one line"),
                            (answers(2.5, out=(-1, -1, -1)), "exchanged"), (answers(-3.5), "never says 1"),
                            (answers(-1.5), "two lines"),
                            (answers(-2.5, ((1, 0), (0, 1), (1, 1)), (0, 0, -1)), "third line")):
        assert message in said(capsys, chapter["check_4"], answer, tests, W, b)
    assert "not answered" in said(capsys, chapter["check_4"], None, tests, ..., ...)


def test_exercise_5(chapter, capsys):
    sigmoid = chapter["sigmoid"]

    def whole(hidden, last=lambda x, W, b: x @ W.T + b):
        def forward(x, layers):
            for W, b in layers[:-1]:
                x = hidden(x, W, b)
            return last(x, *layers[-1])
        return forward

    def inner(x, W, b):
        return sigmoid(x @ W.T + b)

    for answer, message in ((whole(inner), "right"), (whole(inner, inner), "stay linear"),
                            (whole(lambda x, W, b: x @ W.T + b), "no sigmoid"),
                            (lambda x, layers: x @ layers[0][0], "raises"),
                            (whole(lambda x, W, b: sigmoid(x @ W.T), lambda x, W, b: x @ W.T), "The biases are"),
                            (whole(lambda x, W, b: sigmoid(x @ W.T)), "biases of the hidden"),
                            (whole(lambda x, W, b: sigmoid(x @ W.T) + b), "inside the sigmoid"),
                            (whole(lambda x, W, b: np.maximum(x @ W.T + b, 0)), "not ReLUs"),
                            (whole(inner, lambda x, W, b: x), "last layer is missing")):
        assert message in said(capsys, chapter["check_5"], answer)


def test_exercise_6(chapter, capsys):
    names = np.unique(chapter["rows"]["hidden"])
    error = {year: {str(name): chapter["errors_of"](name, protocol)[:, 1].mean() for name in names}
             for year, protocol in ((2020, "choose"), (2021, "report"))}
    honest, lucky = (min(error[year], key=error[year].get) for year in (2020, 2021))
    least = error[2021][lucky]
    for chosen, price, first, second in ((honest, error[2021][honest] - least, "right", "right"),
                                         (lucky, error[2020][honest] - least, "test year choose", "those of 2021")):
        one, two = said(capsys, chapter["check_6"], chosen, price).splitlines()
        assert first in one and second in two
    assert "right" in said(capsys, chapter["check_6"], honest, 0.017).splitlines()[1]  # as the solution prints it


@pytest.mark.parametrize(("name", "answer", "message"), [
    ("4.regions", "55", "before the first line"), ("4.regions", "46", "ten is missing"),
    ("4.regions", "45", "crossings"),
    ("4.composed", "w1 w2 x + b2", "$b_1$ is missing"), ("4.composed", "w2(w1 x + b1)", "$b_2$ is missing"),
    ("4.composed", "w1 w2 x + b1 b2", "Biases are added"), ("4.regions", "57", "started with 2"),
    ("4.theta", "57", "one unit"), ("4.theta", "5757", "fed by them"), ("4.theta", "5857", "56 days"),
    ("4.theta", "5858", "second bias"), ("4.theta", "5701", "biases of the 100 units"),
    ("4.composed", "o = w2*(w1*x + b1) + b2", "Right"), ("4.composed", "W1*W2*x + W2*B1 + B2", "Right"),
    ("4.composed", "O = W1 X + b1 + b2", "another formula"), ("4.composed", "W1*W2*X", "biases are missing")])
def test_what_the_questions_say(name, answer, message):
    assert message in quiz(name).grade(answer)[1]


def test_ten_lines_are_drawn_with_as_many_parts_as_the_question_asks_for():
    from nnbook.exercises import questions

    shown = printed("04_multilayer_perceptron", "angles =")
    assert int(shown.split(":")[1]) == questions.chapter(4)["regions"]["answer"]


def test_the_slides_other_index_gives_another_number():
    *same, other = re.findall(r"-?\d+\.\d+", printed("04_multilayer_perceptron", "rng = np.random.default_rng(2)"))
    assert same[0] == same[1] != other
