"""The landing page claims what holds, and has a card with a picture for each chapter."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "index.md").read_text("utf8")


def test_a_card_with_a_picture_for_each_chapter():
    cards = re.findall(r'<li><a href="chapters/(\w+)\.html"><svg.*?</svg>\s*<b>(\d+)\. .*?</a></li>', TEXT, re.S)
    chapters = sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))
    assert [name for name, _ in cards] == chapters
    assert [int(number) for _, number in cards] == [int(name[:2]) for name in chapters]


def test_no_claim_is_wider_than_the_book():
    """Most figures stand still, and nnlib is longer than the thousand lines of which the page had spoken."""
    for claim in ("every picture", "thousand lines", "read completely"):
        assert claim not in TEXT


def test_the_first_widget_asks_for_a_start_and_a_rate_only():
    assert """<div data-widget="gradient_descent" data-options='{"brief": true}'></div>""" in TEXT
