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


def load_activation_races():
    """(note, {race: {function: {depth: (rate, results)}}}): each at its own rate, to its end.  [A27, A28]

    race: "digits", "gated" or "product"; results (seeds, 3): epochs, the smallest validation loss, and what was
    reported at that epoch on other data, accuracy or loss. Made by tools/measure_activations.py.
    """
    note, rows = read("activation_races.csv")
    races = {}
    for row in rows:
        depths = races.setdefault(row["race"], {}).setdefault(row["function"], {})
        _, results = depths.setdefault(int(row["depth"]), (float(row["rate"]), []))
        results.append([float(row[name]) for name in ("epochs", "validation_loss", "report")])
    return note, {race: {function: {depth: (rate, np.array(results)) for depth, (rate, results) in depths.items()}
                         for function, depths in table.items()} for race, table in races.items()}


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
