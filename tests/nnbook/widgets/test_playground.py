"""Playground and pieces: JavaScript equals nnlib, exported code repeats the run, mouse and keyboard work."""

import base64
import contextlib
import io
import itertools
import json
import re

import numpy as np
import pytest

from nnbook.widgets import pieces as pieces_widget
from nnbook.widgets import playground as playground_widget
from nnbook.widgets.core import host, modules
from nnbook.widgets.pieces.pieces import TARGETS, Knots, distance, parameters, total
from nnbook.widgets.pieces.pieces import train as train_knots
from nnbook.widgets.playground.playground import (
    FEATURES,
    REGRESSION,
    State,
    batches,
    dataset,
    inputs,
    mlp,
    network_of,
    points_of,
    start_weights,
    train,
    trained,
    weights_of,
)
from nnlib import Adam, BCEWithLogitsLoss, MSELoss, gradient_check
from tests.support import drive
from tests.support.engine import Engine

START = {"dataset": "xor", "noise": 0.05, "points": "", "hidden": "4 2", "activation": "tanh", "optimizer": "adam",
         "lr": 0.03, "penalty": "none", "strength": 0.003, "seed": 15, "features": "x1 x2", "batch": 0, "share": 50}
OWN = "-0.6 -0.6 0; 0.6 0.6 0; -0.6 0.6 1; 0.6 -0.6 1; 0.1 0.05 1"
SETTINGS = [
    {}, {"hidden": ""}, {"hidden": "1"}, {"dataset": "spirals", "hidden": "8 8 8 8", "activation": "swish"},
    {"dataset": "circles", "hidden": "3", "activation": "sigmoid", "optimizer": "sgd", "lr": 1},
    {"dataset": "circles", "activation": "relu", "optimizer": "momentum", "lr": 0.1, "penalty": "l2"},
    {"hidden": "8", "activation": "leaky_relu", "penalty": "l1", "strength": 0.01, "seed": 7},
    {"hidden": "5 3", "activation": "none", "optimizer": "momentum"}, {"dataset": "own", "points": OWN, "noise": 0.1},
    {"dataset": "spirals", "noise": 0.2, "hidden": "8 8", "activation": "relu", "lr": 0.1},
    {"dataset": "hills", "hidden": "6", "features": " ".join(FEATURES), "batch": 30},
    {"dataset": "plane", "hidden": "", "optimizer": "sgd", "lr": 0.1, "share": 10}, {"batch": 1, "share": 90},
    {"dataset": "gauss", "features": "x1x2", "hidden": "", "batch": 50, "penalty": "l2"},
    {"dataset": "own", "points": OWN, "batch": 2, "features": "x2 sin1"},
]


@pytest.fixture(scope="module")
def engine():
    return Engine("playground_run", "pieces", "pieces_training")


def run(engine, settings, actions="run.step(100);"):
    """(weights, loss, number right, exported code) after the actions on a run."""
    return engine.run(f"(() => {{ const run = new nn.playground_run.Run(settings); {actions}"
                      "const {loss, right} = run.measure(); return [run.weights, loss, right, run.code()]; })()",
                      settings=settings)


