"""What widgets need stands beside the page (_ext/widget_files.py): the text is light, and comes first."""

import gzip
import re
import sys

import pytest
from selectolax.lexbor import LexborHTMLParser

from nnbook.widgets.core import host, modules

from .conftest import ALL, SITE

sys.path.append("_ext")
import widget_files  # noqa: E402

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


HEAD = '<!doctype html><meta charset="utf-8"><title>Widgets</title><body>'


@pytest.fixture
def page_of(visit, tmp_path):
    """page_of(HTML of widgets, script that runs first) -> the page made of them, opened from a file."""
    def open_(content, script=""):
        page, file = LexborHTMLParser(HEAD + modules.drop_repeats(content)), tmp_path / "page.html"
        (tmp_path / "_static").mkdir()
        widget_files.carry_out(page, file, tmp_path)
        file.write_text(page.html, "utf8")
        tab = visit().page
        tab.add_init_script(script)
        tab.goto(file.as_uri())
        return tab
    return open_


def test_two_equal_widgets_both_work(page_of):
    tab = page_of(2 * host.EXAMPLES["surface_view"]().html)
    tab.wait_for_function("document.querySelectorAll('.nnlib-ready').length === 2")
    assert tab.locator("[data-nnlib-state]").count() == 2


def test_old_browsers_read_what_starts_the_widgets(page_of):
    assert not re.search(r"=>|\b(let|const|class)\b|`|\?\.|\?\?", widget_files.START % host.floor())
    tab = page_of(host.EXAMPLES["surface_view"]().html, "delete Element.prototype.replaceChildren;")
    tab.wait_for_selector(".nnlib-failure")
    assert "Chrome 86, Firefox 90" in tab.text_content(".nnlib-failure") and tab.is_visible(".nnlib-base")
