"""A window that slides over an input, step by step: products, sum, output size, how often each pixel is used."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnlib import checks

FIELD, LARGEST = 9, 5  # the widget keeps this many rows of input and kernel, and shows as many as asked for


@widget
def convolution_stepper(image=None, kernel=None, stride=1, padding=0, flip=False, step=0, show="numbers"):
    """The convolution of a small image with a small kernel; both can be edited.  [A31, A34, A36]

    image: (L, L) numbers, 3 <= L <= 9. kernel: (K, K), 1 <= K <= 5. stride 1 to 4, padding 0 to 2. flip: True for the
    convolution of mathematics, False for what networks compute. step: number of the first window shown, from 0.
    show: "numbers" or "uses", how often each pixel is used.

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
    L, K = len(image), len(kernel)
    state = {
        "length": L, "kernel_size": K, "stride": stride, "padding": padding, "step": step, "show": show,
        "mode": "convolution" if flip else "cross-correlation",
        "input": np.pad(image, (0, FIELD - L), mode="wrap").ravel(),  # what appears if the reader enlarges the input
        "kernel": np.pad(kernel, (0, LARGEST - K)).ravel(),
    }

    def picture():
        from nnbook.plots import convolution
        return convolution.window(image, kernel[::-1, ::-1] if flip else kernel, stride, padding, step)

    return FrontEnd("convolution_stepper", state, picture, alt=_(
        "A {size} by {size} window of the input is multiplied by the kernel, number by number; the sum of the products "
        "is one number of the output.", size=K)).show()


def square(value, name, smallest, largest):
    """`value` as a square array of floats of a size that the widget can show."""
    value = checks.array(value, name).astype(float)
    if value.ndim != 2 or value.shape[0] != value.shape[1] or not smallest <= len(value) <= largest:
        raise ValueError(f"{name} must be square, from {smallest} × {smallest} to {largest} × {largest}, "
                         f"got shape {value.shape}")
    checks.no_nan(value, name)
    return value
