"""The surface that is made of points: the line of each step stands beside its loss."""

import re

import numpy as np
import pytest

from nnbook.widgets import surface_view
from nnbook.widgets.gradient_descent.gradient_descent import descend as walk
from nnbook.widgets.surface_view.surface_view import loss_of_line


def test_the_line_beside_its_loss(open_html):
    """At each step of each path the page says w, b and the loss that nnlib's optimizer has there."""
    x, y = np.array([0.5, 1.0, 2.0, 3.5]), np.array([1.0, 1.5, 2.0, 3.0])
    page = open_html(surface_view(x, y).html)
    page.wait_for_selector(".nnlib-ready")
    f, slope, _, start, _ = loss_of_line(x, y)
    assert float(f(*np.polyfit(x, y, 1))) == pytest.approx(np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2))
    for optimizer, rate, options in (("SGD", 0.1, {}), ("Adam", 0.3, {"optimizer": "Adam"})):
        page.select_option("select >> nth=1", optimizer)
        path = walk(slope, start, 40, rate, **options)
        for step in (0, 7, 40):
            page.locator("input[type=range]").first.fill(str(step))
            w, b = path[step]
            told = page.text_content(".nnlib-readout").replace("−", "-")
            got = [float(v) for v in re.findall(r"w = (-?[\d.]+), b = (-?[\d.]+), loss (-?[\d.e-]+)", told)[0]]
            np.testing.assert_allclose(got[:2], [w, b], atol=0.006)
            assert got[2] == pytest.approx(float(f(w, b)), rel=0.02, abs=2e-3)
    page.select_option("select >> nth=0", "bowl")
    assert not page.locator("svg.nnlib-plot").is_visible()
