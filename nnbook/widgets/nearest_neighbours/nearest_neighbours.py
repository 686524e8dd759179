"""k nearest neighbours: regions, votes and errors for every K and three distances."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget

DISTANCES = (N_("euclidean"), N_("manhattan"), N_("cosine"))
KS = (1, 3, 5, 9, 15, 21, 31, 45, 59)


def distances(a, b, name):
    """Distance of each row of a (N, D) from each row of b (M, D), as (N, M); name is one of DISTANCES."""
    if name == "cosine":
        return 1 - (a @ b.T) / (np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1))
    difference = a[:, None] - b
    return np.abs(difference).sum(-1) if name == "manhattan" else np.sqrt((difference**2).sum(-1))


def votes(x, labels, points, k, name):
    """Class 0 or 1 (M,) of each of the points (M, D): the majority among its k nearest in x (N, D); k is odd."""
    nearest = np.argsort(distances(points, x, name), axis=1, kind="stable")[:, :k]
    return (2 * labels[nearest].sum(1) > k).astype(int)


def small_example():
    rng = np.random.default_rng(12)
    labels = np.repeat([0, 1, 0, 1], [34, 26, 230, 170])
    x = np.where(labels[:, None] == 1, [6.4, 4.0], [3.6, 6.0]) + 1.6 * rng.normal(size=(len(labels), 2))
    labels = np.where(rng.random(len(labels)) < 0.08, 1 - labels, labels)
    x = np.clip(x, 0.2, 9.8).round(2)
    return {"x": x[:60], "labels": labels[:60], "x_new": x[60:], "labels_new": labels[60:]}


@widget(example=small_example)
def nearest_neighbours(x, labels, x_new, labels_new, k=5, distance="euclidean", query=(6.5, 7.5),
                       names=("x₁", "x₂"), classes=(N_("circle"), N_("triangle"))):
    """Choose K and the distance, drag a new point: its K nearest neighbours vote.  [A05]

    x (60 … 250, 2), labels (N,) 0 or 1: the training points, in the square 0 … 10. x_new, labels_new: points that
    tell the error. k: one of 1, 3, 5, 9, 15, 21, 31, 45, 59. distance: "euclidean", "manhattan" or "cosine".

    Raises ValueError for wrong shapes, labels, k, distance, or points outside the square.
    """
    x, labels, x_new, labels_new = (np.asarray(a) for a in (x, labels, x_new, labels_new))
    for points, classes_of in ((x, labels), (x_new, labels_new)):
        if points.shape != (len(classes_of), 2) or not set(np.unique(classes_of)) <= {0, 1}:
            raise ValueError(f"nearest_neighbours expects points (N, 2) with labels 0 or 1 (N,), "
                             f"got {points.shape} and {classes_of.shape}")
        if points.min() <= 0 or points.max() >= 10:
            raise ValueError(f"the points must lie in the square 0 … 10, got {points.min():g} … {points.max():g}")
    if not max(KS) < len(x) <= 250:
        raise ValueError(f"nearest_neighbours expects {max(KS) + 1} to 250 training points, got {len(x)}")
    if k not in KS or distance not in DISTANCES:
        raise ValueError(f"k must be one of {KS} and distance one of {DISTANCES}, got {k!r} and {distance!r}")
    x = np.round(x, 2)  # what the page knows of them

    def error(points, truth, k, name):
        return round(100 * float(np.mean(votes(x, labels, points, k, name) != truth)), 2)

    errors = {name: [[error(x, labels, k, name), error(x_new, labels_new, k, name)] for k in KS] for name in DISTANCES}
    state = {"k": k, "distance": distance, "query": [float(v) for v in query], "points": x, "labels": labels, "ks": KS,
             "errors": errors, "names": names, "classes": [_(name) for name in classes], "range": [0, 10]}

    def picture():
        from nnbook.plots import classification
        return classification.neighbours(x, labels, k, distance, query, errors[distance], KS, names)

    return FrontEnd("nearest_neighbours", state, picture, alt=_(
        "Left: the plane divided by the vote of the {k} nearest of {n} points. Right: with K = 1 no training point "
        "is wrong but {percent:.0f} % of new points are; the error on new points is lowest at a middle K and rises "
        "again when nearly all points vote.", k=k, n=len(x), percent=errors[distance][0][1])).show()
