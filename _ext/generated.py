"""Pages made from data: lecture map, glossary, notes on the slides, data. Each is a marker in a Markdown file."""

import json
import re
import unicodedata
from pathlib import Path

import edition
import formulas
import nbformat
import reference
from docutils import nodes
from edition import ROOT, _

from tools.translation.markdown import translate_markdown


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
        rows = [row for row in edition.rows("lecture_map.yml") if row["id"][0] == letter]
        parts.append(f"## {title()}\n")
        slides = letter != "X"
        head = [_("Point"), *([_("Slide")] if slides else []), _("In the book")]
        parts.append(f"| {' | '.join(head)} |\n" + "|---" * len(head) + "|")
        for row in rows:
            slide = f"{slide_title(row)} | " if slides else ""
            link = f"{row['title']}: {map_link(row['where'][0])}" if row.get("where") else _("not yet")
            if letter == "E":
                link = f"[{_('Right is')}](slide_notes.md): {row['right']}"
            parts[-1] += f"\n| <span id=\"{row['id']}\"></span>{row['id']} | {slide}{link} |"
    return "\n\n".join(parts)


LECTURES = {"A": lambda: _("Lecture A, slide by slide"), "B": lambda: _("Lecture B, slide by slide"),
            "X": lambda: _("Beyond the lectures"), "E": lambda: _("Where a slide is wrong")}


def slide_title(row):
    return row["slide"] if edition.is_chinese() else f"{row['slide']}<br>{row['slide_en']}"


def points_of(root, chapter):
    """{heading: points of the lectures} of a chapter, for the corner of its slides."""
    points = {}
    for row in edition.rows("lecture_map.yml"):
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
    """Every term with its other name, each a place that chapters link to, by its name in the language of the edition;
    then the names in the other language."""
    parts, letter, rows = [], "", terms(root)
    english, chinese = (lambda row: row["term"].lower()), (lambda row: by_pinyin(row["pinyin"]))
    for row in sorted(rows, key=chinese if edition.is_chinese() else english):
        first = by_pinyin(row["pinyin"])[0] if edition.is_chinese() else row["term"]
        if first[0].upper() != letter:
            letter = first[0].upper()
            parts.append(f"## {letter}")
        parts.append(f"({place(row)})=\n{glossary_entry(row)} {map_link(row['where'])}")
    if edition.is_chinese():
        parts.append("## 按英文 · In English")
        lines = [f"[{row['term']}](#{place(row)}) {row['chinese']}" for row in sorted(rows, key=english)]
    else:
        parts.append("## 按拼音 · By pinyin")
        lines = [f"[{row['chinese']}](#{place(row)}) {row['pinyin']}, {row['term']}"
                 for row in sorted(rows, key=chinese)]
    return "\n\n".join(parts) + "\n\n" + "\n".join(f"- {line}" for line in lines)


def glossary_entry(row):
    symbol = f", {row['symbol']}" if row.get("symbol") else ""
    also = _(" (also: {names})", names=", ".join(row["also"])) if row.get("also") else ""
    names = (row["chinese"], row["term"]) if edition.is_chinese() else (row["term"], row["chinese"])
    return f"**{names[0]}** · {names[1]}{symbol}{also}: {row['meaning']}"


def by_pinyin(text):
    """Letters first, tones (the accents) where letters are equal."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)), text


def terms(root):
    return edition.rows("glossary.yml")


def place(row):
    return "term-" + re.sub(r"\W+", "-", row["term"].lower())


def link_terms(app, doctree, docname):
    """A bold term that a chapter defines, **term** (中文), leads to the glossary and tells its meaning on the spot."""
    if not docname.startswith("chapters/"):
        return
    mark_notes(doctree, Path(docname).name)
    known = {name.lower(): row for row in terms(Path(app.srcdir))
             for name in (row["chinese"] if edition.is_chinese() else row["term"], row["term"], *row.get("also", []))}
    other = r"\s*（.*[A-Za-z]" if edition.is_chinese() else r"\s*\(.*[\u4e00-\u9fff]"  # its name in the other language
    for strong in list(doctree.findall(nodes.strong)):
        row = known.get(" ".join(strong.astext().lower().split()))
        after = strong.next_node(descend=False, siblings=True)
        if row and isinstance(after, nodes.Text) and re.match(other, after.astext()):
            uri = app.builder.get_relative_uri(docname, "glossary") + "#" + place(row)
            name = row["term"] if edition.is_chinese() else f"{row['chinese']} ({row['pinyin']})"
            meaning = f"{name}: {formulas.spelt_out(row['meaning'])}"
            link = nodes.reference("", "", internal=True, refuri=uri, classes=["term"], reftitle=meaning)
            strong.replace_self(link)
            link += strong


NOTE = re.compile(r"(?:Notes? on the slides|课件勘误)(?: ?[(（]([^)）]*)[)）])?")
SLIDE_NOTE = re.compile(r"^> \*\*(" + NOTE.pattern + r")[.。]?\*\*(.*(?:\n>.*)*)", re.M)
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
    for row in edition.rows("lecture_map.yml"):
        if row["id"][0] != "E":
            continue
        places = [(chapter, place) for chapter, place, *_rest in found if place == f"note-{row['id'].lower()}"]
        links = ", ".join(f'<a href="chapters/{chapter}.html#{place}">' + _(
            "the note in chapter {number}, and the cell that proves it", number=int(chapter[:2])) + "</a>"
            for chapter, place in places)
        title = row["slide"] if edition.is_chinese() else row["slide_en"]
        parts += [f"## {row['id']}: {title}",
                  _("Lecture {lecture}, slide *{slide}*.", lecture=row["lecture"], slide=row["slide"]),
                  _("**The slide says:** {words}.", words=row["says"]), _("**Right is:** {words}.", words=row["right"]),
                  _("This may be a fault of the slide's transcription, which is all that we have.")
                  if row.get("transcription") else "", _("See {links}.", links=links) if links else ""]
    others = [note for note in found if not NUMBER.search(note[2])]
    parts += ["## " + _("Without a number")] if others else []
    for chapter, place, label, words in others:
        title = f"*{label[0].upper()}{label[1:]}.* " if label else ""
        link = _("Chapter {number}", number=int(chapter[:2]))
        parts.append(f'{title}{words} <a href="chapters/{chapter}.html#{place}">{link}</a>')
    return "\n\n".join(filter(None, parts))


def data_cards(root):
    """What the data sets' own page says, its table as a card for each set."""
    text = (ROOT / "nnbook/data/README.md").read_text("utf8")
    text = translate_markdown(text, lambda unit, note="": _(unit)) if edition.is_chinese() else text
    table = re.search(r"(?m)(?:^\|.*\n)+", text)
    lines = table[0].strip().split("\n")
    head, _rule, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    cards = []
    for file, loader, content, *more in rows:
        lines = [f"**{title[0].upper()}{title[1:]}:** {cell}" for title, cell in zip(head[3:], more, strict=True)]
        cards.append("\n\n".join(['<div class="data-card">', f"**{file}** · {loader}", content, *lines, "</div>"]))
    return text.replace(table[0], '<div class="data-cards">\n\n' + "\n\n".join(cards) + "\n\n</div>\n")


MARKERS = {"<!-- lecture map -->": lecture_map, "<!-- glossary -->": glossary, "<!-- slide notes -->": slide_notes,
           "<!-- data -->": data_cards}
