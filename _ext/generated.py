"""Pages made from data: lecture map, glossary, notes on the slides. Each is a marker in a Markdown file."""

import re
from pathlib import Path

import nbformat
import yaml
from mdit_py_plugins.anchors.index import slugify


def fill_in(text, source_dir):
    """Replace the markers of generated content in a page's Markdown."""
    for marker, make in MARKERS.items():
        if marker in text:
            text = text.replace(marker, make(Path(source_dir)))
    return text


def lecture_map(root):
    """Every point of the lectures, with links to where the book treats it."""
    lines = ["| Point | What it says | Where the book treats it |", "|---|---|---|"]
    for row in read_yaml(root / "lecture_map.yml"):
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


def glossary(root):
    """Every term with its Chinese name, in alphabetical order; the heading's slug is what chapters link to."""
    terms = sorted(read_yaml(root / "glossary.yml"), key=lambda row: row["term"].lower())
    return "\n\n".join(
        f"## {row['term']}\n\n**{row['chinese']}**" + (f", {row['symbol']}" if row.get("symbol") else "")
        + f". {row['meaning']} Defined in {map_link(row['where'])}." for row in terms)


SLIDE_NOTE = re.compile(r"^> \*\*Notes? on the slides \((E\d\d(?:, E\d\d)*)\)\.?\*\*.*(?:\n>.*)*", re.M)


def slide_notes(root):
    """The notes on the slides, in the chapters' words, each with a link to the place that computes it."""
    parts = []
    for path in sorted((root / "chapters").glob("*.ipynb")):
        heading = ""
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type != "markdown":
                continue
            for block in re.split(r"(?m)^(?=#{1,4} )", cell.source):
                found = re.match(r"#{1,4} (.*)", block)
                heading = found[1].strip() if found else heading
                for note in SLIDE_NOTE.finditer(block):
                    link = map_link(f"{path.stem}#{slugify(heading)}")
                    parts.append((note[1], f"{note[0]}\n>\n> See {link}."))
    return "\n\n".join(text for _, text in sorted(parts)) or "No notes yet."


def read_yaml(path):
    return yaml.safe_load(path.read_text("utf8"))


MARKERS = {"<!-- lecture map -->": lecture_map, "<!-- glossary -->": glossary, "<!-- slide notes -->": slide_notes}
