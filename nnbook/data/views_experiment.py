"""Stored errors of the networks of chapter 4, made by tools/views_experiment.py."""

from pathlib import Path

import numpy as np


def load_views_experiment():
    """The table that tools/views_experiment.py wrote, and how it was made.  [B12]

    Returns (origin, rows): origin is the first line of the file: script, date, seeds; rows a structured array with the
    fields protocol ("choose": trained to 2019, held out 2020; "report": trained to 2020, held out 2021), series
    ("cleaned" or "raw"), hidden ("linear", "100", "100-100", …), seed, train and held_out (RMSE, thousands of views).
    """
    text = (Path(__file__).parent / "trained/views_experiment.csv").read_text("utf8").splitlines()
    kinds = [("protocol", "U8"), ("series", "U8"), ("hidden", "U24"), ("seed", int), ("train", float),
             ("held_out", float)]
    return text[0].lstrip("# "), np.loadtxt(text[2:], delimiter=",", dtype=kinds)
