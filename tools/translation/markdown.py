"""Markdown as a row of units: each is handed to `t`, and what `t` gives back takes its place."""

import re

from tools.translation.units import has_word

MARKERS = re.compile(r"(?:> ?)*\s*(?:(?:[-*+]|\d+[.)]) +|#+ +)?")
QUOTES = re.compile(r"(?:> ?)*")
OPAQUE = re.compile(r"\([\w-]+\)=$|<!--.*-->$|\|[-:| ]+\|$")  # places, comments, the line below a table's head
HTML = re.compile(r"</?(?:details|summary|div|p|ol|ul|li|svg|b|span|br)\b")
TAGS = re.compile(r"(</?(?!code|em|sub|sup|i\b|strong|kbd)[a-zA-Z][^<>]*>)")
STARTS = re.compile(r"\||```|\$\$|#+ |[-*+] |\d+[.)] |>|\([\w-]+\)=$|<!--")


def translate_markdown(text, t):
    done, lines = [], text.split("\n")
    if lines[0] == "---":
        end = lines.index("---", 1) + 1
        head, lines = lines[:end], lines[end:]
        done += [f"description: {t(line[13:])}" if line.startswith("description: ") else line for line in head]
    while lines:
        size, made = block(lines, t)
        done += made
        lines = lines[size:]
    return "\n".join(done)


def block(lines, t):
    """The first block of these lines: how many lines it has, and the lines that replace it."""
    mark = MARKERS.match(lines[0])[0]
    body = lines[0][len(mark):]
    if not body or OPAQUE.match(body):
        return 1, lines[:1]
    if body.startswith("|"):
        return 1, [mark + t(body, "table row") if has_word(body) else lines[0]]
    if body.startswith("```"):
        return fence(lines, body, t)
    if body.startswith("$$"):
        return formula(lines, mark, body, t)
    size = 1
    while size < len(lines) and goes_on(lines[size], mark):
        size += 1
    if HTML.match(body):
        return size, html("\n".join(lines[:size]), t).split("\n")
    text = " ".join([body, *(QUOTES.sub("", line, count=1).strip() for line in lines[1:size])])
    if not has_word(text):
        return size, lines[:size]
    kind = "heading" if "#" in mark else "list item" if re.search(r"[-*+.)] +$", mark) else ""
    new = t(text, kind)
    return size, lines[:size] if new == text else [mark + new]


def goes_on(line, mark):
    """Does the paragraph go on in this line?"""
    if ">" in mark:
        if not line.startswith(">"):
            return False
        line = QUOTES.sub("", line, count=1)
    return bool(line.strip()) and not STARTS.match(line.lstrip()) and "#" not in mark


def fence(lines, body, t):
    """Program text stays; a fence without a language holds words in columns."""
    end = next(k for k in range(1, len(lines)) if lines[k].strip() == "```")
    inside = "\n".join(lines[1:end])
    if body == "```" and has_word(inside):
        inside = t(inside, "text in columns")
    return end + 1, [lines[0], *inside.split("\n"), lines[end]]


def formula(lines, mark, body, t):
    """A displayed formula is a unit if there are words in it."""
    size, text = 1, body
    while text.count("$$") < 2:
        text += "\n" + lines[size]
        size += 1
    if not has_word(text):
        return size, lines[:size]
    return size, (mark + t(text, "formula")).split("\n")


def html(text, t):
    """The texts between block tags; code, emphasis and the like stay inside their sentence."""
    parts = []
    for part in TAGS.split(text):
        words = " ".join(part.split())
        if part.startswith("<") or not has_word(words):
            parts.append(part)
            continue
        new = t(words)
        before, after = re.match(r"\s*", part)[0], re.search(r"\s*$", part)[0]
        parts.append(part if new == words else before + new + after)
    return "".join(parts)
