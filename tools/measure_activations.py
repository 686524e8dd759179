"""Measure how deep a network each activation function lets us train: too slow for a notebook, so it is recorded.  [A27]

    python tools/measure_activations.py      writes nnbook/data/trained/deep_activations.csv, ten minutes on one core

Fully connected networks of 2 to 50 hidden layers of 32 units on the small digits: 1,150 to train, 287 to validate (the
test digits stay untouched), 20 epochs of Adam, batches of 32. The weights of each network start with the scale that
suits its function: N(0, g²/n) with g² = 1 / E[f(z)²] for z of mean 0 and variance 1. Three seeds. Chapter 06 reruns the
shallow ones and compares.
"""

import csv
import datetime
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small
os.environ["NNLIB_STATIC"] = "1"  # no progress bars

import numpy as np

import nnlib
from nnbook.data import load_digits

TARGET = Path(__file__).parent.parent / "nnbook" / "data" / "trained" / "deep_activations.csv"
DEPTHS, SEEDS, WIDTH = (2, 10, 20, 40, 50), (0, 1, 2), 32
ACTIVATIONS = {"sigmoid": nnlib.Sigmoid, "tanh": nnlib.Tanh, "relu": nnlib.ReLU, "leaky_relu": nnlib.LeakyReLU,
               "elu": nnlib.ELU, "swish": nnlib.Swish}


def digits():
    """(x, y) to train and to validate, standardised by the training part."""
    (x, y), _ = load_digits()
    x = x.reshape(len(x), -1)
    mean, spread = x[:1150].mean(axis=0), x[:1150].std(axis=0) + 0.1
    x = (x - mean) / spread
    return (x[:1150], y[:1150]), (x[1150:], y[1150:])


def network(activation, depth, rng):
    """`depth` hidden layers whose weights start at the scale that suits the function."""
    z = np.linspace(-6, 6, 2401)
    density = np.exp(-z * z / 2)
    gain = (density.sum() / (density @ activation().forward(z) ** 2)) ** 0.5
    layers, n_in = [], 64
    for _ in range(depth):
        linear = nnlib.Linear(n_in, WIDTH, rng=rng)
        linear.W[:], linear.b[:] = rng.normal(size=linear.W.shape) * gain / n_in**0.5, 0
        layers += [linear, activation()]
        n_in = WIDTH
    return nnlib.Sequential(*layers, nnlib.Linear(n_in, 10, rng=rng))


def accuracy(activation, depth, seed):
    """Validation accuracy after training."""
    train, validation = digits()
    rng = np.random.default_rng(seed)
    model = network(activation, depth, rng)
    history = nnlib.fit(model, train, nnlib.CrossEntropyLoss(), nnlib.Adam(model, lr=1e-3), epochs=20, batch_size=32,
                        rng=rng, validation=validation, metric=nnlib.accuracy, on_divergence="stop")
    return history.metric[-1]


def main():
    with open(TARGET, "w", encoding="utf8", newline="") as file:
        file.write(f"# nnlib {nnlib.__version__}, measured by tools/measure_activations.py on "
                   f"{datetime.date.today()}, seeds {', '.join(map(str, SEEDS))}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["activation", "depth", "seed", "validation_accuracy"])
        for name, activation in ACTIVATIONS.items():
            for depth in DEPTHS:
                for seed in SEEDS:
                    writer.writerow([name, depth, seed, f"{accuracy(activation, depth, seed):.4f}"])
                file.flush()


if __name__ == "__main__":
    main()
