"""What several tests of figures need."""

import matplotlib.pyplot as plt
import pytest

from nnbook.plots import use_style

use_style()  # as the first cell of every chapter does


@pytest.fixture
def drawn_and_closed():
    """Every figure must survive drawing: a missing glyph or a layout that fails is a warning, so an error."""
    yield
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
    plt.close("all")
