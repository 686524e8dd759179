"""The arithmetic of the message stepper in JavaScript against nnlib's layer; the picture shows these numbers."""

import json
import re

import numpy as np
import pytest

from nnbook.widgets.message_stepper.message_stepper import adjacency, message_stepper, weighted
from nnlib import GraphConv, activations
from tests.support.engine import Engine


@pytest.fixture(scope="module")
def engine():
    return Engine("message_stepper")


@pytest.mark.parametrize("kind", ["sum", "mean", "symmetric"])
@pytest.mark.parametrize("seed", range(5))
def test_layer(engine, kind, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 7))
    upper = (rng.random(n * (n - 1) // 2) < 0.5).astype(int)
    A = adjacency(np.transpose(np.triu_indices(n, 1))[upper > 0], n)
    h, layer = rng.normal(size=n), GraphConv(1, 1, weighted(A, kind), rng=rng)
    layer.b[:] = rng.normal()
    got = engine.run("""(() => { const { adjacency, weights, layer } = nn.message_stepper;
        const A = adjacency(ties, n);
        return { A, ...layer(weights(A, kind), h, w, b) }; })()""",
                     ties=upper.tolist(), n=n, kind=kind, h=h.tolist(), w=layer.W[0, 0], b=layer.b[0])
    z = layer(h[:, None])[:, 0]
    assert got["A"] == A.tolist()
    np.testing.assert_allclose(got["z"], z, atol=1e-12)
    np.testing.assert_allclose(got["a"], activations.relu(z), atol=1e-12)


def test_the_page_shows_them(open_html):
    page = open_html(message_stepper(step=5).html)
    root = page.wait_for_selector(".nnlib-ready")
    shown = re.findall(r"after: ([^a-zA-Z]+)", root.query_selector(".nnlib-readout").text_content())[0]
    state = json.loads(root.get_attribute("data-state"))
    A = np.zeros((5, 5))
    A[np.triu_indices(5, 1)] = state["ties"]
    a = activations.relu(2 * weighted(A + A.T, "symmetric") @ state["h"] - 5)
    assert [float(v) for v in shown.split(", ")] == pytest.approx(a, rel=5e-3)


def test_ties_numbers_and_layers_can_be_changed(open_html):
    """A cut tie takes its message away; the next layer starts from the outputs; a click chooses a node."""
    page = open_html(message_stepper(weights="sum", w=1, b=0, step=2).html)
    root = page.wait_for_selector(".nnlib-ready")

    def says(text):
        return text in root.query_selector(".nnlib-readout").text_content()

    assert says("= 12")
    page.get_by_label("tie from node 2 to node 3").press("Space")
    assert says("= 6")
    page.get_by_label("its number").press("ArrowRight")
    assert says("= 6.5")
    page.get_by_role("button", name="One more layer").click()
    assert json.loads(root.get_attribute("data-state"))["h"] == [6.5, 6.5, 6.5, 9, 9]
    page.get_by_text("node 4", exact=True).click()
    assert json.loads(root.get_attribute("data-state"))["node"] == 4