def printed(code):
    """(loss, share right) that exported nnlib code prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "exported", "exec"), {})
    found = re.fullmatch(r"loss ([\d.]+)(?:, right (\S+)%)?\n", out.getvalue()).groups()
    return [float(number) for number in found if number]


def close(weights, model):
    for (W, b), (W_here, b_here) in zip(weights, weights_of(model), strict=True):
        np.testing.assert_allclose(W, W_here, rtol=0, atol=1e-6)
        np.testing.assert_allclose(b, b_here, rtol=0, atol=1e-6)


@pytest.mark.parametrize("changes", SETTINGS)
def test_training_equals_nnlib_after_100_steps(engine, changes):
    settings = START | changes
    weights, loss, right, code = run(engine, settings)
    model, x, y = trained(settings | {"steps": 100})
    close(weights, model)
    measure = MSELoss if settings["dataset"] in REGRESSION else BCEWithLogitsLoss
    assert loss == pytest.approx(measure()(model(inputs(x, settings["features"])), y), abs=1e-6)
    share = [] if measure is MSELoss else [100 * right / len(y)]
    assert printed(code) == pytest.approx([loss, *share], abs=0.05 if loss > 100 else 1e-1)
    assert printed(code)[0] == pytest.approx(loss, abs=2e-6)


def test_random_networks_equal_nnlib(engine):
    rng = np.random.default_rng(0)
    for k in range(5):
        hidden = rng.integers(1, 9, rng.integers(0, 5)).tolist()
        activation = str(rng.choice(["none", "sigmoid", "tanh", "relu", "leaky_relu", "swish"]))
        data, model = dataset("circles", noise=0.1), mlp(hidden, activation)
        for _, array, _ in model.parameters():
            array[...] = rng.normal(size=array.shape)
        start = weights_of(model)
        train(model, data, Adam(model, lr=0.01), 100)
        settings = START | {"dataset": "circles", "noise": 0.1, "hidden": " ".join(map(str, hidden)), "lr": 0.01,
                            "activation": activation, "seed": k}
        weights, *_ = run(engine, settings, f"run.weights = {json.dumps(start)}; run.change(); run.step(100);")
        close(weights, model)


@pytest.mark.parametrize("actions", [
    "",  # nothing trained yet
    "run.step(30); run.change({ lr: 0.1 }); run.step(40);",
    "run.step(30); run.change({ optimizer: 'momentum', penalty: 'l2' }); run.step(20); run.change({ lr: 0.3 });",
    "run.step(10); run.network.layers[0].W[1][0] = 1.5; run.change(); run.step(20);",
    f"run.step(5); run.change({{ dataset: 'own', points: '{OWN}' }}); run.step(20);",
    "run.step(3); run.change({ batch: 30 }); run.step(20); run.change({ lr: 0.1 }); run.step(9);",  # amid an epoch
])
def test_exported_code_repeats_what_was_changed_on_the_way(engine, actions):
    _, loss, right, code = run(engine, START, actions)
    n = 5 if "own" in actions else 200
    assert printed(code) == pytest.approx([loss, 100 * right / n], abs=1e-5 if n == 200 else 0.05)


def test_batches_deal_out_each_point_once_an_epoch_and_go_on_where_they_were(engine):
    dealt = list(batches(10, 4, 9))
    assert [len(rows) for rows in dealt] == [4, 4, 2] * 3
    for epoch in (0, 3, 6):
        assert sorted(np.concatenate(dealt[epoch:epoch + 3])) == list(range(10))
    assert not np.array_equal(dealt[0], dealt[3]) and not np.array_equal(dealt[0], np.sort(dealt[0]))
    for first in (1, 5):
        for rows, again in zip(dealt[first:], batches(10, 4, 9 - first, first), strict=True):
            np.testing.assert_array_equal(rows, again)
    assert [rows.tolist() for rows in batches(3, 0, 2)] == [[0, 1, 2]] * 2
    assert engine.run("nn.playground_run.shuffled(10, 2)") == np.concatenate(dealt[6:]).tolist()


def test_regression_and_features():
    for name, value in (("plane", lambda x: x.mean(axis=1)), ("hills", lambda x: np.sin(np.pi * x).prod(axis=1))):
        x, y = dataset(name, noise=0)
        np.testing.assert_allclose(y[:, 0], value(x), atol=1e-12)
        assert np.abs(x).max() <= 1 and np.ptp(y) > 1.4
    x = np.array([[0.5, -2.0]])
    np.testing.assert_allclose(inputs(x, " ".join(FEATURES)), [[0.5, -2, 0.25, 4, -1, 1, 0]], atol=1e-12)
    with pytest.raises(ValueError, match="x3"):
        playground_widget(features=["x1", "x3"])
    with pytest.raises(ValueError, match="share"):
        playground_widget(share=95)
    with pytest.raises(ValueError, match="batch"):
        playground_widget(batch=-1)


def test_no_points_is_no_error(engine):
    assert engine.run("(() => { const run = new nn.playground_run.Run(s); return [run.step(5), run.done]; })()",
                      s=START | {"dataset": "own", "points": ""}) == [True, 0]


def test_divergence_is_told(engine):
    fine, done = engine.run("(() => { const run = new nn.playground_run.Run(s); return [run.step(500), run.done]; })()",
                            s=START | {"activation": "none", "optimizer": "momentum", "lr": 1e200, "hidden": "8 8"})
    assert fine is False and done < 500


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", ["hard", "soft", "relu"])
def test_pieces_equal_nnlib(engine, target, kind):
    rng = np.random.default_rng(1)
    x, y = np.append(0, np.append(np.sort(rng.uniform(0.1, 0.9, 5)), 1)), rng.normal(size=7)
    got = engine.run("nn.pieces.parameters(kind, knots)", kind=kind, knots=np.stack([x, y], 1).tolist())
    constant, *arrays = parameters(kind, x, y)
    assert got["constant"] == constant
    np.testing.assert_allclose(np.transpose(got["parts"]), arrays, atol=1e-9)
    points = np.linspace(0, 1, 23)
    values = engine.run("x.map(x => nn.pieces.total(kind, nn.pieces.parameters(kind, knots), x))", kind=kind,
                        knots=np.stack([x, y], 1).tolist(), x=points.tolist())
    np.testing.assert_allclose(values, total(kind, x, y, points), atol=1e-9)
    knots = np.linspace(0, 1, 9)
    assert engine.run("nn.pieces.distance(target, kind, knots)", kind=kind, target=target,
                      knots=np.stack([knots, TARGETS[target](knots)], 1).tolist()) == pytest.approx(
                          distance(target, kind, 8), abs=1e-9)


# ---- in the page

def readout(page):
    return page.text_content("[data-nnlib-widget=playground] .nnlib-readout")


def state(page):
    return json.loads(page.get_attribute("[data-nnlib-widget=playground]", "data-state"))


def weights_in(snapshot):
    """[(W, b), …] from the text that stands in a link."""
    sizes, text = snapshot.split(".")
    sizes = [int(n) for n in sizes.split("-")]
    numbers, layers = np.frombuffer(base64.urlsafe_b64decode(text)), []
    for n_in, n_out in itertools.pairwise(sizes):
        W, b, numbers = np.split(numbers, [n_in * n_out, n_in * n_out + n_out])
        layers.append((W.reshape(n_out, n_in), b))
    return layers


@pytest.fixture(scope="module")
def html():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLIB_STATIC", "1")
        return playground_widget(steps=10).html


@pytest.fixture
def page(open_html, html):
    page = open_html(html, "playground")
    page.wait_for_selector(".nnlib-ready")
    return page


def test_page_starts_where_nnlib_is(page):
    model, x, y = trained(START | {"steps": 10})
    assert f"loss {BCEWithLogitsLoss()(model(x), y):.4f}" in re.sub(r"\s+", " ", readout(page))


def test_training_by_buttons_and_code(page):
    page.click("button:text-is('1 step')")
    page.click("button:text-is('10 steps')")
    assert state(page)["steps"] == 21
    page.click("button:text-is('▶ Train')")
    page.wait_for_function("document.querySelector('.nnlib-readout').textContent.match(/step (\\d+)/)[1] > 60")
    page.click("button:text-is('❚❚ Pause')")
    steps = state(page)["steps"]
    page.click("summary:text-is('This state as nnlib code')")
    page.wait_for_function("document.querySelector('.nnlib-code pre').textContent")
    code = page.text_content(".nnlib-code pre")
    assert f"epochs={steps})" in code
    assert f"loss {printed(code)[0]:.4f}" in re.sub(r"\s+", " ", readout(page))
    page.click("button:text-is('Start again')")
    assert state(page)["steps"] == 0


def test_weights_are_read_and_typed(page):
    page.click("summary:text-is('All weights as numbers')")
    tables = page.locator(".nnlib-code table")
    assert tables.count() == 3 and tables.nth(0).locator("td").count() == 12
    field = page.locator("input[aria-label^='w₁₁¹']")
    before = readout(page)
    field.fill("2.5")
    field.press("Enter")
    assert readout(page) != before
    assert tables.nth(0).locator("td").first.text_content() == "2.5"
    page.click("button:text-is('Start again')")  # a new network: what is typed must reach this one
    field.fill("-1.25")
    field.press("Enter")
    assert tables.nth(0).locator("td").first.text_content() == "−1.25"
    page.locator("button[aria-label^='output']").focus()
    page.keyboard.press("Enter")
    assert page.locator("input[aria-label^='w₁₁³']").count() == 1


def test_own_points_by_mouse_and_keyboard(page):
    page.locator("select").first.select_option("own")
    assert len(state(page)["points"].split(";")) == 4
    box = page.locator("svg[aria-label='The plane of the inputs']").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    assert len(state(page)["points"].split(";")) == 5
    ring = page.locator("[aria-label='test point']")
    ring.focus()
    for key in ("ArrowLeft", "ArrowLeft", "1", "ArrowDown", "0"):
        page.keyboard.press(key)
    points = [p.split() for p in state(page)["points"].split(";")]
    assert [p[2] for p in points[-2:]] == ["1", "0"]
    assert "probability of class 1" in ring.get_attribute("aria-valuetext")
    page.keyboard.press("Delete")
    assert len(state(page)["points"].split(";")) == 6
    page.click("button:text-is('Remove all')")
    assert "No points yet" in readout(page)
    page.keyboard.press("Tab")
    ring.focus()
    page.keyboard.press("0")
    assert state(page)["points"].endswith("0")


def test_link_repeats_a_run(page):
    page.locator("select").first.select_option("circles")
    page.click("button:text-is('10 steps')")
    before = readout(page)
    page.click("button:text-is('Link to this state')")
    address = page.evaluate("location.hash")
    page.click("button:text-is('Reset')")
    assert readout(page) != before
    page.evaluate("hash => { history.replaceState(null, '', ' '); location.hash = hash; }", address)
    assert drive.until(lambda: readout(page) == before), readout(page)


STATES = """async () => {
  const bubbles = { bubbles: true };
  // Twenty random states, each reached as a reader would; then their links, opened in a page that shows another state.
  let seed = 1;
  const random = n => (seed = (seed * 16807) % 2147483647) % n, root = document.querySelector("[data-nnlib-widget]");
  const named = text => [...root.querySelectorAll("button")].find(b => b.textContent === text);
  const row = text => [...root.querySelectorAll("label.nnlib-row")].find(
    l => l.firstChild.textContent === text).querySelector("input, select");
  const choose = (text, value) => { row(text).value = value; row(text).dispatchEvent(new Event("change", bubbles)); };
  const press = name => root.querySelector(`button[aria-label='${name}']`)?.click();
  const tick = n => root.querySelectorAll("[aria-label='inputs'] input")[n].click();
  const slide = (text, value) => { row(text).value = value; row(text).dispatchEvent(new Event("input", bubbles)); };
  const state = () => JSON.parse(root.dataset.state), loss = () => root.querySelector(".nnlib-readout").textContent;
  const states = [];
  for (let k = 0; k < 20; k++) {
    choose("data", ["xor", "circles", "spirals", "gauss", "plane", "hills", "own"][k % 7]);
    if (k % 7 === 6) for (let n = 0; n < 3; n++) {
      slide("noise", 0);
      root.querySelector("[aria-label='test point']").dispatchEvent(new KeyboardEvent("keydown",
        { key: ["ArrowLeft", "ArrowUp", "ArrowDown"][n], shiftKey: random(2) === 1 }));
      named("Add at the ring").click();
    }
    for (let n = 0; n < 3; n++)
      press(["one more hidden layer", "one hidden layer fewer", "one more unit in layer 1",
        "one unit fewer in layer 1"][random(4)]);
    tick(random(7));
    tick(random(7));
    slide("share that trains", 10 * (1 + random(9)));
    slide("batch size", random(7));
    choose("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "swish"][random(5)]);
    slide("start weights no.", random(21));
    named("10 steps").click();
    slide("learning rate η", random(5));          // changed midway
    choose("optimizer", ["sgd", "momentum", "adam"][random(3)]);
    slide("batch size", random(7));
    named("10 steps").click();
    const field = root.querySelector("tbody input");
    field.value = (random(4000) - 2000) / 999;    // a typed weight
    field.dispatchEvent(new Event("change", bubbles));
    named("1 step").click();
    named("Link to this state").click();
    states.push([location.hash, state(), loss()]);
  }
  const found = [];
  for (const [hash, before, told] of states.reverse()) {
    named("Reset").click();
    history.replaceState(null, "", hash.replace(/steps=\\d+/, "steps=19000")); // that many are never trained again
    const start = performance.now();
    dispatchEvent(new HashChangeEvent("hashchange"));
    found.push([before.snapshot, state().snapshot, told, loss(), performance.now() - start, state().steps]);
  }
  return found;
}"""


def test_links_of_20_random_states_restore_them_at_once(page):
    found = page.evaluate(STATES)
    assert len(found) == 20
    for before, after, told, told_after, milliseconds, steps in found:
        for (W, b), (W_after, b_after) in zip(weights_in(before), weights_in(after), strict=True):
            np.testing.assert_allclose(W_after, W, rtol=0, atol=1e-6)
            np.testing.assert_allclose(b_after, b, rtol=0, atol=1e-6)
        losses = [re.search(r"loss (\S+)", re.sub(r"\s+", " ", text)) for text in (told, told_after)]
        assert steps == 19000 and milliseconds < 1000
        assert losses[0] is None is losses[1] or losses[0][1] == losses[1][1]


def test_a_link_without_weights_does_not_block_the_page(page):
    milliseconds = page.evaluate("""() => {
      const start = performance.now();
      location.hash = "#playground?dataset=spirals&hidden=8%208%208%208&steps=20000";
      dispatchEvent(new HashChangeEvent("hashchange"));
      return performance.now() - start;
    }""")
    assert milliseconds < 3000  # 50 seconds once; a slow machine draws for a while, too
    page.wait_for_function("JSON.parse(document.querySelector('[data-nnlib-widget]').dataset.state).steps > 20")
    page.click("button:text-is('Start again')")
    assert state(page)["steps"] == 0


@pytest.mark.parametrize(("query", "named"), [
    ("activation=bad", "activation = bad"), ("dataset=foo", "dataset = foo"), ("optimizer=rmsprop&lr=0.1", "rmsprop"),
    ("hidden=99%20x", "hidden = 99 x"), ("features=x1%20x9", "features = x1 x9"), ("share=500", "share = 500"),
    ("batch=-3", "batch = -3"), ("lr=-3", "lr = -3"), ("snapshot=2-4.AAAA", "snapshot")])
def test_what_a_bad_address_asks_for_is_told(page, query, named):
    before = state(page)
    page.evaluate("query => { location.hash = `#playground?${query}`; }", query)
    page.wait_for_function("!document.querySelector('.nnlib-notice').hidden")
    assert named in page.text_content(".nnlib-notice")
    after = state(page)
    assert {key: after[key] for key in ("activation", "dataset", "hidden", "noise", "layer")} == {
        key: before[key] for key in ("activation", "dataset", "hidden", "noise", "layer")}
    page.click("button:text-is('1 step')")
    assert state(page)["steps"] == before["steps"] + 1


def test_a_link_that_comes_while_it_trains_begins_anew(page):
    page.click("button:text-is('▶ Train')")
    assert drive.until(lambda: json.loads(page.get_attribute("[data-nnlib-widget]", "data-state"))["steps"] > 0)
    page.evaluate("location.hash = '#playground?steps=0'")
    assert drive.until(lambda: json.loads(page.get_attribute("[data-nnlib-widget]", "data-state"))["steps"] == 0)
    assert page.query_selector("button:text-is('▶ Train')")


def test_train_without_points_says_so_and_stays(page):
    page.locator("select").first.select_option("own")
    page.click("button:text-is('Remove all')")
    page.click("button:text-is('▶ Train')")
    assert page.locator("button:text-is('▶ Train')").count() == 1 and "No points yet" in readout(page)


def test_the_last_step_is_told(page):
    weights = page.evaluate("""() => {
      const root = document.querySelector("[data-nnlib-widget]");
      [...root.querySelectorAll("button")].find(b => b.textContent === "Link to this state").click();
      return new URLSearchParams(location.hash.split("?")[1]).get("snapshot");
    }""")
    page.evaluate("weights => { location.hash = `#playground?steps=19998&snapshot=${weights}`; }", weights)
    page.wait_for_function("JSON.parse(document.querySelector('[data-nnlib-widget]').dataset.state).steps === 19998")
    page.click("button:text-is('10 steps')")
    assert state(page)["steps"] == 20000 and "stops at 20000 steps" in readout(page)


def test_all_that_moves_is_on_one_screen(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.querySelector('main').style.width = '688px'")  # a chapter's column at 1280 px
    ground = page.locator(".nnlib-playground")
    assert drive.until(lambda: ground.bounding_box()["height"] <= 640), ground.bounding_box()  # under the page's header
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("document.querySelector('main').style.width = '358px'")

    def fits():
        button = page.locator("button:text-is('▶ Train')").bounding_box()
        plane = page.locator("svg[aria-label='The plane of the inputs']").bounding_box()
        return button["y"] < plane["y"] and plane["y"] + plane["height"] - button["y"] < 560

    assert drive.until(fits)


def test_a_unit_that_is_pointed_at_is_painted_large(page):
    page.locator("button[aria-label^='layer 1 unit 2']").hover()
    assert page.text_content("svg[aria-label='The plane of the inputs'] .nnlib-halo") == "layer 1, unit 2: z = 0"
    page.mouse.move(1, 1)
    assert page.text_content("svg[aria-label='The plane of the inputs'] .nnlib-halo") == ""


def test_units_and_layers_are_added_in_the_drawing(page):
    for name, hidden in (("one more unit in layer 2", "4 3"), ("one unit fewer in layer 1", "3 3"),
                         ("one more hidden layer", "3 3 3"), ("one hidden layer fewer", "3 3")):
        page.click(f"button[aria-label='{name}']")
        assert state(page)["hidden"] == hidden and state(page)["steps"] == 0
    more = page.locator("button[aria-label='one more unit in layer 1']")
    more.focus()
    for _ in range(7):  # focus stays, though the drawing is made anew; eight units are the most
        page.keyboard.press("Enter")
    assert state(page)["hidden"] == "8 3" and more.get_attribute("aria-disabled") == "true"
    for _ in range(3):
        page.click("button[aria-label='one hidden layer fewer']", force=True)
    assert state(page)["hidden"] == "" and page.locator("button[aria-label^='one more unit']").count() == 0


def test_a_regression_shows_numbers_and_features_have_names(page):
    def box(name):
        return page.get_by_role("checkbox", name=name, exact=True)

    page.locator("select").first.select_option("hills")
    box("x₁x₂").check()
    box("x₁").uncheck()
    page.click("button:text-is('10 steps')")
    assert state(page)["features"] == "x2 x1x2" and "right" not in readout(page) and "ŷ at the ring" in readout(page)
    assert "the network says" in page.locator("[aria-label='test point']").get_attribute("aria-valuetext")
    assert page.text_content("tbody tr:nth-child(2) th") == "w₁₂¹ from x₁x₂"
    box("x₂").uncheck()
    box("x₁x₂").click()  # the last one stays
    assert state(page)["features"] == "x1x2" and box("x₁x₂").is_checked()


def test_all_zeros_never_part(page):
    page.click("button:text-is('All weights 0')")
    page.click("button:text-is('10 steps')")
    (W, b), *_ = weights_in(state(page)["snapshot"])
    assert np.ptp(W, axis=0).max() == 0 == np.ptp(b)


LIVE = """async ([text, state]) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const widget = (await import(url)).default, handlers = {}, el = document.querySelector("main");
  window.saved = 0;
  window.model = { get: key => state[key], save_changes: () => saved++,
    on: (event, f) => (handlers[event] ??= []).push(f),
    set: (key, value) => {
      if (state[key] === value) return;
      state[key] = value;
      (handlers[`change:${key}`] ?? []).forEach(f => f());
    } };
  await widget.render({ model, el });
  return el.querySelector("svg[aria-label^=Loss] path[stroke-width='2.2']").getAttribute("d");
}"""
ARRIVED = "first => Math.abs(model.get('weights')[0][0][0][0] - first) < 1e-6"


def test_front_end_follows_what_python_sets(open_html):
    """The same module under anywidget's model: weights and steps come back, traits set by Python are followed."""
    made = host.EXAMPLES["playground"]()
    page = open_html(f"<style>{modules.css()}</style>", "live")
    page.evaluate(LIVE, [modules.esm("playground"), made.state | {"weights": []}])
    page.wait_for_function(ARRIVED, arg=made.state["weights"][0][0][0][0])  # a busy machine needs more than one frame
    np.testing.assert_allclose(page.evaluate("model.get('weights')")[0][0], made.state["weights"][0][0], atol=1e-6)
    page.evaluate("() => { model.set('dataset', 'circles'); model.set('hidden', '3'); model.set('steps', 50); }")
    model, *_ = trained(START | {"dataset": "circles", "hidden": "3", "steps": 50})
    page.wait_for_function(ARRIVED, arg=weights_of(model)[0][0][0][0])
    close(page.evaluate("model.get('weights')"), model)
    page.evaluate("model.set('weights', [[[[1, 0], [0, 1], [1, 1]], [0, 0, 0]], [[[1, 2, 3]], [4]]])")
    assert "w₁₁¹" in page.locator("tbody th").first.text_content()
    assert page.locator("tbody input").first.input_value() == "1"
    page.click("button:text-is('1 step')")
    assert page.evaluate("[model.get('steps'), saved > 0]") == [51, True]


