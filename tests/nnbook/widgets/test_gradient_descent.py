"""The gradient descent widget: its steps are nnlib's, its code runs, divergence is told."""

import contextlib
import io

import numpy as np
import pytest

from nnbook.widgets import gradient_descent
from nnbook.widgets.gradient_descent.gradient_descent import SURFACES, descend
from tests.support import drive
from tests.support.engine import Engine


@pytest.fixture(scope="module")
def engine():
    return Engine("gradient_descent")


@pytest.mark.parametrize("surface", SURFACES)
def test_gradients(surface, engine):
    """Python's gradient is the difference quotient of f; the browser's f and gradient are Python's."""
    f, gradient, span, *_ = SURFACES[surface]
    for x, y in np.random.default_rng(0).uniform(*span, size=(20, 2)):
        h = 1e-5
        quotient = [(f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)]
        np.testing.assert_allclose(gradient(x, y), quotient, rtol=1e-6, atol=1e-6)
        there = engine.run(f"nn.gradient_descent.surfaces[{surface!r}].slice(0, 2).map(g => g(x, y))",
                           x=float(x), y=float(y))
        np.testing.assert_allclose(there[0], f(x, y), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(there[1], gradient(x, y), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(("optimizer", "momentum", "schedule"), [
    ("SGD", 0.0, "constant"), ("SGD", 0.9, "constant"), ("Adam", 0.0, "constant"), ("SGD", 0.5, "1/t"),
    ("Adam", 0.0, "cosine")])
def test_steps_are_those_of_nnlib(surface, optimizer, momentum, schedule, engine):
    *_, start, rate = SURFACES[surface]
    rate = rate / 10 if momentum else rate
    state = {"surface": surface, "start": start, "steps": 100, "learning_rate": rate, "momentum": momentum,
             "optimizer": optimizer, "schedule": schedule}
    there = engine.run("nn.gradient_descent.descend(state)", state=state)
    np.testing.assert_allclose(there, descend(**state), rtol=1e-6, atol=1e-6)


def test_divergence_ends_where_numbers_overflow(engine):
    state = {"surface": "curved valley", "start": [2, 2], "steps": 200, "learning_rate": 0.1, "momentum": 0,
             "optimizer": "SGD"}
    path = engine.run("nn.gradient_descent.descend(state)", state=state)
    assert 2 < len(path) < 200 and np.isfinite(path).all()


@pytest.mark.parametrize(("arguments", "message"), [
    ({"surface": "hill"}, "surface must be one of"), ({"optimizer": "RMSprop"}, "optimizer must be"),
    ({"schedule": "step"}, "schedule must be one of"),
    ({"momentum": 1.0}, "momentum must be in"), ({"steps": 201}, "steps in 0 … 200")])
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        gradient_descent(**arguments)


def test_reader(open_html):
    """Click sets the start, the code in the box gives the very point that is read out, divergence is told."""
    page = open_html(gradient_descent(surface="saddle", steps=40).html)
    page.wait_for_selector(".nnlib-ready")
    box = page.query_selector(".nnlib-picture svg image").bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    state = page.evaluate("JSON.parse(document.querySelector('.nnlib-widget').dataset.state)")
    np.testing.assert_allclose(state["start"], [1.5, 1.5], atol=0.05)

    for optimizer, schedule in (("SGD", "constant"), ("Adam", "1/t"), ("SGD", "cosine")):
        page.select_option("select >> nth=1", optimizer)
        page.select_option("select >> nth=2", schedule)
        page.evaluate("document.querySelector('.nnlib-code').open = true")
        assert drive.until(lambda: page.text_content(".nnlib-code pre").strip())
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(page.text_content(".nnlib-code pre"), {})
        x, y = (float(v) for v in printed.getvalue().strip("[] \n").split())
        shown = page.text_content(".nnlib-readout").replace("−", "-").split()
        f, gradient, *_ = SURFACES["saddle"]
        for name, value in (("x", x), ("y", y), ("loss", f(x, y)), ("slope", np.hypot(*gradient(x, y)))):
            assert float(shown[shown.index(name) + 1]) == pytest.approx(value, rel=1e-3, abs=1e-4)

    page.select_option("select >> nth=2", "constant")
    assert "diverges" not in page.text_content(".nnlib-readout")
    rate = page.query_selector("input[type=range]")
    rate.evaluate(drive.SET, rate.get_attribute("max"))
    assert "It diverges" in page.text_content(".nnlib-readout")
    assert drive.ask(page.query_selector(".nnlib-widget"), "look")["strange"] is None


def test_brief_shows_the_learning_rate_and_keeps_the_rest_behind_more(open_html):
    page = open_html(gradient_descent(brief=True).html)
    page.wait_for_selector(".nnlib-ready")
    controls = page.locator(".nnlib-controls :is(input, select)")
    assert controls.count() == 6 and sum(controls.nth(k).is_visible() for k in range(6)) == 1
    page.locator("summary", has_text="more").click()
    assert all(controls.nth(k).is_visible() for k in range(6))


def test_a_path_that_flies_away_breaks_no_picture(open_html):
    """The curved valley at its widest learning rate: browsers had refused numbers such as 1e38 in a path."""
    page = open_html(gradient_descent().html)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.wait_for_selector(".nnlib-ready")
    page.select_option("select", "curved valley")
    for rate in ("0.1", "0.5", "2.1"):
        page.evaluate("""rate => { const slider = [...document.querySelectorAll("label")].find(
            label => label.textContent.startsWith("learning rate")).querySelector("input");
            slider.value = { "0.1": 11, "0.5": 20, "2.1": 29 }[rate];
            slider.dispatchEvent(new Event("input")); }""", rate)
        assert "diverges" in page.locator(".nnlib-readout").inner_text()
    assert said == []
