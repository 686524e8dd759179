"""What chapter 12 needs that takes minutes to compute: weights for Go, and scores over many draws."""

from pathlib import Path

import numpy as np

from nnbook.data.recorded import read

FOLDER = Path(__file__).parent / "trained"
GO_NETWORKS = ("policy", "value")


def trained_go(name):
    """Path of the stored weights of "policy" or "value", for `model.load(trained_go("policy"))`.  [B14]

    Made by tools/train_go.py. Raises ValueError for another name.
    """
    if name not in GO_NETWORKS:
        raise ValueError(f"name must be one of {', '.join(GO_NETWORKS)}, got {name!r}")
    return FOLDER / f"go_{name}.npz"


def load_go_scores():
    """(note, {what: scores}): agreement with the teacher and shares of games won, by tools/train_go.py."""
    return table("go_scores.csv", "what")


def load_speech_scores():
    """(note, {(network, test): accuracies}): one for each draw of speakers, by tools/measure_speech.py."""
    return table("speech_scores.csv", "network", "test")


def table(name, *keys):
    note, rows = read(name)
    found = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        found.setdefault(key if len(keys) > 1 else key[0], []).append(float(row["score"]))
    return note, {key: np.array(scores) for key, scores in found.items()}