def test_the_start_is_drawn_at_once_and_trained_in_slices(open_html):
    """The weights that Python has trained are shown; the run that leads to them is made up for when there is time."""
    made = host.EXAMPLES["playground"]()
    page = open_html(f"<style>{modules.css()}</style>", "live")
    assert page.evaluate(LIVE, [modules.esm("playground"), made.state]) == ""  # no loss on the way is known yet
    assert page.evaluate("model.get('steps')") == made.state["steps"]
    close(page.evaluate("model.get('weights')"), trained(START | {"steps": made.state["steps"]})[0])
    page.click("button:text-is('1 step')")  # with the optimizer's state of all steps before
    close(page.evaluate("model.get('weights')"), trained(START | {"steps": made.state["steps"] + 1})[0])
    curve = page.locator("svg[aria-label^=Loss] path[stroke-width='2.2']").get_attribute("d")
    assert curve.count("L") == made.state["steps"]


def test_python_reads_and_sets_the_live_state():
    made = host.EXAMPLES["playground"]()
    live = made.live()
    model, x, y = trained(START | {"steps": made.state["steps"]})
    np.testing.assert_array_equal(network_of(live)(x), model(x))
    np.testing.assert_array_equal(points_of(live)[0], x)
    live.hidden, live.activation = "3", "relu"
    live.weights = weights_of(start_weights(mlp([3], "relu"), 1))
    assert network_of(live)(x).shape == (200, 1)
    live.dataset, live.points = "own", OWN
    assert points_of(live)[1].ravel().tolist() == [0, 0, 1, 1, 1]
    assert points_of(State({"dataset": "own", "points": OWN}))[0].shape == (5, 2)


