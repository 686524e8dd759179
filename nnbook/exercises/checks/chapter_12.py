"""What the exercises of chapter 12 (applications) say to an answer."""

from functools import partial

import numpy as np

from nnbook.exercises import check
from nnbook.games import go


def check_1(frames, frequency):
    check("1 frames", frames, 49, mistakes={
        "The last window must fit in: count its last start, 3,840.": 50,
        "These windows lie side by side; they begin every 80 samples.": 25,
        "These are the starting points without the first one.": 48})
    check("1 frequency", frequency, 1000, mistakes={
        "From one frequency to the next it is 8000/160 = 50 Hz.":
            lambda answer: answer in (20, 2000, 160, 500),
        "Number 0 is the constant part, 0 Hz: number 20 is 20 · 50.":
            lambda answer: answer in (950, 1050),
        "81 frequencies have 80 steps between them.": lambda answer: any(
            abs(answer - wrong) < 1 for wrong in (
                20 * 4000 / 81, 20 * 8000 / 81)),
        "That is in kilohertz; Hz are asked.": 1})


def check_2(answer):
    def leaks(speakers, test):
        return len(set(speakers[test]) & set(speakers[~test]))

    inputs = [(np.array([0, 0, 1, 1, 2, 2]), np.array([1, 0, 1, 1, 0, 1]) > 0),
              (np.array([3, 3, 5, 5, 7]), np.array([1, 1, 0, 0, 1]) > 0),
              (np.array([1, 1, 1, 2, 2]), np.array([0, 1, 1, 0, 1]) > 0),
              (np.array([4, 4, 4, 6, 6]), np.array([1, 0, 0, 0, 1]) > 0)]
    check("2 leaks", answer, leaks, inputs=inputs, mistakes={
        "These are the speakers; return how many they are.":
            lambda s, test: set(s[test]) & set(s[~test]),
        "That says whether there is a leak; return how many speakers.":
            lambda s, test: leaks(s, test) > 0,
        "That is a share; return how many speakers.":
            lambda s, test: leaks(s, test) / len(set(s)),
        "These stand in the test alone; those in both parts leak.":
            lambda s, test: len(set(s[test]) - set(s[~test])),
        "These stand in the training alone; those in both parts leak.":
            lambda s, test: len(set(s[~test]) - set(s[test])),
        "You counted all their recordings; each speaker counts once.":
            lambda s, test: np.isin(
                s, list(set(s[test]) & set(s[~test]))).sum(),
        "You counted pairs of recordings; each speaker counts once.":
            lambda s, test: (s[test][:, None] == s[~test]).sum(),
        "These are all speakers of the training.":
            lambda s, test: len(set(s[~test])),
        "You counted recordings; each speaker counts once.":
            lambda s, test: np.isin(s[test], s[~test]).sum(),
        "You counted training recordings; each speaker counts once.":
            lambda s, test: np.isin(s[~test], s[test]).sum(),
        "These are all speakers of the test.":
            lambda s, test: len(set(s[test])),
        "These are the speakers that stand in one part only.":
            lambda s, test: len(set(s[test]) ^ set(s[~test])),
        "These are the speakers of both parts together.":
            lambda s, test: len(set(s))})


def overlap(a, b, clip=True):
    sides = [min(a[k] + a[k + 2], b[k] + b[k + 2]) - max(a[k], b[k])
             for k in (0, 1)]
    return np.prod([max(0, side) if clip else side for side in sides])


def around(a, b):
    """The area of the smallest box around both."""
    return np.prod([max(a[k] + a[k + 2], b[k] + b[k + 2]) - min(a[k], b[k])
                    for k in (0, 1)])


