"""What chapter 12 needs that takes minutes to compute: weights for Go, and scores over many draws."""

from pathlib import Path

import numpy as np

from nnbook.data.recorded import read
from nnbook.language import N_, _

FOLDER = Path(__file__).parent / "trained"
GO_NETWORKS = ("policy", "value")
# Names in the tables of scores that chapter 12 prints and draws, too: a Chinese chapter asks for them in Chinese.
SHOWN = (N_("raw samples"), N_("spectrogram"), N_("GRU, 4 adults"), N_("GRU, 27 adults"), N_("GRU, 27 people"),
         N_("other adults"), N_("children"),
         N_("network – teacher"), N_("search – teacher"), N_("search without value – teacher"))


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
        key = tuple(_(row[k]) if row[k] in SHOWN else row[k] for k in keys)
        found.setdefault(key if len(keys) > 1 else key[0], []).append(float(row["score"]))
    return note, {key: np.array(scores) for key, scores in found.items()}
