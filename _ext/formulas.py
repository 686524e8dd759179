"""Formulas are typeset while the book is built (KaTeX), so that a page needs no script for them and no waiting."""

import html
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.util import logging

logger = logging.getLogger(__name__)
# the browser's own translation and the marks of a search would take a formula apart
UNTOUCHED = 'class="math notranslate nohighlight" translate="no"'


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


def spelt_out(text):
    """A text with its $formulas$ as one writes them in a message: ∂L/∂w, x², w₁."""
    return re.sub(r"\$([^$]+)\$", lambda match: in_one_line(math_of(Formulas.html(match[1]))).strip(), text)


def math_of(rendered):
    """The MathML in what KaTeX wrote."""
    return ElementTree.fromstring(re.search(r"<math.*?</math>", rendered, re.S)[0].replace("&nbsp;", "\xa0"))


def in_one_line(node):
    """MathML as a line of text."""
    tag = node.tag.rpartition("}")[2]
    if tag == "annotation":
        return ""
    parts = [in_one_line(child) for child in node]
    text = (node.text or "").strip()
    if tag == "mfrac":
        return "/".join(part if len(part) < 4 else f"({part})" for part in parts)
    if tag in ("msub", "msup", "msubsup"):
        marks = {"msub": "_", "msup": "^", "msubsup": "_^"}[tag]
        return parts[0] + "".join(small(mark, part) for mark, part in zip(marks, parts[1:], strict=True))
    if tag == "mover" and len(parts[0]) == 1 and parts[1] in ABOVE:
        return unicodedata.normalize("NFC", parts[0] + ABOVE[parts[1]])
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag in ("mtr", "mtable"):
        return " ".join(parts)
    if tag == "mo" and text == "\u2061":  # the sign between a function and what it is of
        return " "
    if tag == "mo" and text in ("=", "+", "≈", "→", "←", "≤", "≥", "<", ">"):
        return f" {text} "
    if tag == "mo" and text == ",":
        return ", "
    return text + "".join(parts)


SMALL = {"_": str.maketrans("0123456789+-=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ"),
         "^": str.maketrans("0123456789+-=()niT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵀ")}
ABOVE = dict(zip("^ˉ~⃗˙", "\u0302\u0304\u0303\u20d7\u0307", strict=True))  # what KaTeX sets over a letter, on it


def small(mark, text):
    text = text.replace("\u2212", "-").replace(" ", "")
    if all(ord(letter) in SMALL[mark] for letter in text):
        return text.translate(SMALL[mark])
    return mark + (text if len(text) == 1 or text.find(")") == len(text) - 1 and text[0] == "(" else f"({text})")


def visit_math(translator, node):
    translator.body.append(f'<span {UNTOUCHED}>{Formulas.html(node.astext(), where=node)}</span>')
    raise nodes.SkipNode


def visit_math_block(translator, node):
    tex = node.astext().strip()
    if "\\\\" in tex and "\\begin" not in tex:  # Sphinx's own MathJax renderer does the same for several lines
        tex = r"\begin{aligned}" + tex + r"\end{aligned}"
    number = ""
    if node.get("number"):
        number = f'<span class="eqno">({node["number"]})</span>'
    ids = f' id="{node["ids"][0]}"' if node.get("ids") else ""
    translator.body.append(f'<div {UNTOUCHED}{ids}>{number}{Formulas.html(tex, True, node)}</div>')
    raise nodes.SkipNode


# Formulas inside HTML that the notebooks' widgets wrote.
WIDGET_FORMULA = re.compile(r'<span class="nnlib-math">\\\((.*?)\\\)</span>', re.S)


def typeset_widgets(body, page):
    def typeset(match):
        return f'<span {UNTOUCHED}>{Formulas.html(html.unescape(match[1]), where=page)}</span>'
    return WIDGET_FORMULA.sub(typeset, body)
