"""What several tests of figures need."""

import matplotlib.pyplot as plt
import pytest

from nnbook.plots import use_style

use_style()  # as the first cell of every chapter does
FIRST = ["test_jupyter.py", "test_chapters.py"]  # one JupyterLab for all tests of a file, one run of a chapter


def pytest_collection_modifyitems(items):
    """What all tests of a file share and takes long to make comes first: there no other worker takes tests over."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture
def drawn_and_closed():
    """Every figure must survive drawing: a missing glyph or a layout that fails is a warning, so an error."""
    yield
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()
    plt.close("all")
