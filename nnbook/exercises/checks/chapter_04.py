"""What the exercises of chapter 4 (multilayer perceptron) say to an answer."""

import numpy as np

from nnbook.data.views_experiment import load_views_experiment
from nnbook.exercises import check
from nnlib.activations import sigmoid


def check_1(answer):
    first, between, last = 56 * 100 + 100, 100 * 100 + 100, 100 + 1
    check("1 count", answer, first + 3 * between + last, mistakes={
        "The biases are missing.": 5600 + 3 * 10_000 + 100,
        "Only three maps lie between the four hidden layers.":
            first + 4 * between + last,
        "That is for three hidden layers.": first + 2 * between + last,
        "The output's bias is missing.": first + 3 * between + 100,
        "The output layer is missing.": first + 3 * between})


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
        "At x = 2 the slope must change from −1 to 0.": [1, -2, 2]})


def check_4(answers, points):
    sides = np.c_[points > 0, points.sum(axis=1) < 1]
    inside, beyond = sides.all(axis=1), sides[:, :2].all(1) & ~sides[:, 2]
    check("4 triangle", answers, inside.astype(float), mistakes={
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

    rng = np.random.default_rng(5)
    small = [(rng.normal(size=(4, 2)), rng.normal(size=4)),
             (rng.normal(size=(3, 4)), rng.normal(size=3))]
    check("5 forward", answer, right, mistakes={
        "The last layer must stay linear.":
            lambda x, layers: sigmoid(right(x, layers)),
        "There is no sigmoid at all.": without_sigmoid},
        inputs=[(rng.normal(size=(5, 2)), small)])


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
