"""How front-end modules become one ES module (anywidget) or scripts in a page, and that both do the same."""

import json
import os
import re

import numpy as np
import pytest

import nnbook.widgets
from nnbook.widgets.core import host, modules
from nnbook.widgets.rnn_stepper.rnn_stepper import forward
from tests.support import drive

FRONT_ENDS = sorted(name for name, path in modules.files().items()
                    if "\nexport default" in path.read_text("utf8") and name not in ("frames", "quiz"))

SHARED = ("palette", "numbers", "elements", "plot", "controls", "address", "panel", "host", "language")


def test_every_module_has_its_constructor():
    """No front end without a registered, exported constructor of the same name."""
    assert set(FRONT_ENDS) <= set(host.EXAMPLES)
    assert set(host.EXAMPLES) <= set(nnbook.widgets.__all__)


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_size(name):
    """At most 30 KB a module; what all share comes once a page and is counted by itself."""
    sizes = {n: len(text) for (key, text) in modules.scripts(name) for n in [key.rsplit("-", 1)[0]]}
    assert sizes[name] <= 30_000
    sizes |= {n: len(text) for (key, text) in modules.scripts("host") for n in [key.rsplit("-", 1)[0]]}
    shared = sum(sizes.get(part, 0) for part in SHARED)
    assert shared + len(modules.css()) <= 30_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Modules of our own in an empty folder."""
    monkeypatch.setattr(modules, "NNBOOK", tmp_path)
    return tmp_path


def test_an_edited_module_shows_without_a_new_kernel(folder):
    file = folder / "a.js"
    for said in ("before", "afterwards"):
        file.write_text(f'export default {{ render() {{ return "{said}"; }} }};\n')
        os.utime(file, ns=(0, len(said)))  # two edits within one tick of the clock are still two
        assert said in modules.esm("a") and said in modules.scripts("a")[0][1]


def test_names_are_unique_and_paths_lead_to_files():
    paths = sorted(modules.NNBOOK.rglob("*.js"))
    assert len({path.stem for path in paths}) == len(paths)
    for path in paths:
        for target in re.findall(r'^import .* from "(.*)";$', path.read_text("utf8"), re.M):
            assert (path.parent / target).exists(), f"{path}: {target}"


def test_modules_are_joined_in_the_order_of_their_imports(folder):
    (folder / "a.js").write_text("export const one = 1;\nexport function two() {\n  return one + 1;\n}\n")
    (folder / "b.js").write_text('import { two } from "./a.js";\n// a comment\nexport const three = two() + one();\n'
                                 "function one() { return 1; }\n")
    (folder / "d.js").write_text("export const code = `for x in y:\n    print(x)\n\n# done`;\n    // gone\n")
    assert modules.source("d") == "export const code = `for x in y:\n    print(x)\n\n# done`;\n"
    (folder / "c.js").write_text('import { one } from "./a.js";\nimport { three } from "./b.js";\n'
                                 "function render() { return one + three; }\nexport default { render };\n")
    assert modules.needed("c") == ["a", "b", "c"]
    assert "a comment" not in modules.esm("c") and "import" not in modules.esm("c")
    from py_mini_racer import MiniRacer
    assert MiniRacer().eval(modules.esm("c").replace("export default ", "var w = ") + "w.render()") == 4
    engine = MiniRacer()
    engine.eval("var window = globalThis")
    for _, text in modules.scripts("c"):
        engine.eval(text)
    assert engine.eval("nnlibWidgets.c.default.render()") == 4


@pytest.mark.parametrize("text", ['import x from "./a.js";', 'export * from "./a.js";', "export { render };",
                                  'const s = "</script>";'])
def test_what_cannot_be_joined_is_refused(folder, text):
    (folder / "a.js").write_text(text + "\n")
    with pytest.raises(ValueError, match=r"a\.js"):
        modules.body("a")


def test_repeats_are_dropped():
    page = ('<style data-nnlib-once="css-1">a</style><p>x</p><script data-nnlib-once="m-1">1</script>\n'
            '<style data-nnlib-once="css-1">a</style><script data-nnlib-once="m-2">2</script>'
            '<script data-nnlib-once="m-1">1</script>\n<script>go()</script>')
    assert modules.drop_repeats(page) == (
        '<style data-nnlib-once="css-1">a</style><p>x</p><script data-nnlib-once="m-1">1</script>\n'
        '<script data-nnlib-once="m-2">2</script><script>go()</script>')


def test_two_of_a_kind_on_one_page(open_html, example):
    """Without and with the repeats dropped, both work, and each has its own address."""
    html = example("gradient_descent").html
    page = open_html(html + html)
    page.wait_for_function("document.querySelectorAll('.nnlib-ready').length === 2")
    assert len(page.query_selector_all("style")) == 1
    second = page.query_selector_all("[data-nnlib-widget]")[1]
    assert drive.drive_page(page) == []
    second.wait_for_selector("button:text-is('Link to this state')").click()  # "Link copied" is gone after a while
    page.wait_for_function("location.hash.startsWith('#gradient_descent-2?')")


def test_a_broken_module_leaves_the_picture(open_html, example):
    html = example("gradient_descent").html
    broken = re.sub(r"function descend\(", "function descent(", html)
    assert broken != html
    page = open_html(broken)
    page.wait_for_selector("[data-nnlib-started]")
    assert page.query_selector(".nnlib-static img").is_visible()
    assert drive.drive_page(page) != []


# --- as anywidget runs it ----------------------------------------------------------------------------------------

ANYWIDGET = """async ([esm, state]) => {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const handlers = {};
  window.saved = 0;
  window.model = { // what anywidget documents, and no more
    get: key => state[key],
    set(key, value) {
      if (state[key] === value) return;
      state[key] = value;
      (handlers["change:" + key] ?? []).forEach(handler => handler());
    },
    on(event, handler) { (handlers[event] ??= []).push(handler); },
    off(event, handler) { handlers[event] = (handlers[event] ?? []).filter(h => h !== handler); },
    save_changes() { window.saved++; },
  };
  const el = document.createElement("div");
  document.querySelector("main").replaceChildren(el);
  window.end = await widget.render({ model: window.model, el });
}"""
SHOWN = """() => {
  const root = document.querySelector(".nnlib-widget");
  return [root.querySelector("[aria-live]").textContent,
    [...root.querySelectorAll("svg:not([data-measured])")].map( // those stand where the page has put the rest
      node => node.outerHTML.replace(/ id="[^"]*"|url\\(#[^)]*\\)/g, "")).join()];
}"""


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_live_module_does_the_same_as_the_page(name, example, open_html):
    """What anywidget gets, on a model like anywidget's: same picture and read-out, before and after a move."""
    here, live = open_html(example(name).html), open_html(f"<style>{modules.css()}</style>")
    errors = []
    live.on("pageerror", lambda error: errors.append(str(error)))
    live.on("console", lambda m: m.type == "error" and errors.append(m.text))
    live.evaluate(ANYWIDGET, [modules.live_esm(name), json.loads(json.dumps(example(name).state))])
    here.wait_for_selector(".nnlib-ready")
    for page in (live, here):
        page.wait_for_function("!document.querySelector('[aria-busy]')")  # what it shows ahead it has made up for
    assert live.evaluate(SHOWN) == here.evaluate(SHOWN)
    control = "input[type=range]:enabled, select:enabled"
    if here.query_selector(control):
        value = drive.values_of(here.query_selector(control))[-1]
        for page in (here, live):
            page.query_selector(control).evaluate(drive.SET, value)
        assert live.evaluate(SHOWN) == here.evaluate(SHOWN)
        assert live.evaluate("window.saved") > 0
    assert live.query_selector("button:text-is('Link to this state')") is None
    live.evaluate("window.end()")  # its cell runs again
    assert live.inner_html("main > div") == "" and errors == []


def test_rnn_stepper_shows_the_numbers_that_python_computed(open_html, example):
    """After the last step every input, state and output stands in the picture, in its order."""
    widget = example("rnn_stepper")
    page = open_html(widget.html)
    page.wait_for_selector(".nnlib-ready")
    slider = page.query_selector("input[type=range]")
    slider.evaluate(drive.SET, slider.get_attribute("max"))
    shown = re.findall(r"^−?\d[\d.]*$", "\n".join(page.locator(".nnlib-picture text").all_text_contents()), re.M)
    x = np.reshape(widget.state["inputs"], (-1, 2))
    h, o = forward(x, h0=widget.state["h0"], **{name: np.array(w) for name, w in widget.state["weights"].items()})
    for key, want in (("x", x.ravel()), ("h", h.ravel()), ("o", o.ravel())):
        got = [float(text.replace("−", "-")) for text in shown]
        places = [next((k for k, v in enumerate(got) if v == pytest.approx(w, rel=0.01)), None) for w in want]
        assert None not in places, f"{key}: {want} is not all in {got}"


def test_python_moves_the_live_picture(open_html, example):
    """A trait set in Python arrives as model.set: picture and slider follow."""
    page = open_html(f"<style>{modules.css()}</style>")
    page.evaluate(ANYWIDGET, [modules.esm("gradient_descent"), example("gradient_descent").state])
    before = page.evaluate(SHOWN)
    page.evaluate("model.set('steps', 3)")
    assert page.evaluate(SHOWN) != before
    assert page.query_selector_all("input[type=range]")[2].input_value() == "3"
    assert page.text_content(".nnlib-readout").startswith("step 3")
