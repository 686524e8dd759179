import numpy as np
import pytest

from nnbook import data


def test_views_are_the_days_of_the_lecture():
    dates, views = data.load_views()
    assert dates.shape == views.shape == (1826,)
    assert dates.dtype == "datetime64[D]" and views.dtype == np.float64
    assert dates[0] == np.datetime64("2017-01-01") and dates[-1] == np.datetime64("2021-12-31")
    assert (np.diff(dates) == np.timedelta64(1, "D")).all()
    assert views.sum() == pytest.approx(15526.35) and views.min() > 0


def test_despiking_changes_two_days_only():
    raw, calm = data.load_views().views, data.load_views(despike=True).views
    changed = np.flatnonzero(raw != calm)
    assert [str(d) for d in data.load_views().dates[changed]] == ["2017-07-25", "2020-01-22"]
    assert raw[changed].tolist() == [23.426, 18.365]
    assert calm[changed].tolist() == raw[changed - 7].tolist()


def test_column_j_of_a_window_is_j_plus_1_days_before():
    x, y = data.windows([10, 11, 12, 13, 14], 3)
    assert x.tolist() == [[12, 11, 10], [13, 12, 11]]
    assert y.tolist() == [[13], [14]]
    assert x.dtype == y.dtype == np.float64


def test_windows_are_copies():
    series = np.arange(10.0)
    x, y = data.windows(series, 2)
    x[:], y[:] = -1, -1
    assert series.tolist() == list(range(10))


@pytest.mark.parametrize("n_days", [1, 7, 28, 56])
def test_split_is_by_time_and_reaches_back_into_2020(n_days):
    (x_train, y_train), (x_test, y_test) = data.views_split(n_days)
    _, views = data.load_views()
    assert x_train.shape == (1461 - n_days, n_days) and y_train.shape == (1461 - n_days, 1)
    assert x_test.shape == (365, n_days) and y_test.shape == (365, 1)
    assert y_test[:, 0].tolist() == views[-365:].tolist()
    assert x_test[0].tolist() == views[-365 - n_days:-365][::-1].tolist()


# RMSE in thousands of views, as measured when the data set was chosen: train, test, raw and despiked
TABLE = {1: (2.22, 1.53, 2.16, 1.53), 7: (1.10, 0.67, 0.93, 0.68), 28: (0.89, 0.49, 0.68, 0.48),
         56: (0.87, 0.47, 0.66, 0.46)}


@pytest.mark.parametrize("n_days", TABLE)
def test_least_squares_gives_the_documented_errors(n_days):
    found = []
    for despike in (False, True):
        (x, y), test = data.views_split(n_days, despike)
        w = np.linalg.lstsq(np.c_[x, np.ones(len(x))], y, rcond=None)[0]
        found += [np.sqrt(np.mean((np.c_[a, np.ones(len(a))] @ w - b) ** 2)) for a, b in ((x, y), test)]
    assert found == pytest.approx(TABLE[n_days], abs=0.0051)


def test_three_parts_for_the_choice_of_hyperparameters():
    dates, views = data.load_views()
    x, y = data.windows(views, 7)
    train, validation, test = data.split_by_date(x, y, dates[7:], "2020-01-01", "2021-01-01")
    assert [len(part[0]) for part in (train, validation, test)] == [1095 - 7, 366, 365]


@pytest.mark.parametrize("series, n_days, error, message", [
    ([[1, 2], [3, 4]], 1, ValueError, r"one-dimensional.*\(2, 2\)"),
    (["a", "b"], 1, ValueError, "series of numbers"),
    ([1.0, np.nan, 2.0], 1, ValueError, "NaN"),
    ([1.0, 2.0], 2, ValueError, "n_days=2 for 2 values"),
    ([], 1, ValueError, "n_days"),
    ([1.0, 2.0], 0, ValueError, "at least 1, got 0"),
    ([1.0, 2.0], 1.5, TypeError, "integer, got 1.5"),
])
def test_bad_windows(series, n_days, error, message):
    with pytest.raises(error, match=message):
        data.windows(series, n_days)


@pytest.mark.parametrize("change, message", [
    ({"dates": data.load_views().dates}, "same length, got 1819, 1819 and 1826"),
    ({"dates": data.load_views().dates[:6:-1]}, "ascending"),
    ({"dates": np.append(data.load_views().dates[7:-1], np.datetime64("NaT", "D"))}, "ascending"),
    ({"dates": np.arange(1819)}, "datetime64"),
    ({"first_days": ()}, "at least one day"),
    ({"first_days": ("2022-01-01",)}, "at least one day"),
    ({"first_days": ("2021-01-01", "2020-01-01")}, "at least one day"),
    ({"first_days": ("new year",)}, "such as"),
])
def test_bad_splits(change, message):
    dates, views = data.load_views()
    x, y = data.windows(views, 7)
    arguments = {"dates": dates[7:], "first_days": ("2021-01-01",)} | change
    with pytest.raises(ValueError, match=message):
        data.split_by_date(x, y, arguments["dates"], *arguments["first_days"])
