"""Draw a digit: the network in the page is that of nnlib, answers at once, and can be drawn for in every way."""

import json

import numpy as np
import pytest

from nnbook import data
from nnbook.plots.convolution import outputs_of
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


def arithmetic_in_page(engine, model, x, s, k, at):
    """What stages.js says of cell `at` of map k of stage s for an image."""
    return engine.run("""(layers => { const { stagesOf, mapsOf, arithmetic } = nn.stages, stages = stagesOf(layers);
        return arithmetic(layers, stages, mapsOf(stages, nn.packed_layers.forward(layers, x), x[0]), s, k, at);
        })(nn.packed_layers.unpacked(packed))""",
                      packed=json.loads(json.dumps(packed_layers(model))), x=x.tolist(), s=s, k=k, at=at)


def test_the_arithmetic_of_a_cell_is_that_of_nnlib(engine):
    """Products, sums, bias, ReLU and pooling, with stride, padding and hidden fully connected layers: cell by cell."""
    rng = np.random.default_rng(0)
    model = Sequential(Conv2d(1, 3, 4, stride=2, padding=2, rng=rng), ReLU(), AvgPool2d(3, stride=2),
                       Conv2d(3, 4, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2),
                       Conv2d(4, 5, 2, padding=1, rng=rng), Flatten(),
                       Linear(80, 7, rng=rng), ReLU(), Linear(7, 10, rng=rng))
    x = rng.random((1, 28, 28))
    outputs = [y[0] for _, y in outputs_of(model, x[None])]
    for s, (made, shown) in enumerate([(0, 1), (2, 2), (3, 4), (5, 5), (6, 6), (8, 9), (10, 10)]):
        sums, maps = (y.reshape(len(y), *(y.shape[1:] or (1, 1))) for y in (outputs[made], outputs[shown]))
        for k, i, j in {tuple(rng.integers(maps.shape).tolist()) for _ in range(4)} | {(0, 0, 0)}:
            got = arithmetic_in_page(engine, model, x, s, k, [i, j])
            assert got["value"] == pytest.approx(maps[k, i, j], abs=1e-5)
            if "kernel" not in got:
                continue
            assert got["z"] == pytest.approx(sums[k, i, j], abs=1e-5)
            products = np.array(got["windows"]) * np.array(got["kernel"])
            assert got["parts"] == pytest.approx(products.sum(axis=(1, 2)).tolist())
            assert sum(got["parts"]) + got["bias"] == pytest.approx(got["z"])


