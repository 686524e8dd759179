"""A long page is laid out in parts: what is near at once, the rest once somebody reads (_static/reading.js)."""

import pytest

from tests.support import drive

from .conftest import SITE

PAGE = (SITE / "chapters/05_backpropagation.html").as_uri()
BUSY = "window.requestIdleCallback = () => 0;"
PARTS = "[...document.querySelectorAll('.bd-article section section > :not(section, h2, h3, h4)')]"
WAITING = f"{PARTS}.filter(part => getComputedStyle(part).contentVisibility === 'auto').length"


def opened(visit, page=PAGE, script="", **options):
    here = visit(viewport={"width": 390, "height": 780}, reduced_motion="reduce", **options)
    if script:
        here.page.add_init_script(script)
    here.page.goto(page, wait_until="load")
    frames(here.page)
    return here.page


def frames(tab, count=6):
    for _ in range(count):
        tab.evaluate(drive.PAINTED)


def test_what_is_far_waits_until_it_is_near(visit):
    tab = opened(visit, script=BUSY)
    count = tab.evaluate(f"{PARTS}.length")
    assert count > 100
    assert tab.evaluate(WAITING) > 0.9 * count
    last = f"{PARTS}[{count - 5}]"
    tab.evaluate(f"{last}.scrollIntoView()")
    tab.wait_for_function(f"{last}.style.contentVisibility === 'visible'", timeout=5000)
    assert tab.evaluate(WAITING) > 0.7 * count


SHOWN = """window.shown = new Set();
new MutationObserver(changes => changes.forEach(({ target }) => target.style.contentVisibility && shown.add(target)))
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["style"] });"""


@pytest.mark.parametrize("page", [PAGE, PAGE.replace("05_backpropagation", "10_sequence_tasks")])  # its widgets scroll
def test_a_page_that_nobody_reads_lays_out_no_more(page, visit):
    tab = opened(visit, page, SHOWN)
    tab.wait_for_function("document.querySelectorAll('[data-nnlib-widget]:not(.nnlib-ready)').length === 0")
    frames(tab, 10)
    assert tab.evaluate("shown.size") < 0.2 * tab.evaluate(f"{PARTS}.length")


@pytest.fixture
def length(visit):
    """Pixels of the page laid out whole."""
    tab = opened(visit, script=BUSY)
    tab.evaluate("dispatchEvent(new Event('wholepage'))")
    return tab.evaluate("document.documentElement.scrollHeight")


def known(tab, length):
    """Wait until the page has its true length: what is skipped loses a margin here and there."""
    tab.wait_for_function(f"Math.abs(document.documentElement.scrollHeight / {length} - 1) < 0.01", timeout=60_000)


@pytest.mark.parametrize("read", ["scrollTo(0, 300)", "dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }))"])
def test_who_reads_gets_a_page_of_its_true_length(read, visit, length):
    tab = opened(visit)
    assert abs(tab.evaluate("document.documentElement.scrollHeight") / length - 1) > 0.03
    tab.evaluate(read)
    known(tab, length)
    tab.wait_for_function("document.querySelectorAll('.scrolls').length > 20", timeout=5000)  # far ones are marked, too
    assert tab.evaluate(WAITING) > tab.evaluate(f"{PARTS}.length") / 2  # and cost nothing when something moves


@pytest.mark.parametrize("act", ["dispatchEvent(new Event('beforeprint'))", "dispatchEvent(new Event('wholepage'))",
                                 "document.querySelector('#pst-page-toc-nav a').click()"])
def test_who_needs_the_whole_page_gets_it(act, visit):
    tab = opened(visit, script=BUSY)
    assert tab.evaluate(WAITING) > 100
    tab.evaluate(act)
    assert tab.evaluate(WAITING) == 0


@pytest.mark.parametrize("script", [BUSY, ""])
def test_a_link_leads_to_its_section_and_stays_there(script, visit, length):
    tab = opened(visit, f"{PAGE}#exercises", script)
    top = "document.getElementById('exercises').getBoundingClientRect().top"
    first = tab.evaluate(top)
    assert 0 <= first < 200
    if not script:
        known(tab, length)
        frames(tab)
    assert abs(tab.evaluate(top) - first) < 2


