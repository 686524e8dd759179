"""What a model consists of: layers, shapes, parameters, work.  [A33, A39]"""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib import checks
from nnlib.checks import Array
from nnlib.model import Layer


class Summary:
    """Result of summary: rows of (layer, output shape of one example, parameters, multiply-adds)."""

    def __init__(self, rows: list[tuple[str, tuple[int, ...], int, int]], total_parameters: int) -> None:
        self.rows, self.total_parameters = rows, total_parameters
        self.total_multiply_adds = sum(row[3] for row in rows)

    def __repr__(self) -> str:
        table = [("layer", "output", "parameters", "multiply-adds")]
        table += [(name, str(shape), f"{own:,}", f"{work:,}") for name, shape, own, work in self.rows]
        table += [("total", "", f"{self.total_parameters:,}", f"{self.total_multiply_adds:,}")]
        a, b, c, d = (max(len(row[k]) for row in table) for k in range(4))
        return "\n".join(f"{row[0]:{a}}  {row[1]:{b}}  {row[2]:>{c}}  {row[3]:>{d}}" for row in table)


def summary(model: Layer, input_shape: tuple[int, ...]) -> Summary:
    """Table of the layers with their output shape, parameters and multiply-adds for one example.  [A33, A39]

    input_shape: shape of one example, such as (56,) or (1, 28, 28), (T,) for token ids. The model stays as it is."""
    if not isinstance(input_shape, tuple) or not input_shape:
        raise TypeError(f"input_shape must be a tuple such as (56,), got {input_shape!r}")
    x = np.zeros((1, *(checks.integer(n, "input_shape") for n in input_shape)), int)
    model, rows = copy.deepcopy(model).eval(), []

    def watch(layer: Layer, forward: Callable[..., Array]) -> None:
        def watched(*args: Any, **kwargs: Any) -> Array:
            out = forward(*args, **kwargs)
            own = sum(value.size for _, value, _ in layer.parameters())
            rows.append((repr(layer), out.shape[1:], own, layer.multiply_adds(out.shape[1:])))
            return out

        layer.forward = watched

    for _, layer in list(model.walk()):
        if not any(layer.children()):
            watch(layer, layer.forward)
    model.forward(x)
    return Summary(rows, model.n_parameters)