def check_3(answer):
    def iou(a, b, both=overlap):
        both = both(a, b)
        return both / (a[2] * a[3] + b[2] * b[3] - both)

    def turned(box):
        return box[0], box[1], box[3], box[2]

    inputs = [((0, 0, 4, 4), (2, 2, 4, 4)), ((0, 0, 2, 2), (5, 5, 2, 2)),
              ((1, 1, 3, 5), (1, 1, 3, 5)), ((0, 0, 2, 6), (1, 0, 4, 3)),
              ((0, 0, 2, 2), (1, 4, 2, 2)), ((0, 0, 6, 4), (1, 1, 2, 2)),
              ((1, 1, 2, 2), (0, 0, 3, 5))]
    check("3 overlap", answer, iou, inputs=inputs, mistakes={
        "The shared part is counted twice in the union: subtract it once.":
            lambda a, b: overlap(a, b) / (a[2] * a[3] + b[2] * b[3]),
        "Boxes that do not meet share nothing: a negative side counts as 0.":
            lambda a, b: iou(a, b, partial(overlap, clip=False)),
        "Two negative sides have a positive product: make each side 0.":
            lambda a, b: iou(a, b, lambda a, b: max(
                0, overlap(a, b, clip=False))),
        "That is the shared area; divide by the area of the union.":
            overlap,
        "That is the area of the union: the shared area divided by it.":
            lambda a, b: a[2] * a[3] + b[2] * b[3] - overlap(a, b),
        "Divide by what the two cover, not by the box around both.":
            lambda a, b: overlap(a, b) / around(a, b),
        "That is in percent; 1 means that they are the same.":
            lambda a, b: 100 * iou(a, b),
        "Number 2 is the height, along the rows, and 3 the width.":
            lambda a, b: iou(turned(a), turned(b)),
        "That is the share of the first box only.":
            lambda a, b: overlap(a, b) / (a[2] * a[3]),
        "That is the share of the second box only.":
            lambda a, b: overlap(a, b) / (b[2] * b[3]),
        "That is the share of the smaller box only.":
            lambda a, b: overlap(a, b) / min(a[2] * a[3], b[2] * b[3]),
        "That is the share of the larger box only.":
            lambda a, b: overlap(a, b) / max(a[2] * a[3], b[2] * b[3]),
        "That is the share of a mean box; the union has both, once.":
            lambda a, b: 2 * overlap(a, b) / (a[2] * a[3] + b[2] * b[3]),
        "Numbers 2 and 3 are height and width, not where the box ends.":
            lambda a, b: iou(*((r, c, h - r, w - c) for r, c, h, w in (a, b)))})


def check_4(answer):
    def stones(board, colour, free=1, count=len, total=sum):
        return total([0, *(count(g) for g, liberties
                           in go.groups(board, colour)
                           if len(liberties) <= free)])

    black, white = 1, -1
    position = [1, 1, -1, 0, 0,
                -1, 1, -1, 0, 1,
                -1, 0, 1, -1, -1,
                0, 0, 0, 1, 1] + [0] * 5
    corner = [1, -1] + [0] * 23
    two = [1, -1, 0, -1, 1, 0, 0, 0, -1, 1] + [0] * 15
    mirrored = [1, -1, 0, -1, 1, 1, -1] + [0] * 18
    inputs = [(position, black), (position, white), (corner, black),
              (two, black), (mirrored, black)]
    check("4 atari", answer, stones, inputs=inputs, mistakes={
        "You counted groups; each of their stones is lost.":
            lambda b, c: stones(b, c, count=lambda g: 1),
        "That is the largest group alone; add up all groups in atari.":
            lambda b, c: stones(b, c, total=max),
        "That is the first group alone: go on to the others.":
            lambda b, c: stones(b, c, total=lambda n: [*n[1:], 0][0]),
        "That is the last group alone; add up all groups in atari.":
            lambda b, c: stones(b, c, total=lambda n: n[-1]),
        "These are all stones of this colour; count groups in atari.":
            lambda b, c: b.count(c),
        "These are the other side's stones.": lambda b, c: stones(b, -c),
        "These are the stones of both colours.":
            lambda b, c: stones(b, c) + stones(b, -c),
        "That says whether any are in atari; how many stones?":
            lambda b, c: stones(b, c) > 0,
        "These are the groups with at most two liberties.":
            lambda b, c: stones(b, c, free=2),
        "A group shares its liberties; you looked at each stone alone.":
            lambda b, c: sum(
                sum(b[q] == 0 for q in go.neighbours(5)[p]) == 1
                for p in range(25) if b[p] == c)})
