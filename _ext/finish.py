"""The finished site: smaller, accessible, and asking no other host for anything."""

import functools
import logging as stdlib_logging
import re
import shutil
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import Image
from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)
stdlib_logging.getLogger("fontTools").setLevel("ERROR")  # it complains of the dates in the font
BOOK_SANS = Path(__file__).parent.parent / "nnbook/plots/BookSans.otf"

FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data)\s*=\s*[\"'](?:https?:)?//[^\"']+"
    r"|<link\b(?=[^>]*rel=[\"'](?:stylesheet|preload|icon|preconnect|dns-prefetch|modulepreload))"
    r"[^>]*?href\s*=\s*[\"'](?:https?:)?//[^\"']+"
    r"|url\([\"']?https?://[^)]+", re.I)


def finish_site(app, error):
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    icons = read_icons(site)
    slim_theme(site)
    ship_chinese(site)
    foreign = []
    for page in site.rglob("*.html"):
        text = PICTURE.sub(functools.partial(picture_when_seen, site), repair(page.read_text("utf8")))
        if page.name == "search.html":  # a page opened from a file may not fetch the others to quote from them
            text = text.replace("</head>", "<script>if (location.protocol === 'file:') "
                                "DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;</script></head>")
        else:
            text = SEARCH_AS_YOU_TYPE.sub("", text)
        text = ICON_USE.sub(functools.partial(draw_icon, icons), quicken(site, text))
        page.write_text(text, "utf8")
        foreign += [f"{page.relative_to(site)}: {match[0][:160]}" for match in FOREIGN.finditer(text)]
    if foreign:
        raise SphinxError("pages load things from other hosts:\n" + "\n".join(foreign))


# a page that Sphinx did not write anew has been here before: its pictures begin with "loading"
PICTURE = re.compile(r'<img (?!loading)(?=[^>]*src="(?:\.\./)*(_images/[^"]+)")')


def picture_when_seen(site, match):
    """A picture is loaded when the reader comes near it; its size is known before, so that nothing jumps then."""
    file = site / match[1]
    if file.suffix == ".svg":  # matplotlib's, in points
        width, height = (float(re.search(rf'<svg[^>]* {side}="([\d.]+)pt"', file.read_text("utf8"))[1]) * 4 / 3
                         for side in ("width", "height"))
    else:
        width, height = Image.open(file).size
    return f'<img loading="lazy" width="{width:.0f}" height="{height:.0f}" '


THEME = "_static/styles/pydata-sphinx-theme.css"
RULE = re.compile(r"([^{}@;]+)\{[^{}]*\}")  # innermost, so rules inside @media, too


def slim_theme(site):
    """Drop the theme's rules for classes that no page and no script names: two thirds of its largest style sheet."""
    sources = [*site.rglob("*.html"), *site.rglob("*.js")]
    words = set(re.findall(r"[\w-]+", " ".join(p.read_text("utf8", errors="ignore") for p in sources)))

    def used(selector):
        selector = re.sub(r":not\([^)]*\)", "", selector)  # a class that nothing has excludes nothing
        return all(name.replace("\\", "") in words for name in re.findall(r"\.((?:[\w-]|\\.)+)", selector))

    def keep(match):
        return match[0] if any(map(used, match[1].split(","))) else ""
    style = site / THEME
    style.write_text(RULE.sub(keep, style.read_text("utf8")), "utf8")


CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
UNSEEN = re.compile(r"<script.*?</script>", re.S)
FACE = ('@font-face { font-family: "Book Chinese"; src: url("%s") format("woff"); font-display: swap; '
        "unicode-range: %s; }\n")


def ship_chinese(site):
    """A font with the Chinese characters of the book, for readers whose machine has none.

    In two files: what stands in the text, and what only a widget may show. The style sheet names the font after the
    usual Chinese ones: a browser that has one of them loads neither.
    """
    pages = [page.read_text("utf8") for page in site.rglob("*.html")]
    everything = set(CHINESE.findall("".join(pages)))
    text = set(CHINESE.findall("".join(UNSEEN.sub("", page) for page in pages)))
    missing = everything - set(map(chr, TTFont(BOOK_SANS).getBestCmap()))
    if missing:
        logger.warning("characters that the book's font lacks (run tools/make_font.py): %s", "".join(sorted(missing)))
    style = site / "_static/book.css"
    rules = style.read_text("utf8").split("@font-face")[0]  # a second build may find those of the first
    for name, characters in (("chinese.woff", text), ("chinese_more.woff", everything - text)):
        if characters:
            subset_font(characters, site / "_static" / name)
            rules += FACE % (name, ", ".join(f"U+{ord(c):X}" for c in sorted(characters)))
    style.write_text(rules, "utf8")


