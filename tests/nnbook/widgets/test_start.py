"""Widgets start one by one: when the browser is idle, near the reader, touched, or named in the address."""

import pytest

from tests.support import drive

NEVER = "<script>window.requestIdleCallback = () => 0;</script>"  # a browser that is always busy
FAR = '<div style="height:9000px"></div>'


@pytest.fixture
def below(open_html, example):
    """The page of a busy browser, its widget far below."""
    return open_html(NEVER + FAR + example("pieces").html + FAR)


def started(page):
    for _ in range(5):  # who comes near is looked for once a frame
        page.evaluate(drive.PAINTED)
    return page.query_selector(".nnlib-ready") is not None


def test_far_below_it_waits_until_the_reader_comes_near(below):
    assert not started(below)
    assert below.query_selector(".nnlib-static img").is_visible()
    below.evaluate("scrollTo(0, 7500)")
    below.wait_for_selector(".nnlib-ready", timeout=5000)


@pytest.mark.parametrize("event", ["pointerover", "focusin"])
def test_touched_it_starts_at_once(below, event):
    assert not started(below)
    assert below.evaluate("""event => { const root = document.querySelector("[data-nnlib-widget]");
        root.querySelector("img").dispatchEvent(new Event(event, { bubbles: true }));
        return root.classList.contains("nnlib-ready"); }""", event)


def test_a_link_to_it_starts_it(below):
    assert not started(below)
    below.evaluate("() => { location.hash = '#pieces?count=3'; location.reload(); }")
    below.wait_for_selector(".nnlib-ready", timeout=5000)


def test_idle_browsers_start_all(open_html, example):
    page = open_html(FAR + example("pieces").html + FAR + example("gradient_descent").html)
    page.wait_for_function("document.querySelectorAll('.nnlib-ready').length === 2")


def test_where_what_one_reads_would_move_all_start_as_they_come(open_html, example):
    page = open_html(NEVER + "<script>CSS.supports = () => false;</script>" + FAR + example("pieces").html)
    page.wait_for_selector(".nnlib-ready", timeout=5000, state="attached")


# Where nothing is near and nothing idle: starts each widget by hand, and counts what its start asks the layout for, and
# how often it lets the browser answer the reader meanwhile.
COUNTED = """<script>
  window.requestIdleCallback = () => 0;
  window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };
  window.reads = 0; window.pauses = 0;
  const counted = (kind, name) => {
    const { get } = Object.getOwnPropertyDescriptor(kind.prototype, name);
    Object.defineProperty(kind.prototype, name, { configurable: true, get() { reads++; return get.call(this); } });
  };
  for (const name of ["clientWidth", "clientHeight", "scrollWidth", "scrollHeight"]) counted(Element, name);
  for (const name of ["offsetWidth", "offsetHeight", "offsetTop", "offsetLeft"]) counted(HTMLElement, name);
  for (const [kind, name] of [[Element, "getBoundingClientRect"], [SVGGraphicsElement, "getBBox"],
    [SVGTextContentElement, "getComputedTextLength"]]) {
    const ask = kind.prototype[name];
    kind.prototype[name] = function (...given) { reads++; return ask.apply(this, given); };
  }
  const later = setTimeout;
  window.setTimeout = (act, time, ...given) => { if (!time) pauses++; return later(act, time, ...given); };
</script>"""
STARTED = """async name => {
  const root = document.querySelector(`[data-nnlib-widget="${name}"]`);
  window.reads = window.pauses = 0;
  root.firstElementChild.dispatchEvent(new Event("pointerover", { bubbles: true }));
  while (!root.matches(".nnlib-ready, .nnlib-failed")) await new Promise(requestAnimationFrame);
  return [reads, pauses];
}"""


SLICES = {"draw_digit": 3, "poem_writer": 6, "kernel_workshop": 2, "activation_gallery": 8, "nearest_neighbours": 1,
          "playground": 6, "gradient_descent": 2, "go_board": 0}


def test_long_starts_ask_for_no_layout_and_come_in_slices(open_html, example):
    """An answer about the layout takes one of the whole page, in the middle of a start."""
    page = open_html(COUNTED + "".join(example(name).html for name in SLICES))
    counts = {name: page.evaluate(STARTED, name) for name in SLICES}
    assert {name: reads for name, (reads, _) in counts.items() if reads} == {}
    assert {name: count for name, (_, count) in counts.items() if count < SLICES[name]} == {}


# The same with some pictures of the page between two slices: how high the widget is in each until it is ready.
SLOW = COUNTED.replace("later(act, time, ...given)",
                       "requestAnimationFrame(() => requestAnimationFrame(() => act(...given)))")
HEIGHTS = """async name => {
  const root = document.querySelector(`[data-nnlib-widget="${name}"]`), heights = [root.offsetHeight];
  root.firstElementChild.dispatchEvent(new Event("pointerover", { bubbles: true }));
  while (!root.matches(".nnlib-ready, .nnlib-failed")) {
    heights.push(root.offsetHeight);
    await new Promise(requestAnimationFrame);
  }
  return heights;
}"""


@pytest.mark.parametrize("name", [name for name, count in SLICES.items() if count > 1])
def test_what_prepares_is_not_in_the_way(name, open_html, example):
    heights = open_html(SLOW + example(name).html).evaluate(HEIGHTS, name)
    assert len(heights) > 2
    assert len(set(heights)) == 1
