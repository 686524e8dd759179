"""Presenting: the page as slides, legible from the back row, and back to the same place."""

import pytest

from tests.support import drive

from .conftest import SITE

SMALLEST = """() => Math.min(...[...document.querySelectorAll("article *")].filter(node => node.checkVisibility?.()
  && !node.closest("svg, .katex, .nnlib-unseen, [aria-hidden]")
  && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
  .map(node => parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom ?? 1)))"""

DRAWN = """() => Math.min(99, ...[...document.querySelectorAll("article svg text")].filter(node =>
  node.checkVisibility() && !node.closest(".nnlib-unseen") && node.textContent.trim()).map(node => {
    const { a, b } = node.getScreenCTM();
    return parseFloat(getComputedStyle(node).fontSize) * Math.hypot(a, b);
  }))"""


OWN_KEYS = """() => [...document.querySelectorAll(".slide-here .nnlib-widget :is([tabindex='0'], input)")]
  .filter(node => node.checkVisibility() && !node.disabled).slice(0, 4)"""


@pytest.mark.parametrize(("chapter", "width", "height"), [
    ("03_gradient_descent", 1920, 1080), ("08_convolutional_networks", 1280, 720)])
def test_present(chapter, width, height, visit):
    here = visit(viewport={"width": width, "height": height}, reduced_motion="reduce")
    tab = here.open((SITE / f"chapters/{chapter}.html").as_uri())
    tab.mouse.wheel(0, 3000)
    tab.wait_for_function("scrollY > 0")
    place = tab.evaluate(drive.SETTLED)
    tab.keyboard.press("p")
    tab.wait_for_selector(".slide-bar")
    total = int(tab.inner_text(".slide-bar span").split("/")[1])
    seen = set()
    tab.keyboard.press("Home")
    for _ in range(total):
        title = tab.evaluate("document.querySelector('.slide-here').id")
        seen.add(title)
        assert tab.evaluate(SMALLEST) >= 24, f"too small at {title}"
        assert tab.evaluate(DRAWN) >= 24, f"too small in a drawing at {title}"
        for node in tab.evaluate_handle(OWN_KEYS).get_properties().values():  # a slider, a canvas: arrows are theirs
            node.as_element().focus()
            tab.keyboard.press("ArrowRight")
            assert tab.evaluate("document.querySelector('.slide-here').id") == title, "a widget's key changed the slide"
        tab.evaluate("document.activeElement.blur()")
        tab.keyboard.press("ArrowRight")
    assert len(seen) == total > 10
    assert tab.query_selector_all(".slide-here .cell_input >> visible=true") == []
    for _ in range(total):
        if any(ch.isdigit() for ch in tab.inner_text(".slide-bar span").split("·")[0]) and "·" in tab.inner_text(
                ".slide-bar span"):
            break
        tab.keyboard.press("ArrowLeft")
    else:
        raise AssertionError("no slide shows its lecture point")
    tab.keyboard.press("Escape")
    assert not tab.evaluate("document.documentElement.classList.contains('presenting')")
    tab.evaluate("y => scrollTo(0, y)", place)
    tab.keyboard.press("p")
    tab.keyboard.press("Escape")
    assert abs(tab.evaluate("scrollY") - place) < 2
    assert here.problems == []
