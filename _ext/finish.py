"""The finished site: smaller, accessible, and asking no other host for anything.

What the theme wrote is changed through parsers, and each change says what it expects to find: a new version of the
theme that writes it in another way fails the build with the words of that change.
"""

import base64
import functools
import hashlib
import json
import logging as stdlib_logging
import re
import shutil
from io import BytesIO
from pathlib import Path

import edition
import opening
import tinycss2
import widget_files
from edition import _
from figures import finish_pictures
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from selectolax.lexbor import LexborHTMLParser
from sphinx.errors import SphinxError
from sphinx.util import logging

from tools import translate

logger = logging.getLogger(__name__)
stdlib_logging.getLogger("fontTools").setLevel("ERROR")  # it complains of the dates in the font
BOOK_SANS = Path(__file__).parent.parent / "nnbook/plots/BookSans.otf"
ICONS = json.loads(Path(__file__).with_name("icons.json").read_text("utf8"))  # made by tools/vendor_icons.py
THEME = "_static/styles/pydata-sphinx-theme.css"
FINISHED = "data-finished"  # a page that Sphinx did not write anew has been here before


def finish_pages(app, error):
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for path in (site / "_static").rglob("*.map"):
        path.unlink()
    (site / "_static/scripts/fontawesome.js").unlink(missing_ok=True)
    shutil.rmtree(site / "_static/vendor/fontawesome", ignore_errors=True)  # with the script 0.8 MB (gzip)
    for path in site.rglob("*.html"):
        if "_static" not in path.parts:
            finish_page(site, path)
    widget_files.sweep(site)


def finish_theme(app, error):
    """For all that pages and scripts have by now."""
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    slim_theme(site)
    calm_theme(site)
    ship_chinese(site, Path(app.doctreedir))


def finish_page(site, path):
    page = LexborHTMLParser(path.read_text("utf8"))
    root = page.css_first("html")
    if FINISHED in root.attributes:
        return
    root.attrs[FINISHED] = ""
    for change in CHANGES:
        if not change(page, site) and path.name == "index.html":  # which has all that the theme puts on a page
            logger.warning("the theme has changed: finish.%s finds nothing to do any more. It is for this: %s Look at "
                           "what the theme writes now, then mend the function or take it out.",
                           change.__name__, change.__doc__)
    if path.parent.name == "chapters":
        opening.arrange(page, path)
    finish_content(page, path, site)
    widget_files.carry_out(page, path, site)
    link_other_edition(page, path.relative_to(site))
    if edition.is_chinese():
        chinese_words(page)
    draw_icons(page, path)
    foreign = foreign_resources(page)
    if foreign:
        raise SphinxError(f"{path.relative_to(site)} loads things from other hosts:\n" + "\n".join(foreign))
    first = STORAGE + HEADER + (PARTS if len(page.css("*")) > LONG else "") + SPACE % space_font()
    path.write_text("<!DOCTYPE html>\n" + root.html.replace("<head>", f"<head>{first}", 1), "utf8")


# Where storage is blocked (private windows, frames) the theme's scripts would stop at once: a stand-in forgets.
STORAGE = """<script>for (const name of ["localStorage", "sessionStorage"])
  try { window[name].getItem(""); } catch {
    const kept = new Map();
    Object.defineProperty(window, name, { value: { getItem: key => kept.get(key) ?? null,
      removeItem: key => kept.delete(key), setItem: (key, value) => kept.set(key, String(value)) } });
  }</script>"""


# The header's buttons move as each is read, and as scripts add theirs: they are shown all at once (book.css).
HEADER = """<script>document.documentElement.classList.add("reads-page");
  addEventListener("DOMContentLoaded", () => document.documentElement.classList.remove("reads-page"))</script>"""


LONG = 2500  # elements; on a shorter page parts on the first screen would get their heights before the reader's eyes
# Where a page may be laid out in parts (book.css, reading.js): in browsers that say which part is near, and keep in
# place what one reads when a part above gets its height; not where a reader goes back to a place on the page.
PARTS = """<script>if (window.ContentVisibilityAutoStateChangeEvent && CSS.supports("overflow-anchor", "auto") &&
  (performance.getEntriesByType("navigation")[0] || {}).type === "navigate")
  document.documentElement.classList.add("by-parts")</script>"""


