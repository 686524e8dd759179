"""Which edition is built, English or Chinese: its words, and the places that it shares with the other one.

The pages' own words stand in `_(…)`, here and in the scripts of the page, and in translations/zh_CN/pages.po.
"""

import contextlib
import sys
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.transforms import Transform
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from myst_parser.mdit_to_docutils.base import default_slugify
from sphinx.util import logging

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))
from nnbook.language import use_language  # noqa: E402
from tools import translate  # noqa: E402

logger = logging.getLogger(__name__)
words = None  # {English: Chinese} while the Chinese edition is built


def choose(app, config):
    global words
    words = translate.translation("pages") if (config.language or "en").startswith("zh") else None
    use_language("zh" if is_chinese() else "en")  # of the widgets of pages that are no notebooks


def is_chinese():
    return words is not None


def _(text, **values):
    """A text of the pages in the language of the edition."""
    text = (words or {}).get(text, text)
    return text.format(**values) if values else text


@contextlib.contextmanager
def english():
    """As in the English edition."""
    global words
    before, words = words, None
    yield
    words = before


def rows(name):
    """The entries of glossary.yml or lecture_map.yml, or of another file of the root."""
    found = translate.read_yaml(ROOT / name)
    translated = is_chinese() and name in translate.FIELDS
    return translate.translate_rows(name, found, lambda text, where, note: _(text)) if translated else found


def untranslated(docname):
    """What a page of the Chinese edition says above its text while parts of it are still in English."""
    number = translate.untranslated(Path(docname).name) if is_chinese() else 0
    return f'<p class="untranslated" role="note">本页有 {number} 段尚未翻译，以英文显示。</p>' if number else ""


class EnglishPlaces(Transform):
    """A heading of the Chinese edition has the id and the anchor of its English original: links and addresses are the
    same in both, and who changes the language stays at the place."""

    default_priority = 500  # before links to anchors are resolved

    def apply(self):
        docname = self.document.settings.env.docname
        if not is_chinese() or docname == "glossary":  # whose order is another
            return
        sections, originals = list(self.document.findall(nodes.section)), headings(english_source(docname))
        if len(sections) != len(originals):
            logger.warning("%s: %d headings in Chinese, %d in English: run `make notebooks`", docname, len(sections),
                           len(originals))
            return
        slugs = self.document.myst_slugs
        titles = {place: (line, title) for line, place, title in slugs.values()}
        slugs.clear()
        for section, (slug, place) in zip(sections, originals, strict=True):
            old = section["ids"][0]
            self.document.ids[place] = self.document.ids.pop(old)
            for name, target in self.document.nameids.items():
                if target == old:
                    self.document.nameids[name] = place
            section["ids"][0] = place
            if old in titles:
                slugs[slug] = (titles[old][0], place, titles[old][1])


def english_source(docname):
    """The Markdown of the page's original, with what is filled in."""
    import generated
    notebook = ROOT / f"{docname}.ipynb"
    if notebook.exists():
        cells = nbformat.read(notebook, 4).cells
        return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    with english():
        return generated.fill_in((ROOT / f"{docname}.md").read_text("utf8"), ROOT)


def headings(text):
    """(anchor, id) of each heading, as MyST and docutils make them."""
    tokens = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(dollarmath_plugin).parse(text)
    found = {}
    for token, inline in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open":
            parts = inline.children
            base = slug = default_slugify("".join(p.content for p in parts if p.type in ("text", "code_inline")))
            count = 0
            while slug in found:
                count += 1
                slug = f"{base}-{count}"
            name = "".join(part.content for part in parts)
            found[slug] = nodes.make_id(nodes.fully_normalize_name(name))
    return list(found.items())
