"""The widgets of chapter 1: their arithmetic against nnlib, and what they say about bad input."""

import numpy as np
import pytest

from nnbook import data
from nnbook.exercises import quiz
from nnbook.widgets.core import pictures
from nnbook.widgets.line_by_hand.line_by_hand import line_by_hand
from nnbook.widgets.outlier.outlier import outlier
from nnlib import metrics
from tests.support.chapters import cell, cells, printed, prose, run
from tests.support.engine import Engine
from tests.support.exercises import checks, said


@pytest.fixture(autouse=True)
def static(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")


@pytest.fixture(scope="module")
def engine():
    return Engine("line_by_hand")


@pytest.fixture(scope="module")
def views():
    return data.views_split(1)[0]


@pytest.mark.parametrize(("w", "b"), [(0.2, 4.0), (0.0, 0.0), (-0.5, 12.0), (1.9, -6.0), (0.7244895, 2.4636041)])
def test_loss_of_the_line_in_the_page_is_that_of_nnlib(engine, views, w, b):
    x, y = views
    state = line_by_hand(x, y).state
    got = engine.run("nn.line_by_hand.meanSquaredError(means, w, b)", means=state["means"], w=w, b=b)
    assert got == pytest.approx(metrics.mse(w * x + b, y), rel=1e-9)


def test_the_lowest_point_is_that_of_least_squares(views):
    x, y = views
    slope, intercept = np.polyfit(x.ravel(), y.ravel(), 1)
    assert line_by_hand(x, y).state["best"] == pytest.approx([slope, intercept], rel=1e-9)


@pytest.mark.parametrize("extra", [0.05, 2.0, 300.0])
def test_ellipses_are_lines_of_equal_loss(engine, views, extra):
    x, y = views
    state = line_by_hand(x, y).state
    points = engine.run("nn.line_by_hand.ellipse(means, best, extra)", extra=extra,
                        means=state["means"], best=state["best"])
    least = metrics.mse(state["best"][0] * x + state["best"][1], y)
    losses = [metrics.mse(w * x + b, y) for w, b in points]
    np.testing.assert_allclose(losses, least + extra, rtol=1e-9)
    assert len({round(w, 6) for w, _ in points}) > 40  # an ellipse, not one point again and again


def test_outlier_hands_over_the_numbers_of_the_metrics():
    prediction, target = np.array([5.0, 7, 15, 11]), np.array([4.0, 8, 12, 16])
    state = outlier(prediction, target).state
    at = state["values"].index(31.0)
    moved = np.array([4.0, 8, 12, 31])
    assert [state["measures"][name][at] for name in ("MSE", "RMSE", "MAE", "R²")] == [
        metrics.mse(prediction, moved), metrics.rmse(prediction, moved), metrics.mae(prediction, moved),
        metrics.r2(prediction, moved)]
    assert state["measures"]["MSE"][at] == 102.75


@pytest.mark.parametrize(("x", "y", "message"), [
    (np.ones((3, 2)), np.ones((3, 2)), r"x and y of one shape .* got \(3, 2\)"),
    (np.arange(3.0), np.arange(4.0), r"got \(3,\) and \(4,\)"),
    (np.ones(5), np.arange(5.0), "two different values in x"),
    (np.array([0, np.nan]), np.arange(2.0), "x contains NaN or infinity"),
    (np.arange(2.0), np.array([0, np.inf]), "y contains NaN or infinity"),
])
def test_line_by_hand_says_what_is_wrong(x, y, message):
    with pytest.raises(ValueError, match=message):
        line_by_hand(x, y)


@pytest.mark.parametrize(("prediction", "target", "message"), [
    ([1.0], [1.0], r"N >= 2, got \(1,\)"),
    ([1.0, 2], [1.0, 2, 3], r"got \(2,\) and \(3,\)"),
    ([1.0, 2], [1.0, 2.3], "2.3, must be one of the values"),
])
def test_outlier_says_what_is_wrong(prediction, target, message):
    with pytest.raises(ValueError, match=message):
        outlier(prediction, target)


@pytest.fixture(scope="module")
def chapter():
    return checks("01_regression")


@pytest.mark.parametrize(("answer", "message"), [
    (lambda p, t: None, "not answered"), (lambda p, t: np.sqrt(np.mean((p - t) ** 2)), "right"),
    (lambda p, t: np.mean((p - t) ** 2), "root is missing"), (lambda p, t: np.mean(abs(p - t)), "This is the MAE"),
    (lambda p, t: np.sqrt(np.sum((p - t) ** 2)), "root of the sum"),
    (lambda p, t: np.mean((p - t) ** 2) ** 1 / 2, "`**1/2`"), (lambda p, t: abs(np.mean(p - t)), "cancel")])
def test_exercise_1(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_1"], answer)


def gradient(factor=2.0, with_x=True):
    def answer(w, b, x, y):
        error = w * x + b - y
        return factor * np.array([np.mean(error * (x if with_x else 1)), np.mean(error)])
    return answer


@pytest.mark.parametrize(("answer", "message"), [
    (gradient(), "right"), (gradient(with_x=False), "lacks the factor x"), (gradient(1), "factor 2"),
    (gradient(-2), "The sign"), (gradient(2 * 1460), "You summed"),
    (lambda *given: gradient()(*given)[::-1], "wrong order")])
def test_exercise_2(chapter, capsys, answer, message):
    assert message in said(capsys, chapter["check_2"], answer)


def test_exercises_3_and_4(chapter, capsys):
    x, y = data.views_split(7)[1]
    for answer, message in ((metrics.rmse(x[:, [6]], y), "right"), (metrics.rmse(x[:, [0]], y), "yesterday"),
                            (metrics.rmse(x[:, [5]], y), "six days"), (metrics.mae(x[:, [6]], y), "MAE"),
                            (metrics.mse(x[:, [6]], y), "MSE"), (..., "not answered")):
        assert message in said(capsys, chapter["check_3"], answer)
    for answer, message in ((7, "right"), (1, "MSELoss"), (6, "counted from 0")):
        assert message in said(capsys, chapter["check_4"], answer)


CHAPTER = "01_regression"


def linear_errors(n_days, weekday=False, first="2021-01-01", last="2022-01-01"):
    """Weights, RMSE and MAE in [first, last) of the linear model fitted to all days before."""
    dates, views = data.load_views()
    x, y = data.windows(views, n_days)
    if weekday:
        x = np.hstack([x, [[d.weekday() == k for k in range(1, 7)] for d in dates[n_days:].astype(object)]])
    x = np.hstack([x, np.ones((len(x), 1))])
    before, year = dates[n_days:] < np.datetime64(first), (dates[n_days:] >= np.datetime64(first)) & (
        dates[n_days:] < np.datetime64(last))
    theta = np.linalg.solve(x[before].T @ x[before], x[before].T @ y[before])
    error = (x[year] @ theta - y[year]).ravel()
    return theta[:, 0], np.sqrt(np.mean(error**2)), np.mean(np.abs(error))


def test_who_moves_on_the_go_board():
    """Black begins, so black moves when both have as many stones."""
    names = run(CHAPTER, "vowels = data.load_vowels()")
    assert (names["board"] == 1).sum() == (names["board"] == -1).sum() == 5
    assert names["board"][names["move"]] == 0 and "AlphaGo, black," in prose(CHAPTER)


def test_each_example_prints_the_shapes_of_x_and_y():
    table = printed(CHAPTER, "place = np.ravel_multi_index")
    for x, y in (((800,), (10,)), ((8, 8), (10,)), ((19, 19), (361,)), ((7,), (1,))):
        assert any(str(x) in line and str(y) in line for line in table.splitlines())


def test_our_errors_beside_the_lectures():
    """Larger in MAE with 1 and 7 days, smaller with 28 and 56: what the text says."""
    errors = {n: linear_errors(n)[2] for n in (1, 7, 28, 56)}
    assert errors[1] > 0.58 and errors[7] > 0.49 and errors[28] < 0.46 and errors[56] < 0.46
    assert f"({errors[28]:.3f} and {errors[56]:.3f} against 0.46)" in prose(CHAPTER)
    assert "errors are larger:" not in prose(CHAPTER)


def test_the_minus_before_yesterday_is_no_law():
    table = printed(CHAPTER, "is_day = ").splitlines()[1:]
    for row, (n_days, weekday) in zip(table, ((7, False), (14, False), (28, False), (7, True)), strict=True):
        theta, in_2021, _ = linear_errors(n_days, weekday)
        in_2020 = linear_errors(n_days, weekday, "2020-01-01", "2021-01-01")[1]
        assert row.split()[-2:] == [f"{in_2020:.3f}", f"{in_2021:.3f}"]
        assert row.split()[-3] == f"{theta[1]:.2f}"
        if (n_days, weekday) != (7, False):
            assert f"{theta[1]:+.2f}".replace("-", "−") in prose(CHAPTER)
    assert "rising curves go on rising" not in prose(CHAPTER)
    assert f"from {linear_errors(7)[1]:.3f} down to **{linear_errors(7, True)[1]:.3f}**" in prose(CHAPTER)


def test_busy_days_are_busy_with_three_classes_too():
    names = run(CHAPTER, "y4, p4 =", "busy, p = ")
    assert ((names["kind"] == 2) == (names["y4"] >= 10)).all() and (names["busy"] == (names["y4"] >= 10)).all()
    assert names["multi"] == pytest.approx(1.5 * np.log(2)) and names["binary"] == pytest.approx(np.log(8 / 3) / 2)


def test_why_scores_is_shown_where_it_is_said():
    assert "for reasons that chapter" not in prose(CHAPTER)
    assert "−800 800.0" in printed(CHAPTER, "score, scores = ")


def test_exchanging_truth_and_prediction_changes_r2_only():
    p, y = np.array([5.0, 7, 15, 11]), np.array([4.0, 8, 12, 16])
    assert f"R² {metrics.r2(p, y):.2f}, exchanged {metrics.r2(y, p):.2f}" in printed(CHAPTER, 'print("mean of |error|')
    assert metrics.r2(p, y) != metrics.r2(y, p) and metrics.mse(p, y) == metrics.mse(y, p)


@pytest.mark.parametrize(("noise", "measure"), [(lambda e: np.exp(-e**2 / 2), metrics.mse),
                                                (lambda e: np.exp(-abs(e)), metrics.mae)])
def test_the_most_probable_guess_has_the_least_loss(noise, measure):
    y = np.random.default_rng(0).normal(size=31)
    guesses = np.linspace(-1, 1, 401)
    likelihood = [np.sum(np.log(noise(y - g))) for g in guesses]
    losses = [measure(np.full(31, g), y) for g in guesses]
    assert guesses[np.argmax(likelihood)] == guesses[np.argmin(losses)]


def test_exercise_3_names_the_difference_that_becomes_a_table(chapter, capsys):
    (_, _), (x, y) = data.views_split(7)
    assert "every* day" in said(capsys, chapter["check_3"], np.sqrt(np.mean((x[:, 6] - y) ** 2)))


def test_exercise_5(chapter, capsys):
    dates, views = data.load_views()
    past, today = data.windows(views, 364)

    def errors(until, first, last, measure=metrics.rmse):
        found = []
        for columns in ([*range(28)], [*range(28), 363]):
            x = np.hstack([past[:, columns], np.ones((len(past), 1))])
            day = dates[364:]
            fit, year = day < np.datetime64(until), (day >= np.datetime64(first)) & (day < np.datetime64(last))
            theta = np.linalg.lstsq(x[fit], today[fit], rcond=None)[0]
            found.append(measure(x[year] @ theta, today[year]))
        return found

    in_2020 = "2020-01-01", "2020-01-01", "2021-01-01"
    in_2021 = "2021-01-01", "2022-01-01"
    for answer, message in ((errors(*in_2020), "right"), (errors(*in_2020)[::-1], "other way round"),
                            (errors("2020-01-01", *in_2021), "This is on 2021."),
                            (errors("2021-01-01", *in_2021), "after training on all days"),
                            (errors("2021-01-01", *in_2020[1:]), "trained on 2020, too"),
                            (errors("2020-01-01", "2010-01-01", "2020-01-01"), "training days"),
                            (errors(*in_2020, metrics.mae), "MAE"), (errors(*in_2020, metrics.mse), "MSE")):
        assert message in said(capsys, chapter["check_5"], answer)


@pytest.mark.parametrize(("name", "answer", "words"), [
    ("1.features", 1819, "number of examples"), ("1.outlier", 102.8, "Right. (1 + 1 + 9 + 400)/4"),
    ("3.new-weight", 0.9, "gradient"), ("3.new-weight", 0.09, "step"), ("3.new-bias", 0.6, "gradient"),
    ("3.new-bias", 0.06, "step"), ("3.second-forward", 0.405, "error"), ("3.second-forward", 1.34, "old w"),
    ("3.updates", 21.95, "Round up"), ("3.adam", 1, "forgot η"), ("3.adam", 0.0316, "without the correction"),
    ("3.adam", 0.00001, "divided η")])
def test_likely_answers_of_the_quizzes_are_named(name, answer, words):
    assert words in quiz(name).grade(str(answer))[1]


def test_the_outlier_of_classes():
    """At ½ the cross-entropy is the chapter's; all seven measures move."""
    state = outlier([5.0, 7, 15, 11], [4.0, 8, 12, 16], chances={"binary": [3 / 4, 1 / 2, 3 / 4]}).state
    at = list(state["chances"]).index(0.5)
    assert state["entropies"]["binary"][at] == pytest.approx(np.log(8 / 3) / 2)
    assert len(state["measures"]) == 5
    for values in (*state["measures"].values(), *state["entropies"].values()):
        assert len(set(values)) > 10


def test_chapters_1_to_3_mean_the_same_days():
    """Chapters 1 and 3 had disagreed about one line, because one of them had quietly taken out two days."""
    chapters = (CHAPTER, "02_classification", "03_gradient_descent")
    for chapter in chapters:
        assert not any("despike" in source for source, *_ in cells(chapter))
    assert [prose(chapter).count("(E11)") for chapter in chapters] == [1, 0, 0]


def test_the_answers_of_the_three_tasks_are_words_that_a_reader_can_read(drawn_and_closed):
    """It gets the word and the digit as the chapter's cell gives them; it showed a tuple, and pressed all flat."""
    from nnbook.plots import regression

    names = {"plots": regression, "sound": np.sin(np.arange(800)), "image": np.ones((8, 8)),
             "board": np.zeros((19, 19)), "move": (3, 3), "digit": np.int64(6)}
    exec(cell(CHAPTER, "plots.three_tasks")[0].replace("plots.three_tasks", "fig = plots.three_tasks"), names)
    answers = [text.get_text() for ax in names["fig"].axes for text in ax.texts]
    assert answers == ["hod", "6"]
    names["fig"].draw_without_rendering()
    assert names["fig"].axes[0].get_position().width > 0.25
    boards = [names["fig"].axes[k].get_position() for k in (6, 8)]
    margins = [[100 * m for m in (1 - box.y1, 1 - box.x1, box.y0, box.x0)] for box in boards]
    assert np.allclose(pictures.kept_parts(names["fig"]), margins, atol=0.1)  # black stones stay black in the dark
