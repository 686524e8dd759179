"""Every widget of the registry live, and in a page those that no page of the book shows: the site's tests drive all
that it shows (tests/site), with the same bench."""

from pathlib import Path

import pytest

import nnbook.widgets  # noqa: F401  fills the registry
from nnbook.widgets.core import host
from tests.support import drive, measure
from tests.support.axe import accessibility

ROOT = Path(__file__).parents[3]
BOOK = "\n".join(path.read_text("utf8") for path in (*ROOT.glob("chapters/*.ipynb"), ROOT / "index.md"))
IN_NO_PAGE = sorted(name for name in host.EXAMPLES if f"{name}(" not in BOOK and f'data-widget="{name}"' not in BOOK)
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


@pytest.mark.parametrize("name", sorted(host.EXAMPLES))
def test_live(name, example):
    assert drive.drive_live(example(name)) == []


@pytest.mark.parametrize("name", IN_NO_PAGE)
def test_page(name, example, open_html):
    """What the site's tests do: each control, print, phone, light and dark, no scripts."""
    page = open_html(example(name).html, name)
    problems = drive.drive_page(page) + drive.in_print(page)
    for theme in ("light", "dark"):
        page.evaluate(THEME, theme)
        problems += accessibility(page)
    assert problems == []
    phone = open_html(example(name).html, name, viewport={"width": 360, "height": 740}, has_touch=True)
    assert drive.phone_problems(phone) == [] and phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert drive.without_scripts(open_html(example(name).html, name, java_script_enabled=False)) == []


def test_a_widget_is_measured(browser):
    row = measure.registered(browser, "gradient_descent")
    measured = {column for column in measure.COLUMNS if row.get(column, 0) > 0}
    assert measured == {*measure.COLUMNS} - {"network", "live"}  # it has neither
