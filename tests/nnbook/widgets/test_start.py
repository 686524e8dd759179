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
