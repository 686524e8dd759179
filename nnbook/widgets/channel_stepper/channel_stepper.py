"""Kernels three deep on a colour picture: three sums and a bias make one number, each kernel makes one map."""

import numpy as np

from nnbook import data
from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.pictures import base64_text
from nnlib import Conv2d, checks

MEAN, UPRIGHT = np.full((3, 3), 1 / 9), np.array([[-1, 0, 1]] * 3) / 3
KERNELS = {  # name: one 3 × 3 layer each for red, green and blue
    N_("red, not green or blue"): (MEAN, -MEAN / 2, -MEAN / 2),
    N_("blue, not red"): (-MEAN, 0 * MEAN, MEAN),
    N_("upright edges in all three"): (UPRIGHT, UPRIGHT, UPRIGHT),
    N_("brightness"): (MEAN / 3, MEAN / 3, MEAN / 3),
}


@widget
def channel_stepper(image=None, row=None, column=None, kernel=0):
    """A window through all channels, kernel by kernel: 27 products, three sums, one bias, one number.  [A33, A37]

    image: (H, W, 3), uint8, from 8 to 64 pixels each way; None: the Summer Palace, reduced. row, column: the upper left
    corner of the window, None: in the middle. kernel: which of the four. All numbers of the kernels can be edited.

    Raises ValueError for another shape, or a window or kernel that does not exist.
    """
    image = reduced(data.load_photo()) if image is None else checks.array(image, "image")
    if image.ndim != 3 or image.shape[2] != 3 or not 8 <= min(image.shape[:2]) <= max(image.shape[:2]) <= 64:
        raise ValueError(f"image must have shape (H, W, 3), H and W from 8 to 64, got {image.shape}")
    rows, columns = image.shape[0] - 2, image.shape[1] - 2
    row, column = rows // 2 if row is None else row, columns // 2 if column is None else column
    for name, value, count in (("row", row, rows), ("column", column, columns), ("kernel", kernel, len(KERNELS))):
        if not 0 <= value < count:
            raise ValueError(f"{name} must be from 0 to {count - 1}, got {value}")
    weights = np.stack([np.stack(layers) for layers in KERNELS.values()])
    pixels = np.moveaxis(image, 2, 0)
    state = {"row": int(row), "column": int(column), "kernel": int(kernel), "weights": weights.round(4).ravel(),
             "bias": np.zeros(len(weights)), "shape": pixels.shape, "names": [_(name) for name in KERNELS],
             "pixels": base64_text(np.ascontiguousarray(pixels, np.uint8).tobytes())}

    def picture():
        from nnbook.plots import convolution
        return convolution.channels(image, maps(pixels / 255, weights), list(KERNELS))

    return FrontEnd("channel_stepper", state, picture, alt=_(
        "A small colour photograph, and four feature maps, one for each kernel; each of their numbers is the sum of "
        "three sums, over red, green and blue, and a bias.")).show()


def reduced(photo, size=6):
    """The mean of each size × size pixels."""
    H, W = (n // size * size for n in photo.shape[:2])
    blocks = photo[:H, :W].reshape(H // size, size, W // size, size, 3)
    return blocks.mean(axis=(1, 3)).round().astype(np.uint8)


def maps(pixels, weights):
    """Feature maps (F, H − 2, W − 2) of pixels (3, H, W), by nnlib."""
    layer = Conv2d(3, len(weights), 3, rng=np.random.default_rng(0))  # the random weights are overwritten at once
    layer.W[:], layer.b[:] = weights, 0
    return layer(pixels[None])[0]
