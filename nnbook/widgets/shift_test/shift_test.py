"""A digit moved pixel by pixel, and what several networks say about it."""

import numpy as np

from nnbook import data
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.pictures import base64_text
from nnlib import activations, checks


def small_example():
    from nnlib import Flatten, Linear, Sequential

    x, y = data.load_mnist()[1]
    rng = np.random.default_rng(0)
    networks = {_("untrained"): Sequential(Flatten(), Linear(784, 10, rng=rng))}
    return {"networks": networks, "images": x[:2], "labels": y[:2], "reach": 2}


@widget(example=small_example)
def shift_test(networks, images, labels, reach=6, right=3, down=0, example=0):
    """Move a digit and watch the networks: is a shifted digit the same digit to them?  [A29, A38]

    networks: {name: model} of images (N, 1, H, W) to 10 scores. images (N, 1, H, W) from 0 to 1, labels (N,).
    reach: largest shift each way. right, down: the shift shown first, of the image with number `example`.

    All probabilities are computed here, for all (2·reach + 1)² shifts. Raises ValueError if shapes do not fit.
    """
    images, labels = checks.array(images, "images"), checks.array(labels, "labels")
    if images.ndim != 4 or images.shape[1] != 1 or labels.shape != (len(images),):
        raise ValueError("shift_test expects images (N, 1, H, W) and labels (N,), "
                         f"got {images.shape} and {labels.shape}")
    if not networks:
        raise ValueError("networks must hold at least one model, got none")
    checks.integer(reach, "reach")
    shifted = all_shifts(images, reach)
    table = np.stack([probabilities(model, shifted) for model in networks.values()], axis=3)
    state = {
        "names": [_(name) for name in networks], "labels": labels, "reach": reach, "shape": images.shape[2:],
        "right": right, "down": down, "example": example,
        "images": base64_text(np.round(255 * images).astype(np.uint8).tobytes()),
        "table": base64_text(np.round(255 * table).astype(np.uint8).tobytes()),
    }

    is_right = np.moveaxis(table.argmax(axis=-1)[example] == labels[example], -1, 0)  # (networks, side, side)

    def picture():
        from nnbook.plots import convolution
        return convolution.shift_maps(images[example, 0], dict(zip(state["names"], is_right, strict=True)))

    told = _("; ").join(_("{name}: {value}", name=_(name), value=hits.sum())
                         for name, hits in zip(networks, is_right, strict=True))
    alt = _("Of {n} shifts of one digit by up to {reach} pixels, this many are recognised. {list}.",
            n=is_right[0].size, reach=reach, list=told)
    return FrontEnd("shift_test", state, picture, alt=alt).show()


def all_shifts(images, reach):
    """Images (N, 1, H, W) moved down and right by -reach … reach: (N, side, side, 1, H, W), side = 2·reach + 1."""
    H, W = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (reach, reach), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (H, W), axis=(2, 3))[:, 0, ::-1, ::-1]
    return windows[:, :, :, None]


def probabilities(model, shifted):
    """Softmax of the model's scores for images (N, side, side, 1, H, W): (N, side, side, 10)."""
    rows = [activations.softmax(model(np.ascontiguousarray(part.reshape(-1, *shifted.shape[3:])))) for part in shifted]
    return np.reshape(rows, (*shifted.shape[:3], -1))
