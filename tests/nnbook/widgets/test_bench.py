"""Every widget of the registry, driven in a real browser and live; what each page of the book gets, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

import nnbook.widgets  # noqa: F401  fills the registry
from nnbook.widgets.core import host
from tests.support import drive

WIDGETS = sorted(host.EXAMPLES)
SMALL_TEXTS = """[...document.querySelectorAll("svg text")].filter(text => text.textContent.trim()).map(text => {
  const { a, b } = text.getScreenCTM();
  return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)];
}).filter(([, size]) => size < 9)"""
# the theme's colours, as sphinx-book-theme sets them
THEME = """theme => {
  const dark = theme === "dark", root = document.documentElement;
  root.dataset.theme = theme;
  const colours = { "text-base": dark ? "#ced6dd" : "#222832", "text-muted": dark ? "#9ca4af" : "#48566b",
    border: dark ? "#48566b" : "#d1d5da", background: dark ? "#14181e" : "#ffffff" };
  for (const [name, colour] of Object.entries(colours)) root.style.setProperty(`--pst-color-${name}`, colour);
  document.body.style.background = colours.background;
  document.body.style.color = colours["text-base"];
}"""


@pytest.mark.parametrize("name", WIDGETS)
def test_page(name, example, open_html):
    """Every control at its ends and between, by mouse and keyboard; play, reset, link; no error, NaN or request."""
    page = open_html(example(name).html, name)
    problems = drive.drive_page(page)
    assert problems == []
    assert drive.in_print(page) == []


@pytest.mark.parametrize("name", WIDGETS)
def test_page_without_scripts(name, example, open_html):
    assert drive.without_scripts(open_html(example(name).html, name, java_script_enabled=False)) == []


@pytest.mark.parametrize("name", WIDGETS)
def test_live(name, example):
    assert drive.drive_live(example(name)) == []


@pytest.mark.parametrize("name", WIDGETS)
def test_phone(name, example, open_html):
    """At 360 px nothing sticks out, every control can be hit with a finger, text is large enough to read."""
    page = open_html(example(name).html, name, viewport={"width": 360, "height": 740}, has_touch=True)
    page.wait_for_selector(".nnlib-ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.query_selector_all("button, select, input, summary"):
        if control.is_visible():
            box = control.bounding_box()
            assert box["height"] >= 24 and box["width"] >= 13, f"{drive.label_of(control)}: {box}"
    assert page.evaluate(SMALL_TEXTS) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", WIDGETS)
def test_accessibility(name, theme, example, open_html):
    """axe finds nothing serious, in the colours of both themes of the book."""
    page = open_html(example(name).html, name)
    page.wait_for_selector(".nnlib-ready")
    page.evaluate(THEME, theme)
    problems = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(p["id"], [n["html"][:150] for n in p["nodes"]]) for p in problems
            if p["impact"] in ("serious", "critical")] == []
