"""The stepper through the lecture's network: values by hand, δ and gradients by finite differences and formulas."""

import numpy as np
import pytest

from nnbook.widgets import backprop_stepper
from nnbook.widgets.backprop_stepper.backprop_stepper import Network
from tests.support import drive
from tests.support.engine import Engine

X, Y, W, B = (1.0, 2.0), 1.0, (0.5, -0.4, 0.25, 0.3, 0.8, -0.6), (0.1, -0.2, 0.3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_hand(x, y, w, b):
    """The lecture's equations, one by one."""
    w1, w2, w3, w4, w5, w6 = w
    z1, z2 = w1 * x[0] + w3 * x[1] + b[0], w2 * x[0] + w4 * x[1] + b[1]
    a1, a2 = sigmoid(z1), sigmoid(z2)
    z3 = w5 * a1 + w6 * a2 + b[2]
    a3 = sigmoid(z3)
    d3 = (a3 - y) * a3 * (1 - a3)
    d1, d2 = d3 * w5 * a1 * (1 - a1), d3 * w6 * a2 * (1 - a2)
    return {"z1": z1, "z2": z2, "a1": a1, "a2": a2, "z3": z3, "a3": a3, "L": (y - a3) ** 2 / 2}, {
        "a3": a3 - y, "z3": d3, "w5": d3 * a1, "w6": d3 * a2, "b3": d3, "a1": d3 * w5, "a2": d3 * w6,
        "z1": d1, "z2": d2, "w1": d1 * x[0], "w2": d2 * x[0], "w3": d1 * x[1], "w4": d2 * x[1], "b1": d1, "b2": d2,
        "x1": d1 * w1 + d2 * w2, "x2": d1 * w3 + d2 * w4}


@pytest.mark.parametrize("seed", range(4))
def test_values_and_gradients(seed):
    rng = np.random.default_rng(seed)
    arguments = (X, Y, W, B) if seed == 0 else (rng.normal(size=2), 0.3, rng.normal(size=6), rng.normal(size=3))
    values, gradients = by_hand(*arguments)
    steps = Network(*arguments).steps()
    forward = {s["node"]: s for s in steps if s["phase"] == "forward"}
    backward = {s["node"]: s for s in steps if s["phase"] == "backward"}
    assert list(forward) == ["z1", "a1", "z2", "a2", "z3", "a3", "L"]
    assert set(backward) == set(gradients)
    for name, value in values.items():
        assert forward[name]["value"] == pytest.approx(value, abs=1e-12)
    for name, value in gradients.items():
        assert backward[name]["value"] == pytest.approx(value, abs=1e-12)
        assert backward[name]["difference"] == pytest.approx(value, abs=1e-8)
        assert backward[name]["difference"] != backward[name]["value"], "the check is a computation of its own"


@pytest.mark.parametrize("seed", range(3))
def test_the_page_computes_what_nnlib_computes(seed):
    """Values, gradients, finite differences, and the fall of L in one step, for numbers that a reader might type."""
    rng, engine = np.random.default_rng(seed), Engine("backprop_stepper")
    x, y, w, b = rng.normal(size=2), float(rng.normal()), rng.normal(size=6), rng.normal(size=3)
    numbers = {"y": y} | {f"{key}{k + 1}": float(v) for key, vs in (("x", x), ("w", w), ("b", b))
                          for k, v in enumerate(vs)}
    path = "nn.backprop_numbers"
    values = engine.run(f"{path}.forward(numbers)", numbers=numbers)
    gradients = engine.run(f"{path}.backward({path}.forward(numbers))", numbers=numbers)
    network = Network(x, y, w, b)
    for name, value in network.values.items():
        assert values[name] == pytest.approx(value, abs=1e-12)
    for name, value in network.gradients.items():
        assert gradients[name] == pytest.approx(value, abs=1e-12)
        assert engine.run(f"{path}.difference(numbers, name)", numbers=numbers, name=name) == pytest.approx(
            network.difference(name), abs=1e-9)
    lr, step = 0.3, engine.run(f"{path}.descend(numbers, 0.3)", numbers=numbers)
    slopes = {name: network.gradients[name] for name in network.weights}
    new = Network(x, y, *([v - lr * slopes[f"{key}{k + 1}"] for k, v in enumerate(vs)]
                          for key, vs in (("w", w), ("b", b))))
    assert step["actual"] == pytest.approx(network.values["L"] - new.values["L"], abs=1e-12)
    assert step["predicted"] == pytest.approx(lr * sum(slope**2 for slope in slopes.values()), abs=1e-12)


def test_the_saving():
    """Reusing δ, each gradient costs what stands in its formula; multiplied out, the whole chain."""
    steps = [s for s in Network(X, Y, W, B).steps() if s["phase"] == "backward"]
    assert sum(s["reused"] for s in steps) < sum(s["anew"] for s in steps) / 3
    for step in steps:
        assert step["reused"] <= step["anew"]
        if step["node"] != "z3" and not step["node"].startswith(("z", "a")):
            assert step["formula"].split("=")[1].count("·") == step["reused"]


def test_numbers_in_the_formulas():
    steps = {(s["phase"], s["node"]): s for s in Network(X, Y, W, B).steps()}
    assert steps["forward", "z1"]["formula"] == "z₁ = w₁·x₁ + w₃·x₂ + b₁"
    assert steps["forward", "z1"]["numbers"] == "0.5·1 + 0.25·2 + 0.1"
    assert steps["forward", "z2"]["value"] == 0, "not −5.6e−17"
    assert steps["backward", "w2"]["formula"] == "∂L/∂w₂ = δ₂ · x₁"  # A25
    assert steps["backward", "x2"]["formula"] == "∂L/∂x₂ = δ₁ · w₃ + δ₂ · w₄"  # A25


@pytest.mark.parametrize(("arguments", "message"), [
    ({"x": (1, 2, 3)}, "x must have 2 numbers, got 3"), ({"w": (1,)}, "w must have 6"), ({"b": ()}, "b must have 3"),
    ({"step": 25}, "step must be 0 … 24")])
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        backprop_stepper(**arguments)


def test_reader(open_html):
    """Next and Back by keyboard; at the end every number stands in the picture; on a phone it is arranged anew."""
    page = open_html(backprop_stepper().html)
    page.wait_for_selector(".nnlib-ready")
    assert "z₁ = w₁·x₁" in page.text_content(".nnlib-readout")
    page.focus("button:text('Next')")
    for _ in range(30):
        page.keyboard.press("Enter")
        page.focus("button:text('Back')" if page.is_disabled("button:text('Next')") else "button:text('Next')")
        if page.is_disabled("button:text('Next')"):
            break
    told = page.text_content(".nnlib-readout")
    predicted, actual = (float(told.split(words)[1].split()[0].replace("−", "-"))
                         for words in ("squared gradients), by ", "in truth by "))
    assert 0.9 < actual / predicted < 1 and "→" in page.text_content(".nnlib-picture")
    page.click("button:text('Back')")
    assert "∂L/∂x₂" in page.text_content(".nnlib-readout")
    text = page.text_content(".nnlib-picture")
    for step in Network(X, Y, W, B).steps():
        shown = f"{step['value']:.3g}".replace("-", "−")
        assert shown in text, step["node"]
    wide = page.query_selector(".nnlib-picture svg").get_attribute("viewBox")
    page.set_viewport_size({"width": 360, "height": 700})
    assert drive.until(lambda: page.query_selector(".nnlib-picture svg").get_attribute("viewBox") != wide)
    assert "δ₁ = −0.0121" in page.text_content(".nnlib-picture")


def test_a_reader_types_numbers_and_goes_on(open_html):
    page = open_html(backprop_stepper(step=6).html)
    page.wait_for_selector(".nnlib-ready")
    page.click("summary:text('Other numbers')")
    page.fill("[aria-label='w₅']", "−1/2")
    page.press("[aria-label='w₅']", "Enter")
    changed = Network(X, Y, (*W[:4], -0.5, W[5]), B)
    assert f"{changed.values['L']:.4f}" in page.text_content(".nnlib-readout")
    assert "w₅ = −0.5" in page.text_content(".nnlib-picture")
    page.fill("[aria-label='w₅']", "much")
    page.press("[aria-label='w₅']", "Enter")
    assert page.input_value("[aria-label='w₅']") == "−0.5"
    page.evaluate("document.querySelector('.nnlib-widget input[type=range]').value = 24")
    page.dispatch_event(".nnlib-widget input[type=range]", "input")
    losses = []
    for _ in range(5):
        losses.append(float(page.text_content(".nnlib-readout").split("L ")[-1].split(" →")[0]))
        page.click("button:text('Go on')")
    assert losses == sorted(losses, reverse=True) and losses[0] == pytest.approx(changed.values["L"], abs=1e-4)
