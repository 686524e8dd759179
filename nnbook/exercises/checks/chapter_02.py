"""What the exercises of chapter 2 (classification) say to an answer."""

import numpy as np

from nnbook.exercises import check


def check_1(answer):
    rng = np.random.default_rng(1)
    check("1 distance", answer,
          lambda x, w, b: np.abs(x @ w + b) / np.linalg.norm(w), inputs=[
        (np.array([[4.0, 3.0], [0.0, 0.0]]), np.array([3.0, 4.0]), -12.0),
        (rng.normal(size=(5, 3)), rng.normal(size=3), 0.7)], mistakes={
        "A distance is never negative: take the absolute value.":
            lambda x, w, b: (x @ w + b) / np.linalg.norm(w),
        "Divide by the length of w: otherwise 2w and 2b give another "
        "distance for the same plane.": lambda x, w, b: np.abs(x @ w + b),
        "You divided by ‖w‖². Take the root.":
            lambda x, w, b: np.abs(x @ w + b) / (w @ w),
        "b is no part of the normal vector: divide by ‖w‖, not ‖(w, b)‖.":
            lambda x, w, b: np.abs(x @ w + b) / np.sqrt(w @ w + b * b),
        "The offset b is missing.":
            lambda x, w, b: np.abs(x @ w) / np.linalg.norm(w)})


def check_2(answer, joint):
    both, effect = joint[:, :, 1, 1].sum(), joint[:, :, :, 1].sum()
    check("2 late, given missed", answer, both / effect, mistakes={
        "That is P(missed | late), the other way round.": both / joint[:, :, 1].sum(),
        "That is P(late and missed). Divide by P(missed).": both,
        "That is P(late), before we know anything.": joint[:, :, 1].sum()})


def check_3(answer):
    def nearest(x, new, k):
        d = np.sqrt(((x - new) ** 2).sum(1))
        near = np.argsort(d)[:k]
        return near, 1 / d[near]

    def right(x, y, new, k, power=1):
        near, weight = nearest(x, new, k)
        return weight**power @ y[near] / np.sum(weight**power)

    def only_sum(x, y, new, k):
        near, weight = nearest(x, new, k)
        return weight @ y[near]

    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(60, 2)), rng.normal(size=60)
    check("3 weighted mean", answer, right,
          inputs=[(x, y, np.array([0.1, 0.2]), k) for k in (1, 3, 7)],
          mistakes={
        "The weights must be divided by their sum.": only_sum,
        "This is the plain mean: weight each neighbour by 1/distance.":
            lambda x, y, new, k: y[nearest(x, new, k)[0]].mean(),
        "The far ones count more: the weight is 1/distance, not distance.":
            lambda x, y, new, k: right(x, y, new, k, -1),
        "The weight is 1/distance, not 1/distance².":
            lambda x, y, new, k: right(x, y, new, k, 2),
        "You used all points, not only the k nearest.":
            lambda x, y, new, k: right(x, y, new, len(x))})


def check_4(answer):
    check("4 separable functions", answer, 14, mistakes={
        "XOR is not the only one: what about its opposite?": 15,
        "At least XOR cannot be done.": 16,
        "The two constant functions count too: put the line far away.": 12})


def check_5(answer, thresholds, p_train, y_train):
    def costs(lost, through):
        says = p_train > thresholds[:, None]
        return (lost * np.sum(says & (y_train == 0), axis=1)
                + through * np.sum(~says & (y_train == 1), axis=1))

    def cheapest(lost, through):
        return thresholds[np.argmin(costs(lost, through))]

    check("5 threshold", answer, cheapest(5, 1), mistakes={
        "That is the lowest cost. Which threshold has it?": min(costs(5, 1)),
        "That is its place in the list. Give the threshold itself.":
            int(np.argmin(costs(5, 1))),
        "The costs are exchanged: good messages are the dear ones.":
            cheapest(1, 5),
        "That would be right if both mistakes cost the same.":
            cheapest(1, 1)})
