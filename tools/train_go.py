"""Train the policy and the value network of chapter 12's Go and let them play; store what comes out of it.

    python tools/train_go.py        about a quarter of an hour on one free core

nnbook/data/trained/go_policy.npz, go_value.npz: weights of the first seed, in float16. go_scores.csv: agreement with
the teacher for three seeds, with one copy of each position and with all eight; shares of games won. Games, teacher,
players and the networks' shapes are those of the chapter, whose cells are run here.
"""

import csv
import json
from pathlib import Path

import numpy as np

from nnbook.data.applications import FOLDER
from nnbook.games import go
from nnlib import Adam, CrossEntropyLoss, MSELoss, cosine_decay, fit

CHAPTER = Path(__file__).parents[1] / "chapters" / "12_applications.ipynb"
CELLS = ("import functools", "def value", "@functools.cache", "rng = np.random.default_rng(7)", "def contest",
         "def duel", "games, x, good", "def turned", "def trunk", "def agreement", "def chances", "def network_player",
         "def searcher")
SEEDS, EPOCHS, RATE, BATCH = (0, 1, 2), 12, 0.01, 96
DUELS, SELF_PLAY, ROUNDS = 400, 1500, 50


def cells(starts):
    """The first code cell of the chapter with a line that starts so, for each of the starts; none of them twice."""
    code = ["".join(cell["source"]) for cell in json.loads(CHAPTER.read_text("utf8"))["cells"]
            if cell["cell_type"] == "code"]
    found = [next((cell for cell in code if f"\n{start}" in f"\n{cell}"), None) for start in starts]
    if None in found:
        raise ValueError(f"{CHAPTER.name} has no code cell with the line {starts[found.index(None)]!r} …")
    return list(dict.fromkeys(found))


def chapter(starts, names=None):
    """The names that these cells of the chapter define."""
    names = {} if names is None else names
    for cell in cells(starts):
        exec(cell, names)
    return names


def copied(names, x, good, copies):
    """So many of the eight copies of each position."""
    ways = [(k, mirror) for k in range(4) for mirror in (0, 1)][:copies]
    return map(np.concatenate, zip(*(names["turned"](x, good, *way) for way in ways), strict=True))


def leaky(names, x, good, seed, copies):
    """A policy network trained on four fifths of all copies, shuffled, and its agreement on the last fifth."""
    rng = np.random.default_rng(seed)
    x, good = copied(names, x, good, copies)
    order = rng.permutation(len(x))
    first, last = order[:len(x) * 4 // 5], order[len(x) * 4 // 5:]
    model = imitate(names, x[first], good[first], rng, copies)
    return model, names["agreement"](model, x[last], good[last])


def imitate(names, x, good, rng, copies):
    """A policy network trained on these positions; a new label in each epoch."""
    epochs = EPOCHS * 8 // copies  # equally many steps
    model = names["policy_network"](rng).astype(np.float32)
    adam = Adam(model, lr=cosine_decay(RATE, epochs * -(-len(x) // BATCH)))
    for _ in range(epochs):
        label = (good * rng.random(good.shape)).argmax(axis=1)
        fit(model, (x, label), CrossEntropyLoss(), adam, 1, BATCH, rng, progress=False)
    return half(model)


def half(model):
    """The weights as they are stored: rounded to float16."""
    for _, weights, _ in model.parameters():
        weights[...] = weights.astype(np.float16)
    return model


def learn_value(names, rng):
    """The value network from games that the policy plays against itself: who won?"""
    def sampled(board, colour):
        p = names["chances"](board, colour)
        return rng.choice(25, p=p / p.sum())

    x, y = [], []
    for _ in range(SELF_PLAY):
        winner, positions = names["contest"](sampled, sampled, rng.integers(8))
        for board, colour in positions:
            x.append(go.planes(board, colour))
            y.append(1.0 if colour == winner else -1.0)
    x, y = np.array(x), np.array(y, np.float32)[:, None]
    learned = int(0.9 * len(x))  # whole games but for the one at the cut
    model = names["value_network"](rng).astype(np.float32)
    adam = Adam(model, lr=cosine_decay(3e-3, EPOCHS * -(-learned // BATCH)))
    for epoch in range(EPOCHS):
        k, mirror = epoch % 4, epoch // 4 % 2
        turned, _ = names["turned"](x[:learned], np.zeros((learned, 25), bool), k, mirror)
        fit(model, (turned, y[:learned]), MSELoss(), adam, 1, BATCH, rng, progress=False)
    model = half(model)
    return model, float(np.mean((model(x[learned:]) > 0) == (y[learned:] > 0)))


def leaks(names):
    """What a split of shuffled positions says about new games, and what new games say."""
    fresh, rows = chapter(("games, x, good",), dict(names)), []
    for copies in (1, 8):
        for seed in SEEDS:
            model, test = leaky(names, names["x"], names["good"], seed, copies)
            rows += [(f"agreement {copies} leaky test", seed, test),
                     (f"agreement {copies} new games", seed, names["agreement"](model, fresh["x"], fresh["good"]))]
            print(*rows[-2:], flush=True)
    return rows


def main():
    names = chapter(CELLS[:-3])
    rows = leaks(names)
    x, good, old = names["x"], names["good"], names["games"] < 200
    for copies in (1, 8):
        for seed in SEEDS:
            model = imitate(names, *copied(names, x[old], good[old], copies), np.random.default_rng(seed), copies)
            for part, which in (("training", old), ("test", ~old)):
                rows.append((f"agreement {copies} {part}", seed, names["agreement"](model, x[which], good[which])))
            print(*rows[-2:], flush=True)
            if copies == 8:
                names["policy"] = model
                chapter(("def chances", "def network_player"), names)
                names["rng"] = np.random.default_rng(seed)
                for other in ("teacher", "chance"):
                    share, _ = names["duel"](names["network_player"], names[other], DUELS)
                    rows.append((f"network – {'random' if other == 'chance' else other}", seed, share))
                print(*rows[-2:], flush=True)
                if seed == SEEDS[0]:
                    save(model, "policy")
                    first = model
    names["policy"] = first
    chapter(("def chances", "def network_player"), names)
    names["worth"], right = learn_value(names, np.random.default_rng(0))
    save(names["worth"], "value")
    rows.append(("value right", 0, right))
    chapter(("def searcher",), names)
    names["rng"] = np.random.default_rng(3)
    contests = [(names["careful_player"], "network and rules", "teacher", DUELS),
                (names["careful_player"], "network and rules", "network", DUELS),
                (names["searcher"](ROUNDS), "search", "teacher", DUELS // 2),
                (names["searcher"](ROUNDS), "search", "network", DUELS // 2)]
    for player, one, other, games in contests:
        share, _ = names["duel"](player, names["teacher" if other == "teacher" else "network_player"], games)
        rows.append((f"{one} – {other}", 0, share))
    names["worth"] = lambda planes: np.zeros((len(planes), 1))
    share, _ = names["duel"](names["searcher"](ROUNDS), names["teacher"], DUELS // 2)
    rows.append(("search without value – teacher", 0, share))
    with open(FOLDER / "go_scores.csv", "w", encoding="utf8", newline="") as file:
        file.write(f"# Made by tools/train_go.py; {DUELS} games a duel, {DUELS // 2} of the search, "
                   f"{ROUNDS} walks for each of its moves\n")
        csv.writer(file, lineterminator="\n").writerows(
            [("what", "seed", "score"), *((what, seed, f"{score:.4f}") for what, seed, score in rows)])


def save(model, name):
    model.save(FOLDER / f"go_{name}.npz", dtype=np.float16)


if __name__ == "__main__":
    main()
