"""A window that slides over an input, step by step: products, sum, output size, how often each pixel is used."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks

POOLINGS = {None: None, "max": "max-pooling", "average": "average pooling"}
FIELD, LARGEST = 9, 5  # the widget keeps this many rows of input and kernel, and shows as many as asked for


@widget
def convolution_stepper(image=None, kernel=None, stride=1, padding=0, flip=False, step=0, show="numbers", pooling=None):
    """The convolution of a small image with a small kernel, or its pooling; all can be edited.  [A31, A34, A36, A38]

    image: (L, L) numbers, 3 <= L <= 9. kernel: (K, K), 1 <= K <= 5. stride 1 to 4, padding 0 to 2. flip: True for the
    convolution of mathematics, False for what networks compute. step: number of the first window shown, from 0.
    show: "numbers" or "uses", how often each pixel is used. pooling: "max" or "average"; only the kernel's size counts
    then, and there is no padding.

    Raises ValueError if a size or a setting is outside these limits.
    """
    if image is None:
        image = [[0, 0, 0, 0, 0, 0], [0, 2, 2, 2, 2, 0], [0, 0, 0, 2, 0, 0],
                 [0, 0, 2, 0, 0, 0], [0, 2, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0]]
    image = square(image, "image", 3, FIELD)
    kernel = square([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]] if kernel is None else kernel, "kernel", 1, LARGEST)
    for name, value, low, high in (("stride", stride, 1, 4), ("padding", padding, 0, 2)):
        if checks.integer(value, name, low) > high:
            raise ValueError(f"{name} must be from {low} to {high}, got {value}")
    if show not in ("numbers", "uses"):
        raise ValueError(f'show must be "numbers" or "uses", got {show!r}')
    if pooling not in POOLINGS or pooling and padding:
        raise ValueError(f'pooling must be "max" or "average", without padding, got {pooling!r}')
    L, K = len(image), len(kernel)
    state = {
        "length": L, "kernel_size": K, "stride": stride, "padding": padding, "step": step, "show": show,
        "mode": POOLINGS[pooling] or ("convolution" if flip else "cross-correlation"),
        "input": np.pad(image, (0, FIELD - L), mode="wrap").ravel(),  # what appears if the reader enlarges the input
        "kernel": np.pad(kernel, (0, LARGEST - K)).ravel(),
    }

    def picture():
        from nnbook.plots import convolution
        if pooling:
            return convolution.poolings(image, K, stride, step)
        return convolution.window(image, kernel[::-1, ::-1] if flip else kernel, stride, padding, step)

    alt = _("A {size} by {size} window moves over the input; of each window the mean, or the largest number, is one "
            "number of the output.", size=K) if pooling else _(
        "A {size} by {size} window of the input is multiplied by the kernel, number by number; the sum of the products "
        "is one number of the output.", size=K)
    return FrontEnd("convolution_stepper", state, picture, alt=alt).show()


def square(value, name, smallest, largest):
    """`value` as a square array of floats of a size that the widget can show."""
    value = checks.array(value, name).astype(float)
    if value.ndim != 2 or value.shape[0] != value.shape[1] or not smallest <= len(value) <= largest:
        raise ValueError(f"{name} must be square, from {smallest} × {smallest} to {largest} × {largest}, "
                         f"got shape {value.shape}")
    checks.no_nan(value, name)
    return value
