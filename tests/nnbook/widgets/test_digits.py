"""Draw a digit: the network in the page is that of nnlib, answers at once, and can be drawn for in every way."""

import json

import numpy as np
import pytest

from nnbook import data
from nnbook.widgets import draw_digit, shift_test
from nnbook.widgets.core.packed_layers import packed_layers
from nnlib import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, activations
from tests.support.drive import PAINTED
from tests.support.engine import Engine
from tools import train_digits

ATOB = """globalThis.atob = text => { const order =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let out = "", bits = 0, count = 0;
  for (const letter of text.replace(/=/g, "")) { bits = (bits << 6 | order.indexOf(letter)) & 0xffffff; count += 6;
    if (count >= 8) { count -= 8; out += String.fromCharCode(bits >> count & 255); } }
  return out; }; 0"""  # browsers have it, the bare engine does not


@pytest.fixture(scope="module")
def model():
    return train_digits.cnn(np.random.default_rng(0)).load(data.trained("cnn"))


@pytest.fixture(scope="module")
def engine():
    made = Engine("draw_digit")
    made.engine.eval(ATOB)
    return made


def scores_in_page(engine, model, images):
    return engine.run("(layers => images.map(image => [...nn.packed_layers.forward(layers, image).at(-1)]))"
                      "(nn.packed_layers.unpacked(packed))", packed=json.loads(json.dumps(packed_layers(model))),
                      images=images.tolist())


def test_scores_of_100_test_digits(engine, model):
    _, (x, _) = data.load_mnist()
    got, want = np.array(scores_in_page(engine, model, x[:100])), model(x[:100])
    np.testing.assert_allclose(got, want, atol=1e-5, rtol=0)


def test_every_kind_of_layer(engine):
    rng = np.random.default_rng(3)
    model = Sequential(Conv2d(1, 3, 4, stride=2, padding=2, rng=rng), ReLU(), AvgPool2d(3, stride=2),
                       Conv2d(3, 4, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2), Flatten(),
                       Linear(36, 7, rng=rng), ReLU(), Linear(7, 10, rng=rng)).astype(np.float32)
    x = rng.random((5, 1, 28, 28)).astype(np.float32)
    np.testing.assert_allclose(scores_in_page(engine, model, x), model(x), atol=1e-5, rtol=0)


