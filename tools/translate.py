"""The Chinese edition, made from the English notebooks and pages and from translations/zh_CN/*.po.

    python tools/translate.py --extract     bring the catalogues in step with the English text
    python tools/translate.py --check       say what is left to translate, and what a translation has broken

A unit is what a translator sees at once: a paragraph, a list item, a table row, a heading, a picture's alt text; in
code a comment, a docstring, a string that a reader gets to see. Equal units of one file are translated once. A unit
whose English has changed is *fuzzy*: it is shown in English until somebody has looked (Poedit and Weblate know this).

A string of a program may be both, a key and a word in a table: it is a unit if one place of the chapter shows it, and
it is then replaced at all places, so that keys still fit. A translator who writes the English word again keeps it.
"""

import argparse
import io
import json
import re
import sys
from pathlib import Path

import nbformat
import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.translation.code import translate_code, visible_strings  # noqa: E402
from tools.translation.markdown import translate_markdown  # noqa: E402
from tools.translation.units import faults, has_word  # noqa: E402
from tools.translation.words import words  # noqa: E402

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "translations/zh_CN"
SHIPPED = ROOT / "nnbook/language/zh_CN.json"  # words.po as nnbook reads it
PAGES = ("index.md", "teach.md", "nnlib.md", "glossary.md", "lecture_map.md", "slide_notes.md", "data.md",
         "nnbook/data/README.md")
FIELDS = {"glossary.yml": ("meaning", "symbol"), "lecture_map.yml": ("title", "says", "right")}
MARKED = re.compile(r'\b_\("((?:[^"\\]|\\.)+)"\)')  # words of the page itself, in _ext and _static: _("Search")
HEADER = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def translate_notebook(notebook, t):
    """Replace each unit of a notebook by t(unit, where, what it is); the set-up cell is the same in all chapters."""
    shown = visible_strings(cell.source for cell in notebook.cells if is_code(cell))
    for cell in notebook.cells:
        def told(unit, note="", where=cell.id):
            return t(unit, where, note)

        if is_code(cell):
            cell.source = translate_code(cell.source, shown, told)
            image = cell.metadata.get("mystnb", {}).get("image", {})
            if image.get("alt"):
                image["alt"] = told(image["alt"], "alt text of a picture")
        elif cell.cell_type == "markdown":
            cell.source = translate_markdown(cell.source, told)
    return notebook


def is_code(cell):
    return cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", [])


def translate_rows(name, rows, t):
    """The same for the entries of a YAML file: [{field: text}]."""
    for row in rows:
        for field in FIELDS[name]:
            if has_word(row.get(field, "")):
                row[field] = t(row[field], f"{name} {row.get('id') or row['term']}", field)
    return rows


class Recorder:
    """A `t` that notes the units and changes nothing."""

    def __init__(self):
        self.catalogue = Catalog(locale="zh_CN")

    def __call__(self, unit, where="", note=""):
        message = self.catalogue.add(unit, locations=[(where, None)], auto_comments=[note] if note else [])
        message.flags.discard("python-format")
        message.flags.discard("python-brace-format")
        return unit


def chapter_units(path):
    recorder = Recorder()
    translate_notebook(nbformat.read(path, 4), recorder)
    return recorder.catalogue


def page_units():
    recorder = Recorder()
    for name in PAGES:
        translate_markdown((ROOT / name).read_text("utf8"), lambda unit, note="", name=name: recorder(unit, name, note))
    for name in FIELDS:
        translate_rows(name, yaml.safe_load((ROOT / name).read_text("utf8")), recorder)
    recorder(yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["title"], "_config.yml")
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))["parts"]:
        recorder(part["caption"], "_toc.yml")
    own = [*ROOT.glob("_ext/*.py"), *ROOT.glob("_ext/site/*.js"), *ROOT.glob("_static/*.js")]
    for path in sorted(own):
        for word in MARKED.finditer(path.read_text("utf8")):
            recorder(word[1], str(path.relative_to(ROOT)))
    return recorder.catalogue


def word_units():
    recorder = Recorder()
    for word, where, note in words(ROOT):
        recorder(word, where, note)
    return recorder.catalogue


def all_units():
    """{name of the catalogue: units of today's English text}"""
    chapters = {path.stem: chapter_units(path) for path in sorted((ROOT / "chapters").glob("*.ipynb"))}
    return chapters | {"pages": page_units(), "words": word_units()}


def load(name):
    path = CATALOGUES / f"{name}.po"
    if not path.exists():
        return Catalog(locale="zh_CN")
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN")


def in_step(name, units):
    """The stored catalogue with today's units: what was translated stays, what changed is fuzzy."""
    catalogue = load(name)
    catalogue.update(units)
    return catalogue


def written(catalogue):
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_previous=True)
    return HEADER + file.getvalue().decode()


def messages(catalogue):
    return [message for message in catalogue if message.id]


def is_translated(message):
    return bool(message.string) and not message.fuzzy


def extract():
    CATALOGUES.mkdir(parents=True, exist_ok=True)
    for name, units in all_units().items():
        catalogue = in_step(name, units)
        (CATALOGUES / f"{name}.po").write_text(written(catalogue), "utf8")
        left = sum(not is_translated(message) for message in messages(catalogue))
        print(f"{name}.po: {len(messages(catalogue))} units, {left} to translate")
    SHIPPED.write_text(shipped(), "utf8")


def shipped():
    """words.po as text of the file that the package has: what is translated, and no more."""
    found = {message.id: message.string for message in messages(load("words")) if is_translated(message)}
    return json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def check():
    """What is broken, as a list of sentences."""
    found = []
    for name in [*(path.stem for path in sorted((ROOT / "chapters").glob("*.ipynb"))), "pages", "words"]:
        for message in messages(load(name)):
            if is_translated(message):
                found += [f"{name}.po: {fault}\n    {message.id}\n    {message.string}"
                          for fault in faults(message.id, message.string, message.auto_comments)]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.extract:
        extract()
    if args.check:
        found = check()
        print("\n".join(found) or "no fault")
        return int(bool(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
