"""What the book needs of Sphinx beyond Jupyter Book's defaults.

Jupyter Book loads this through `sphinx.local_extensions` in `_config.yml`.
"""

import hashlib
import html
import json
import os
import re
from pathlib import Path

import edition
import finish
import formulas
import generated
import language
import search
from docutils import nodes

import nnbook.widgets
from nnbook.widgets.core.modules import drop_repeats

os.environ["NNLIB_STATIC"] = "1"  # inherited by the kernels: widgets write static HTML, progress bars stay silent


EXECUTED = os.environ.get("NNLIB_EXECUTED", "")


def executed(docname):
    """The executed notebook of a page: what `make book` or the tests have run."""
    return Path(EXECUTED, docname + ".ipynb")


def read_source(app, docname, source):
    """A chapter is read with the outputs of its last execution: the notebooks themselves hold text outputs only."""
    if executed(docname).is_file():
        source[0] = executed(docname).read_text("utf8")
    source[0] = generated.fill_in(source[0], app.srcdir)


def outdated(app, env, added, changed, removed):
    """Pages that depend on more than their own file; those of chapters that left the contents are taken away."""
    for docname in removed:
        Path(app.outdir, docname + ".html").unlink(missing_ok=True)
    openings = (edition.ROOT / "openings.yml").read_bytes()
    made_from = {name: hashlib.sha256(executed(name).read_bytes() + openings).hexdigest()
                 for name in env.found_docs if executed(name).is_file()}
    before, env.nnbook_made_from = getattr(env, "nnbook_made_from", {}), made_from
    return {name for name in made_from if made_from[name] != before.get(name)} | (
        env.found_docs & {"index", "lecture_map", "glossary", "slide_notes", "data", "nnlib"})


def widget_html(match):
    """A page that is no notebook can hold a widget, too: <div data-widget="NAME" data-options='{"steps": 9}'></div>."""
    options = json.loads(match[2] or "{}")
    return getattr(nnbook.widgets, match[1])(**options)._repr_mimebundle_()["text/html"]


FOLDER, READ = Path(__file__).parent, (".py", ".json", ".js")
UNUSED = re.compile("thebe|design-tabs|sphinx-design|togglebutton|toggleHint|toggleOpen|"
                    "sphinx_highlight|doctools|translations\\.js", re.I)


def prepare_page(app, pagename, templatename, context, doctree):
    if context.get("body"):
        body = re.sub(r"""<div data-widget="(\w+)"(?: data-options='(.*?)')?></div>""", widget_html, context["body"])
        context["body"] = formulas.typeset_widgets(drop_repeats(body), pagename)
        if pagename.startswith("chapters/"):
            context["body"] += generated.points_of(Path(app.srcdir), Path(pagename).name)
        if edition.is_chinese():
            context["body"] = edition.untranslated(pagename) + language.tag_english(context["body"])
        else:
            context["body"] = language.tag_chinese(context["body"])
    for kind in ("script_files", "css_files"):
        context[kind][:] = useful(context[kind])
    if doctree is not None:
        text = html.escape(context["meta"].get("description", "")) or description(doctree)
        context["metatags"] = preview(app, context["title"], text) + alternates(app, pagename)


def useful(files):
    """Leave out what no page uses, and inline scripts that Sphinx 7.4 lists twice (the second one throws).

    sphinx-thebe is always on and throws on every page; sphinx-design and sphinx-togglebutton serve directives that the
    book, written in plain Markdown, does not have.
    """
    seen = set()
    for file in files:
        body = (getattr(file, "attributes", None) or {}).get("body") or ""
        name = str(getattr(file, "filename", file) or "")
        if UNUSED.search(name + body) or (body and body in seen):
            continue
        seen.add(body)
        yield file


def description(doctree):
    """First paragraph of the page."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > (20 if edition.is_chinese() else 40):
            return html.escape(text if len(text) < 160 else text[:155].rsplit(" ", 1)[0] + " …")
    return ""


def preview(app, title, text):
    """For search engines, and for messengers that show a card for a link. Only a full address leads them to its
    picture: that of GitHub Pages, which follows from the repository's."""
    title = html.escape(re.sub(r"<[^>]+>", "", title))  # the number of a chapter comes as HTML
    properties = {"title": title, "description": text, "type": "website",
                  "image": f"{address(app)}_static/card.png"}
    return f'\n<meta name="description" content="{text}">' + "".join(
        f'\n<meta property="og:{key}" content="{value}">' for key, value in properties.items())


def address(app):
    """Of the published book."""
    owner, name = app.config.html_theme_options["repository_url"].split("/")[-2:]
    return f"https://{owner}.github.io/{name}/"


def alternates(app, pagename):
    """For search engines: the same page in both languages."""
    return "".join(f'\n<link rel="alternate" hreflang="{language}" href="{address(app)}{folder}{pagename}.html">'
                   for language, folder in (("en", ""), ("zh-CN", "zh/"), ("x-default", "")))


def setup(app):
    made_by = b"".join(path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.suffix in READ)
    app.add_config_value("book_made_by", hashlib.sha256(made_by).hexdigest(), "env")  # who changes it, sees it
    app.connect("config-inited", edition.choose)
    app.add_transform(edition.EnglishPlaces)
    app.add_html_math_renderer("katex", (formulas.visit_math, None), (formulas.visit_math_block, None))
    app.connect("source-read", read_source)
    app.connect("doctree-resolved", generated.link_terms)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", prepare_page, priority=900)
    app.connect("build-finished", finish.finish_pages, priority=800)
    app.connect("build-finished", search.write_index, priority=850)  # of what readers see
    app.connect("build-finished", finish.finish_theme, priority=900)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
