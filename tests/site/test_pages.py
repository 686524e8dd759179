"""Every page of the built book as a reader meets it: no network, light and dark, phone and desktop.

Three visits of a page serve all checks that need a browser: a desktop, from a file; a phone, from a server; a browser
without scripts. Each gathers all that it finds.
"""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support import drive
from tests.support.axe import accessibility

from .conftest import ALL, CHINESE, PAGES, SITE
from .test_dark import dark_problems
from .test_reading import wide_problems

CONTENT = [page for page in PAGES if page not in ("search.html", "genindex.html")]
WEIGHT_LIMIT = 300_000  # bytes, gzip, of a first visit without the page's own pictures and frames


def test_there_is_a_book():
    assert "index.html" in PAGES, f"no book in {SITE}: run `make book`"


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


@pytest.mark.parametrize("page", ALL)
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


@pytest.mark.parametrize("page", ALL)
def test_pictures_have_words(page):
    silent = []
    for image in outline(SITE / page).images:
        alt = image.get("alt")
        names_a_file = bool(alt) and re.search(r"[0-9a-f]{20}|\.(png|svg|jpe?g)$", alt)
        is_figure = image.get("src", "").startswith("data:") or "_images/" in image.get("src", "")
        decoration = alt == "" and "logo" in image.get("src", "")  # its words stand beside it
        if not (alt or decoration) or names_a_file or (is_figure and is_short(alt)):
            silent.append(f"{image.get('src', '')[:60]}: alt={alt!r}")
    assert silent == [], "give the cell metadata mystnb.image.alt: what should one learn from the picture?"


def is_short(alt):
    return len(alt.split()) < 5 and len(re.findall("[\u3400-\u9fff]", alt)) < 8


@pytest.mark.parametrize("page", CONTENT + [page for page in CHINESE if page != "zh/search.html"])
def test_a_link_shows_a_card(page):
    head = (SITE / page).read_text("utf8").split("</head>")[0]
    for name in ("title", "description", "image"):
        assert re.search(rf'<meta property="og:{name}" content="[^"<>]+">', head), name
    assert (SITE / "_static/card.png").is_file()


@pytest.mark.parametrize("page", PAGES)
def test_on_a_desktop(page, visit):
    """From a file: nothing asked of others, accessible in light and dark; each control at its ends and between, by
    mouse and keyboard; in print the still pictures."""
    here = visit(reduced_motion="reduce", color_scheme="light")
    here.context.grant_permissions(["clipboard-write"])
    tab = here.open((SITE / page).as_uri())
    to_the_end(tab)
    problems = [*here.problems]  # until here: axe itself reads the style sheets again, the bench watches by itself
    problems += accessibility(tab)
    light = tab.evaluate(INKS)

    def in_theme(theme):
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)

    in_theme("dark")  # all else is the same in both
    problems += accessibility(tab, runOnly=["color-contrast"])
    problems += [f"turned over, and of another colour in the dark: {ink}" for ink in
                 sorted(set(tab.evaluate(INKS)) - set(light))[:5]]
    problems += dark_problems(tab, in_theme)
    in_theme("light")
    problems += drive.drive_page(tab) + drive.in_print(tab)
    assert problems == []


# The dark turns a widget's pictures over as a whole: what is written in them keeps its colour, or it is seen no more.
INKS = """() => [...document.querySelectorAll(".nnlib-stage *, .nnlib-plot *")].filter(node =>
    [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())).map(node => {
  const { color, fill } = getComputedStyle(node), name = node.closest("[data-nnlib-widget]").dataset.nnlibWidget;
  return `${name}, ${node.textContent.trim().slice(0, 30)}: ${node.closest("svg") ? fill : color}`;
})"""


def test_another_host_is_noticed_and_not_reached(visit):
    here = visit()
    with here.page.expect_event("requestfailed") as failed:
        here.page.evaluate("() => { new Image().src = 'https://example.org/x.png'; }")
    assert here.problems[0] == "request to another host: https://example.org/x.png"
    assert "ERR_NAME_NOT_RESOLVED" in failed.value.failure


# What is wider than its column gets its mark when the browser has time, after a load or a new width (reading.js).
MARKED = "() => new Promise(done => requestAnimationFrame(() => requestIdleCallback(() => done(), { timeout: 30000 })))"


def to_the_end(tab):
    """Scroll through the whole page, as a reader does, for what loads or starts late."""
    tab.evaluate("""async () => {
      for (let y = 0; y < document.documentElement.scrollHeight; y += 2000) {
        scrollTo(0, y);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
      }
      await document.fonts.ready;
    }""")
    tab.evaluate(MARKED)
    tab.wait_for_function("[...document.images].every(image => image.complete || !image.checkVisibility())")


