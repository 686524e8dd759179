"""What the exercises of chapter 4 (multilayer perceptron) say to an answer."""

import numpy as np

from nnbook.data.views_experiment import load_views_experiment
from nnbook.exercises import check
from nnlib.activations import relu, sigmoid


def check_1(answer):
    first, between, last = 56 * 100 + 100, 100 * 100 + 100, 100 + 1
    check("1 count", answer, first + 3 * between + last, mistakes={
        "The biases are missing.": 5600 + 3 * 10_000 + 100,
        "Only three maps lie between the four hidden layers.":
            first + 4 * between + last,
        "That is for three hidden layers.": first + 2 * between + last,
        "The output's bias is missing.": first + 3 * between + 100,
        "The output layer is missing.": first + 3 * between,
        "Only the first layer hears the 56 inputs; each other one hears the "
        "100 units before it.": 4 * first + last})


def check_2(W, b, W1, b1, W2, b2):
    check("2 W", W, W2 @ W1)
    check("2 b", b, W2 @ b1 + b2, mistakes={
        "b₂ is missing.": W2 @ b1,
        "b₁ goes through the second layer too.": b2})


def check_3(answer):
    check("3 tent", answer, [1, -2, 1], mistakes={
        "From x = 1 on it is level; it should fall.": [1, -1, 0],
        "It goes on falling below 0 after x = 2.": [1, -2, 0],
        "These are the slopes. Each c is a change of slope.": [1, -1, 1],
        "At x = 2 the slope must change from −1 to 0.": [1, -2, 2],
        "These are the heights at the kinks. Each c is a change of slope.":
            [0, 1, 0]})


def check_4(answers, points, W, b):
    """answers (N,) of the network to points; W (3, 2) and b (3,): its three lines."""
    sides = np.c_[points > 0, points.sum(axis=1) < 1]
    inside, beyond = sides.all(axis=1), sides[:, :2].all(1) & ~sides[:, 2]

    def lies_elsewhere(k):
        """Whether line k runs along a side of the triangle, but not on it."""
        w, bias = np.array(W[k], dtype=float), float(b[k])
        length = np.hypot(*w)
        found = [sign * bias / length - c / np.hypot(*side)
                 for *side, c in ((1, 0, 0), (0, 1, 0), (-1, -1, 1))
                 for sign in (1, -1)
                 if np.allclose(sign * w / length, side / np.hypot(*side))]
        return bool(found) and abs(found[0]) > 1e-6

    check("4 triangle", answers, inside.astype(float), mistakes={
        f"Line {k + 1} has the direction of a side, but its bias puts it "
        "somewhere else.": lambda answers, k=k: lies_elsewhere(k)
        for k in range(3)} | {
        "Inside and outside are exchanged.": 1.0 - inside,
        "The third line answers 1 on the wrong side.":
            beyond.astype(float),
        "The output says 1 if any one line does; it needs all three.":
            np.ones(len(points)),
        "The output says 1 if two lines do; it needs all three.":
            (sides.sum(axis=1) >= 2).astype(float),
        "It never says 1: the threshold of the output is too high.":
            np.zeros(len(points))})


def check_5(answer):
    def right(x, layers):
        *hidden, (W, b) = layers
        for W_hidden, b_hidden in hidden:
            x = sigmoid(x @ W_hidden.T + b_hidden)
        return x @ W.T + b

    def without_sigmoid(x, layers):
        for W, b in layers:
            x = x @ W.T + b
        return x

    def hidden_only(x, layers):
        for W, b in layers[:-1]:
            x = sigmoid(x @ W.T + b)
        return x

    def hidden_by(f):
        """The wrong network with f(x, W, b) as hidden layer."""
        def network(x, layers):
            *hidden, (W, b) = layers
            for W_hidden, b_hidden in hidden:
                x = f(x, W_hidden, b_hidden)
            return x @ W.T + b
        return network

    def without_biases(x, layers):
        return right(x, [(W, 0 * b) for W, b in layers])

    rng = np.random.default_rng(5)
    small, deep = (
        [(rng.normal(size=(m, n)), rng.normal(size=m))
         for n, m in zip(sizes[:-1], sizes[1:], strict=True)]
        for sizes in ((2, 4, 3), (2, 5, 4, 3)))
    check("5 forward", answer, right, mistakes={
        "The last layer must stay linear.":
            lambda x, layers: sigmoid(right(x, layers)),
        "There is no sigmoid at all.": without_sigmoid,
        "The biases are missing.": without_biases,
        "The biases of the hidden layers are missing.":
            hidden_by(lambda x, W, b: sigmoid(x @ W.T)),
        "The bias belongs inside the sigmoid: σ(Wx + b).":
            hidden_by(lambda x, W, b: sigmoid(x @ W.T) + b),
        "The hidden layers are to be sigmoids, not ReLUs.":
            hidden_by(lambda x, W, b: relu(x @ W.T + b)),
        "The last layer is missing.": lambda x, layers: hidden_only(x, layers),
        "Only the first hidden layer has its sigmoid; a network may have "
        "several.": lambda x, layers: without_sigmoid(
            hidden_only(x, layers[:2]), layers[1:])},
        inputs=[(rng.normal(size=(5, 2)), small),
                (rng.normal(size=(5, 2)), deep)])


def check_6(chosen, price):
    _, rows = load_views_experiment()
    names = [str(name) for name in np.unique(rows["hidden"])]

    def held_out(name, protocol):
        return rows[(rows["hidden"] == name) & (rows["series"] == "cleaned")
                    & (rows["protocol"] == protocol)]["held_out"]

    mean = {year: {name: held_out(name, protocol).mean()
                   for name in names}
            for year, protocol in ((2020, "choose"), (2021, "report"))}
    best = {year: min(names, key=mean[year].get) for year in mean}
    check("6 network", chosen, best[2020], mistakes={
        "That is the best in 2021: you let the test year choose.":
            best[2021]})
    check("6 price", price, mean[2021][best[2020]] - mean[2021][best[2021]],
          tolerance=0.05, mistakes={
              "Both errors must be those of 2021.":
                  mean[2020][best[2020]] - mean[2021][best[2021]]})
