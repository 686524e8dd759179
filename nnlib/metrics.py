"""Metrics: numbers that say how good predictions are. Each takes (prediction, target); none has a gradient.  [A13]"""

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike


def pair(prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Both as float64, of the same shape, not empty, without NaN."""
    prediction, target = checks.array(prediction, "prediction"), checks.array(target, "target")
    if prediction.shape != target.shape or prediction.size == 0:
        raise ValueError("prediction and target must have the same shape and not be empty, "
                         f"got {prediction.shape} and {target.shape}")
    checks.no_nan(prediction, "prediction")
    checks.no_nan(target, "target")
    return prediction.astype(float), target.astype(float)


def mse(prediction: ArrayLike, target: ArrayLike) -> float:
    """Mean squared error, mean of (ŷ − y)²."""
    prediction, target = pair(prediction, target)
    return float(np.mean((prediction - target) ** 2))


def mae(prediction: ArrayLike, target: ArrayLike) -> float:
    """Mean absolute error, mean of |ŷ − y|, in the unit of y.  [E01]"""
    prediction, target = pair(prediction, target)
    return float(np.mean(np.abs(prediction - target)))


def rmse(prediction: ArrayLike, target: ArrayLike) -> float:
    """Root of the mean squared error, √MSE, in the unit of y.  [E01]"""
    return mse(prediction, target) ** 0.5


def r2(prediction: ArrayLike, target: ArrayLike) -> float:
    """R² = 1 − Σ(ŷ − y)² / Σ(y − ȳ)²: 1 is perfect, 0 is no better than always predicting the mean."""
    prediction, target = pair(prediction, target)
    spread = np.sum((target - target.mean()) ** 2)
    if spread == 0:
        raise ValueError(f"r2 needs targets that differ, got only {target.flat[0]:g}")
    return float(1 - np.sum((prediction - target) ** 2) / spread)


def labels(prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Predicted and true classes as integers; scores (..., K) become the class with the highest score."""
    prediction, target = checks.array(prediction, "prediction"), checks.array(target, "target")
    if prediction.ndim == target.ndim + 1 and prediction.shape[-1] > 0:
        checks.no_nan(prediction, "prediction")
        if prediction.shape[-1] == 1:
            raise ValueError(f"prediction must hold the scores of at least two classes, got shape {prediction.shape}; "
                             "for a binary classifier compare first: logits[..., 0] > 0")
        prediction = prediction.argmax(-1)
    found = pair(prediction, target)
    for name, value in zip(("prediction", "target"), found, strict=True):
        if (value < 0).any() or (value != np.round(value)).any():
            raise ValueError(f"{name} must hold classes 0, 1, … or scores (..., K), got values such as "
                             f"{value.min():g}; for a binary classifier compare first: logits > 0")
    return found[0].astype(int), found[1].astype(int)


def accuracy(prediction: ArrayLike, target: ArrayLike) -> float:
    """Share of correct classes. prediction: classes (...), or scores (..., K) of which the highest one is chosen."""
    prediction, target = labels(prediction, target)
    return float(np.mean(prediction == target))


def confusion_matrix(prediction: ArrayLike, target: ArrayLike, n_classes: int | None = None) -> Array:
    """(K, K) counts: row = true class, column = predicted class."""
    prediction, target = labels(prediction, target)
    highest = int(max(prediction.max(), target.max()))
    n_classes = highest + 1 if n_classes is None else checks.integer(n_classes, "n_classes")
    if highest >= n_classes:
        raise ValueError(f"n_classes must be larger than the highest class, {highest}, got {n_classes}")
    if n_classes > 10_000:  # 800 MB
        raise ValueError(f"a table of {n_classes} × {n_classes} counts is too large; "
                         f"are these classes? The highest one is {highest}")
    return np.bincount((target * n_classes + prediction).ravel(), minlength=n_classes**2).reshape(n_classes, -1)


def f1(prediction: ArrayLike, target: ArrayLike, positive: int | None = 1) -> float:
    """F1 = 2 TP / (2 TP + FP + FN) of one class: harmonic mean of precision and recall; 0 if the class never occurs.

    positive=None: the mean of the F1 of all classes that occur (macro F1)."""
    prediction, target = labels(prediction, target)
    if positive is None:
        return float(np.mean([f1(prediction, target, int(k)) for k in np.union1d(prediction, target)]))
    predicted, actual = prediction == checks.integer(positive, "positive", 0), target == positive
    return float(2 * np.sum(predicted & actual) / max(1, predicted.sum() + actual.sum()))
