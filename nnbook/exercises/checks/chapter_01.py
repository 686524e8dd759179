"""What the exercises of chapter 1 (regression) say to an answer."""

import numpy as np

from nnbook import data
from nnbook.exercises import check
from nnlib import metrics


def least_squares(x, y):
    with_ones = np.hstack([x, np.ones((len(x), 1))])
    theta = np.linalg.lstsq(with_ones, y, rcond=None)[0]
    return theta[:-1], theta[-1]


def check_1(answer):
    x, y = data.views_split(7)[0]
    W, b = least_squares(x, y)
    four_days = np.array([5.0, 7, 15, 11]), np.array([4.0, 8, 12, 16])
    check("1 RMSE", answer, metrics.rmse,
          inputs=[four_days, (x @ W + b, y)], mistakes={
        "This is the MSE: the root is missing.": metrics.mse,
        "This is the MAE: square the errors before you take the mean, and "
        "the root at the end.": metrics.mae,
        "`**1/2` is (… ** 1)/2: this is half the MSE. Write `** 0.5` or "
        "np.sqrt.": lambda p, t: metrics.mse(p, t) / 2,
        "You took the root of the sum. The mean divides by the number of "
        "examples first.": lambda p, t: np.sqrt(np.sum((p - t) ** 2)),
        "You took the mean of the errors themselves: plus and minus cancel. "
        "Square them first.": lambda p, t: abs(np.mean(p - t))})


def check_2(answer):
    def measured(w, b, x, y):  # the slope between two lines very close by
        def loss(w, b):
            return metrics.mse(w * x + b, y)

        h = 1e-5
        return np.array([loss(w + h, b) - loss(w - h, b),
                         loss(w, b + h) - loss(w, b - h)]) / (2 * h)

    x, y = data.views_split(1)[0]
    check("2 gradient", answer, measured, tolerance=1e-6,
          inputs=[(0.5, 1.0, x, y), (0.0, 0.0, x, y)], mistakes={
        "∂L/∂w lacks the factor x: the chain rule multiplies the error by x.":
            lambda w, b, x, y: 2 * np.mean(w * x + b - y) * np.ones(2),
        "The factor 2 of the square is missing.":
            lambda w, b, x, y: measured(w, b, x, y) / 2,
        "The sign: the error is prediction minus truth.":
            lambda w, b, x, y: -measured(w, b, x, y),
        "You summed; the mean divides by the number of examples.":
            lambda w, b, x, y: measured(w, b, x, y) * len(x),
        "Both are right, in the wrong order: ∂L/∂w comes first.":
            lambda w, b, x, y: measured(w, b, x, y)[::-1]})


def check_3(answer):
    (x7, y7), (x7_test, y7_test) = data.views_split(7)
    repeat = {day: x7_test[:, [day - 1]] for day in range(1, 8)}
    check("3 baseline", answer, metrics.rmse(repeat[7], y7_test), mistakes={
        "This repeats yesterday. The day a week ago stands in another "
        "column.": metrics.rmse(repeat[1], y7_test),
        "This repeats six days ago. Columns are counted from 0.":
            metrics.rmse(repeat[6], y7_test),
        "Each day was compared with *every* day: x7_test[:, 6] has the shape "
        "(365,), y7_test (365, 1), and their difference is a table. Use "
        "x7_test[:, [6]].": np.sqrt(np.mean((x7_test[:, 6] - y7_test) ** 2)),
        "This is the MAE.": metrics.mae(repeat[7], y7_test),
        "This is the MSE: take the root.": metrics.mse(repeat[7], y7_test),
        "This is for the training years.": metrics.rmse(x7[:, [6]], y7)})


def check_4(answer):
    check("4 largest weight", answer, 7, mistakes={
        "That is the answer for MSELoss. Which loss did you pass?": 1,
        "Columns are counted from 0, days from 1: add 1 to the index.": 6})


def check_5(answer):
    dates, views = data.load_views()
    past, today = data.windows(views, 364)

    def errors(measure=metrics.rmse, fit_to=0, judge_on=1, last=363):
        found = []
        for columns in (slice(28), [*range(28), last]):
            parts = data.split_by_date(
                past[:, columns], today, dates[364:], "2020-01-01",
                "2021-01-01")
            x, y = (np.concatenate([part[k] for part in parts[:fit_to + 1]])
                    for k in (0, 1))
            W, b = least_squares(x, y)
            year = parts[judge_on]
            found.append(measure(year[0] @ W + b, year[1]))
        return np.array(found)

    check("5 a year ago", answer, errors(), tolerance=1e-3, mistakes={
        "The other way round: first with 28 features, then with 29.":
            errors()[::-1],
        "This is on 2021. Choose on 2020 first.": errors(judge_on=2),
        "This is on 2021, after training on all days before. Choose on 2020 "
        "first.": errors(fit_to=1, judge_on=2),
        "The model was trained on 2020, too: its error there is no test.":
            errors(fit_to=1),
        "This is on the training days; take the second part.":
            errors(judge_on=0),
        "This is the MAE.": errors(metrics.mae),
        "This is the MSE: take the root.": errors(metrics.mse)})
