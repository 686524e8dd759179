# ruff: noqa: F401
"""Figures. Importing this applies the book's style (colours, font with Chinese, SVG in notebooks).

Here is what all chapters use; the figures of one chapter stand in a module of their own, e.g. nnlib.plots.regression.
"""

from nnlib.plots.style import CLASS_COLORS, CLASS_MARKERS, COLORS, as_png, use_style  # isort: skip

use_style()

from nnlib.plots.common import (  # noqa: E402
    class_points,
    confusion_matrix,
    decision_regions,
    image_grid,
    loss_contours,
    network,
)
