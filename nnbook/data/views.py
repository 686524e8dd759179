"""The running example: daily page views, and windows of past days as features."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnlib import checks

BURSTS = ("2017-07-25", "2020-01-22")  # one-day bursts, 23.4 and 18.4 thousand views


class Views(NamedTuple):
    """Daily views: `dates` (1826,) datetime64[D] without gaps, `views` (1826,) float64 in thousands a day."""

    dates: np.ndarray
    views: np.ndarray


def load_views(despike=False):
    """Daily views of the English Wikipedia page "Standard deviation", 2017-01-01 to 2021-12-31.  [B03]

    The dates are those of the lecture, the numbers are not: the lecture counts views of its own videos.

    despike: replace the two one-day bursts (2017-07-25, 2020-01-22) by the value of a week before.

    Returns Views(dates, views): 1826 days, views in thousands.

    Source: Wikimedia page-view counts (CC0), as collected in the Python package autots 1.0.4 (MIT).
    """
    table = np.loadtxt(Path(__file__).parent / "files/views.csv", delimiter=",", skiprows=1,
                       dtype=[("date", "datetime64[D]"), ("views", np.int64)])
    dates, views = table["date"].copy(), table["views"] / 1000
    if despike:
        for burst in np.searchsorted(dates, np.array(BURSTS, dtype="datetime64[D]")):
            views[burst] = views[burst - 7]
    return Views(dates, views)


def windows(series, n_days):
    """Cut a series into features and targets: predict each day from the `n_days` days before it.  [B05]

        x[i, j] = series[n_days + i - 1 - j]       column 0 is yesterday, column 6 a week ago
        y[i, 0] = series[n_days + i]

    series (T,) finite numbers, 1 <= n_days < T.
    Returns x (T - n_days, n_days) and y (T - n_days, 1), new arrays. Their dates are `dates[n_days:]`.

    Raises ValueError for a series that is not one-dimensional, holds NaN or infinity or is too short;
    TypeError if n_days is not a whole number.
    """
    series = np.asarray(series)
    if series.ndim != 1 or series.dtype.kind not in "fiu":
        raise ValueError(f"windows expects a one-dimensional series of numbers, "
                         f"got shape {series.shape} of {series.dtype}")
    if not np.isfinite(series).all():
        raise ValueError("windows expects finite numbers, got NaN or infinity in the series")
    n_days = checks.integer(n_days, "n_days")
    if n_days >= len(series):
        raise ValueError(f"n_days must be smaller than the length of the series, "
                         f"got n_days={n_days} for {len(series)} values")
    past = np.lib.stride_tricks.sliding_window_view(series[:-1], n_days)
    return past[:, ::-1].astype(float), series[n_days:, None].astype(float)


def split_by_date(x, y, dates, *first_days):
    """Split examples by time; a split by chance would ask about days between days already seen.  [B03]

    x (N, ...), y (N, ...), dates (N,) ascending: one for each target. Each of `first_days` opens a new part,
    so there is one pair (x, y) more than there are first days:

        train, test = split_by_date(x, y, dates[n_days:], "2021-01-01")
        train, validation, test = split_by_date(x, y, dates[n_days:], "2020-01-01", "2021-01-01")

    The features of the first days of a part reach back into the part before: those days were known by then.

    Raises ValueError if lengths differ, dates are not ascending, or a part would be empty.
    """
    dates = np.asarray(dates)
    if not len(x) == len(y) == len(dates):
        raise ValueError(f"x, y and dates must have the same length, got {len(x)}, {len(y)} and {len(dates)} "
                         f"(the dates of windows are dates[n_days:])")
    if dates.dtype.kind != "M" or not (dates[1:] > dates[:-1]).all():  # not a date (NaT) is not ascending, either
        raise ValueError(f"dates must be datetime64 values in ascending order, got {dates.dtype}")
    try:
        edges = [0, *np.searchsorted(dates, np.array(first_days, dtype="datetime64[D]")), len(dates)]
    except ValueError:
        raise ValueError(f'first days must be dates such as "2021-01-01", got {first_days}') from None
    if not first_days or (np.diff(edges) <= 0).any():
        raise ValueError(f"each part must hold at least one day: got first days {first_days} "
                         f"for dates from {dates[0]} to {dates[-1]}")
    return [(x[a:b], y[a:b]) for a, b in zip(edges, edges[1:], strict=False)]


def views_split(n_days, despike=False):
    """The lecture's task: train on 2017-2020, test on 2021, features = the last `n_days` days.  [B03, B05]

        (x_train, y_train), (x_test, y_test) = views_split(7)

    x (N, n_days) and y (N, 1) in thousands of views; column 0 of x is yesterday. Always 365 test days.
    """
    dates, views = load_views(despike)
    x, y = windows(views, n_days)
    return split_by_date(x, y, dates[n_days:], "2021-01-01")
