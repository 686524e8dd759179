"""Every widget of the registry, driven in a real browser and live; what each page of the book gets, too."""

import pytest

import nnlib.widgets  # noqa: F401  fills the registry
from nnlib.widgets import host

from . import drive

WIDGETS = sorted(host.EXAMPLES)
SMALL_TEXTS = """[...document.querySelectorAll("svg text")].filter(text => text.textContent.trim()).map(text => {
  const { a, b } = text.getScreenCTM();
  return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)];
}).filter(([, size]) => size < 9)"""


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
