"""Pages made from data: lecture map, glossary, notes on the slides, data. Each is a marker in a Markdown file."""

import json
import re
import unicodedata
from pathlib import Path

import formulas
import nbformat
import reference
import yaml
from docutils import nodes


def fill_in(text, source_dir):
    """Replace the markers of generated content in a page's Markdown."""
    for marker, make in MARKERS.items():
        if marker in text:
            text = text.replace(marker, make(Path(source_dir)))
    return reference.fill_in(text)


def lecture_map(root):
    """Every point of the lectures, in the order of the slides, with a link to where the book treats it."""
    parts = []
    for letter, title in LECTURES.items():
        rows = [row for row in read_yaml(root / "lecture_map.yml") if row["id"][0] == letter]
        parts.append(f"## {title}\n")
        slides = letter != "X"
        parts.append("| Point | " + ("Slide | " if slides else "") + "In the book |\n" + "|---" * (2 + slides) + "|")
        for row in rows:
            slide = f"{row['slide']}<br>{row['slide_en']} | " if slides else ""
            link = f"{row['title']}: {map_link(row['where'][0])}" if row.get("where") else "not yet"
            if letter == "E":
                link = f"[Right is](slide_notes.md): {row['right']}"
            parts[-1] += f"\n| <span id=\"{row['id']}\"></span>{row['id']} | {slide}{link} |"
    return "\n\n".join(parts)


LECTURES = {"A": "Lecture A, slide by slide", "B": "Lecture B, slide by slide", "X": "Beyond the lectures",
            "E": "Where a slide is wrong"}


def points_of(root, chapter):
    """{heading: points of the lectures} of a chapter, for the corner of its slides."""
    points = {}
    for row in read_yaml(root / "lecture_map.yml"):
        for where in row.get("where", []):
            page, _, heading = where.partition("#")
            if page == chapter:
                points[heading] = f"{points[heading]}, {row['id']}" if heading in points else row["id"]
    return f'<script type="application/json" id="lecture-points">{json.dumps(points)}</script>'


def map_link(where):
    page, _, heading = where.partition("#")
    if re.match(r"\d\d_", page):
        page = f"chapters/{page}.ipynb"
    else:
        page += ".md"
    return f"[](/{page}{'#' + heading if heading else ''})"


def glossary(root):
    """Every term with its Chinese name, each a place that chapters link to; then the same by pinyin."""
    parts, letter, rows = [], "", terms(root)
    for row in sorted(rows, key=lambda row: row["term"].lower()):
        if row["term"][0].upper() != letter:
            letter = row["term"][0].upper()
            parts.append(f"## {letter}")
        symbol = f", {row['symbol']}" if row.get("symbol") else ""
        also = f" (also: {', '.join(row['also'])})" if row.get("also") else ""
        parts.append(f"({place(row)})=\n**{row['term']}** · {row['chinese']}{symbol}{also}: {row['meaning']} "
                     f"{map_link(row['where'])}")
    parts.append("## 按拼音 · By pinyin")
    lines = [f"[{row['chinese']}](#{place(row)}) {row['pinyin']}, {row['term']}"
             for row in sorted(rows, key=lambda row: by_pinyin(row["pinyin"]))]
    return "\n\n".join(parts) + "\n\n" + "\n".join(f"- {line}" for line in lines)


