"""The page about nnlib: each marker `<!-- nnlib: NAME -->` becomes what the docstring of NAME says."""

import html
import inspect
import re

import edition

import nnlib

MARKER = re.compile(r"^<!-- nnlib: (\w+) -->$", re.M)
POINT = r"[ABXE]\d\d"
TAG = re.compile(rf"\s*\[({POINT}(?:[–-]{POINT}|, )?(?:{POINT})?(?:, {POINT})*)\]")


def fill_in(text):
    if not MARKER.search(text):
        return text
    text = text.replace("\n\n```\n", "\n```\n")  # doctest wants an empty line at the end of an example, readers do not
    return MARKER.sub(lambda found: entry(found[1]), text)


def entry(name):
    """Heading, signature, docstring and methods of a public name."""
    value = getattr(nnlib, name)
    own = methods(value) if inspect.isclass(value) else []
    text = [code(on_lines(name + signature(value))), markdown(inspect.getdoc(value)), *own]
    if edition.is_chinese():  # the docstrings stay as they are
        text = ['<div lang="en">', *text, "</div>"]
    return "\n\n".join([f"### {name}", *text])


def methods(cls):
    """Those that the class itself explains."""
    parts = []
    for name, value in vars(cls).items():
        function = value.fget if isinstance(value, property) else value
        if name.startswith("_") or not inspect.isfunction(function) or not function.__doc__:
            continue
        head = f".{name}" + ("" if isinstance(value, property) else signature(function))
        parts.append(f"`{head}`\n: {markdown(inspect.getdoc(function), between=' ')}")
    return parts


def signature(value):
    """As one would write it: without self, without the modules of the types."""
    try:
        text = str(inspect.signature(value))
    except ValueError:
        return ""
    text = re.sub(r"\b(?:nnlib|numpy|collections|typing|os)(?:\.[a-z_]+)*\.(?=[A-Za-z])", "", text)
    text = re.sub(r"\(self(?:, /)?(?:, )?", "(", text).replace("ndarray", "Array")
    return re.sub(r" -> (None|Self)$", "", text).replace("'Layer'", "Layer")


def on_lines(text, width=60):
    """A long signature with one argument on each line, so that it fits a phone."""
    if len(text) <= width:
        return text
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        parts[-1] += letter
        if (letter == "(" and depth == 1 and len(parts) == 1) or (letter == "," and depth == 1):
            parts.append("    ")
    return "\n".join(part if k == 0 else "    " + part.strip() for k, part in enumerate(parts))


def markdown(text, between="\n\n"):
    """Paragraphs as text; lines in two columns, as the arguments of `fit`, as a list of terms."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.splitlines()
        if all(re.match(r"\S.*? {2,}\S|\s{6,}\S", line) for line in lines) and re.match(r"[\w, ()]*? {3,}\S", lines[0]):
            rows = re.sub(r"\n\s+", " ", paragraph).split("\n")
            parts.append("\n\n".join(f"`{term}`\n: {escaped(meaning)}" for term, meaning in
                                     (re.split(r" {2,}", row, maxsplit=1) for row in rows)))
        else:
            broken = [line + "<br>" if shapes(line, after) else line
                      for line, after in zip(lines, [*lines[1:], ""], strict=True)]
            parts.append("\n".join(map(escaped, broken)))
    return between.join(parts)


def shapes(line, after):
    """Does a line break belong here: between lines that say what x, h0, U … are?"""
    return bool(re.match(r"[\w`, .]{1,24}(?: \(|:)", after)) and not line.endswith(",")


def code(text):
    return f"```text\n{text}\n```"


def escaped(line):
    """A line of a docstring for Markdown: `code` stays, tags become links, everything else is text."""
    parts = re.split(r"(`[^`]*`|<br>)", line)
    for k in range(0, len(parts), 2):
        text = re.sub(r"\b(\w)_(?:\{([^}]+)\}|(\w)\b)", r"\1<sub>\2\3</sub>", html.escape(parts[k], quote=False))
        text = re.sub(r"([\\*_$|#~\[\]])", r"\\\1", text)
        parts[k] = TAG.sub(links, text.replace("\\[", "[").replace("\\]", "]")) if TAG.search(parts[k]) else text
    return "".join(parts)


def links(found):
    """[A27, E02]: each point leads to its row of the lecture map."""
    points = re.sub(POINT, lambda point: f'<a href="lecture_map.html#{point[0]}">{point[0]}</a>', found[1])
    return f" ({points})"
