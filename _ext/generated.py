"""Pages made from data: lecture map, glossary, notes on the slides. Each is a marker in a Markdown file."""

import re
from pathlib import Path

import nbformat
import reference
import yaml
from docutils import nodes
from mdit_py_plugins.anchors.index import slugify


def fill_in(text, source_dir):
    """Replace the markers of generated content in a page's Markdown."""
    for marker, make in MARKERS.items():
        if marker in text:
            text = text.replace(marker, make(Path(source_dir)))
    return reference.fill_in(text)


def lecture_map(root):
    """Every point of the lectures, with links to where the book treats it."""
    lines = ["| Point | What it says | Where the book treats it |", "|---|---|---|"]
    for row in read_yaml(root / "lecture_map.yml"):
        links = ", ".join(map(map_link, row["where"])) or "not yet"
        lines.append(f"| <span id=\"{row['id']}\"></span>{row['id']} | {row['title']} | {links} |")
    return "\n".join(lines)


def map_link(where):
    page, _, heading = where.partition("#")
    if re.match(r"\d\d_", page):
        page = f"chapters/{page}.ipynb"
    else:
        page += ".md"
    return f"[](/{page}{'#' + heading if heading else ''})"


def glossary(root):
    """Every term with its Chinese name, in alphabetical order, each a place that chapters link to."""
    parts, letter = [], ""
    for row in sorted(terms(root), key=lambda row: row["term"].lower()):
        if row["term"][0].upper() != letter:
            letter = row["term"][0].upper()
            parts.append(f"## {letter}")
        symbol = f", {row['symbol']}" if row.get("symbol") else ""
        parts.append(f"({place(row)})=\n**{row['term']}** · {row['chinese']}{symbol}: {row['meaning']} "
                     f"{map_link(row['where'])}")
    return "\n\n".join(parts)


def terms(root):
    return read_yaml(root / "glossary.yml")


def place(row):
    return "term-" + re.sub(r"\W+", "-", row["term"].lower())


def link_terms(app, doctree, docname):
    """A bold term that a chapter defines, **term** (中文), leads to the glossary."""
    if not docname.startswith("chapters/"):
        return
    known = {name.lower(): row for row in terms(Path(app.srcdir)) for name in (row["term"], *row.get("also", []))}
    for strong in list(doctree.findall(nodes.strong)):
        row = known.get(" ".join(strong.astext().lower().split()))
        after = strong.next_node(descend=False, siblings=True)
        if row and isinstance(after, nodes.Text) and re.match(r"\s*\(.*[\u4e00-\u9fff]", after.astext()):
            uri = app.builder.get_relative_uri(docname, "glossary") + "#" + place(row)
            link = nodes.reference("", "", internal=True, refuri=uri, classes=["term"])
            strong.replace_self(link)
            link += strong


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
