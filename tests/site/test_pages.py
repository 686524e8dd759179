"""Every page of the built book as a reader meets it: no network, light and dark, phone and desktop."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support import drive

from .conftest import PAGES, SITE

CONTENT = [page for page in PAGES if page not in ("search.html", "genindex.html")]
WEIGHT_LIMIT = 300_000  # bytes, gzip, of a first visit without the page's own pictures and frames


def test_there_is_a_book():
    assert "index.html" in PAGES, f"no book in {SITE}: run `make book`"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("how", ["file", "server"])
def test_page_needs_nobody_else(page, how, visit, server):
    here = visit()
    here.open((SITE / page).as_uri() if how == "file" else f"{server}/{page}")
    for _ in range(3):  # down to the end, for what loads late
        here.page.mouse.wheel(0, 10_000)
        here.page.wait_for_timeout(50)
    assert here.problems == []


class Outline(HTMLParser):
    """The links, ids and pictures of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.images, self.missing = [], set(), [], []
        self.feed(path.read_text("utf8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids |= {attributes.get("id"), attributes.get("name")}
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag == "img":
            self.images.append(attributes)


OUTLINES = {}


def outline(path):
    if path not in OUTLINES:
        OUTLINES[path] = Outline(path)
    return OUTLINES[path]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    broken = []
    for link in outline(SITE / page).links:
        url = urlsplit(link)
        if url.scheme or url.netloc:
            continue
        target = (SITE / page).parent / unquote(url.path) if url.path else SITE / page
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            broken.append(f"{link}: no such page")
        elif url.fragment and target.suffix == ".html" and unquote(url.fragment) not in outline(target).ids:
            broken.append(f"{link}: no such place on the page")
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_pictures_have_words(page):
    silent = []
    for image in outline(SITE / page).images:
        alt = image.get("alt")
        names_a_file = bool(alt) and re.search(r"[0-9a-f]{20}|\.(png|svg|jpe?g)$", alt)
        is_figure = image.get("src", "").startswith("data:") or "_images/" in image.get("src", "")
        decoration = alt == "" and "logo" in image.get("src", "")  # its words stand beside it
        if not (alt or decoration) or names_a_file or (is_figure and len(alt.split()) < 5):
            silent.append(f"{image.get('src', '')[:60]}: alt={alt!r}")
    assert silent == [], "give the cell metadata mystnb.image.alt: what should one learn from the picture?"


@pytest.mark.parametrize("page", CONTENT)
def test_a_link_shows_a_card(page):
    head = (SITE / page).read_text("utf8").split("</head>")[0]
    for name in ("title", "description", "image"):
        assert re.search(rf'<meta property="og:{name}" content="[^"<>]+">', head), name
    assert (SITE / "_static/card.png").is_file()


@pytest.mark.parametrize("page", CONTENT)
def test_formulas_are_typeset_and_fit_the_phone(page, visit):
    here = visit(viewport={"width": 360, "height": 740})
    tab = here.open((SITE / page).as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360, "the page scrolls sideways on a phone"
    text = tab.evaluate("""() => { const copy = document.querySelector('article').cloneNode(true);
        copy.querySelectorAll('pre, code, script, style, .katex').forEach(node => node.remove());
        return copy.textContent; }""")
    assert not re.search(r"\$[^\s$][^$\n]*\\[a-z]+[^$\n]*\$|\\\(|\\\[", text), "a formula was left as raw TeX"
    assert tab.evaluate("document.querySelectorAll('.katex-error').length") == 0
    fonts = tab.evaluate("[...document.fonts].filter(f => f.status == 'error').map(f => f.family)")
    assert fonts == [], "fonts that did not load"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(page, scheme, visit):
    here = visit(color_scheme=scheme, reduced_motion="reduce")
    tab = here.open((SITE / page).as_uri())
    found = Axe().run(tab).response["violations"]
    serious = [f"{v['id']}: {v['help']} ({len(v['nodes'])} times, e.g. {v['nodes'][0]['html'][:120]})"
               for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("page", CONTENT)
def test_every_widget_works(page, visit):
    """Each control at its ends and between, by mouse and keyboard; in print the still picture."""
    here = visit(reduced_motion="reduce")
    here.context.grant_permissions(["clipboard-write"])
    tab = here.open((SITE / page).as_uri())
    assert drive.drive_page(tab) + drive.in_print(tab) == []


@pytest.mark.parametrize("page", CONTENT)
def test_every_widget_leaves_a_picture_without_scripts(page, visit):
    here = visit(java_script_enabled=False)
    assert drive.without_scripts(here.open((SITE / page).as_uri())) == []


@pytest.mark.parametrize("page", CONTENT)
def test_first_visit_is_light(page, visit, server):
    """What every page costs: theme, scripts, fonts and text; a chapter's pictures come on top.

    The font that is loaded only where no Chinese one is installed (no phone, no machine of a reader of Chinese) is
    weighed by itself.
    """
    here = visit()
    weights = {}

    def weigh(response):
        path = SITE / urlsplit(response.url).path.lstrip("/")
        if path.is_file() and "_images" not in path.parts and not path.name.startswith("chinese"):
            body = path.read_bytes()
            if path.suffix == ".html":  # embedded frames of the widgets are pictures, too
                body = re.sub(rb'<script type="application/json".*?</script>|base64,[^"\')]*', b"", body, flags=re.S)
            weights[path] = len(body) if path.suffix in (".woff2", ".png") else len(gzip.compress(body))

    here.page.on("response", weigh)
    here.open(f"{server}/{page}")
    assert (SITE / "_static/chinese.woff").stat().st_size < 70_000
    assert sum(weights.values()) < WEIGHT_LIMIT, sorted(((w, p.name) for p, w in weights.items()), reverse=True)[:8]


def test_search_finds_a_word(visit):
    here = visit()
    tab = here.open((SITE / "search.html").as_uri() + "?q=regression")
    tab.wait_for_selector("#search-results li", timeout=5000)
    assert "regression" in tab.inner_text("#search-results").lower()
    assert here.problems == []


def test_nothing_but_own_pages_is_published():
    names = {path.relative_to(SITE).parts[0] for path in SITE.rglob("*")}
    assert not names & {".venv", "tests", "nnlib", "nnbook", "tools", "README.html"}
    assert not list(Path(SITE).rglob("*.map"))