def by_pinyin(text):
    """Letters first, tones (the accents) where letters are equal."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)), text


def terms(root):
    return read_yaml(root / "glossary.yml")


def place(row):
    return "term-" + re.sub(r"\W+", "-", row["term"].lower())


def link_terms(app, doctree, docname):
    """A bold term that a chapter defines, **term** (中文), leads to the glossary and tells its meaning on the spot."""
    if not docname.startswith("chapters/"):
        return
    mark_notes(doctree, Path(docname).name)
    known = {name.lower(): row for row in terms(Path(app.srcdir)) for name in (row["term"], *row.get("also", []))}
    for strong in list(doctree.findall(nodes.strong)):
        row = known.get(" ".join(strong.astext().lower().split()))
        after = strong.next_node(descend=False, siblings=True)
        if row and isinstance(after, nodes.Text) and re.match(r"\s*\(.*[\u4e00-\u9fff]", after.astext()):
            uri = app.builder.get_relative_uri(docname, "glossary") + "#" + place(row)
            meaning = f"{row['chinese']} ({row['pinyin']}): {formulas.spelt_out(row['meaning'])}"
            link = nodes.reference("", "", internal=True, refuri=uri, classes=["term"], reftitle=meaning)
            strong.replace_self(link)
            link += strong


NOTE = re.compile(r"Notes? on the slides(?: \(([^)]*)\))?")
SLIDE_NOTE = re.compile(r"^> \*\*(" + NOTE.pattern + r")\.?\*\*(.*(?:\n>.*)*)", re.M)
NUMBER = re.compile(r"E\d\d")


def mark_notes(doctree, chapter):
    """Give each note on the slides a place to link to, the same that `notes` names."""
    count = 0
    for quote in doctree.findall(nodes.block_quote):
        strong = next(iter(quote.findall(nodes.strong)), None)
        found = strong is not None and NOTE.match(strong.astext())
        if found:
            count += 1
            quote["ids"] += note_places(chapter, count, found[1])
            quote["classes"].append("slide-note")


def note_places(chapter, count, label):
    numbers = NUMBER.findall(label or "")
    return [f"note-{number.lower()}" for number in numbers] or [f"note-{chapter[:2]}-{count}"]


def notes(root):
    """(chapter, place, label, text) of each note on the slides in the chapters; a note on two errors comes twice."""
    for path in sorted((root / "chapters").glob("*.ipynb")):
        text = "\n\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
        for count, note in enumerate(SLIDE_NOTE.finditer(text), 1):
            words = " ".join(re.sub(r"(?m)^> ?", "", note[3]).split())
            for place in note_places(path.stem, count, note[2]):
                yield path.stem, place, note[2] or "", words


def slide_notes(root):
    """All errors of the slides by number: what is said, what is right, where it is proved; then those without one."""
    found = list(notes(root))
    parts = []
    for row in read_yaml(root / "lecture_map.yml"):
        if row["id"][0] != "E":
            continue
        places = [(chapter, place) for chapter, place, *_ in found if place == f"note-{row['id'].lower()}"]
        links = ", ".join(f'<a href="chapters/{chapter}.html#{place}">the note in chapter {int(chapter[:2])}, and the '
                          f"cell that proves it</a>" for chapter, place in places)
        parts += [f"## {row['id']}: {row['slide_en']}", f"Lecture {row['lecture']}, slide *{row['slide']}*.",
                  f"**The slide says:** {row['says']}.", f"**Right is:** {row['right']}.",
                  "This may be a fault of the slide's transcription, which is all that we have."
                  if row.get("transcription") else "", f"See {links}." if links else ""]
    parts.append("## Without a number")
    for chapter, place, label, words in found:
        if not NUMBER.search(label):
            title = f"*{label[0].upper()}{label[1:]}.* " if label else ""
            parts.append(f'{title}{words} <a href="chapters/{chapter}.html#{place}">Chapter {int(chapter[:2])}</a>')
    return "\n\n".join(filter(None, parts))


def data_cards(root):
    """What the data sets' own page says, its table as a card for each set."""
    text = (root / "nnbook/data/README.md").read_text("utf8")
    table = re.search(r"(?m)(?:^\|.*\n)+", text)
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[0].strip().split("\n")]
    cards = []
    for file, loader, content, *more in rows:
        lines = [f"**{title[0].upper()}{title[1:]}:** {cell}" for title, cell in zip(head[3:], more, strict=True)]
        cards.append("\n\n".join(['<div class="data-card">', f"**{file}** · {loader}", content, *lines, "</div>"]))
    return text.replace(table[0], '<div class="data-cards">\n\n' + "\n\n".join(cards) + "\n\n</div>\n")


def read_yaml(path):
    return yaml.safe_load(path.read_text("utf8"))


MARKERS = {"<!-- lecture map -->": lecture_map, "<!-- glossary -->": glossary, "<!-- slide notes -->": slide_notes,
           "<!-- data -->": data_cards}
