"""A photograph, or a picture of the reader's own, before and after a kernel that can be chosen and edited."""

import numpy as np

from nnbook import data
from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.pictures import base64_text
from nnlib import checks

# name: (kernel, how its output is shown)
KERNELS = {
    N_("edges along the main diagonal"): ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]], "signed"),
    N_("Laplacian: edges"): ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "signed"),
    N_("Gaussian: less noise"): (np.outer([1, 2, 1], [1, 2, 1]) / 16, "grey"),
    N_("mean of 9"): (np.full((3, 3), 0.1111), "grey"),
    N_("identity"): ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "grey"),
    N_("sharpen"): ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "grey"),
    N_("upright edges (Sobel)"): ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "signed"),
    N_("level edges (Sobel)"): ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "signed"),
}


@widget
def kernel_workshop(image=None, kernel="edges along the main diagonal"):
    """Kernels on a photograph: the lecture's three, others, and the reader's own.  [A32]

    image: (H, W) numbers from 0, black, to 1, white, at most 320 pixels across; None: the Summer Palace in Beijing.
    kernel: the one shown first, a name of KERNELS.

    Raises ValueError for another kernel or a picture of another shape.
    """
    image = data.load_photo().mean(axis=2) / 255 if image is None else checks.array(image, "image").astype(float)
    if image.ndim != 2 or not min(image.shape) >= 8 or max(image.shape) > 320:
        raise ValueError(f"image must have shape (H, W), each from 8 to 320, got {image.shape}")
    if kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {list(KERNELS)}, got {kernel!r}")
    shown, view = KERNELS[kernel]
    row, column = strongest(image, np.array(shown, dtype=float))
    state = {
        "preset": kernel, "kernel": np.pad(np.array(shown, dtype=float), 1).ravel(), "view": view, "noise": 0.0,
        "row": row, "column": column, "shape": image.shape,
        "photo": base64_text(np.round(255 * np.clip(image, 0, 1)).astype(np.uint8).tobytes()),
        "presets": {name: {"kernel": np.ravel(w).astype(float), "view": v, "title": _(name)}
                    for name, (w, v) in KERNELS.items()},
    }

    def picture():
        from nnbook.plots import convolution
        return convolution.filtered(image, {_(kernel): shown}, width=4.6)

    alt = _("The photograph before and after the kernel: {kernel}.", kernel=_(kernel))
    return FrontEnd("kernel_workshop", state, picture, alt=alt).show()


def strongest(image, kernel):
    """Row and column of the pixel whose window gives the largest number: where the widget's square stands at first."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    place = np.unravel_index(np.einsum("ijkl,kl->ij", windows, kernel).argmax(), windows.shape[:2])
    return [int(p) + n // 2 for p, n in zip(place, kernel.shape, strict=True)]
