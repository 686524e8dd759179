"""A trained model at work: its predictions, and how good they are."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike
from nnlib.losses import Loss
from nnlib.model import Layer

Data = tuple[Any, ...]  # (x, y) or (x, y, mask) as the user gives them
Examples = tuple[tuple[Array, ...], Array, Any]  # (inputs, y, mask or None), checked
Measure = Loss | Callable[[Array, Array], float]


def predict(model: Layer, x: ArrayLike | tuple[ArrayLike, ...], batch_size: int | None = 250) -> Array:
    """The outputs of the model for all examples, in evaluation mode, batch by batch so that they fit into memory.

    x: an array with examples first, or a tuple of arrays: forward(*x). batch_size=None: all at once (graphs need it).
    The model is left as it was, in its mode and with what it keeps for backward."""
    if not isinstance(model, Layer):
        raise TypeError(f"model must be an object of class Layer, got {model!r}")
    inputs = tuple(checks.array(a, "x") for a in (x if isinstance(x, tuple) else (x,)))
    same_length([a.shape for a in inputs], "x")
    n = len(inputs[0])
    size = n if batch_size is None else checks.integer(batch_size, "batch_size")
    twin = copy.copy(model).eval()  # what its layers keep for backward goes with it
    parts = [twin.forward(*(a[start : start + size] for a in inputs)) for start in range(0, n, size)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def evaluate(model: Layer, data: Data, measure: Measure, batch_size: int | None = 250) -> float:
    """A loss or a metric of the predictions for data = (x, y) or (x, y, mask), as a number."""
    inputs, y, mask = check_data(data, "data", model)
    return measured(measure, predict(model, inputs, batch_size), y, mask)


def measured(measure: Measure, prediction: Array, y: Array, mask: Array | None) -> float:
    """A loss takes the mask, a metric takes what it leaves."""
    if not callable(measure) or isinstance(measure, type):
        raise TypeError(f"a loss such as MSELoss() or a function such as accuracy is needed, got {measure!r}")
    if mask is None:
        return float(measure(prediction, y))
    return float(measure(prediction, y, mask) if isinstance(measure, Loss) else measure(prediction[mask], y[mask]))


def take(data: Examples, rows: Array) -> Examples:
    """The examples with these row numbers."""
    inputs, y, mask = data
    return tuple(a[rows] for a in inputs), y[rows], None if mask is None else mask[rows]


def check_data(data: Data, name: str, model: Layer) -> Examples:
    """(x, y) or (x, y, mask) as (inputs, y, mask): inputs a tuple of arrays, floats in the model's dtype."""
    if not isinstance(data, tuple | list) or len(data) not in (2, 3):
        raise TypeError(f"{name} must be (x, y) or (x, y, mask), got {type(data).__name__}")
    x, y, mask = (*data, None)[:3]
    dtype = next((value.dtype for _, value, _ in model.parameters()), np.dtype(float))
    inputs = tuple(checks.array(a, f"x of {name}") for a in (x if isinstance(x, tuple) else (x,)))
    inputs = tuple(a.astype(dtype, copy=False) if a.dtype.kind == "f" else a for a in inputs)
    y = checks.array(y, f"y of {name}")
    mask = None if mask is None else checks.array(mask, f"mask of {name}")
    same_length([a.shape for a in (*inputs, y, mask) if a is not None], name)
    for a in inputs:
        checks.no_nan(a, f"x of {name}")
    checks.no_nan(y if mask is None or mask.shape != y.shape or mask.dtype != bool else y[mask], f"y of {name}")
    if mask is not None and not mask.any():
        raise ValueError(f"mask of {name} must have at least one entry that counts (True)")
    return inputs, y, mask


def same_length(shapes: list[tuple[int, ...]], name: str) -> None:
    if any(len(shape) == 0 or shape[0] != shapes[0][0] or shape[0] == 0 for shape in shapes):
        raise ValueError(f"{name} must have the same number of examples, at least one, in each array; "
                         f"got shapes {shapes}")
