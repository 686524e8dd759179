"""What the exercises of chapter 8 (convolutional networks) say to an answer."""

import numpy as np

from nnbook.exercises import check
from nnlib import Flatten, Linear, Sequential, activations


def check_1(convolved, answer):
    check("1 convolution", convolved, [[-1, 0], [1, -1]], mistakes={
        "You applied the ReLU already.": [[0, 0], [1, 0]],
        "These are the pixels; add their neighbours on the diagonal.":
            [[2, 0], [1, -3]],
        "The kernel's 1s go from the upper left to the lower right.":
            [[2, 1], [1, -3]]})
    check("1 answer", answer, 2, mistakes={
        "The bias of the last layer is missing.": 1,
        "That is a mean; max-pooling keeps the largest number.": 1.25,
        "ReLU first: negative numbers become 0. Then the largest.": 0})


def check_2(answer):
    first, second, last = 448, 2320, 40970
    check("2 count", answer, first + second + last, mistakes={
        "The biases of the convolutions are missing, 16 each.": 432 + 2304 + last,
        "The biases are missing.": 432 + 2304 + 40960,
        "The pooling halves both sides: 16 × 16 remain.":
            first + second + 163850,
        "Halved in one direction only: 16 × 16 remain.":
            first + second + 81930,
        "Padding “same” keeps 32 × 32; the pooling leaves 16 × 16.":
            first + second + 14 * 14 * 160 + 10,
        "The biases of the last layer are missing, 10 of them.":
            first + second + 40960,
        "The first kernels are 3 deep, for three colours.":
            160 + second + last,
        "The second convolution has 16 input channels.":
            first + 160 + last,
        "Flatten keeps all 16 maps.": first + second + 2570,
        "These are the convolutions; the last layer is missing.":
            first + second})


def check_3(answer):
    counts = np.random.default_rng(3).integers(1, 100, size=(10, 10))
    check("3 recall", answer, lambda c: np.diag(c) / c.sum(axis=1),
          inputs=[(counts,), (np.array([[3, 1], [2, 5]]),)], mistakes={
        "You divided by the sums of the columns: that is the precision.":
            lambda c: np.diag(c) / c.sum(axis=0),
        "You divided by all answers; take those of the same true digit.":
            lambda c: np.diag(c) / c.sum(),
        "These are the shares of wrong answers; the right ones are asked.":
            lambda c: 1 - np.diag(c) / c.sum(axis=1),
        "That is the accuracy, one number; each digit has its own.":
            lambda c: np.trace(c) / c.sum()})


def nine_looks(model, x, f=activations.softmax):
    looks = [np.roll(x, (dy, dx), axis=(2, 3))
             for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return np.mean([f(model(look)) for look in looks], axis=0)


def check_4(answer):
    rng = np.random.default_rng(4)
    model = Sequential(Flatten(), Linear(784, 10, rng=rng))
    x = np.pad(rng.normal(size=(20, 1, 26, 26)), [(0, 0), (0, 0), (1, 1), (1, 1)])
    check("4 looks", answer, nine_looks, inputs=[(model, x)],
          tolerance=1e-4, mistakes={
        "That is one look only.":
            lambda model, x: activations.softmax(model(x)),
        "The digit where it stands is one of the nine looks.":
            lambda model, x: (9 * nine_looks(model, x) - activations.softmax(model(x))) / 8,
        "You added the nine looks; take their mean.":
            lambda model, x: 9 * nine_looks(model, x),
        "These are means of the scores; take softmax of each look first.":
            lambda model, x: nine_looks(model, x, f=np.array),
        "Average the probabilities of the looks, not their scores.":
            lambda model, x: activations.softmax(
                nine_looks(model, x, f=np.array))})


def check_5(answer):
    rest, last = 208 + 1168 + 4640, 330
    check("5 no places", answer, rest + last, mistakes={
        "The 1 × 1 convolution has 10 biases, too.": rest + 320,
        "That is the network with the fully connected layer.": 8906,
        "A 1 × 1 kernel is 32 deep.": rest + 20,
        "These are the parameters of the 1 × 1 convolution alone.": last,
        "The last layer is missing: 32 maps become 10.": rest})
