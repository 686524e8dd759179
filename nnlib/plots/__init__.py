# ruff: noqa: F401
"""Figures. Importing this applies the book's style (colours, font with Chinese, SVG in notebooks).

Here is what all chapters use; the figures of one chapter stand in a module of their own, e.g. nnlib.plots.regression.
Every function takes data and `ax` (or makes a figure of its own) and returns the axes it drew on.
"""

from nnlib.plots.style import CLASS_COLORS, CLASS_MARKERS, COLORS, as_png, use_style

use_style()
