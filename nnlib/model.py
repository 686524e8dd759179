"""What every layer can do, and layers in a row."""

import copy
import os
from pathlib import Path

import numpy as np

from nnlib import checks


class Unknown(AttributeError, ValueError):
    """An attribute that is not there (yet)."""


class Layer:
    """Base of all layers and models: a function with parameters that knows its derivative.

    forward(x)       computes the output and keeps what backward needs
    backward(delta)  takes delta = ∂L/∂output, adds to the gradients of the parameters, returns ∂L/∂input

    A parameter is a plain array `layer.W` with its gradient `layer.dW` beside it. A model of your own is a Layer that
    holds layers in its attributes. `copy.copy(layer)` is a second use of the same weights."""
    shown = ""  # what repr says of it, such as "{n_in}, {n_out}"
    names = ()  # of the own parameters: "W" has its gradient in "dW"
    training = True  # Dropout acts only while training
    input_grad = True  # False on the first layer: nobody needs ∂L/∂(data), so backward returns None

    def add_parameters(self, **arrays):
        """Make each array a parameter: add_parameters(W=...) sets W and the gradient dW, all zeros."""
        self.names = (*self.names, *arrays)
        for name, value in arrays.items():
            setattr(self, name, value)
            setattr(self, "d" + name, np.zeros_like(value))

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def children(self):
        """Yield (name, layer) of the layers held in attributes, or in lists that are attributes."""
        for name, value in vars(self).items():
            if isinstance(value, Layer):
                yield name, value
            elif isinstance(value, list | tuple):
                yield from ((f"{name}.{i}", item) for i, item in enumerate(value) if isinstance(item, Layer))

    def walk(self, prefix=""):
        """Yield (prefix of names, layer) for this layer and all layers inside it."""
        yield prefix, self
        for name, child in self.children():
            yield from child.walk(f"{prefix}{name}.")

    def parameters(self):
        """Yield (dotted name, array, gradient array); shared arrays come once for each use."""
        for prefix, layer in self.walk():
            for name in layer.names:
                yield prefix + name, getattr(layer, name), getattr(layer, "d" + name)

    def zero_grad(self):
        """Set all gradients to 0: backward adds to them."""
        for _, _, gradient in self.parameters():
            gradient.fill(0)

    def train(self, training=True):
        """Switch to training: Dropout acts. Returns the model."""
        for _, layer in self.walk():
            layer.training = training
        return self

    def eval(self):
        """Switch to evaluation: Dropout rests. Returns the model."""
        return self.train(False)

    def astype(self, dtype):
        """Convert all parameters, e.g. to np.float32 (half the memory, up to twice as fast). Returns the model."""
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"dtype must be a floating-point type, got {np.dtype(dtype)}")
        converted = {}  # id -> (old, new): arrays that were shared stay shared
        for _, layer in self.walk():
            for name in [n for own in layer.names for n in (own, "d" + own)]:
                old = getattr(layer, name)
                setattr(layer, name, converted.setdefault(id(old), (old, old.astype(dtype)))[1])
        return self

    def save(self, path):
        """Write the parameters to an .npz file (plain arrays, no pickle); the file is whole or not there."""
        path = Path(path)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with open(part, "wb") as file:
                np.savez(file, **{name: value for name, value, _ in self.parameters()})
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def load(self, path):
        """Read the parameters that `save` wrote, and return the model; ValueError if the file does not fit: then
        nothing has changed."""
        stored, own = read_arrays(path), {name: value for name, value, _ in self.parameters()}
        if stored.keys() != own.keys():
            raise ValueError(f"{path} belongs to another model: missing {sorted(own.keys() - stored.keys())}, "
                             f"not known here {sorted(stored.keys() - own.keys())}")
        for name, value in own.items():
            if stored[name].shape != value.shape or stored[name].dtype.kind != "f":
                raise ValueError(f"{path}: {name} must be floats of shape {value.shape}, "
                                 f"got {stored[name].dtype} of shape {stored[name].shape}")
            checks.no_nan(stored[name], f"{path}: {name}")
        for name, value in own.items():
            value[...] = stored[name]
        return self

    def multiply_adds(self, output_shape):
        """Multiplications (each with its addition) for one example; 0 where they do not count."""
        return 0

    def __copy__(self):
        twin = object.__new__(type(self))
        for name, value in vars(self).items():
            if isinstance(value, Layer):
                value = copy.copy(value)
            elif isinstance(value, list):
                value = [copy.copy(item) if isinstance(item, Layer) else item for item in value]
            setattr(twin, name, value)
        return twin

    def __getattr__(self, name):  # called only when there is no such attribute
        raise Unknown(f"{type(self).__name__} has no {name!r}: is it misspelt, or was backward called before forward?")

    def __repr__(self):
        return f"{type(self).__name__}({self.shown.format(**vars(self))})"


