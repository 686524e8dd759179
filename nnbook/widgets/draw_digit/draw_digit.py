"""A drawing pad in front of a trained network."""

import numpy as np

from nnbook import data
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_layers import packed_layers
from nnbook.widgets.core.pictures import base64_text
from nnlib import Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, checks


def small_example():
    from nnlib import Sequential

    rng = np.random.default_rng(0)
    return {"model": Sequential(Conv2d(1, 2, 5, rng=rng), ReLU(), MaxPool2d(2), Conv2d(2, 3, 3, stride=2, rng=rng),
                                ReLU(), Flatten(), Linear(75, 10, rng=rng))}


class DrawDigit(FrontEnd):
    """The pad; `.image` is what the network sees, (1, 1, 28, 28) from 0 to 1, so that `model(pad.image)` works."""

    @property
    def image(self):
        return as_image(self.state["pixels"])

    def live(self):
        pad = super().live()
        pad.__class__ = type("DrawDigit", (type(pad),), {"image": property(lambda self: as_image(self.pixels))})
        return pad


def as_image(pixels):
    return np.array(pixels, dtype=np.float32).reshape(1, 1, 28, 28)


MISREAD = 24  # at most so many of the test digits that the network gets wrong


def strongest_answers(model, images):
    """The largest number in the output of each layer, over these images: what the page paints in full colour."""
    tops = []
    for layer in (layer for layer in model.layers if not isinstance(layer, Dropout)):  # as packed_layers
        images = layer(images)
        tops.append(float(f"{max(images.max(), 1e-6):.3g}"))
    return tops


@widget(example=small_example)
def draw_digit(model, start=3, stage=1, channel=1):
    """Draw a digit; `model` classifies it in the page, and shows how each number of its maps came about.  [A40]

    model: a Sequential of Conv2d, ReLU, MaxPool2d, AvgPool2d, Dropout, Flatten, Linear, for images (N, 1, 28, 28) and
    10 classes; its weights go into the page. start: the digit on the pad at first (one of the test digits). stage: of
    the convolutions, poolings and fully connected layers that whose map is chosen at first, from 1; channel: which map.
    With a kernel, `pad.image` is the drawing as the network sees it, (1, 1, 28, 28).

    Raises TypeError for a layer that the page cannot compute.
    """
    layers = packed_layers(model)
    (images, labels) = data.load_mnist()[1]
    wrong = np.flatnonzero(model(images).argmax(axis=1) != labels)[:MISREAD]
    chosen = np.concatenate([*(np.setdiff1d(np.flatnonzero(labels == d), wrong)[:2] for d in range(10)), wrong])
    if not 0 <= checks.integer(start, "start", 0) <= 9:
        raise ValueError(f"start must be a digit from 0 to 9, got {start}")
    drawing = images[chosen[2 * start], 0]
    state = {
        "tops": strongest_answers(model, images[:100]), "misread": list(range(20, len(chosen))),
        "layers": layers, "stage": stage, "channel": channel, "row": 0, "column": 0,  # 0: where it is strongest
        "part": 0, "centre": "yes",  # which of the maps before: 0, that which adds most
        "places": [k for k, layer in enumerate(model.layers) if not isinstance(layer, Dropout)],
        "drawing": [round(float(v), 2) for v in drawing.ravel()],
        "pixels": [round(float(v), 2) for v in drawing.ravel()],  # what the network sees; set by the page
        "examples": {"labels": labels[chosen],
                     "images": base64_text(np.round(255 * images[chosen]).astype(np.uint8).tobytes())},
    }

    def picture():
        from nnbook.plots import convolution
        return convolution.maps_of(model, drawing)

    return DrawDigit("draw_digit", state, picture, alt=_(
        "A handwritten {start}, the feature maps of each layer, which keep strokes of one direction each, and the "
        "probabilities of the ten digits.", start=start)).show()
