"""Train the language model of chapter 9, which writes given names, and compare it with counting letters.

    OPENBLAS_NUM_THREADS=1 python tools/train_names.py       three seeds of three cells, ten minutes on one core

Weights of the GRU with seed 0: nnbook/data/trained/names_gru.npz; bits for each letter of the test names, of all:
names_scores.csv. The first 80 % of the names train, the next 10 % choose the epoch, the last 10 % test. Weights are
rounded as in tools/train_sequences.py, so that a page can carry them; the score is that of the rounded weights.
"""

import argparse
import csv

import numpy as np
from train_sequences import round_weights

from nnbook.data.names import FOLDER, LETTERS, load_names, name_model, name_task, trained_names
from nnlib import GRU, LSTM, RNN, Adam, CrossEntropyLoss, clip_gradients, cosine_decay

EPOCHS, BATCH_SIZE, LEARNING_RATE, LEVELS = 30, 64, 6e-3, 15
SEEDS = (0, 1, 2)


def parts(names):
    """The names that train, those that choose the epoch, those that test."""
    n = len(names)
    return names[: 8 * n // 10], names[8 * n // 10 : 9 * n // 10], names[9 * n // 10 :]


def bits(model, task):
    """Mean of −log₂ p(next letter) over all letters and ends."""
    x, y, mask = task
    return CrossEntropyLoss().forward(model(one_hot(x)), y, mask) / np.log(2)


def one_hot(ids):
    return np.eye(len(LETTERS), dtype=np.float32)[ids]


def counting(train, test, context):
    """Bits for each letter of a table that counts which letter followed the last `context` ones.

    Where a table has seen little, it trusts the table with one letter less (Witten and Bell 1991).
    """
    tables = [{} for _ in range(context + 1)]
    for name in train:
        text = "." * context + name + "."
        for t in range(context, len(text)):
            for k, table in enumerate(tables):
                counts = table.setdefault(text[t - k : t], np.zeros(len(LETTERS)))
                counts[LETTERS.index(text[t])] += 1
    total, letters = 0.0, 0
    for name in test:
        text = "." * context + name + "."
        for t in range(context, len(text)):
            p = np.full(len(LETTERS), 1 / len(LETTERS))
            for k, table in enumerate(tables):
                counts = table.get(text[t - k : t])
                if counts is not None:
                    kinds = np.count_nonzero(counts)
                    p = (counts + kinds * p) / (counts.sum() + kinds)
            total -= np.log2(p[LETTERS.index(text[t])])
            letters += 1
    return total / letters


def train(cell, seed, names):
    """The model after the epoch that was best on the validation names, its weights rounded, and its test bits."""
    learn, choose, test = (name_task(part) for part in parts(names))
    rng = np.random.default_rng(seed)
    model, loss = name_model(cell, rng), CrossEntropyLoss()
    x, y, mask = learn
    optimizer = Adam(model, lr=cosine_decay(LEARNING_RATE, EPOCHS * -(-len(x) // BATCH_SIZE), warmup=50))
    best, kept = np.inf, None
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            optimizer.zero_grad()
            loss.forward(model(one_hot(x[rows])), y[rows], mask[rows])
            model.backward(loss.backward())
            clip_gradients(model, 1.0)
            optimizer.step()
        if (now := bits(model, choose)) < best:
            best, kept = now, [value.copy() for _, value, _ in model.parameters()]
    for (_, value, _), old in zip(model.parameters(), kept, strict=True):
        value[:] = old
    round_weights(model, LEVELS)
    score = bits(model, test)
    print(f"{cell.__name__:4} seed {seed}: validation {best:.3f} bits, test, rounded {score:.3f}", flush=True)
    return model, score


def main(cells):
    names = load_names()
    learn, _, test = parts(names)
    rows = [(f"counts, {k} letter{'s' * (k != 1)}", 0, f"{counting(learn, test, k):.3f}") for k in range(5)]
    print(*rows, sep="\n")
    for cell in cells:
        for seed in SEEDS:
            model, score = train(cell, seed, names)
            rows.append((cell.__name__, seed, f"{score:.3f}"))
            if cell is GRU and seed == SEEDS[0]:
                model.save(trained_names(), dtype=np.float16)
    with open(FOLDER / "names_scores.csv", "w", encoding="utf8", newline="") as file:
        file.write("# Made by tools/train_names.py; bits for each letter of the test names, seeds 0, 1, 2\n")
        csv.writer(file, lineterminator="\n").writerows([("model", "seed", "bits"), *rows])


if __name__ == "__main__":
    cells = {"RNN": RNN, "GRU": GRU, "LSTM": LSTM}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=cells)
    main([cells[name] for name in parser.parse_args().names or cells])
