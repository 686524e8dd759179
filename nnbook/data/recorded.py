"""Figures that take long to compute, or a program that the book does without: recorded once, by scripts in tools/."""

import csv
from pathlib import Path

import numpy as np


def load_autograd():
    """(note, {case: {name: values}}): gradients that PyTorch's autograd computed, with a line that says when.  [X02]

    Cases: "2-2-1" (loss, w1…w6, b1…b3, x1, x2), "5-7-4-3 NAME" (loss, W1, b1, W2, b2, W3, b3, flattened) and "NAME"
    (f and f_prime at −6, −5.5, …, 6) for each activation function NAME. Values are float64 arrays (n,).

    Made by tools/record_autograd.py, which says how the numbers behind them are drawn.
    """
    note, rows = read("autograd.csv")
    cases = {}
    for row in rows:
        cases.setdefault(row["case"], {})[row["name"]] = np.array(row["values"].split(), dtype=float)
    return note, cases


def load_deep_activations():
    """(note, {activation: {depth: accuracies}}): how well deep networks learned the small digits.  [A27]

    Accuracies are float64 arrays with one value for each seed. Made by tools/measure_activations.py, which says how.
    """
    note, rows = read("deep_activations.csv")
    table = {}
    for row in rows:
        depths = table.setdefault(row["activation"], {})
        depths.setdefault(int(row["depth"]), []).append(float(row["validation_accuracy"]))
    return note, {name: {depth: np.array(v) for depth, v in depths.items()} for name, depths in table.items()}


def load_equal_size():
    """(note, {task: {network: (rate, results)}}): deep and wide networks of equal size, trained to their end.  [B12]

    task: "views" or "spirals"; results (seeds, 3): epochs, the error that ended the training, and what was reported.
    Made by tools/equal_size.py.
    """
    note, rows = read("equal_size.csv")
    tasks = {}
    for row in rows:
        _, results = tasks.setdefault(row["task"], {}).setdefault(row["hidden"], (float(row["rate"]), []))
        results.append([float(row[name]) for name in ("epochs", "stopped_on", "report")])
    return note, {task: {hidden: (rate, np.array(results)) for hidden, (rate, results) in table.items()}
                  for task, table in tasks.items()}


def read(name):
    """The note in the first line of a recorded table, and its rows as dicts."""
    with open(Path(__file__).parent / "trained" / name, encoding="utf8", newline="") as file:
        note = file.readline().removeprefix("# ").strip()
        return note, list(csv.DictReader(file))