@pytest.fixture
def page(open_html, model, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(draw_digit(model).html)
    page.wait_for_selector(".nnlib-ready")
    return page


def state(page):
    root = page.query_selector("[data-nnlib-widget]")
    return json.loads(root.get_attribute("data-state")), json.loads(root.get_attribute("data-scores"))


def draw(page, *points):
    """A stroke with the mouse through points from 0 to 1 (across, down)."""
    box = page.query_selector("[aria-roledescription='drawing pad']").bounding_box()
    place = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in points]
    page.mouse.move(*place[0])
    page.mouse.down()
    for point in place[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
    page.evaluate(PAINTED)  # it answers once a frame


def test_a_drawing_is_classified_at_once(page, model):
    """A 7, a 1 and a 0 by mouse: right, and what nnlib says of the same image. (How fast: tests.support.measure.)"""
    circle = [(0.5 + 0.2 * np.sin(a), 0.5 - 0.3 * np.cos(a)) for a in np.linspace(0, 6.4, 17)]
    drawings = {7: [(0.28, 0.22), (0.7, 0.22), (0.42, 0.82)], 1: [(0.52, 0.2), (0.48, 0.8)], 0: circle}
    for digit, strokes in drawings.items():
        page.get_by_role("button", name="Clear").click()
        draw(page, *strokes)
        assert np.argmax(state(page)[1]) == digit
        assert f"answer {digit}" in page.inner_text(".nnlib-readout")
    page.select_option("select", "no")  # now the network sees the drawing as it is
    drawing = np.array(state(page)[0]["drawing"], dtype=np.float32).reshape(1, 1, 28, 28)
    np.testing.assert_allclose(state(page)[1], model(drawing)[0], atol=1e-4)


def test_centring_helps_a_digit_in_the_corner(page):
    page.get_by_role("button", name="Clear").click()
    draw(page, (0.05, 0.05), (0.3, 0.05), (0.12, 0.42))  # a small 7
    assert np.argmax(state(page)[1]) == 7
    sure = activations.softmax(np.array([state(page)[1]]))[0, 7]
    page.select_option("select", "no")
    assert activations.softmax(np.array([state(page)[1]]))[0, 7] < sure


def test_drawing_with_the_keyboard(page):
    page.get_by_role("button", name="Clear").click()
    pad = page.locator("[aria-roledescription='drawing pad']")
    pad.focus()
    for key in [*["ArrowUp"] * 8, " ", *["ArrowDown"] * 16, " ", "ArrowLeft"]:
        pad.press(key)
    page.evaluate(PAINTED)
    now, scores = state(page)
    drawing = np.array(now["drawing"]).reshape(28, 28)
    assert drawing[7:21, 13:15].min() > 0.5 and not drawing[:, :11].any() and np.argmax(scores) == 1


def test_drawing_with_a_finger(open_html, model, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(draw_digit(model).html, has_touch=True, viewport={"width": 390, "height": 800})
    page.wait_for_selector(".nnlib-ready")
    page.get_by_role("button", name="Clear").click()
    pad = page.locator("[aria-roledescription='drawing pad']")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(PAINTED)
    drawing = np.array(state(page)[0]["drawing"]).reshape(28, 28)
    assert drawing[13:15, 13:15].min() > 0.5 and drawing.sum() < 12


def test_maps_and_kernels(page):
    """All 80 feature maps are there, and choosing one shows its kernels."""
    assert len(page.query_selector_all("canvas[aria-label^='feature map']")) == 8 + 8 + 16 + 16 + 32
    page.locator("canvas[aria-label='feature map 5']").nth(2).click()  # of the second convolution
    assert state(page)[0]["layer"] == 2 and state(page)[0]["channel"] == 5
    assert len(page.query_selector_all("canvas[aria-label^='weights for input channel']")) == 8
    assert "10 × 10 pixels" in page.inner_text(".nnlib-readout")


def test_all_networks_stand_beside_the_digit_that_they_judge(open_html):
    """One stood beside it, two had dropped below."""
    networks = {name: Sequential(Flatten(), Linear(784, 10, rng=np.random.default_rng(0))) for name in "abc"}
    page = open_html(shift_test(networks, data.load_mnist()[1][0][:2], [0, 1], reach=2).html)
    page.set_viewport_size({"width": 1000, "height": 800})
    page.wait_for_selector(".nnlib-ready")
    left, *cards = page.evaluate("""[...document.querySelectorAll('.nnlib-picture canvas, .nnlib-picture svg')].map(
        node => node.getBoundingClientRect())""")
    assert len(cards) == 3 and all(card["x"] >= left["x"] + left["width"] for card in cards)


def test_numbers_of_a_kernel_fit_their_cells(open_html, example):
    """−0.1111 was cut off at both ends."""
    page = open_html(example("kernel_workshop").html)
    page.wait_for_selector(".nnlib-ready")
    page.locator(".nnlib-cells input").nth(12).fill("-0.1234")
    page.locator(".nnlib-cells input").nth(13).focus()
    page.locator("select").first.focus()
    cut = page.evaluate("""[...document.querySelectorAll('.nnlib-cell')].filter(cell => {
        const canvas = document.createElement('canvas').getContext('2d'), style = getComputedStyle(cell);
        canvas.font = `${style.fontSize} ${style.fontFamily}`;
        return canvas.measureText(cell.value ?? cell.textContent).width > cell.clientWidth + 1;
    }).map(cell => cell.value ?? cell.textContent)""")
    assert cut == []
