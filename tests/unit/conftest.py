"""What several tests of figures need."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture
def drawn_and_closed():
    """Every figure must survive drawing: a missing glyph or a layout that fails is a warning, so an error."""
    yield
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
    plt.close("all")
