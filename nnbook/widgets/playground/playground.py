"""A network that trains in the page: every weight, every unit, the folded space, and nnlib code for the same run.

The functions here give in Python what the page computes in JavaScript: the same points, the same start weights.
"""

import math

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import (
    SGD,
    Adam,
    BCEWithLogitsLoss,
    Layer,
    LeakyReLU,
    Linear,
    MSELoss,
    ReLU,
    Sequential,
    Sigmoid,
    Swish,
    Tanh,
    accuracy,
    checks,
)

DATASETS = ("xor", "circles", "spirals", "gauss", "plane", "hills", "own")
REGRESSION = ("plane", "hills")
FEATURES = {
    "x1": lambda x: x[:, 0], "x2": lambda x: x[:, 1], "x1x1": lambda x: x[:, 0] ** 2, "x2x2": lambda x: x[:, 1] ** 2,
    "x1x2": lambda x: x[:, 0] * x[:, 1],
    "sin1": lambda x: np.sin(np.pi * x[:, 0]), "sin2": lambda x: np.sin(np.pi * x[:, 1]),
}
ACTIVATIONS = {"none": None, "sigmoid": Sigmoid, "tanh": Tanh, "relu": ReLU, "leaky_relu": LeakyReLU, "swish": Swish}
OPTIMIZERS = ("sgd", "momentum", "adam")
PENALTIES = ("none", "l2", "l1")


def mulberry32(seed):
    """Random numbers in [0, 1) from a seed, the same in JavaScript (which has no seeded generator of its own)."""
    a, mask = seed, 0xFFFFFFFF
    while True:
        a = (a + 0x6D2B79F5) & mask
        t = ((a ^ (a >> 15)) * (a | 1)) & mask
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask
        yield (t ^ (t >> 14)) / 2**32


def dataset(name, noise=0.1, seed=1, n=200):
    """Points in the plane, x (n, 2), and what to say of them, y (n, 1): 0 and 1 in turn, or any number.  [A06, A07]

    "xor": opposite quadrants belong together. "circles": a disc in a ring. "spirals": two arms, one and a half turns.
    "gauss": two round clouds that overlap a little. Regression: "plane", (x1 + x2) / 2; "hills", sin πx1 · sin πx2.
    noise: spread of what is added to each coordinate. The page trains on seed 1 and tests on seed 2.

    Raises ValueError for another name.
    """
    if name not in DATASETS[:-1]:
        raise ValueError(f"dataset must be one of {', '.join(DATASETS[:-1])}, got {name!r}")
    random, x, y = mulberry32(seed), [], []
    for label in (np.arange(checks.integer(n, "n")) % 2).tolist():
        u, v = next(random), next(random)
        if name == "xor":
            side = 1 if u < 0.5 else -1
            u = abs(2 * u - 1)
            point = side * (0.1 + 0.9 * u), side * (0.1 + 0.9 * v) * (-1 if label else 1)
        elif name == "gauss":
            far, middle = 0.25 * math.sqrt(-2 * math.log(1 - u)), 0.45 if label else -0.45
            point = middle + far * math.cos(2 * math.pi * v), middle + far * math.sin(2 * math.pi * v)
        elif name in REGRESSION:
            point = 2 * u - 1, 2 * v - 1
            label = sum(point) / 2 if name == "plane" else math.sin(math.pi * point[0]) * math.sin(math.pi * point[1])
        else:
            if name == "circles":
                radius, angle = (0.5 * math.sqrt(u) if label else 0.75 + 0.25 * u), 2 * math.pi * v
            else:
                radius = 0.1 + 0.9 * u
                angle = 3 * math.pi * u + math.pi * label
            point = radius * math.cos(angle), radius * math.sin(angle)
        spread = noise * math.sqrt(-2 * math.log(1 - next(random)))
        turn = 2 * math.pi * next(random)
        x.append([point[0] + spread * math.cos(turn), point[1] + spread * math.sin(turn)])
        y.append([float(label)])
    return np.array(x), np.array(y)


def split(name, noise=0.1, share=50):
    """((x, y), (x, y)): of 400 points `share` percent to train on, the rest to test on."""
    x, y = (np.concatenate(both) for both in zip(dataset(name, noise, 1), dataset(name, noise, 2), strict=True))
    n = 4 * share
    return (x[:n], y[:n]), (x[n:], y[n:])


