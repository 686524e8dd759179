"""The finished site: smaller, accessible, and asking no other host for anything."""

import logging as stdlib_logging
import re
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)
stdlib_logging.getLogger("fontTools").setLevel("ERROR")  # it complains of the dates in the font
BOOK_SANS = Path(__file__).parent.parent / "nnlib/plots/BookSans.otf"

FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data)\s*=\s*[\"'](?:https?:)?//[^\"']+"
    r"|<link\b(?=[^>]*rel=[\"'](?:stylesheet|preload|icon|preconnect|dns-prefetch|modulepreload))"
    r"[^>]*?href\s*=\s*[\"'](?:https?:)?//[^\"']+"
    r"|url\([\"']?https?://[^)]+", re.I)


def finish_site(app, error):
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    slim_icons(site)
    ship_chinese(site)
    foreign = []
    for page in site.rglob("*.html"):
        text = repair(page.read_text("utf8"))
        if page.name == "search.html":  # a page opened from a file may not fetch the others to quote from them
            text = text.replace("</head>", "<script>if (location.protocol === 'file:') "
                                "DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;</script></head>")
        else:
            text = SEARCH_AS_YOU_TYPE.sub("", text)
        page.write_text(text, "utf8")
        foreign += [f"{page.relative_to(site)}: {match[0][:160]}" for match in FOREIGN.finditer(text)]
    if foreign:
        raise SphinxError("pages load things from other hosts:\n" + "\n".join(foreign))


CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def ship_chinese(site):
    """A font with the Chinese characters of the book, for readers whose machine has none.

    The style sheet names it after the usual Chinese fonts: a browser that has one of them does not load it.
    """
    characters = set()
    for page in site.rglob("*.html"):
        characters.update(CHINESE.findall(page.read_text("utf8")))
    font = TTFont(BOOK_SANS)
    missing = characters - set(map(chr, font.getBestCmap()))
    if missing:
        logger.warning("characters that the book's font lacks (run tools/make_font.py): %s", "".join(sorted(missing)))
    subset = Subsetter(Options(layout_features=[], hinting=False))
    subset.populate(text="".join(characters))
    subset.subset(font)
    font.flavor = "woff"
    font.save(site / "_static/chinese.woff")


# The theme loads the whole search index on every page for a function that is off here; the search page has its own.
SEARCH_AS_YOU_TYPE = re.compile(r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>\s*')


def repair(text):
    """Accessibility faults of the theme: labels that hide the visible text, headings without text, a stray logo."""
    text = re.sub(r'(<summary) aria-label="[^"]*"', r"\1", text)
    text = re.sub(r'(<button[^>]*search-button-field[^>]*?) aria-label="[^"]*"', r"\1", text, flags=re.S)
    text = re.sub(r'(<i class="theme-switch [^>]*?) title="[^"]*"', r"\1", text, flags=re.S)
    text = re.sub(r"<th([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>", r"<td\1></td>", text)
    return re.sub(r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
                  r'<div class="sidebar-primary-item" role="navigation" aria-label="Home">\1', text)


ICON = re.compile(
    r'(?:"([a-z0-9-]+)"|([A-Za-z_$][\w$]*)):\[\d+,\d+,\[[^\]]*\],"[0-9a-f]+",(?:"[^"]*"|\[(?:"[^"]*",?)+\])\],?')
ICON_RULE = re.compile(r'(?:\.fa-[a-z0-9-]+:before,?)+\{content:"[^"]*"\}|@font-face\{[^}]*Font Awesome[^}]*\}')


def slim_icons(site):
    """Keep only the Font Awesome icons that the pages use, as SVG: the theme ships all 2,000, as SVG and as fonts.

    That takes 0.8 MB (gzip) off the first visit.
    """
    script = site / "_static/scripts/fontawesome.js"
    pages = [*site.rglob("*.html"), *(p for p in site.rglob("*.js") if p != script)]
    used = {name for p in pages for name in re.findall(r"\bfa-([a-z0-9-]+)", p.read_text("utf8", errors="ignore"))}

    def keep(match):
        return match[0].rstrip(",") + "," if (match[1] or match[2]) in used else ""
    script.write_text(ICON.sub(keep, script.read_text("utf8")), "utf8")
    style = site / "_static/styles/pydata-sphinx-theme.css"
    style.write_text(ICON_RULE.sub("", style.read_text("utf8").replace("Font Awesome\\ ", "Font Awesome ")), "utf8")
    shutil.rmtree(site / "_static/vendor/fontawesome", ignore_errors=True)
    for source_map in (site / "_static").rglob("*.map"):
        source_map.unlink()