def subset_font(characters, path):
    font = TTFont(BOOK_SANS)
    subset = Subsetter(Options(layout_features=[], hinting=False))
    subset.populate(text="".join(characters))
    subset.subset(font)
    font.flavor = "woff"
    font.save(path)


SCRIPT = re.compile(r'<script (src="[^"]*(?:_static/|searchindex)[^"]*")></script>')
OPTIONS = re.compile(r'<script src="[^"]*_static/documentation_options\.js[^"]*"></script>')
ICON_SCRIPT = re.compile(r'<script [^>]*src="[^"]*/fontawesome\.js[^"]*"></script>\s*')
FIRST_THEME = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'


def quicken(site, text):
    """Nothing stands before the text: scripts run after it, and it has its colours, light or dark, from the start."""
    options = (site / "_static/documentation_options.js").read_text("utf8")
    text = OPTIONS.sub(lambda _: f"<script>{options}</script>", ICON_SCRIPT.sub("", text))
    text = SCRIPT.sub(r"<script defer \1></script>", text)
    now = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
    text = text.replace(FIRST_THEME, FIRST_THEME.replace('"auto"', now))
    if 'getItem("theme")' in text and now not in text:
        logger.warning("the theme chooses light or dark in another way now")
    return text


# The theme loads the whole search index on every page for a function that is off here; the search page has its own.
SEARCH_AS_YOU_TYPE = re.compile(r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>\s*')


def repair(text):
    """Accessibility faults of the theme: labels that hide the visible text, headings without text, a stray logo."""
    text = re.sub(r'(<summary) aria-label="[^"]*"', r"\1", text)
    text = re.sub(r'(<button[^>]*search-button-field[^>]*?) aria-label="[^"]*"', r"\1", text, flags=re.S)
    text = re.sub(r'(<i class="theme-switch [^>]*?) title="[^"]*"', r"\1", text, flags=re.S)
    text = re.sub(r"<th([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>", r"<td\1></td>", text)
    # the logos in the closed menu of the rocket
    text = re.sub(r'<img (?!loading)(?=[^>]*src="[^"]*/logo_(?:binder|colab)\.)', '<img loading="lazy" ', text)
    return re.sub(r'<div class="sidebar-primary-item">(\s*<a class="navbar-brand)',
                  r'<div class="sidebar-primary-item" role="navigation" aria-label="Home">\1', text)


ICON = re.compile(r'(?:"([a-z0-9-]+)"|([A-Za-z_$][\w$]*)):\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]*)"\]')
ICON_USE = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)></\1>')
ICON_RULE = re.compile(r'(?:\.fa-[a-z0-9-]+:before,?)+\{content:"[^"]*"\}|@font-face\{[^}]*Font Awesome[^}]*\}')


def read_icons(site):
    """{name: (width, height, path)} of Font Awesome; its script and its fonts, 0.8 MB (gzip), leave the site."""
    script = site / "_static/scripts/fontawesome.js"
    icons = {a or b: more for a, b, *more in ICON.findall(script.read_text("utf8"))}  # solid ones last, so they win
    script.unlink()
    style = site / THEME
    style.write_text(ICON_RULE.sub("", style.read_text("utf8").replace("Font Awesome\\ ", "Font Awesome ")), "utf8")
    shutil.rmtree(site / "_static/vendor/fontawesome", ignore_errors=True)
    for source_map in (site / "_static").rglob("*.map"):
        source_map.unlink()
    return icons


def draw_icon(icons, match):
    """An icon as the picture that Font Awesome's script would put in its place while the reader waits."""
    name = next(n for n in re.findall(r"\bfa-([a-z0-9-]+)", match[2]) if n in icons)
    width, height, path = icons[name]
    classes = re.sub(r"\b(fa-solid|fa[bs])\s+", "", match[2])  # the theme's rules for them are for the <i>
    return (f'<svg class="svg-inline--fa {classes}"{match[3]} aria-hidden="true" viewBox="0 0 {width} {height}">'
            f'<path fill="currentColor" d="{path}"/></svg>')
