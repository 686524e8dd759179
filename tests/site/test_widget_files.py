"""What widgets need stands beside the page (_ext/widget_files.py): the text is light, and comes first."""

import gzip
import re

import pytest

from .conftest import ALL, SITE

CHAPTERS = [page for page in ALL if "chapters/" in page]
NETWORK = "chapters/03_gradient_descent.html"


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_text_comes_first(page):
    """In a line of 1.6 Mbit/s 100 kB are half a second."""
    text = (SITE / page).read_text("utf8")
    pictures = re.findall(r"base64,[^\"')]*", text)  # of prepared frames, which are drawn over them
    assert len(gzip.compress(text.encode())) - sum(map(len, pictures)) * 3 / 4 < 80_000
    assert "data-nnlib-once=\"panel" not in text and "nnlibStart(" not in text
    for name in re.findall(r'data-nnlib-state="([^"]+)"', text):
        assert (SITE / page).parent.joinpath(name).is_file()


def test_what_no_page_needs_is_not_published():
    text = "".join((SITE / page).read_text("utf8") for page in ALL)
    files = [file.name for folder in ("_static/widgets", "_images") for file in SITE.rglob(f"{folder}/*")
             if file.name.startswith("still_") or file.suffix == ".js"]
    assert len(files) > 50 and [name for name in files if name not in text] == []


def test_two_chapters_share_what_is_the_same():
    first, second = (set(re.findall(r"_static/widgets/\w+\.js", (SITE / page).read_text("utf8")))
                     for page in CHAPTERS[:2])
    assert len(first & second) == 2 and len(first - second) == 1


def test_a_state_that_does_not_come_leaves_the_picture_and_a_word(visit, server):
    here = visit(reduced_motion="reduce")
    here.page.route("**/state-*", lambda route: route.abort())
    here.page.goto(f"{server}/{NETWORK}")
    here.page.wait_for_selector("[data-nnlib-widget=surface_view].nnlib-failed", state="attached")
    widget = here.page.locator("[data-nnlib-widget=surface_view]")
    widget.scroll_into_view_if_needed()
    assert widget.locator("img").is_visible() and "stopped working" in widget.text_content()
    here.page.wait_for_selector("[data-nnlib-widget=loss_parabola].nnlib-ready", state="attached")  # the others go on


def test_a_state_that_comes_late_holds_up_no_other(visit, server):
    here, held = visit(reduced_motion="reduce"), []
    here.page.route("**/state-*", lambda route: held.append(route))
    here.page.goto(f"{server}/{NETWORK}", wait_until="domcontentloaded")
    here.page.wait_for_selector("[data-nnlib-widget=gradient_descent].nnlib-ready", state="attached")
    late = "[data-nnlib-widget=surface_view]"
    assert here.page.query_selector(f"{late}.nnlib-ready") is None and held
    for route in held:
        route.continue_()
    here.page.wait_for_selector(f"{late}.nnlib-ready", state="attached")
