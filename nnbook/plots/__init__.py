# ruff: noqa: F401
"""Figures, in the book's style. `use_style()` gives that style to the reader's own figures, too.

Here is what all chapters use; the figures of one chapter stand in a module of their own, e.g. nnbook.plots.regression.
"""

from nnbook.plots.common import (
    class_points,
    confusion_matrix,
    decision_regions,
    image_grid,
    loss_contours,
    network,
)
from nnbook.plots.style import CLASS_COLORS, CLASS_MARKERS, COLORS, as_it_is, as_png, use_style
