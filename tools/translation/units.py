"""What a translation must keep of its unit: formulas, code, links, tags, placeholders, the lectures' points."""

import ast
import re
from collections import Counter

from markdown_it import MarkdownIt

FORMULA = r"\$\$.*?\$\$|\$[^$\n]+\$"
CODE = r"`[^`\n]+`"
TAG = r"<[/!]?[a-zA-Z][^<>]*>|&\w+;"
TARGET = r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)"
KEPT = re.compile("|".join([
    rf"(?P<formula>{FORMULA})", rf"(?P<code>{CODE})", rf"(?P<tag>{TAG})", rf"(?P<link>{TARGET})",
    r"(?P<role>\{[a-z:]+\}(?=`))", r"(?P<bold>\*\*)", r"(?P<point>\b[ABEX]\d\d\b)"]), re.S)
FIELD = re.compile(r"(?<!\{)\{(?!\{)(?:[^{}]|\{[^{}]*\})*\}")
HAN = re.compile(r"[\u3400-\u9fff]")


def has_word(text):
    """Is there anything to translate: two letters that are neither formula nor code nor a link's target?"""
    plain = re.sub("|".join([FORMULA, CODE, TAG, TARGET]), "", text, flags=re.S)
    return bool(re.search(r"[A-Za-z]{2}", plain) or re.search(r"\\text\{[^{}]*[A-Za-z]{2}", text))


def kept(text):
    """The pieces that a translation must have, too, in any order."""
    pieces = Counter()
    for found in KEPT.finditer(text):
        piece = " ".join(found[0].split())
        if found.lastgroup == "formula":
            piece = re.sub(r"\\text(?:bf|it)?\{[^{}]*\}", r"\\text{}", piece)
        pieces[piece] += 1
    return pieces


def placeholders(text):
    """What an f-string computes and how many digits it shows; the width of a column may change."""
    found = Counter()
    for field in FIELD.findall(text):
        try:
            *_, value = ast.parse(f"f'''{field}'''").body[0].value.values
        except SyntaxError:
            found[field] += 1
            continue
        digits = ast.unparse(value.format_spec)[2:-1] if value.format_spec else ""
        found[ast.unparse(value.value), value.conversion, re.sub(r"^.?[<>^]|\{.*?\}|(?<![.\d])\d+|s$", "", digits)] += 1
    return found


def faults(unit, translation, notes=()):
    """What is wrong with a translation, as a list of sentences."""
    if translation == unit:
        return []
    found = []
    is_f, is_string = "f-string" in " ".join(notes), "string" in " ".join(notes)
    if is_f and placeholders(unit) != placeholders(translation):
        found.append(difference("placeholders", placeholders(unit), placeholders(translation)))
    if not is_string and kept(unit) != kept(translation):
        found.append(difference("pieces", kept(unit), kept(translation)))
    if is_string:
        for what, pattern in (("a line break \\n", r"\\n"), ("a quotation mark", r'(?<!\\)"'), ("$", r"\$")):
            if len(re.findall(pattern, unit)) != len(re.findall(pattern, translation)):
                found.append(f"{what} came or went")
        for what, pattern in (("begin", r"^\s"), ("end", r"\s$")):
            if bool(re.search(pattern, unit)) != bool(re.search(pattern, translation)):
                found.append(f"only one of the two {what}s with a space")
    elif unstarred(unit) < unstarred(translation):
        found.append("stars that mark nothing: a closing ** after a punctuation mark needs a space behind it")
    if unit.startswith("|") and len(re.findall(r"(?<!\\)\|", unit)) != len(re.findall(r"(?<!\\)\|", translation)):
        found.append("another number of columns")
    if ("\n" in translation) and "\n" not in unit:
        found.append("a line break")
    if not HAN.search(translation) and re.sub(r"\W", "", translation) != re.sub(r"\W", "", unit):
        found.append("no Chinese")
    if re.search(r"[\u3400-\u9fff][,;?!](?!\w)|[\u3400-\u9fff]\.(?=$|\s)", translation):
        found.append("Western punctuation after a Chinese character")
    return found


def unstarred(text):
    """Stars that Markdown leaves as they are, since they neither open nor close."""
    return re.sub(r"<[^>]*>", "", MarkdownIt().renderInline(re.sub("|".join([FORMULA, CODE]), "x", text))).count("*")


def difference(what, before, after):
    return f"{what}: lost {list((before - after).elements())}, new {list((after - before).elements())}"
