"""Race the activation functions: each at its own best rate and scale, trained until it learns no more.  [A27, A28]

    python tools/measure_activations.py      writes nnbook/data/trained/activation_races.csv, 15 minutes on two cores

Too slow for a notebook, so it is recorded; chapter 6 reruns a few lines and compares.

    digits    networks of 2 to 40 hidden layers of 32 units on the small digits: 1,150 to train, 287 to validate.
              Weights start at N(0, g²/n) with a g that suits the function: 1 / E[f(z)²] = g² for z ~ N(0, 1) keeps the
              signal. Where 1 / E[f′(z)²], which keeps the gradient, is another, that and twice that are tried as well.
              "relu_skip": each layer after the first adds its input to its output.
              "sigmoid_norm": BatchNorm before each sigmoid.
    gated     one block of ReLUs and one of SwiGLU, as many parameters each, on the same digits.
    product   the same two blocks on p·q + sin 3p, 600 points to train, 300 to validate.

Rate and scale are searched for with seed 0: for each scale from 0.001 on in steps of √10, until both neighbours of the
best have a larger validation loss. Adam, batches of 32. A run ends when the validation loss has not fallen by 1 % for
PATIENCE epochs; what is noted is its smallest value, the epochs up to there, and on data that decided nothing (the test
digits, 300 more points) the accuracy or the loss at that epoch.
"""

import csv
import datetime
import itertools
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are small

import numpy as np  # noqa: E402

import nnlib  # noqa: E402
from nnbook.data import load_digits  # noqa: E402
from nnlib import Adam, Linear, Sequential, fit  # noqa: E402

TARGET = Path(__file__).parent.parent / "nnbook" / "data" / "trained" / "activation_races.csv"
DEPTHS, WIDTH, MOST_EPOCHS = (2, 10, 40), 32, {"digits": 150, "gated": 500, "product": 1500}
PATIENCE, SEEDS = {"digits": 20, "gated": 50, "product": 100}, (0, 1, 2)
ACTIVATIONS = {"sigmoid": nnlib.Sigmoid, "tanh": nnlib.Tanh, "relu": nnlib.ReLU, "leaky_relu": nnlib.LeakyReLU,
               "elu": nnlib.ELU, "softplus": nnlib.Softplus, "swish": nnlib.Swish, "relu_skip": nnlib.ReLU,
               "sigmoid_norm": nnlib.Sigmoid}
WIDTHS = {"gated": {"relu": 56, "swiglu": 30}, "product": {"relu": 42, "swiglu": 24}}  # equal numbers of parameters
RATES = 10.0 ** np.arange(-5, 0.1, 0.5)


def data(race):
    """(x, y) to train on, to validate on and to report."""
    if race == "product":
        rng = np.random.default_rng(0)
        points = [rng.uniform(-2, 2, (n, 2)) for n in (600, 300, 300)]
        return [(p, p[:, :1] * p[:, 1:] + np.sin(3 * p[:, :1])) for p in points]
    (x, y), (x_test, y_test) = load_digits()
    x, x_test = (images.reshape(len(images), -1) for images in (x, x_test))
    mean, spread = x[:1150].mean(axis=0), x[:1150].std(axis=0) + 0.1
    x, x_test = (x - mean) / spread, (x_test - mean) / spread
    return (x[:1150], y[:1150]), (x[1150:], y[1150:]), (x_test, y_test)


class Skip(Sequential):
    """Layers whose input is added to their output: on the way back the delta passes them unharmed."""

    def forward(self, x):
        return x + super().forward(x)

    def backward(self, delta):
        return delta + super().backward(delta)


def scales(name):
    """The scales g to try: what keeps the signal and, if that differs, what keeps the gradient, and twice as much."""
    z, layer = np.linspace(-6, 6, 2401), ACTIVATIONS[name]()
    density = np.exp(-z * z / 2)
    signal, gradient = (float((density.sum() / (density @ values**2)) ** 0.5)
                        for values in (layer.forward(z), layer.backward(np.ones_like(z))))
    one = abs(gradient / signal - 1) < 0.1 or name == "sigmoid_norm"  # BatchNorm undoes any scale
    return (signal,) if one else (signal, gradient, 2 * gradient)