def read_arrays(path):
    """All arrays of an .npz file as a dict; ValueError if it is anything else, broken or holds pickled objects."""
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except Exception as error:  # a broken file can fail in many ways; they mean the same to the reader
            raise ValueError(f"{path} is not a readable .npz file of arrays: {error}") from error


class Sequential(Layer):
    """Layers in a row: the output of one is the input of the next.  [A12]"""

    def __init__(self, *layers):
        if not layers:
            raise ValueError("Sequential needs at least one layer")
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"Sequential takes layers, got {layer!r}")
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("the same layer stands twice in Sequential: use copy.copy(layer) to share its weights")
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, delta):
        for layer in reversed(self.layers):
            delta = layer.backward(delta)
        return delta

    def children(self):
        return ((str(i), layer) for i, layer in enumerate(self.layers))

    def __getitem__(self, i):
        return self.layers[i]

    def __len__(self):
        return len(self.layers)

    def __repr__(self):
        return "Sequential(\n" + "".join(f"  {layer!r},\n" for layer in self.layers) + ")"


class Summary:
    """Result of summary: rows of (layer, output shape of one example, parameters, multiply-adds)."""

    def __init__(self, rows, total_parameters):
        self.rows, self.total_parameters = rows, total_parameters
        self.total_multiply_adds = sum(row[3] for row in rows)

    def __repr__(self):
        table = [("layer", "output", "parameters", "multiply-adds")]
        table += [(name, str(shape), f"{own:,}", f"{work:,}") for name, shape, own, work in self.rows]
        table += [("total", "", f"{self.total_parameters:,}", f"{self.total_multiply_adds:,}")]
        a, b, c, d = (max(len(row[k]) for row in table) for k in range(4))
        return "\n".join(f"{row[0]:{a}}  {row[1]:{b}}  {row[2]:>{c}}  {row[3]:>{d}}" for row in table)


def summary(model, input_shape):
    """Table of the layers with their output shape, parameters and multiply-adds for one example.  [A33, A39]

    input_shape: shape of one example, such as (56,) or (1, 28, 28), (T,) for token ids. The model stays as it is."""
    if not isinstance(input_shape, tuple) or not input_shape:
        raise TypeError(f"input_shape must be a tuple such as (56,), got {input_shape!r}")
    x = np.zeros((1, *(checks.integer(n, "input_shape") for n in input_shape)), int)
    model, rows = copy.deepcopy(model).eval(), []

    def watch(layer, forward):
        def watched(*args, **kwargs):
            out = forward(*args, **kwargs)
            own = sum(value.size for _, value, _ in layer.parameters())
            rows.append((repr(layer), out.shape[1:], own, layer.multiply_adds(out.shape[1:])))
            return out

        layer.forward = watched

    for _, layer in list(model.walk()):
        if not any(layer.children()):
            watch(layer, layer.forward)
    model.forward(x)
    return Summary(rows, sum({id(value): value.size for _, value, _ in model.parameters()}.values()))
