"""Presenting: the page as slides, legible from the back row, and back to the same place."""

import pytest

from tests.support import drive

from .conftest import SITE, Visit

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


SLIDE = "document.querySelector('.slide-here').id"
SHOWING = "document.documentElement.classList.contains('presenting')"
TOP = "document.querySelector('article').scrollTop"
# What is seen, or reached by Tab, beside the slide and its bar.
REACHED = """() => {
  const here = document.querySelector(".slide-here"), bar = document.querySelector(".slide-bar"), found = [];
  const seen = node => node.checkVisibility({ visibilityProperty: true });
  const beside = node => !here.contains(node) && !bar.contains(node) && seen(node);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = walk.nextNode();)
    if (text.data.trim() && beside(text.parentElement)) found.push(text.data.trim().slice(0, 60));
  for (const node of document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']"))
    if (beside(node)) found.push(node.outerHTML.slice(0, 90));
  return found;
}"""


@pytest.fixture(scope="module")
def show(browser):
    """Chapter 7 in Chinese, whose slides are longer than a small screen."""
    here = Visit(browser, viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    here.open((SITE / "zh/chapters/07_convolution.html").as_uri())
    yield here
    here.context.close()


@pytest.fixture
def tab(show):
    """The first slide; after the test nothing is left of the show."""
    show.page.keyboard.press("p")
    show.page.wait_for_selector(".slide-bar")
    show.page.keyboard.press("Home")
    yield show.page
    show.page.evaluate("bookPresent.stop()")
    assert show.problems == []


def test_a_clicker_shows_all_of_a_slide_and_then_the_next(tab):
    tab.evaluate("location.hash = 'stride-and-padding'")
    tab.wait_for_function(f"{SLIDE} === 'stride-and-padding'")
    slider = tab.query_selector(".slide-here input[type=range]")
    slider.focus()
    before = slider.input_value()
    for key, step in (("PageDown", 1), (" ", 1), ("PageUp", -1)):
        place, slide = tab.evaluate(TOP), tab.evaluate(SLIDE)
        for _ in range(12):
            tab.evaluate(drive.PAINTED)
            more = tab.evaluate("document.documentElement.classList.contains('more-below')")
            tab.keyboard.press(key)
            if tab.evaluate(SLIDE) != slide:
                break
            now = tab.evaluate(TOP)
            assert (now - place) * step > 0, f"{key} does not move"
            assert abs(now - place) < tab.evaluate("innerHeight / 1.6"), f"{key} leaves something out"
            assert more or step < 0, "no sign that there is more below"
            place = now
        assert tab.evaluate(SLIDE) != slide and not (step > 0 and more)
    assert slider.input_value() == before  # the keys are the clicker's, whatever has the focus


def test_escape_closes_what_is_open_before_it_leaves(tab):
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    slide, term = tab.evaluate(SLIDE), tab.locator(".slide-here a.term").first
    term.focus()
    tab.keyboard.press("Control+k")
    tab.wait_for_selector("dialog[open]")
    tab.keyboard.press("Escape")
    assert tab.query_selector("dialog[open]") is None and tab.evaluate(SHOWING)
    tab.locator(".slide-here details:visible").last.locator("summary").click()
    tab.wait_for_function("document.querySelector('.slide-here details[open]')")
    term.hover()
    assert tab.locator("#term-meaning").is_visible()
    box, right = tab.locator("#term-meaning").bounding_box(), term.bounding_box()["x"] + 22 * 16 * 1.6
    assert abs(box["x"] + box["width"] - min(right, 1280 - 12)) < 60  # under its term, as far as there is room
    assert tab.evaluate(SMALLEST) >= 24
    tab.keyboard.press("Escape")
    assert not tab.locator("#term-meaning").is_visible() and tab.evaluate(SHOWING)
    tab.keyboard.press("Escape")
    assert tab.query_selector(".slide-here details[open]") is None and tab.evaluate(SHOWING)
    tab.keyboard.press("Escape")
    assert not tab.evaluate(SHOWING)
    assert abs(tab.evaluate(f"document.getElementById('{slide}').getBoundingClientRect().top")) < 150  # where one was


def test_a_link_leads_to_a_slide_and_back(tab):
    tab.keyboard.press("ArrowRight")
    slide = tab.evaluate(SLIDE)
    tab.evaluate("""() => document.querySelector(".slide-here p").insertAdjacentHTML("beforeend",
      "<a id='try' href='#pooling'>…</a>")""")
    tab.click("#try")
    tab.wait_for_function(f"{SLIDE} === 'pooling'")
    tab.go_back()
    tab.wait_for_function(f"{SLIDE} === '{slide}'")
    tab.evaluate("document.getElementById('try').remove()")


def test_only_the_slide_is_there_in_any_size_and_on_paper_all(tab):
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.closest('section').id") == tab.evaluate(SLIDE)  # it is read out
    assert tab.evaluate(REACHED) == []
    tab.evaluate("location.hash = 'many-channels'")
    wire = tab.context.new_cdp_session(tab)  # Playwright would change the window, which fills the screen
    for width, height in ((1920, 1080), (1280, 720)):
        wire.send("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        tab.wait_for_function(f"innerWidth === {width}")
        tab.evaluate(drive.PAINTED)
        assert min(tab.evaluate(SMALLEST), tab.evaluate(DRAWN)) >= 24
    tab.emulate_media(media="print")
    assert tab.locator("article section > h2").evaluate_all("all => all.every(node => node.checkVisibility())")
    assert not tab.is_visible(".slide-bar")
    tab.emulate_media(media="screen")