def test_the_strongest_way_leads_to_the_image(engine, model):
    """Each step back goes to the number that gave most: the largest of a pooling, the largest product of a kernel."""
    image = data.load_mnist()[1][0][3]
    steps = engine.run("""(layers => { const { stagesOf, mapsOf, path } = nn.stages, stages = stagesOf(layers);
        return path(layers, stages, mapsOf(stages, nn.packed_layers.forward(layers, x), x[0]), 3, 4, [2, 2]); })(
        nn.packed_layers.unpacked(packed))""", packed=json.loads(json.dumps(packed_layers(model))), x=image.tolist())
    maps = [y[0] for _, y in outputs_of(model, image[None])]
    (k, i, j), (c, u, v) = ((step["k"], *step["at"]) for step in steps[:2])
    assert (k, i, j) == (4, 2, 2) and [step["s"] for step in steps] == [3, 2, 1, 0]
    window = maps[4][k, 2 * i:2 * i + 2, 2 * j:2 * j + 2]
    assert c == k and maps[4][c, u, v] == window.max() and (u // 2, v // 2) == (i, j)
    c, p, q = steps[2]["k"], *steps[2]["at"]
    products = maps[2][:, u:u + 3, v:v + 3] * model[3].W[k]
    assert products[c, p - u, q - v] == products.max()


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
    page.select_option("select:has(option[value=no])", "no")  # now the network sees the drawing as it is
    drawing = np.array(state(page)[0]["drawing"], dtype=np.float32).reshape(1, 1, 28, 28)
    np.testing.assert_allclose(state(page)[1], model(drawing)[0], atol=1e-4)


def test_centring_helps_a_digit_in_the_corner(page):
    page.get_by_role("button", name="Clear").click()
    draw(page, (0.05, 0.05), (0.3, 0.05), (0.12, 0.42))  # a small 7
    assert np.argmax(state(page)[1]) == 7
    sure = activations.softmax(np.array([state(page)[1]]))[0, 7]
    page.select_option("select:has(option[value=no])", "no")
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


def test_a_click_opens_the_arithmetic_of_a_cell(page, model):
    """All 80 maps and the ten answers are there; what a click on one tells is what nnlib computes."""
    assert len(page.query_selector_all("canvas[aria-label^='feature map']")) == 8 + 8 + 16 + 16 + 32
    page.select_option("select:has(option[value=no])", "no")  # the digit as it is: the same image as in Python
    cell = page.locator("canvas[aria-label='feature map 5']").nth(2)  # of the second convolution
    box = cell.bounding_box()
    cell.click(position={"x": 0.55 * box["width"], "y": 0.55 * box["height"]})
    now = state(page)[0]
    assert (now["stage"], now["channel"], now["row"], now["column"]) == (3, 5, 6, 6)
    assert "10 × 10 pixels" in page.inner_text(".nnlib-readout")
    image = draw_digit(model).image
    x = model[:3](image)
    parts = (x[0, :, 5:8, 5:8] * model[3].W[4]).sum(axis=(1, 2))
    shown = [number(text) for text in page.locator(".nnlib-parts button").all_inner_texts()]
    np.testing.assert_allclose(shown, parts, atol=0.006)
    text = page.inner_text(".nnlib-arithmetic .nnlib-sum")
    assert text.startswith("72 products in 8 sums") and number(text.split()[-1]) == pytest.approx(
        max(0, parts.sum() + model[3].b[4]), abs=0.006)
    page.locator(".nnlib-parts button").nth(2).click()
    cells = [number(text) for text in page.locator(".nnlib-factors .nnlib-cell").all_inner_texts()]
    np.testing.assert_allclose(cells, [*x[0, 2, 5:8, 5:8].ravel(), *model[3].W[4, 2].ravel()], atol=0.006)
    page.locator("canvas[aria-label='answer 3']").click()
    rows = page.locator(".nnlib-softmax tr").all_inner_texts()
    scores = model(image)[0]
    np.testing.assert_allclose([number(row.split()[1]) for row in rows[1:11]], scores, rtol=0.006, atol=0.006)
    shown = [number(row.split()[-2]) for row in rows[1:11]]
    np.testing.assert_allclose(shown, 100 * activations.softmax(scores), atol=0.06)


def number(text):
    text = text.replace("−", "-").replace("×10", "e").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return float(text)


LINES = """() => [...document.querySelectorAll(".nnlib-edges g path")].length"""
FRAMES = """() => { const flow = document.querySelector(".nnlib-flow").getBoundingClientRect();
  const image = document.querySelector("canvas[aria-label='what the network sees']").getBoundingClientRect();
  return [...document.querySelectorAll(".nnlib-marks rect")].map(r => r.getBoundingClientRect()).filter(
      r => r.top >= image.top - 3 && r.bottom <= image.bottom + 3).map(r => [
      (r.top - image.top) / image.height * 28, (r.bottom - image.top) / image.height * 28].map(Math.round)); }"""


def test_pointing_at_a_cell_shows_what_it_saw(page):
    """Frames on the digit and on the maps before it, lines from what added; away from it, the chosen cell again."""
    page.evaluate(PAINTED)
    first = page.evaluate(FRAMES)
    cell = page.locator("canvas[aria-label='feature map 7']").nth(4)  # of the third convolution: 3 × 3
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.9 * box["height"])  # row 3, column 2
    assert page.evaluate(FRAMES) == [[8, 28]]  # its 20 rows of the image
    assert page.evaluate(LINES) == 16 + 1 + 8 + 1 + 1  # layer by layer along the strongest way
    assert page.evaluate("document.querySelectorAll('.nnlib-marks rect').length") == 2 + 2 * 16 + 2 * 8 + 1
    assert "row 3, column 2" in page.inner_text(".nnlib-flow + p") and state(page)[0]["stage"] == 1
    page.mouse.move(2, 2)
    assert page.evaluate(FRAMES) == first


def test_the_keys_walk_through_the_network(page):
    flow = page.locator(".nnlib-flow")
    flow.focus()

    def where():
        return tuple(state(page)[0][key] for key in ("stage", "channel", "row", "column"))

    page.locator("canvas[aria-label='feature map 1']").nth(1).click(position={"x": 1, "y": 1})
    for key, there in (("ArrowRight", (2, 1, 1, 2)), ("ArrowDown", (2, 1, 2, 2)), ("PageDown", (3, 2, 0, 0)),
                       ("PageUp", (2, 1, 0, 0)), ("Home", (2, 1, 0, 0))):
        flow.press(key)
        assert where() == there, key
    page.locator("canvas[aria-label='feature map 1']").nth(1).click(position={"x": 1, "y": 1})
    for _ in range(2):  # above the first layer stands the image
        flow.press("ArrowUp")
        assert where()[:2] == (1, 1)
    page.locator("canvas[aria-label='feature map 3']").nth(4).click(position={"x": 1, "y": 1})
    flow.press("ArrowLeft")
    assert where() == (5, 2, 1, 3)  # over the edge: the last column of the map before


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
