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


@pytest.mark.parametrize("chapter", ["03_gradient_descent", "08_convolutional_networks"])
def test_present(chapter, visit):
    here = visit(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
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