# ---- what the theme should have written: each returns how often it found its place

CHANGES = []


def change(function):
    CHANGES.append(function)
    return function


def each(page, selector, act):
    nodes = page.css(selector)
    for node in nodes:
        act(node)
    return len(nodes)


def without(name):
    def act(node):
        del node.attrs[name]
    return act


@change
def search_button_says_what_it_shows(page, site):
    """The label of the search button hid its visible text."""
    return each(page, "button.search-button-field[aria-label]", without("aria-label"))


@change
def style_sheets_come_at_once(page, site):
    """The theme's first style sheet only names another, which a phone would ask for when it has the first."""
    sheet = page.css_first('link[rel="stylesheet"][href*="_static/styles/theme.css"]')
    named = re.findall(r'@import "(.*)"', (site / "_static/styles/theme.css").read_text("utf8"))
    if sheet is None or named != ["../basic.css"]:
        return 0
    sheet.attrs["href"] = re.sub(r"styles/theme\.css.*", "basic.css", sheet.attributes["href"])
    return 1


@change
def scripts_come_after_style_sheets(page, site):
    """The theme asks for the scripts at the end of the page before its style sheets: the text would wait for them."""
    return each(page, 'link[rel="preload"][as="script"]', lambda node: node.remove())


@change
def theme_icons_have_no_second_name(page, site):
    """The pictures in the button for light and dark have titles beside the button's own name."""
    return each(page, "i.theme-switch[title]", without("title"))


@change
def logo_is_a_landmark(page, site):
    """The logo's part of the side bar belongs to no landmark."""
    def act(node):
        node.attrs["role"], node.attrs["aria-label"] = "navigation", _("Home")
    items = [node.parent for node in page.css(".sidebar-primary-item > a.navbar-brand")]
    for node in items:
        act(node)
    return len(items)


@change
def scripts_wait_for_the_text(page, site):
    """Scripts stand before the text; Font Awesome's is not needed, the options are a few bytes."""
    def act(script):
        source = script.attributes["src"]
        if "fontawesome.js" in source:
            script.decompose()
        elif "documentation_options.js" in source:
            del script.attrs["src"]
            script.inner_html = (site / "_static/documentation_options.js").read_text("utf8")
        elif "_static/" in source or "searchindex" in source:
            script.attrs["defer"] = ""
    return each(page, "script[src]", act)


@change
def colours_are_right_at_once(page, site):
    """The theme starts in light and turns dark when its scripts arrive."""
    first = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'
    now = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
    scripts = [script for script in page.css("script:not([src])") if first in script.text()]
    for script in scripts:
        script.inner_html = script.text().replace(first, first.replace('"auto"', now))
    return len(scripts)


@change
def tips_are_the_browsers(page, site):
    """A script draws the tips of the header's buttons, and keeps the page waiting to prepare for it."""
    def act(node):
        node.attrs["title"] = node.attributes.get("data-bs-title") or node.attributes["title"]
        for name in {"data-bs-toggle", "data-bs-placement", "data-bs-title"} & node.attributes.keys():
            del node.attrs[name]
    return each(page, "[data-bs-toggle=tooltip]", act)


@change
def sphinx_search_is_gone(page, site):
    """The theme loads Sphinx's search on every page; the book has its own (search.py)."""
    return each(page, 'script[src*="searchtools.js"], script[src*="language_data.js"], script[src*="searchindex.js"]',
                lambda script: script.decompose())


@change
def launch_logos_load_late(page, site):
    """The logos in the closed menus of the header."""
    def act(image):
        image.attrs["loading"] = "lazy"
    return each(page, 'img[src*="logo"]', act)


# ---- what the book's own pages need


