"""Each picture of a chapter has a number and a caption that says its message."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from .conftest import ALL, SITE

CHAPTERS = [page for page in ALL if "chapters/" in page]
DRAWN = "article .cell_output img[src*='_images/']:not([src*='_images/still_'])"  # stills of widgets are none


def captions(page):
    """[(number, what it says, the alt text)] of all pictures that cells have drawn, in their order."""
    found = []
    for image in LexborHTMLParser((SITE / page).read_text("utf8")).css(DRAWN):
        figure = image.parent
        while figure.tag not in ("figure", "article"):
            figure = figure.parent
        texts = [figure.css_first(f"figcaption .caption-{part}") for part in ("number", "text")]
        found.append((*(text.text().strip() if text and figure.tag == "figure" else "" for text in texts),
                      image.attributes["alt"]))
    return found


@pytest.mark.parametrize("page", CHAPTERS)
def test_each_picture_has_its_number_and_says_its_message(page):
    chapter, found = int(re.search(r"/(\d\d)_", f"/{page}")[1]), captions(page)
    word = "图" if page.startswith("zh/") else "Figure"
    assert [number for number, *_ in found] == [f"{word} {chapter}.{k + 1}" for k in range(len(found))] != []
    for number, says, alt in found:
        assert says.endswith(("。", "？") if word == "图" else (".", "?")), number
        assert len(says.split()) <= 15 and len(says) < 80, f"{number}: too long to be read at a glance"
        assert says not in alt, f"{number} says what the alt text says"


@pytest.mark.parametrize("page", [page for page in CHAPTERS if page.startswith("zh/")])
def test_figures_have_the_same_places_in_both_editions(page):
    chinese, english = (re.findall(r'<figure [^>]*id="(figure-[\w-]+)"', (SITE / name).read_text("utf8"))
                        for name in (page, page.removeprefix("zh/")))
    assert len(chinese) == len(captions(page)) and chinese == english


@pytest.mark.parametrize("page", [page for page in CHAPTERS if page.startswith("zh/")])
def test_what_a_chinese_figure_says_in_english_is_a_name_that_the_text_uses(page):
    html = LexborHTMLParser((SITE / page).read_text("utf8"))
    drawn = {image.attributes["src"] for image in html.css(DRAWN) if image.attributes["src"].endswith(".svg")}
    said = {text for source in drawn for text in
            re.findall("<!-- (.*?) -->", (SITE / page).parent.joinpath(source).read_text("utf8"))}
    assert any(re.search("[\u3400-\u9fff]", words) for words in said)
    html.strip_tags(["script", "style"])
    text = html.css_first("article").text()
    assert [words for words in said if re.search("[a-z]{4}", words) and not re.search("[\u3400-\u9fff$]", words)
            and words not in text] == []
