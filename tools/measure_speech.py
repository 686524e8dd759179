"""Repeat chapter 12's speech experiments with several draws of speakers: nnbook/data/trained/speech_scores.csv.

    python -m tools.measure_speech        some ten minutes on one free core

Each draw has new speakers for training and for every test. Voices and networks are those of the chapter, whose cells
are run here. "copied": 168 recordings of four adults, each four times with other noise, and split after copying, so
that copies of the test recordings are learned; "split first": the same, split before copying.
"""

import csv

import numpy as np

from nnbook.data.applications import FOLDER
from tools.train_go import chapter

CELLS = ("import functools", "vowels =", "RATE, SAMPLES", "def speak", "WORDS =", "def record", "def spectrogram",
         "class WordNetwork", "def train(", "def listener")
DRAWS = 6
TESTS = {"other adults": (np.repeat([0, 1], 6), 3), "children": (np.repeat(2, 9), 5)}
TRAINING = {"4 adults": (np.array([0, 0, 1, 1]), 27), "27 adults": (np.repeat([0, 1], [14, 13]), 4),
            "27 people": (np.repeat([0, 1, 2], 9), 4)}


def main():
    names, rows = chapter(CELLS), []
    for draw in range(DRAWS):
        rng = np.random.default_rng(100 + draw)
        tests = {name: names["record"](*who, rng)[:2] for name, who in TESTS.items()}
        for who, (kinds, takes) in TRAINING.items():
            x, y, _ = names["record"](kinds, takes, rng)
            first = rng.permutation(len(y)) < 0.8 * len(y)
            for kind in ("spectrogram", "GRU") if who == "4 adults" else ("GRU",):
                model = names["listener"](kind, x[first], y[first])
                asked = {"training": (x[first], y[first]), "same people": (x[~first], y[~first])} | tests
                rows += [(f"{kind}, {who}", test, draw, names["accuracy"](model(sounds), right))
                         for test, (sounds, right) in asked.items()]
                print(*rows[-4:], flush=True)
        clean, y, _ = names["record"](np.array([0, 0, 1, 1]), 7, rng, noise=0)
        x = np.concatenate([clean + 0.03 * rng.normal(size=clean.shape) for _ in range(4)])
        recording, y = np.tile(np.arange(len(y)), 4), np.tile(y, 4)
        for test, learned in (("copied", rng.permutation(len(y)) < 0.8 * len(y)),
                              ("split first", (rng.permutation(len(clean)) < 0.8 * len(clean))[recording])):
            for kind in ("raw samples", "mean spectrum", "spectrogram", "GRU"):
                model = names["listener"](kind, x[learned], y[learned])
                rows.append((kind, test, draw, names["accuracy"](model(x[~learned]), y[~learned])))
                print(rows[-1], flush=True)
    with open(FOLDER / "speech_scores.csv", "w", encoding="utf8", newline="") as file:
        file.write(f"# Made by tools/measure_speech.py; {DRAWS} draws of speakers\n")
        csv.writer(file, lineterminator="\n").writerows(
            [("network", "test", "draw", "score"), *((*key, f"{score:.4f}") for *key, score in rows)])


if __name__ == "__main__":
    main()
