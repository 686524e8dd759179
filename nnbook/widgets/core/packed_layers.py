"""A trained convolutional network for the page."""

import numpy as np

from nnbook.widgets.core.pictures import base64_text
from nnlib import AvgPool2d, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU


def packed_layers(model):
    """The layers of a Sequential as layers.js reads them: weights as base64 of float32.

    Raises TypeError for a layer that the page cannot compute.
    """
    packed, channels = [], 1  # of a grey image
    for layer in model.layers:
        if isinstance(layer, Conv2d):
            channels = layer.c_out
            padding = layer.before if layer.padding == "same" else layer.padding
            packed.append({"kind": "conv", "stride": layer.stride, "padding": padding, "size": layer.kernel_size})
        elif isinstance(layer, ReLU):
            packed.append({"kind": "relu"})
        elif isinstance(layer, MaxPool2d | AvgPool2d):
            pooling = "max" if isinstance(layer, MaxPool2d) else "mean"
            packed.append({"kind": "pool", "size": layer.kernel_size, "stride": layer.stride, "pooling": pooling})
        elif isinstance(layer, Flatten):
            channels = 0
            packed.append({"kind": "flatten"})
        elif isinstance(layer, Linear):
            packed.append({"kind": "linear"})
        elif isinstance(layer, Dropout):  # rests in a trained network
            continue
        else:
            raise TypeError(f"the page cannot compute {layer!r}")
        packed[-1]["channels"] = channels
        if hasattr(layer, "W"):
            packed[-1] |= {"W": packed_floats(layer.W), "b": packed_floats(layer.b), "shape": layer.W.shape}
    return packed


def packed_floats(array):
    return base64_text(np.ascontiguousarray(array, dtype="<f4").tobytes())