@pytest.mark.parametrize("target", TARGETS)
def test_pieces_that_nobody_moved_are_as_good_as_evenly_spaced_ones(target, engine):
    """The knots of the start, and those that the page writes: three decimals gave 0.00266, not 0.00248."""
    knots = [list(map(float, pair.split())) for pair in re.search(
        r'"knots": ?"([^"]+)"', pieces_widget(target, n=32).html)[1].split("; ")]
    written = engine.run("nn.pieces.read(nn.pieces.write(nn.pieces.even(target, 32)))", target=target)
    for places in (knots, written):
        assert engine.run("nn.pieces.distance(target, 'hard', knots)", target=target, knots=places) == pytest.approx(
            distance(target, "hard", 32), abs=1e-7)


def test_pieces_knots_by_keyboard(open_html, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(pieces_widget(n=4).html, "pieces")
    page.wait_for_selector(".nnlib-ready")
    page.click("button:text-is('Lay them flat')")
    assert page.text_content(".nnlib-readout").count("0.706") == 1  # of a sine at 401 points
    page.locator("[aria-label='knot 2']").focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowUp")
    knots = json.loads(page.get_attribute("[data-nnlib-widget]", "data-state"))["knots"].split("; ")
    assert knots[1] == "0.25 1" and len(knots) == 5


@pytest.mark.parametrize("kind", ["hard", "soft"])
def test_knots_know_their_gradient_and_the_page_trains_them_alike(kind, engine):
    rng = np.random.default_rng(2)
    x, y = np.concatenate([[0], np.sort(rng.uniform(0.1, 0.9, 4)), [1]]), rng.normal(size=6)
    layer, points = Knots(kind, x, y), rng.uniform(size=(30, 1))
    layer.input_grad = False
    for name, _, _, difference in gradient_check(layer, MSELoss(), points, rng.normal(size=(30, 1))).rows:
        assert difference < 1e-6 or name == "x"  # its ends stay where they are
    inner = Knots(kind, x, y)
    wanted, loss = TARGETS["wave"](points), MSELoss()
    loss(inner.forward(points), wanted)
    inner.backward(loss.backward())
    for k in (1, 3):
        up, down = (MSELoss()(Knots(kind, x + h * np.eye(6)[k], y).forward(points), wanted) for h in (1e-6, -1e-6))
        assert inner.dx[k] == pytest.approx((up - down) / 2e-6, abs=1e-5)
    assert inner.dx[0] == 0 == inner.dx[-1]
    got = engine.run("(() => { const run = new nn.pieces_training.Training(kind, nn.pieces.targets.hill, knots);"
                     "run.step(60); return run.knots; })()", kind=kind, knots=np.stack([x, y], 1).tolist())
    np.testing.assert_allclose(np.transpose(got), train_knots("hill", kind, x, y, 60), atol=1e-7)


def test_training_moves_the_kinks_to_where_the_curve_bends():
    even = np.linspace(0, 1, 7)
    for target, most in (("wave", 0.4), ("hill", 0.2), ("kink", 0.1)):  # of the error of evenly spaced knots
        x, y = train_knots(target, "hard", even, TARGETS[target](even), 1000)
        points = np.linspace(0, 1, 401)
        assert np.sqrt(np.mean((total("hard", x, y, points) - TARGETS[target](points)) ** 2)) < most * distance(
            target, "hard", 6)
        assert (np.diff(x) > 0.009).all() and target != "kink" or np.abs(x - 0.37).min() < 0.005


def test_pieces_are_trained_in_the_page(open_html, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(pieces_widget(target="hill", n=4).html, "pieces")
    page.wait_for_selector(".nnlib-ready")
    page.click("button:text-is('▶ Train')")
    page.wait_for_function(
        "+(document.querySelector('.nnlib-readout').textContent.match(/steps (\\d+)/) ?? [])[1] > 100")
    page.click("button:text-is('❚❚ Pause')")
    knots = [float(pair.split()[0]) for pair in
             json.loads(page.get_attribute("[data-nnlib-widget]", "data-state"))["knots"].split("; ")]
    assert abs(knots[2] - 0.5) > 0.03 and (knots[0], knots[-1]) == (0, 1)
    assert page.locator(".nnlib-trails path").count() == 5  # the way of each knot
    page.locator("[aria-label='knot 2']").focus()
    page.keyboard.press("ArrowUp")
    assert "steps" not in page.text_content(".nnlib-readout")
