"""What every layer can do, and layers in a row."""

import copy
import os
import textwrap
from collections.abc import Iterator
from typing import Any, Self

import numpy as np

from nnlib import checks
from nnlib.checks import Array, ArrayLike, DTypeLike
from nnlib.storage import read_arrays, write_arrays


class Layer(checks.TellsWhatIsMissing):
    """Base of all layers and models: a function with parameters that knows its derivative.

    forward(x)       computes the output and keeps what backward needs
    backward(delta)  takes delta = ∂L/∂output, adds to the gradients of the parameters, returns ∂L/∂input

    A parameter is a plain array `layer.W` with its gradient `layer.dW` beside it. `layer.W = values` copies the values
    into it. A model of your own is a Layer that holds layers in its attributes, also in lists, tuples and dicts.
    `copy.copy(layer)` is a second use of the same weights. What a layer returns may be changed, what it was given may
    not until backward has run: layers keep their inputs, not copies of them."""
    shown = ""  # what repr says of it, such as "{n_in}, {n_out}"
    names: tuple[str, ...] = ()  # of the own parameters: "W" has its gradient in "dW"
    buffers: tuple[str, ...] = ()  # names of own arrays that are stored with the parameters and not trained
    training = True  # Dropout and BatchNorm do something else while training
    input_grad = True  # False on the first layer: nobody needs ∂L/∂(data), so backward returns None

    def add_parameters(self, /, **values: ArrayLike) -> None:
        """Make parameters: add_parameters(W=...) sets W, a copy of the values as floats, and the gradient dW, zeros."""
        for name, value in values.items():
            value = checks.floats(value, name)
            vars(self)[name], vars(self)["d" + name] = value.copy(), np.zeros_like(value)
        self.names = (*self.names, *values)

    def add_buffers(self, /, **values: ArrayLike) -> None:
        """Keep arrays, copies of the values as floats, that are saved, loaded and converted, but have no gradient."""
        for name, value in values.items():
            vars(self)[name] = checks.floats(value, name).copy()
        self.buffers = (*self.buffers, *values)

    def __setattr__(self, name: str, value: Any) -> None:
        """A parameter that is assigned to keeps its array, and so its shape, its dtype and the layers that share it."""
        if name in self.names + self.buffers or name[0] == "d" and name[1:] in self.names:
            own = vars(self)[name]
            if value is not own:  # layer.W += … assigns the array itself
                value = checks.array(value, f"{type(self).__name__}.{name}")
                if value.shape != own.shape:
                    raise ValueError(f"{type(self).__name__}.{name} must have shape {own.shape}, got {value.shape}")
                own[...] = value
        else:
            super().__setattr__(name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Array:
        return self.forward(*args, **kwargs)

    def children(self) -> Iterator[tuple[str, "Layer"]]:
        """Yield (name, layer) of the layers held in attributes, or in lists, tuples and dicts that are attributes."""
        for name, value in vars(self).items():
            yield from layers_in(name, value)

    def walk(self) -> Iterator[tuple[str, "Layer"]]:
        """Yield (prefix of names, layer) for this layer and all layers inside it; ValueError if one comes twice."""
        found: dict[int, str] = {}
        waiting: list[tuple[str, Layer]] = [("", self)]
        while waiting:
            prefix, layer = waiting.pop()
            if id(layer) in found:
                raise ValueError(f"{type(self).__name__} holds the same layer twice, as {found[id(layer)]!r} and "
                                 f"{prefix[:-1]!r}: it can keep what backward needs for one use only; "
                                 "use copy.copy(layer) to share its weights")
            found[id(layer)] = prefix[:-1]
            yield prefix, layer
            waiting += [(f"{prefix}{name}.", child) for name, child in reversed(list(layer.children()))]

    def parameters(self) -> Iterator[tuple[str, Array, Array]]:
        """Yield (dotted name, array, gradient array); shared arrays come once for each use."""
        for prefix, layer in self.walk():
            for name in layer.names:
                yield prefix + name, getattr(layer, name), getattr(layer, "d" + name)

    @property
    def n_parameters(self) -> int:
        """How many numbers are trained; shared ones count once."""
        return sum({id(value): value.size for _, value, _ in self.parameters()}.values())

    def zero_grad(self) -> None:
        """Set all gradients to 0: backward adds to them."""
        for _, _, gradient in self.parameters():
            gradient.fill(0)

    def train(self, training: bool = True) -> Self:
        """Switch to training: Dropout acts, BatchNorm looks at the batch. Returns the model."""
        for _, layer in self.walk():
            layer.training = training
        return self

    def eval(self) -> Self:
        """Switch to evaluation: Dropout lets everything pass, BatchNorm uses what it has seen. Returns the model."""
        return self.train(False)

    def astype(self, dtype: DTypeLike) -> Self:
        """Convert all parameters to np.float32 (half the memory, up to twice as fast) or float64; returns the model."""
        dtype, new = checks.float_type(dtype), {}
        for _, layer in self.walk():
            for own in (*layer.names, *("d" + name for name in layer.names), *layer.buffers):
                old = getattr(layer, own)
                if id(old) not in new:  # arrays that were shared stay shared
                    new[id(old)] = old, old.astype(dtype)
                vars(layer)[own] = new[id(old)][1]
        return self

    def arrays(self) -> dict[str, Array]:
        """{dotted name: array} of all that `save` writes."""
        named = [(prefix + name, getattr(layer, name)) for prefix, layer in self.walk()
                 for name in (*layer.names, *layer.buffers)]
        if len(dict(named)) < len(named):
            raise ValueError(f"two parameters have the same name: {sorted(name for name, _ in named)}")
        return dict(named)

    def save(self, path: str | os.PathLike[str], dtype: DTypeLike | None = None) -> None:
        """Write the parameters to an .npz file (plain arrays, no pickle); the file is whole or not there.

        dtype: of the numbers in the file; np.float16 halves the file of a float32 model."""
        write_arrays(path, {name: value.astype(dtype or value.dtype) for name, value in self.arrays().items()})

    def load(self, path: str | os.PathLike[str]) -> Self:
        """Read the parameters that `save` wrote, and return the model; ValueError if the file does not fit: then
        nothing has changed."""
        own, new = self.arrays(), {}
        for name, value in read_arrays(path, like=own).items():
            checks.no_nan(value, f"{path}: {name}")
            with np.errstate(over="ignore"):
                new[name] = value.astype(own[name].dtype)
            if not np.isfinite(new[name]).all():
                raise ValueError(f"{path}: {name} holds numbers too large for {own[name].dtype}")
        for name, value in new.items():
            own[name][...] = value
        return self

    def multiply_adds(self, output_shape: tuple[int, ...]) -> int:
        """Multiplications (each with its addition) for one example; 0 where they do not count."""
        return 0

    def __copy__(self) -> Self:
        twin = object.__new__(type(self))
        vars(twin).update((name, twin_of(value)) for name, value in vars(self).items())
        return twin

    def __repr__(self) -> str:
        inside = [] if self.shown else [layer_repr(name, layer) for name, layer in self.children()]
        own = "\n" + "".join(f"{each},\n" for each in inside) if inside else self.shown.format(**vars(self))
        return f"{type(self).__name__}({own})"


def layers_in(name: str, value: Any) -> Iterator[tuple[str, Layer]]:
    """Yield (dotted name, layer) of a value that is a layer, or a list, tuple or dict that holds some."""
    if isinstance(value, Layer):
        yield name, value
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from layers_in(f"{name}.{i}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from layers_in(f"{name}.{key}", item)
    elif isinstance(value, set | frozenset) and any(isinstance(item, Layer) for item in value):
        raise TypeError(f"{name} is a set, which has no order: keep layers in a list or a dict")


def twin_of(value: Any) -> Any:
    """The value with copy.copy(layer) for each layer in it, also in lists, tuples and dicts."""
    if isinstance(value, Layer):
        return copy.copy(value)
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(twin_of(item) for item in value)
    if isinstance(value, tuple):  # a named one
        return type(value)(*map(twin_of, value))
    if isinstance(value, dict):
        twin = copy.copy(value)
        twin.update((key, twin_of(item)) for key, item in value.items())
        return twin
    return value


def layer_repr(name: str, layer: Layer) -> str:
    """name=Layer(...), indented; without the name in a Sequential."""
    return textwrap.indent(repr(layer) if name.isdigit() else f"{name}={layer!r}", "  ")


class Sequential(Layer):
    """Layers in a row: the output of one is the input of the next.  [A12]"""

    def __init__(self, *layers: Layer) -> None:
        if not layers:
            raise ValueError("Sequential needs at least one layer")
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"Sequential takes layers, got {layer!r}")
        self.layers = list(layers)
        for _ in self.walk():  # raises if a layer comes twice
            pass

    def forward(self, x: Any) -> Array:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, delta: Array) -> Array:
        for layer in reversed(self.layers):
            delta = layer.backward(delta)
        return delta

    def children(self) -> Iterator[tuple[str, "Layer"]]:
        return ((name.removeprefix("layers."), layer) for name, layer in super().children())

    def __getitem__(self, i: int | slice) -> Any:
        """model[0] is a layer; model[:-1] is a Sequential of these layers, not of copies."""
        return Sequential(*self.layers[i]) if isinstance(i, slice) else self.layers[i]

    def __len__(self) -> int:
        return len(self.layers)