@pytest.mark.parametrize("page", PAGES)
def test_on_a_phone(page, visit, server):
    tab, problems = phone_visit(page, visit, server)
    if "chapters/" in page:
        problems += wide_problems(tab, (390, 360))
    assert problems == []


def phone_visit(page, visit, server):
    """From a server, 360 pixels wide: light, nothing sticks out, formulas typeset, controls and text large enough.

    Gives the tab, for further looks, and what was found."""
    here = visit(viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce", color_scheme="light")
    here.context.grant_permissions(["clipboard-write"])
    weights = {}
    here.page.on("response", lambda response: weigh(response, weights))
    tab = here.open(f"{server}/{page}")
    first_visit = sum(weights.values())
    to_the_end(tab)
    problems = [*here.problems]
    if first_visit >= WEIGHT_LIMIT and not page.endswith("search.html"):
        heaviest = sorted(((size, path.name) for path, size in weights.items()), reverse=True)[:8]
        problems.append(f"{first_visit} bytes at a first visit: {heaviest}")
    width = tab.evaluate("document.documentElement.scrollWidth")
    if width > 360:
        problems.append(f"the page scrolls sideways: it is {width} pixels wide")
    if not page.endswith("search.html"):
        problems += formula_problems(tab)
    problems += drive.phone_problems(tab)
    return tab, problems + spacing_problems(tab)


# Readers may set text like this, and nothing may be lost (WCAG 2.1, 1.4.12).
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
CUT = """() => [...document.querySelectorAll("article *")].filter(box => box.scrollWidth > box.clientWidth + 3
  && ["hidden", "clip"].includes(getComputedStyle(box).overflowX) && box.clientWidth > 30 && box.textContent.trim()
  && !box.closest(".nnlib-unseen, svg, .katex-mathml, input")).map(box => `is cut: ${box.textContent.slice(0, 50)}`)"""


def spacing_problems(tab):
    problems, spaced = [], tab.add_style_tag(content=SPACED)
    for width in (1280, 390, 360):
        drive.resize(tab, width, 740)
        needs = tab.evaluate("document.documentElement.scrollWidth")
        problems += [f"with wider spacing of the text, at {width} pixels: {problem}" for problem in [
            *([f"the page scrolls sideways: it is {needs} pixels wide"] if needs > width else []), *tab.evaluate(CUT)]]
    spaced.evaluate("style => style.remove()")
    return problems


def weigh(response, weights):
    """What every page costs: theme, scripts, fonts and text; a chapter's pictures come on top.

    The font that is loaded only where no Chinese one is installed (no phone, no machine of a reader of Chinese) is
    weighed by itself.
    """
    path = SITE / urlsplit(response.url).path.lstrip("/")
    if path.is_file() and "_images" not in path.parts and not path.name.startswith(("chinese", "state-")):
        body = path.read_bytes()  # a widget's state-….js are its frames, which are pictures, too
        if path.suffix == ".html":
            body = re.sub(rb'<script type="application/json".*?</script>|base64,[^"\')]*', b"", body, flags=re.S)
        weights[path] = len(body) if path.suffix in (".woff2", ".png") else len(gzip.compress(body))


def test_the_chinese_font_is_light():
    assert (SITE / "_static/chinese.woff2").stat().st_size < 70_000


def formula_problems(tab):
    text = tab.evaluate("""() => { const copy = document.querySelector('article').cloneNode(true);
        copy.querySelectorAll('pre, code, script, style, .katex').forEach(node => node.remove());
        return copy.textContent; }""")
    raw = re.search(r"\$[^\s$][^$\n]*\\[a-z]+[^$\n]*\$|\\\(|\\\[", text)
    errors = tab.evaluate("document.querySelectorAll('.katex-error').length")
    fonts = tab.evaluate("[...document.fonts].filter(f => f.status == 'error').map(f => f.family)")
    return ([f"a formula was left as raw TeX: {raw[0][:80]}"] if raw else []) + (
        [f"{errors} formulas with errors"] if errors else []) + [f"the font {name} did not load" for name in fonts]


@pytest.mark.parametrize("page", CONTENT)
def test_every_widget_leaves_a_picture_without_scripts(page, visit):
    here = visit(java_script_enabled=False)
    assert drive.without_scripts(here.open((SITE / page).as_uri())) == []


def test_nothing_but_own_pages_is_published():
    names = {path.relative_to(SITE).parts[0] for path in SITE.rglob("*")}
    assert not names & {".venv", "tests", "nnlib", "nnbook", "tools", "README.html"}
    assert not list(Path(SITE).rglob("*.map"))