def stack(name, depth, scale, rng):
    """`depth` hidden layers whose weights start at this scale."""
    layers, n_in, skip = [], 64, name == "relu_skip"
    for k in range(depth):
        linear = Linear(n_in, WIDTH, rng=rng)
        linear.W[:], linear.b[:] = rng.normal(size=linear.W.shape) * scale / n_in**0.5, 0
        if skip and k:
            linear.W[:] /= depth**0.5  # what the blocks add stays as large as what they add to
        norm = [nnlib.BatchNorm(WIDTH)] if name == "sigmoid_norm" else []
        layers += [Skip(linear, ACTIVATIONS[name]())] if skip and k else [linear, *norm, ACTIVATIONS[name]()]
        n_in = WIDTH
    return Sequential(*layers, Linear(WIDTH, 10, rng=rng))


def block(race, name, rng):
    """One hidden block of ReLUs or of SwiGLU."""
    width, (n_in, n_out) = WIDTHS[race][name], {"gated": (64, 10), "product": (2, 1)}[race]
    hidden = [nnlib.SwiGLU(n_in, width, rng=rng)] if name == "swiglu" else [Linear(n_in, width, rng=rng), nnlib.ReLU()]
    return Sequential(*hidden, Linear(width, n_out, rng=rng))


def run(race, name, depth, rate, seed, scale=None):
    """(epochs, smallest validation loss, result on the reported data at that epoch)."""
    rng, (train, validation, report) = np.random.default_rng(seed), data(race)
    model = stack(name, depth, scale or scales(name)[0], rng) if race == "digits" else block(race, name, rng)
    loss = nnlib.MSELoss() if race == "product" else nnlib.CrossEntropyLoss()
    measure = nnlib.mse if race == "product" else nnlib.accuracy
    optimizer, best = Adam(model, lr=rate), (0, np.inf, np.nan)
    for epoch in range(1, MOST_EPOCHS[race] + 1):
        history = fit(model, train, loss, optimizer, 1, 32, rng, validation, on_divergence="stop", progress=False)
        if history.diverged:
            break
        if history.validation_loss[0] < 0.99 * best[1]:
            best = epoch, history.validation_loss[0], measure(model.forward(report[0]), report[1])
        if epoch - best[0] >= PATIENCE[race]:
            break
    return best


def contest(job):
    """The lines of one contestant: its best scale and rate, then each seed with these."""
    race, name, depth = job
    tried = {}
    for scale in scales(name) if race == "digits" else (None,):
        found, k = {}, 4  # 0.001
        while True:
            for j in range(max(0, k - 1), min(len(RATES), k + 2)):
                found[j] = found.get(j) or run(race, name, depth, RATES[j], SEEDS[0], scale)
            best = min(found, key=lambda j: found[j][1])
            if best == k:
                break
            k = best
        tried[found[k][1]] = scale, k, found[k]
    scale, k, first = tried[min(tried)]
    results = [first, *(run(race, name, depth, RATES[k], seed, scale) for seed in SEEDS[1:])]
    settings = f"{scale:.3g}" if scale else "", f"{RATES[k]:.2g}"
    return [(race, name, depth, *settings, seed, epochs, f"{value:.4f}", f"{report:.4f}")
            for seed, (epochs, value, report) in zip(SEEDS, results, strict=True)]


def main():
    jobs = [("digits", name, depth) for depth, name in itertools.product(DEPTHS, ACTIVATIONS)]
    jobs = [(race, name, 1) for race, widths in WIDTHS.items() for name in widths] + jobs
    rows = []
    with ProcessPoolExecutor() as pool:
        for found in pool.map(contest, jobs):
            rows += found
            print(*found, sep="\n", flush=True)
    with open(TARGET, "w", encoding="utf8", newline="") as file:
        file.write(f"# nnlib {nnlib.__version__}, tools/measure_activations.py, "
                   f"{datetime.date.today()}, default_rng({SEEDS[0]}…{SEEDS[-1]})\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["race", "function", "depth", "scale", "rate", "seed", "epochs", "validation_loss", "report"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