PLACE = """() => {
  const rows = [...document.querySelectorAll("article p, article pre")].map(row => [row, row.getBoundingClientRect()]);
  const [row, box] = rows.find(([, { top, height }]) => height && top >= 80);
  return [row.textContent, Math.round(box.top)];
}"""


@pytest.mark.parametrize("come", ["back", "reload"])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_who_comes_back_finds_what_was_read(visit, come, share):
    """The browser kept a number of pixels: with widgets above that had not started yet, thousands further down."""
    tab = opened(visit, PAGE.replace("05_backpropagation", "03_gradient_descent"))
    started = "document.querySelectorAll('[data-nnlib-widget]:not(.nnlib-ready)').length === 0"
    tab.evaluate(f"dispatchEvent(new Event('wholepage')); scrollTo(0, {share} * document.documentElement.scrollHeight)")
    tab.wait_for_function(started)
    frames(tab)
    before = tab.evaluate(PLACE)
    if come == "back":
        tab.goto((SITE / "index.html").as_uri())
        tab.go_back()
    else:
        tab.reload()
    tab.wait_for_function(started)
    frames(tab)
    words, top = tab.evaluate(PLACE)
    assert words == before[0] and abs(top - before[1]) < 3
    tab.evaluate("scrollTo(0, 200)")  # by the bar at the window's side
    frames(tab)
    tab.evaluate("document.querySelector('article p').style.paddingBottom = '50px'")
    frames(tab)
    assert tab.evaluate("scrollY") < 300


def test_who_comes_back_gets_the_whole_page(visit):
    tab = opened(visit, script=BUSY)
    tab.reload(wait_until="load")
    assert tab.evaluate(WAITING) == 0


# r reads what needs a layout, w changes classes, | begins a task. A read after a change lays the page out again.
ORDER = """(() => {
  let fresh = true;
  window.order = "";
  const note = sign => {
    if (fresh) order += "|";
    if (fresh) queueMicrotask(() => { fresh = true; });
    fresh = false;
    order += sign;
  };
  const width = Object.getOwnPropertyDescriptor(Element.prototype, "scrollWidth").get;
  const { toggle } = DOMTokenList.prototype;
  Object.defineProperty(Element.prototype, "scrollWidth", { get() { note("r"); return width.call(this); } });
  DOMTokenList.prototype.toggle = function (...given) {
    if (given[0] === "scrolls") note("w");
    return toggle.apply(this, given);
  };
})()"""


def test_boxes_are_measured_all_at_once(visit):
    tab = opened(visit, script=ORDER)
    tab.evaluate("scrollTo(0, 6000)")
    tab.wait_for_function("order.split('w').length > 100", timeout=60_000)
    order = tab.evaluate("order")
    assert [task for task in order.split("|") if "wr" in task] == []


SHIFT = """window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shift += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("name", ["zh/index", "zh/data", "lecture_map", "glossary",
                                  "zh/chapters/04_multilayer_perceptron", "chapters/04_multilayer_perceptron"])
def test_nothing_moves_when_the_chinese_font_comes(name, visit, server):
    """Where no Chinese font is installed the book's own comes after the text, on a slow line long after it."""
    here = visit(viewport={"width": 390, "height": 780}, reduced_motion="reduce")
    tab, held = here.page, []
    tab.route("**/chinese*.woff2", lambda route: held.append(route))
    tab.add_init_script(SHIFT)
    tab.goto(f"{server}/{name}.html", wait_until="commit")
    tab.wait_for_selector("footer", state="attached")
    frames(tab)
    tab.route("**/chinese*.woff2", lambda route: route.continue_())
    for route in held:
        route.continue_()
    tab.wait_for_load_state("load")
    tab.evaluate("document.fonts.ready.then(() => true)")
    frames(tab)
    assert tab.evaluate("shift") < 0.01
    seen = tab.locator("a.other-edition").first
    before = seen.screenshot()
    tab.evaluate("() => { document.documentElement.style.textRendering = 'optimizeLegibility'; }")  # lays out all again
    frames(tab)
    assert seen.screenshot() == before  # no boxes are left
