"""Each chapter opens with its question and a picture that asks it; objectives, set-up and code that draws are lines."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from .conftest import ALL, SITE

CHAPTERS = [page for page in ALL if "chapters/" in page]


@pytest.mark.parametrize("page", CHAPTERS)
def test_opening(page):
    text = LexborHTMLParser((SITE / page).read_text("utf8"))
    top = [node for node in text.css_first("article h1").parent.iter() if node.tag != "-text"]
    assert [node.tag for node in top[:5]] == ["h1", "p", "figure", "p", "details"]
    figure, goals = top[2], top[4]
    image = figure.css_first("img")
    assert ((SITE / page).parent / image.attributes["src"]).is_file()
    width, height = (int(image.attributes[side]) for side in ("width", "height"))  # or the page would jump
    assert width > 150 and height <= 480 and len(image.attributes["alt"]) > 20
    for link in figure.css("a"):
        assert text.css_first(f'section[id="{link.attributes["href"][1:]}"] [data-nnlib-widget] img.nnlib-base')
    assert figure.css_first("figcaption").text().strip()[0].isascii() != page.startswith("zh/")
    assert len(goals.css("li")) >= 4 and goals.css_first("summary").text().strip().endswith("…")
    imports = text.css_first("article div.cell div.cell_input")
    only = all(line.startswith(("import ", "from ", "    ")) for line in imports.text().strip().splitlines() if line)
    assert only <= (imports.parent.tag == "details")
    loud = [cell.text()[:60] for cell in text.css("div.cell.tag_hide-input:has(.cell_output :is(img, .nnlib-widget))")
            if not cell.css_first("details.quiet > summary")]
    assert loud == []
