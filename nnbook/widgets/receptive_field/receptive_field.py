"""What one number of the last layer sees of a picture, through layers of a reader's choice.  [A30]"""

import numpy as np

from nnbook import data
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.pictures import base64_text
from nnlib import checks

LAYERS = {"conv3": ("conv", 3, 1), "conv5": ("conv", 5, 1), "strided": ("conv", 3, 2),  # kind, K, S
          "pool2": ("pool", 2, 2), "pool3": ("pool", 3, 3)}


@widget
def receptive_field(layers=("conv3", "pool2", "conv3", "pool2", "conv3"), image=None):
    """Choose up to five layers and an output; see its window in every map, and the formula's number.  [A30]

    layers: names of LAYERS, from the first to the last. image: (L, L) from 0 to 1, 8 <= L <= 40; None: a digit.

    Raises ValueError for other layers, layers that do not fit, or another image.
    """
    image = data.load_mnist()[1][0][361, 0] if image is None else checks.array(image, "image")
    if image.ndim != 2 or image.shape[0] != image.shape[1] or not 8 <= len(image) <= 40:
        raise ValueError(f"image must be square, from 8 × 8 to 40 × 40, got shape {image.shape}")
    if not 1 <= len(layers) <= 5 or not set(layers) <= set(LAYERS):
        raise ValueError(f"layers must be one to five of {', '.join(LAYERS)}, got {list(layers)}")
    side, field, step = len(image), 1, 1
    for _kind, K, S in map(LAYERS.get, layers):
        side, field, step = (side - K) // S + 1, field + (K - 1) * step, step * S
        if side < 1:
            raise ValueError(f"layers {list(layers)} do not fit into {len(image)} × {len(image)} pixels")
    pixels = np.rint(255 * np.asarray(image)).astype(np.uint8)
    state = {f"layer{k + 1}": name for k, name in enumerate([*layers, *["none"] * (5 - len(layers))])}
    state |= {"row": side // 2, "column": side // 2, "side": len(image), "pixels": base64_text(pixels.tobytes())}

    def picture():
        from nnbook.plots import convolution
        return convolution.receptive_fields({_("these layers"): [LAYERS[name] for name in layers]})

    return FrontEnd("receptive_field", state, picture, alt=_(
        "One number of the last of {n} layers sees {field} × {field} pixels of the picture.",
        n=len(layers), field=field)).show()