def inputs(x, features="x1 x2"):
    """What the network is given of points x (N, 2): a column for each word of `features`, see FEATURES."""
    unknown = [name for name in features.split() if name not in FEATURES]
    if unknown or not features.split():
        raise ValueError(f"features must be some of {', '.join(FEATURES)}, got {features!r}")
    return np.stack([FEATURES[name](x) for name in features.split()], axis=1)


class Inputs(Layer):
    """The same as a first layer."""

    def __init__(self, features):
        self.features = features

    def forward(self, x):
        return inputs(x, self.features)


def batches(n, size, steps, first=0):
    """The rows of each of `steps` mini-batches, from step `first` on, shuffled for each epoch; size 0: all rows."""
    size = size or n
    each, order = -(-n // size), list(range(n))  # steps of an epoch
    for step in range(first, first + steps):
        if each > 1 and (step == first or step % each == 0):
            random, order = mulberry32(step // each + 1), list(range(n))
            for i in range(n - 1, 0, -1):
                j = int(next(random) * (i + 1))
                order[i], order[j] = order[j], order[i]
        yield np.array(order[step % each * size:(step % each + 1) * size])


def start_weights(model, seed):
    """Give every layer the playground's start weights: uniform between −1/√n_in and 1/√n_in. Returns the model."""
    random, bound = mulberry32(checks.integer(seed, "seed", 0)), 1.0
    for name, array, _gradient in model.parameters():
        if name.endswith("W"):
            bound = 1 / math.sqrt(array.shape[1])
        array.flat = [(2 * next(random) - 1) * bound for _entry in range(array.size)]
    return model


def mlp(hidden, activation, n_in=2):
    """Sequential of Linear layers with `activation` after each hidden one; the output is a logit, or a number."""
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    rng, layers = np.random.default_rng(0), []
    for n_out in hidden:
        layers.append(Linear(n_in, n_out, rng=rng))
        if ACTIVATIONS[activation]:
            layers.append(ACTIVATIONS[activation]())
        n_in = n_out
    return Sequential(*layers, Linear(n_in, 1, rng=rng))


def penalise(model, penalty, strength):
    """Add the slope of the penalty to the gradients of all weights (biases go free): λ w for L2, λ sign(w) for L1."""
    if penalty == "none":
        return
    for name, w, gradient in model.parameters():
        if name.endswith("W"):
            gradient += strength * (w if penalty == "l2" else np.sign(w))


def train(model, data, optimizer, steps, penalty="none", strength=0.0, batch=0, loss=None):
    """`steps` steps on data = (x, y), by batches (0: all points at once); returns the loss of each before its step."""
    loss, losses = loss or BCEWithLogitsLoss(), []
    for rows in batches(len(data[0]), batch, steps):
        optimizer.zero_grad()
        losses.append(loss(model(data[0][rows]), data[1][rows]))
        model.backward(loss.backward())
        penalise(model, penalty, strength)
        optimizer.step()
    return losses


def optimizer_for(model, name, lr):
    if name not in OPTIMIZERS:
        raise ValueError(f"optimizer must be one of {', '.join(OPTIMIZERS)}, got {name!r}")
    return Adam(model, lr=lr) if name == "adam" else SGD(model, lr=lr, momentum=0.9 if name == "momentum" else 0.0)


def weights_of(model):
    """[[W, b], …], lists, one pair for each Linear layer."""
    arrays = [array.tolist() for _name, array, _gradient in model.parameters()]
    return [list(pair) for pair in zip(arrays[::2], arrays[1::2], strict=True)]


def network_of(state):
    """The nnlib network that a playground shows now. state: the live widget.

    Write its weights back with `state.weights = weights_of(model)`.
    """
    model = mlp([int(n) for n in state.hidden.split()], state.activation, len(state.features.split()))
    arrays = [array for pair in state.weights for array in pair]
    for (_name, array, _gradient), values in zip(model.parameters(), arrays, strict=True):
        array[...] = values
    return model


def points_of(state):
    """The points that a playground trains on now, (x, y); its network gets inputs(x, state.features)."""
    if state.dataset != "own":
        return split(state.dataset, state.noise, state.share)[0]
    points = np.array([[float(number) for number in point.split()] for point in state.points.split(";")])
    return points[:, :2], points[:, 2:]


@widget
def playground(dataset="xor", hidden=(4, 2), activation="tanh", optimizer="adam", lr=0.03, penalty="none",
               strength=0.003, noise=0.05, seed=15, steps=80, points=(), features=("x1", "x2"), batch=0, share=50):
    """Train a small network in the page, step by step or without pause.  [A10, A12, B13]

    dataset: "xor", "circles", "spirals", "gauss", for regression "plane" or "hills", or "own"; points, for "own":
    [(x1, x2, class), …], set by clicking too. features: what the network is given of a point, some of FEATURES.
    hidden: units of each hidden layer, up to four layers of eight; () is a single layer.
    activation: "none", "sigmoid", "tanh", "relu", "leaky_relu" or "swish"; optimizer: "sgd", "momentum" or "adam".
    penalty: "none", "l2" or "l1" on the weights, with its strength λ. noise: spread of the data.
    batch: points of a step, 0 for all; share: percent of the 400 points that train, 10 … 90; the others test.
    seed: of the start weights; steps: already done when the page opens.

    Live, all of these are traits of the widget that can be read and set (hidden, features and points as text: "4 4",
    "x1 x2", "0.5 0.5 1; -0.5 0.2 0"), and so are `weights`, [[W, b], …]; `network_of(widget)` is its nnlib network.

    Raises ValueError for anything else.
    """
    options = {"dataset": DATASETS, "activation": ACTIVATIONS, "optimizer": OPTIMIZERS, "penalty": PENALTIES}
    given = {"dataset": dataset, "activation": activation, "optimizer": optimizer, "penalty": penalty}
    for name, allowed in options.items():
        if given[name] not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {given[name]!r}")
    hidden = [checks.integer(n, "hidden") for n in hidden]
    if len(hidden) > 4 or max(hidden, default=1) > 8:
        raise ValueError(f"hidden must be at most four layers of at most eight units, got {hidden}")
    points = [[float(p) for p in point] for point in points]
    if any(len(point) != 3 or point[2] not in (0, 1) for point in points):
        raise ValueError(f"points must be (x1, x2, class) with class 0 or 1, got {points}")
    inputs(np.zeros((1, 2)), " ".join(features))
    features = " ".join(name for name in FEATURES if name in features)
    if not points:
        points = [[-0.6, -0.6, 0], [0.6, 0.6, 0], [-0.6, 0.6, 1], [0.6, -0.6, 1]]
    plain = not hidden or hidden[-1] < 3  # the last layer can be shown whole, unit against unit
    state = given | {
        "points": "; ".join(f"{x:g} {y:g} {label:g}" for x, y, label in points), "hidden": " ".join(map(str, hidden)),
        "lr": checks.number(lr, "lr", low_included=False), "strength": checks.number(strength, "strength"),
        "noise": checks.number(noise, "noise", 0, 0.5), "seed": checks.integer(seed, "seed", 0), "features": features,
        "batch": checks.integer(batch, "batch", 0), "share": int(checks.number(share, "share", 10, 90)),
        "probe_x": 0.5, "probe_y": -0.5, "layer": len(hidden), "across": 0 if plain else -1, "up": 1 if plain else 0,
        "speed": 5, "new_class": 0, "tests": False, "weights": [],
        "snapshot": "", "steps": checks.integer(steps, "steps", 0),
    }
    model, x, y = trained(state)
    state["weights"] = weights_of(model)
    shown = Sequential(Inputs(features), *model.layers)
    right = accuracy((shown(x) > 0).astype(int), (y > 0).astype(int))

    def picture():
        from nnbook.plots import multilayer_perceptron as plots
        return plots.input_and_hidden_space(shown, x, y > 0)

    return FrontEnd("playground", state, picture, alt=_(
        "Left: the plane of inputs after {steps} steps, {right:.0%} of the points on the right side of the "
        "boundary. Right: the same points as the last hidden layer sees them; there the boundary is a straight line.",
        steps=steps, right=right)).show()


class State:
    """Attributes from a dict, so that network_of and points_of take what the widget starts with."""

    def __init__(self, state):
        vars(self).update(state)


def trained(state):
    """(model, x, y) as the page shows them after state["steps"] steps; the model gets inputs(x, state["features"])."""
    x, y = points_of(State(state))
    features = state["features"]
    sizes = [int(n) for n in state["hidden"].split()]
    model = start_weights(mlp(sizes, state["activation"], len(features.split())), state["seed"])
    train(model, (inputs(x, features), y), optimizer_for(model, state["optimizer"], state["lr"]), state["steps"],
          state["penalty"], state["strength"], state["batch"], MSELoss() if state["dataset"] in REGRESSION else None)
    return model, x, y
