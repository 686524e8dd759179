"""Gradients that PyTorch's autograd computed, recorded once: what nnlib's must equal.  [X02]"""

import csv
from pathlib import Path

import numpy as np


def load_autograd():
    """(note, {case: {name: values}}): the recorded figures, with a line that says by what and when.

    Cases: "2-2-1" (loss, w1…w6, b1…b3, x1, x2), "5-7-4-3 NAME" (loss, W1, b1, W2, b2, W3, b3, flattened) and "NAME"
    (f and f_prime at −6, −5.5, …, 6) for each activation function NAME. Values are float64 arrays (n,).

    Made by tools/record_autograd.py, which says how the numbers behind them are drawn.
    """
    with open(Path(__file__).parent / "autograd.csv", encoding="utf8", newline="") as file:
        note = file.readline().removeprefix("# ").strip()
        cases = {}
        for row in csv.DictReader(file):
            cases.setdefault(row["case"], {})[row["name"]] = np.array(row["values"].split(), dtype=float)
    return note, cases
