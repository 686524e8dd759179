"""What the book needs of Sphinx beyond Jupyter Book's defaults: formulas typeset at build time, nothing from other hosts.

Jupyter Book loads this through `sphinx.local_extensions` in `_config.yml`.
"""

import html
import os
import re
import shutil
from pathlib import Path

import yaml
from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
os.environ["NNLIB_STATIC"] = "1"  # inherited by the kernels: widgets write static HTML, progress bars stay silent


# --- formulas: KaTeX while the book is built, so that the page needs no script and no waiting ---------------------

class Formulas:
    """KaTeX in an embedded JavaScript engine, started when the first formula is met."""

    engine = None

    @classmethod
    def html(cls, tex, display=False, where=None):
        if cls.engine is None:
            cls.engine = MiniRacer()
            cls.engine.eval((HERE / "katex.min.js").read_text("utf8"))
        options = {"displayMode": display, "throwOnError": True, "strict": False}
        try:
            return cls.engine.call("katex.renderToString", tex.strip(), options)
        except JSEvalException as error:
            reason = str(error).split("\n", 1)[0]
            logger.warning("formula %r: %s", tex, reason, location=where)
            return f"<code>{html.escape(tex)}</code>"


def visit_math(translator, node):
    translator.body.append(f'<span class="math">{Formulas.html(node.astext(), where=node)}</span>')
    raise nodes.SkipNode


def visit_math_block(translator, node):
    tex = node.astext().strip()
    if "\\\\" in tex and "\\begin" not in tex:  # Sphinx's own MathJax renderer does the same for several lines
        tex = r"\begin{aligned}" + tex + r"\end{aligned}"
    number = ""
    if node.get("number"):
        number = f'<span class="eqno">({node["number"]})</span>'
    ids = f' id="{node["ids"][0]}"' if node.get("ids") else ""
    translator.body.append(f'<div class="math"{ids}>{number}{Formulas.html(tex, True, node)}</div>')
    raise nodes.SkipNode


# Formulas inside HTML that the notebooks' widgets wrote.
WIDGET_FORMULA = re.compile(r'<span class="nnlib-math">\\\((.*?)\\\)</span>', re.S)


def typeset_widgets(body, page):
    def typeset(match):
        return f'<span class="math">{Formulas.html(html.unescape(match[1]), where=page)}</span>'
    return WIDGET_FORMULA.sub(typeset, body)


# --- pages --------------------------------------------------------------------------------------------------------

def read_source(app, docname, source):
    """Take notebooks from NNLIB_EXECUTED if it is set (one execution serves tests and book), and fill in the map."""
    executed = os.environ.get("NNLIB_EXECUTED")
    notebook = Path(executed or "", docname + ".ipynb")
    if executed and notebook.exists():
        source[0] = notebook.read_text("utf8")
    if "<!-- lecture map -->" in source[0]:
        source[0] = source[0].replace("<!-- lecture map -->", lecture_map(Path(app.srcdir, "lecture_map.yml")))


def lecture_map(path):
    """The table of the page "Lecture map"."""
    lines = ["| Point | What it says | Where the book treats it |", "|---|---|---|"]
    for row in yaml.safe_load(path.read_text("utf8")):
        links = ", ".join(map(map_link, row["where"])) or "not yet"
        lines.append(f"| {row['id']} | {row['title']} | {links} |")
    return "\n".join(lines)


def map_link(where):
    page, _, heading = where.partition("#")
    if re.match(r"\d\d_", page):
        page = f"chapters/{page}.ipynb"
    else:
        page += ".md"
    return f"[](/{page}{'#' + heading if heading else ''})"


UNUSED = re.compile("thebe|design-tabs|sphinx-design|togglebutton|toggleHint|toggleOpen", re.I)


def prepare_page(app, pagename, templatename, context, doctree):
    if context.get("body"):
        context["body"] = typeset_widgets(context["body"], pagename)
    for kind in ("script_files", "css_files"):
        context[kind][:] = useful_scripts(context.get(kind, []))
    if doctree is not None and 'name="description"' not in context.get("metatags", ""):
        context["metatags"] = context.get("metatags", "") + description(doctree)


def useful_scripts(scripts):
    """Leave out what no page uses, and inline scripts that Sphinx 7.4 lists twice (the second one throws).

    sphinx-thebe is always on and throws on every page; sphinx-design and sphinx-togglebutton serve directives that the
    book, written in plain Markdown, does not have.
    """
    seen = set()
    for script in scripts:
        body = (getattr(script, "attributes", None) or {}).get("body") or ""
        name = str(getattr(script, "filename", script) or "")
        if UNUSED.search(name + body) or (body and body in seen):
            continue
        seen.add(body)
        yield script


def description(doctree):
    """First paragraph of the page, for search engines and link previews."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40:
            return f'\n<meta name="description" content="{html.escape(text[:155])}">'
    return ""


# --- the finished site --------------------------------------------------------------------------------------------

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


def configure(app, config):
    if os.environ.get("NNLIB_EXECUTED"):
        config.nb_execution_mode = "off"


def setup(app):
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.connect("config-inited", configure, priority=100)
    app.connect("source-read", read_source)
    app.connect("html-page-context", prepare_page, priority=900)
    app.connect("build-finished", finish_site, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
