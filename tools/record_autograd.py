"""Record what PyTorch's autograd computes, so that the book can be compared with it and need not install it.  [X02]

    pip install torch==2.13.0 numpy
    python tools/record_autograd.py          writes nnbook/data/trained/autograd.csv

Three parts, all in float64: the lecture's 2-2-1 network with the numbers of chapter 05; a 5-7-4-3 network with each
activation, cross-entropy, weights and data drawn by NumPy with seed 0; f(z) and f'(z) of each activation function.
Nothing here uses nnlib: both sides start from the same numbers and go their own ways. The notebook and
tests/unit/test_chapter_05.py draw the same numbers in the same order.
"""

import csv
import datetime
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

TARGET = Path(__file__).parent.parent / "nnbook" / "data" / "trained" / "autograd.csv"
SIZES = (5, 7, 4, 3)
FUNCTIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "softplus": lambda z: F.softplus(z, threshold=1000),  # beyond its threshold (20) PyTorch returns z itself
    "swish": F.silu,
}


def leaf(values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def network_2_2_1():
    """∂L/∂ of w1…w6, b1…b3, x1, x2 with L = ½ (y − a3)²; w1, w2 start at x1, w3, w4 at x2."""
    names = ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3", "x1", "x2")
    w1, w2, w3, w4, w5, w6, b1, b2, b3, x1, x2 = leaves = [
        leaf(v) for v in (0.5, -0.4, 0.25, 0.3, 0.8, -0.6, 0.1, -0.1, 0.3, 1.0, 2.0)]
    a1 = torch.sigmoid(w1 * x1 + w3 * x2 + b1)
    a2 = torch.sigmoid(w2 * x1 + w4 * x2 + b2)
    a3 = torch.sigmoid(w5 * a1 + w6 * a2 + b3)
    loss = 0.5 * (1.0 - a3) ** 2
    loss.backward()
    yield "2-2-1", "loss", [loss.item()]
    for name, value in zip(names, leaves, strict=True):
        yield "2-2-1", name, [value.grad.item()]


def deep_network(name, f):
    """Gradients of all weights and biases, in the order W, b, W, b, W, b."""
    rng = np.random.default_rng(0)
    shapes = [shape for n_in, n_out in zip(SIZES[:-1], SIZES[1:], strict=True) for shape in ((n_out, n_in), (n_out,))]
    parameters = [leaf(rng.normal(size=shape)) for shape in shapes]
    a = torch.tensor(rng.normal(size=(6, SIZES[0])))
    labels = torch.tensor(rng.integers(SIZES[-1], size=6))
    for k in range(0, len(parameters), 2):
        a = F.linear(a, parameters[k], parameters[k + 1])
        if k < len(parameters) - 2:
            a = f(a)
    loss = F.cross_entropy(a, labels)
    loss.backward()
    yield f"5-7-4-3 {name}", "loss", [loss.item()]
    for k, p in enumerate(parameters):
        yield f"5-7-4-3 {name}", f"{'Wb'[k % 2]}{k // 2 + 1}", p.grad.ravel().tolist()


def function(name, f):
    """f and f′ at −6, −5.5, …, 6."""
    z = leaf(np.arange(-6, 6.25, 0.5))
    value = f(z)
    value.sum().backward()
    yield name, "f", value.tolist()
    yield name, "f_prime", z.grad.tolist()


def main():
    rows = list(network_2_2_1())
    for name, f in FUNCTIONS.items():
        rows += [*deep_network(name, f), *function(name, f)]
    with open(TARGET, "w", encoding="utf8", newline="") as file:
        file.write(f"# PyTorch {torch.__version__.split('+')[0]} (autograd, float64, CPU), "
                   f"tools/record_autograd.py, {datetime.date.today()}, default_rng(0)\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "name", "values"])
        writer.writerows([case, name, " ".join(map(repr, values))] for case, name, values in rows)


if __name__ == "__main__":
    main()