def finish_content(page, path, site):
    """What stands in the text: pictures, folds, tables."""
    finish_pictures(page, path, site)
    for summary in page.css("summary[aria-label]"):  # it hides the visible text
        del summary.attrs["aria-label"]
    for cell in page.css("th"):  # the corner of a table has no words, so it is no heading
        if not cell.text(strip=True):
            corner = LexborHTMLParser("<table><tr><td></td></tr></table>").css_first("td")
            cell.replace_with(corner)


def link_other_edition(page, name):
    """A button in the header that leads to the same page in the other language; book.js adds the place on the page."""
    up = "../" * (len(name.parts) - 1)
    address, language, word, title = ((f"{up}../{name.as_posix()}", "en", "EN", "English") if edition.is_chinese() else
                                      (f"{up}zh/{name.as_posix()}", "zh-CN", "中文", "中文版"))
    link = (f'<a class="btn btn-sm other-edition" href="{address}" lang="{language}" hreflang="{language}" '
            f'title="{title}">{word}</a>')
    for bar in page.css(".article-header-buttons"):
        bar.insert_child(LexborHTMLParser(link).css_first("a"))


def chinese_words(page):
    """What the theme, and the scripts of the book, have in English; the scripts find their words on the page."""
    for node in page.css("[aria-label], [title], [placeholder], [data-bs-title], [alt]"):
        for name in ("aria-label", "title", "placeholder", "data-bs-title", "alt"):
            if node.attributes.get(name) in THEME_WORDS:
                node.attrs[name] = THEME_WORDS[node.attributes[name]]
    for node in page.css(".btn__text-container, summary span, summary p"):
        if node.text(strip=True) in THEME_WORDS:
            node.inner_html = THEME_WORDS[node.text(strip=True)]
    for node in page.css("audio"):
        node.inner_html = node.inner_html.replace("Your browser does not support the audio element.",
                                                  "浏览器不能播放声音。")
    own = {text: _(text) for text in translate.script_words() if _(text) != text}
    script = LexborHTMLParser(f"<script>globalThis.bookWords = {json.dumps(own, ensure_ascii=False)};</script>")
    page.css_first("head").insert_child(script.css_first("script"))


THEME_WORDS = {
    "Search this book...": "搜索本书", "Main": "全书", "Page": "本页", "Color mode": "亮色或暗色",
    "Toggle primary sidebar": "显示或隐藏全书目录", "Toggle secondary sidebar": "显示或隐藏本页目录",
    "Launch interactive content": "在线运行", "Launch on Binder": "在 Binder 中运行",
    "Launch on Colab": "在 Colab 中运行", "Binder logo": "Binder 的标志", "Colab logo": "Colab 的标志",
    "Source repositories": "源代码", "Repository": "代码仓库", "Open issue": "报告问题",
    "Link to this heading": "链接到这里", "Link to this image": "链接到这幅图",
    "Show code": "显示代码", "Hide code": "隐藏代码",
    "Show code cell source": "显示代码", "Hide code cell source": "隐藏代码",
    "Show code cell content": "显示代码和结果", "Hide code cell content": "隐藏代码和结果",
    "Show code cell output": "显示结果", "Hide code cell output": "隐藏结果",
}


def draw_icons(page, path):
    """An icon as the picture that Font Awesome's script would put in its place while the reader waits."""
    for icon in page.css('i[class*="fa-"], span[class*="fa-"]'):
        classes = icon.attributes["class"].split()
        names = [name.removeprefix("fa-") for name in classes if name.removeprefix("fa-") in ICONS]
        if not names:
            raise SphinxError(f"{path.name}: no icon of {classes} is in _ext/icons.json: add its name to "
                              "tools/vendor_icons.py and run that")
        width, height, drawn = ICONS[names[0]]
        kept = " ".join(name for name in classes if name not in ("fa-solid", "fab", "fas"))  # their rules are for <i>
        more = "".join(f' {key}="{value}"' for key, value in icon.attributes.items() if key != "class")
        svg = (f'<svg class="svg-inline--fa {kept}"{more} aria-hidden="true" viewBox="0 0 {width} {height}">'
               f'<path fill="currentColor" d="{drawn}"></path></svg>')
        icon.replace_with(LexborHTMLParser(svg).css_first("svg"))


LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
         "embed": "src", "object": "data"}
LINKS = {"stylesheet", "preload", "icon", "preconnect", "dns-prefetch", "modulepreload"}
ELSEWHERE = re.compile(r"(?:https?:)?//", re.I)
FOREIGN_STYLE = re.compile(r"url\([\"']?(?:https?:)?//[^)]+", re.I)


def foreign_resources(page):
    """What the page would load from other hosts."""
    nodes = [(node, node.attributes.get(key)) for tag, key in LOADS.items() for node in page.css(tag)]
    nodes += [(node, node.attributes.get("href")) for node in page.css("link")
              if LINKS & set((node.attributes.get("rel") or "").lower().split())]
    found = [node.html[:160] for node, address in nodes if address and ELSEWHERE.match(address)]
    styles = [node.text() for node in page.css("style")]
    styles += [node.attributes["style"] or "" for node in page.css("[style]")]
    return found + [match[0][:160] for style in styles for match in FOREIGN_STYLE.finditer(style)]


def slim_theme(site):
    """Drop the theme's rules for what no page has: two thirds of its largest style sheet, and Font Awesome's fonts."""
    sources = [*site.rglob("*.html"), *site.rglob("*.js")]
    words = set(re.findall(r"[\w-]+", " ".join(p.read_text("utf8", errors="ignore") for p in sources)))
    style = site / THEME
    rules = tinycss2.parse_stylesheet(style.read_text("utf8"), skip_comments=True, skip_whitespace=True)
    style.write_text(tinycss2.serialize(list(used_rules(rules, words))), "utf8")


CALM = {
    "The theme asks each box of a page whether it scrolls, at the load and after every move of a widget: each time a "
    "layout of the whole page. _static/reading.js asks those near the reader.":
        re.compile(r',"complete"===document\.readyState\?(\w)\(\):window\.addEventListener\("load",\1\)'),
    "The theme marks in the contents the last heading that came by, also when the reader has left its section. "
    "_static/reading.js marks the section that is read.":
        re.compile(r',window\.addEventListener\("resize",\w+\((\w),\d+\)\),\1\(\)(?=\}\))'),
}
CALMED = "/* calmed */"


def calm_theme(site):
    """Take out of the theme's script what _static/reading.js does better."""
    script = site / "_static/scripts/pydata-sphinx-theme.js"
    text = script.read_text("utf8")
    if text.startswith(CALMED):
        return
    for reason, pattern in CALM.items():
        text, found = pattern.subn("", text)
        if found != 1:
            logger.warning("the theme has changed: finish.calm_theme finds nothing to do any more. %s", reason)
    script.write_text(CALMED + text, "utf8")


def used_rules(rules, words):
    for rule in rules:
        if rule.type == "qualified-rule":
            if selects(tinycss2.serialize(rule.prelude), words):
                yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content[:] = used_rules(inside, words)
            if rule.content:
                yield rule
        elif not (rule.type == "at-rule" and rule.lower_at_keyword == "font-face"
                  and "Font" in tinycss2.serialize(rule.content) and "Awesome" in tinycss2.serialize(rule.content)):
            yield rule


def selects(prelude, words):
    """Could one of the selectors meet something? Its classes must stand somewhere; icons are pictures by now."""
    if re.search(r"\.fa-[a-z0-9-]+::?before", prelude):
        return False
    return any(all(name.replace("\\", "") in words for name in re.findall(r"\.((?:[\w-]|\\.)+)", selector))
               for selector in re.sub(r":not\([^)]*\)", "", prelude).split(","))


CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
UNSEEN = re.compile(r"<script.*?</script>", re.S)
FACE = ('@font-face { font-family: "Book Chinese"; src: url("%s") format("woff2"); font-display: swap; '
        "unicode-range: %s; }\n")


