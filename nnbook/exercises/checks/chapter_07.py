"""What the exercises of chapter 7 (convolution) say to an answer."""

import numpy as np

from nnbook.exercises import check
from nnlib import AvgPool2d, Conv2d, MaxPool2d


def check_1(answer):
    check("1 output size", answer, 56, mistakes={
        "That is after the convolution; the pooling halves it.": 112,
        "One halving too many: the stride halves once, the pooling once.": 28,
        "One side is asked, as one number.": lambda b: np.all(np.equal(b, 56)) and np.size(b) > 1,
        "Is one + 1 missing, or the padding at one of the two ends?": 55,
        "Is the padding missing, or the + 1 in both steps?": 54,
        "Round down after each division: half a window is no window.":
            lambda b: np.size(b) == 1 and np.isin(b, (56.25, 56.5, 57, 112.5, 113)).all()})


def by_nnlib(x, kernel, S, P):
    layer = Conv2d(1, 1, len(kernel), stride=S, padding=P,
                   rng=np.random.default_rng(0))
    layer.W[0, 0], layer.b[:] = kernel, 0
    return layer(x[None, None])[0, 0]


def check_2(answer):
    rng = np.random.default_rng(3)
    x, k = rng.normal(size=(7, 7)), rng.normal(size=(3, 3))
    cases = [(x, k, 1, 0), (x, k, 2, 0), (x, k, 1, 1), (x, k, 3, 2)]
    check("2 convolution", answer, by_nnlib, inputs=cases, mistakes={
        "You flip the kernel; networks do not.":
            lambda x, k, S, P: by_nnlib(x, k[::-1, ::-1], S, P),
        "The kernel is transposed.":
            lambda x, k, S, P: by_nnlib(x, k.T, S, P),
        "Pad with zeros, not with the numbers at the border.":
            lambda x, k, S, P: by_nnlib(np.pad(x, P, mode="edge"), k, S, 0),
        "The padding is missing.": lambda x, k, S, P: by_nnlib(x, k, S, 0),
        "The stride is missing.": lambda x, k, S, P: by_nnlib(x, k, 1, P),
        "The window of output r, c begins at r · S, c · S, not at r, c.":
            lambda x, k, S, P: by_nnlib(x, k, 1, P)[:len(by_nnlib(x, k, S, P)),
                                                    :len(by_nnlib(x, k, S, P))]})


def check_3(answer):
    def edges(k, turned=False):
        """What k answers where dark meets bright, at each place of the edge."""
        k = np.asarray(k, dtype=float)
        parts = [np.repeat([[0.0] * (3 - n) + [1.0] * n], 3, axis=0) for n in (1, 2)]
        return np.array([np.sum(k * (p.T if turned else p)) for p in parts])

    def small(k):
        return np.shape(k) == (3, 3) and np.asarray(k).dtype.kind in "iuf"

    def none(values):
        return np.all(np.abs(values) < 1e-9)

    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    good = small(answer) and none(np.sum(answer)) and none(edges(answer, True)) and np.all(edges(answer) > -1e-9) \
        and not none(edges(answer))
    check("3 kernel", answer, answer if good else sobel, mistakes={
        "The numbers must sum to 0, or it answers to an even surface.":
            lambda k: small(k) and not none(np.sum(k)),
        "It answers to edges between above and below, too: the sum of each row must be 0.":
            lambda k: small(k) and not none(edges(k, True)),
        "It is the wrong way round: bright is on the right.":
            lambda k: small(k) and np.all(edges(k) < 1e-9) and not none(edges(k)),
        "It does not see the edge from dark to bright at all.":
            lambda k: small(k) and none(edges(k)),
        "At one place of the edge it answers more than 0, at the next less.":
            lambda k: small(k) and edges(k).min() < -1e-9})


def check_4(answer):
    def pair(b):
        return np.shape(b) == (2,)

    check("4 bill", answer, (1792, 86_704_128), tolerance=1e-9, mistakes={
        "First the parameters, then the multiply-adds.": (86_704_128, 1792),
        "The biases are missing: one for each kernel.": (1728, 86_704_128),
        "The kernels are 3 deep: one layer for each colour.":
            lambda b: pair(b) and b[0] in (576, 640),
        "Multiply-adds: each of 224 · 224 output pixels uses every weight.":
            lambda b: pair(b) and b[1] in (1728, 1792),
        "Padding “same” keeps 224 × 224 outputs.":
            lambda b: pair(b) and b[1] == 1728 * 222 * 222,
        "A multiplication and its addition count as one.":
            lambda b: pair(b) and b[1] == 2 * 86_704_128,
        "A bias is added, not multiplied: no multiply-add for it.":
            (1792, 89_915_392)})


def check_5(answer):
    def pooled_by(layer):
        return lambda x: layer(x[None, None])[0, 0]

    rng = np.random.default_rng(4)
    cases = [(rng.normal(size=(4, 4)),), (rng.normal(size=(6, 10)),)]
    check("5 max-pooling", answer, pooled_by(MaxPool2d(2)), inputs=cases,
          mistakes={
        "That is the mean, not the largest.": pooled_by(AvgPool2d(2)),
        "You take every second number without looking at the others.":
            lambda x: x[::2, ::2],
        "These are four numbers that follow each other, not 2 × 2.":
            lambda x: x.reshape(len(x) // 2, -1, 4).max(axis=2),
        "Right shape, wrong axes: inside a window stand the second and the fourth.":
            lambda x: x.reshape(len(x) // 2, 2, -1, 2).max(axis=(0, 2)),
        "Wrong axes: these two do not stand in one window.":
            lambda x: x.reshape(len(x) // 2, 2, -1, 2).max(axis=(0, 1))})


def check_6(answer):
    check("6 receptive field", answer, 36, mistakes={
        "You counted the convolutions alone; poolings see more and widen the steps.": 13,
        "Behind a pooling a step is twice as wide; you counted all alike.": 16,
        "A pooling sees more, too: (2 − 1) × the strides before it.": 29,
        "The last pooling sees more, too.": 32,
        "Begin with the neuron itself: 1 pixel.": 35})
