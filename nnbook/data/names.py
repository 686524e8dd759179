"""Given names, letter by letter: the data and the trained weights of the language model of chapter 9."""

from pathlib import Path

import numpy as np

from nnbook.data.recorded import read
from nnbook.data.sentences import rows
from nnbook.language import N_, _

LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands before each name and ends it
HIDDEN = 64
FOLDER = Path(__file__).parent / "trained"
TABLES = (N_("counts, 0 letters"), N_("counts, 1 letter"), N_("counts, 2 letters"), N_("counts, 3 letters"),
          N_("counts, 4 letters"))


def load_names():
    """6,793 given names from English-speaking countries, in small letters a to z, 3 to 10 of them.  [A50]

    Each occurs once, in shuffled order: the first 80 % can train.

    Source: the Python package Faker 40.63.0 (D. Faraglia and contributors, MIT), `providers/person/en`.
    """
    return [name for name, in rows("names.txt")]


def name_task(names):
    """(inputs (N, T), targets (N, T), mask (N, T)): token ids, targets one step ahead, True = a real step.  [A50]

    "eve" becomes . e v e -> e v e . with "." as token 0.
    """
    longest = max(len(name) for name in names)
    ids = np.array([[LETTERS.index(c) for c in f".{name}.".ljust(longest + 2, ".")] for name in names])
    return ids[:, :-1], ids[:, 1:], np.arange(longest + 1) <= np.array([[len(name)] for name in names])


def name_model(cell, rng):
    """The language model: a cell over one-hot letters, a linear layer that gives the scores of the next letter."""
    from nnlib import Linear, Sequential

    return Sequential(cell(len(LETTERS), HIDDEN, rng=rng), Linear(HIDDEN, len(LETTERS), rng=rng)).astype(np.float32)


def trained_names():
    """Path of the stored weights of `name_model(GRU, rng)`, made by tools/train_names.py."""
    return FOLDER / "names_gru.npz"


def load_name_scores():
    """{model: bits for each letter of new names, one number for each seed}: the lower, the better the guesses."""
    table = {}
    for row in read("names_scores.csv")[1]:
        table.setdefault(row["model"], []).append(float(row["bits"]))
    return {_(name) if name in TABLES else name: np.array(bits) for name, bits in table.items()}