def ship_chinese(site, kept):
    """A font with the Chinese characters of the book, for readers whose machine has none.

    In two files: what stands in the text, and what only a widget may show. The style sheet names the font after the
    usual Chinese ones: a browser that has one of them loads neither. They are kept for builds with the same characters.
    """
    pages = [page.read_text("utf8") for page in site.rglob("*.html")]
    widgets = [file.read_text("utf8") for file in (site / widget_files.FOLDER).glob("*.js")]
    everything = set(CHINESE.findall("".join(pages + widgets)))
    text = set(CHINESE.findall("".join(UNSEEN.sub("", page) for page in pages)))
    missing = everything - set(map(chr, TTFont(BOOK_SANS).getBestCmap()))
    if missing:
        logger.warning("characters that the book's font lacks (run tools/make_font.py): %s", "".join(sorted(missing)))
    style = site / "_static/book.css"
    rules = style.read_text("utf8").split("@font-face")[0]  # a second build may find those of the first
    for name, characters in (("chinese.woff2", text), ("chinese_more.woff2", everything - text)):
        if characters:
            key = hashlib.sha256(BOOK_SANS.read_bytes() + "".join(sorted(characters)).encode()).hexdigest()
            if not (kept / f"{key}.woff2").exists():
                subset_font(characters, kept / f"{key}.woff2")
            shutil.copy(kept / f"{key}.woff2", site / "_static" / name)
            rules += FACE % (name, ", ".join(f"U+{ord(c):X}" for c in sorted(characters)))
    style.write_text(rules, "utf8")


# Until the book's font has come, its characters are spaces of their width: nothing jumps when it comes. By script: what
# a style sheet names, a browser has only after it has laid out the first picture.
SPACE = """<script>document.fonts && document.fonts.add(new FontFace("Book Chinese Space",
  Uint8Array.from(atob("%s"), sign => sign.charCodeAt(0)), { unicodeRange: "U+3000-303F, U+3400-9FFF, U+FF00-FFEF" }))
</script>"""


@functools.cache
def space_font():
    """In base64 a font of one empty glyph for all Chinese characters, as wide and high as those of the book's font."""
    model = TTFont(BOOK_SANS)
    builder = FontBuilder(model["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space"])
    table = CmapSubtable.newSubtable(13)  # whole ranges lead to one glyph
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {code: "space" for first, last in ((0x3000, 0x303F), (0x3400, 0x9FFF), (0xFF00, 0xFFEF))
                  for code in range(first, last + 1)}
    font = builder.font
    font["head"].created = font["head"].modified = model["head"].modified  # not now: each build makes the same pages
    font["cmap"] = newTable("cmap")
    font["cmap"].tableVersion, font["cmap"].tables = 0, [table]
    pen = TTGlyphPen(None)
    builder.setupGlyf({"space": pen.glyph(), ".notdef": drawn(pen)})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "space"], (model["head"].unitsPerEm, 0)))
    builder.setupHorizontalHeader(ascent=model["hhea"].ascent, descent=model["hhea"].descent)
    old = model["OS/2"]
    builder.setupOS2(sTypoAscender=old.sTypoAscender, sTypoDescender=old.sTypoDescender, sTypoLineGap=old.sTypoLineGap,
                     usWinAscent=old.usWinAscent, usWinDescent=old.usWinDescent)
    builder.setupNameTable({"familyName": "Book Chinese Space", "styleName": "Regular"})
    builder.setupPost(keepGlyphNames=False)
    font.flavor = "woff2"
    file = BytesIO()
    font.save(file)
    return base64.b64encode(file.getvalue()).decode()


def drawn(pen):
    """A triangle: browsers take no font in which nothing is drawn."""
    pen.moveTo((0, 0))
    pen.lineTo((0, 9))
    pen.lineTo((9, 0))
    pen.closePath()
    return pen.glyph()


def subset_font(characters, path):
    font = TTFont(BOOK_SANS, recalcTimestamp=False)  # the same characters make the same file
    subset = Subsetter(Options(layout_features=[], hinting=False, name_IDs=[0, 13, 14]))  # rights and licence
    subset.populate(text="".join(sorted(characters)))
    subset.subset(font)
    font.flavor = "woff2"
    font.save(path)
