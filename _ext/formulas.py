"""Formulas are typeset while the book is built (KaTeX), so that a page needs no script for them and no waiting."""

import html
import re
from pathlib import Path

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.util import logging

logger = logging.getLogger(__name__)


class Formulas:
    """KaTeX in an embedded JavaScript engine, started when the first formula is met."""

    engine = None

    @classmethod
    def html(cls, tex, display=False, where=None):
        if cls.engine is None:
            cls.engine = MiniRacer()
            cls.engine.eval(Path(__file__).with_name("katex.min.js").read_text("utf8"))
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
