"""The Chinese edition, made from the English notebooks and pages and from translations/zh_CN/*.po.

    python tools/translate.py --extract          bring the catalogues in step with the English text
    python tools/translate.py --write [04 …]     write zh/ anew: pages, and these chapters or all
    python tools/translate.py --check            say what a translation has broken
    python tools/translate.py --count            say how much is left to translate

A unit is what a translator sees at once: a paragraph, a list item, a table row, a heading, a picture's caption or alt
text; in code a comment, a docstring, a string that a reader gets to see. Equal units of one file are translated once.
A unit whose English has changed is *fuzzy*: it is shown in English until somebody has looked (Poedit and Weblate know
this).

A string of a program may be both, a key and a word in a table: it is a unit if one place of the chapter shows it, and
it is then replaced at all places, so that keys still fit. A translator who writes the English word again keeps it.

zh/ is committed, since Colab, Binder and downloads need it; `make notebooks` writes it and runs what has changed.
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
from babel.messages.pofile import read_po, unescape, write_po

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.notebooks import SETUP_CHINESE, canonical, is_setup, stored  # noqa: E402
from tools.outputs import FINGERPRINT  # noqa: E402
from tools.translation.code import translate_code, visible_strings  # noqa: E402
from tools.translation.markdown import translate_markdown  # noqa: E402
from tools.translation.units import faults, has_word  # noqa: E402
from tools.translation.words import words  # noqa: E402

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "translations/zh_CN"
SHIPPED = ROOT / "nnbook/language/zh_CN.json"  # words.po as nnbook reads it
CHINESE = ROOT / "zh"
PAGES = ("index.md", "teach.md", "nnlib.md", "glossary.md", "lecture_map.md", "slide_notes.md", "data.md",
         "nnbook/data/README.md")
FIELDS = {"glossary.yml": ("meaning", "symbol"), "lecture_map.yml": ("title", "says", "right"),
          "openings.yml": ("says",)}
MARKED = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]')  # words of the page itself, in _ext and _static
HEADER = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def translate_notebook(notebook, t):
    """Replace each unit of a notebook by t(unit, where, what it is); the set-up cell is the same in all chapters."""
    shown = visible_strings(cell.source for cell in notebook.cells if is_code(cell))
    for cell in notebook.cells:
        def told(unit, note="", where=cell.id):
            return t(unit, where, note)

        if is_code(cell):
            cell.source = translate_code(cell.source, shown, told)
            shape = cell.metadata.get("mystnb", {})
            for kind, field, note in (("image", "alt", "alt text of a picture"),
                                      ("figure", "caption", "caption of a picture")):
                if shape.get(kind, {}).get(field):
                    shape[kind][field] = told(shape[kind][field], note)
            for prompt in sorted({"code_prompt_show", "code_prompt_hide"} & set(shape)):
                shape[prompt] = told(shape[prompt], "line that opens or closes a cell")
        elif cell.cell_type == "markdown":
            cell.source = translate_markdown(cell.source, told)
    return notebook


def is_code(cell):
    return cell.cell_type == "code" and not is_setup(cell)


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
        translate_rows(name, read_yaml(ROOT / name), recorder)
    for text in config_units():
        recorder(text, "_config.yml")
    for part in read_yaml(ROOT / "_toc.yml")["parts"]:
        recorder(part["caption"], "_toc.yml")
    for kind in ("_ext/*.py", "_ext/site/*.js", "_static/*.js"):
        for word in marked_words(kind):
            recorder(word, kind)
    return recorder.catalogue


def word_units():
    recorder = Recorder()
    for word, where, note in words(ROOT):
        recorder(word, where, note)
    return recorder.catalogue


def marked_words(kind):
    return [word[1] for path in sorted(ROOT.glob(kind)) for word in MARKED.finditer(path.read_text("utf8"))]


def script_words():
    """What the scripts of a page say."""
    return [*marked_words("_ext/site/*.js"), *marked_words("_static/*.js")]


def config_units():
    """The texts of _config.yml, the longer ones first: the author's name holds the title."""
    config = read_yaml(ROOT / "_config.yml")
    footer = re.findall(r"<p>(.*?)</p>", config["html"]["extra_footer"])
    return sorted([config["title"], config["author"], *footer], key=len, reverse=True)


def read_yaml(path):
    return yaml.load(path.read_text("utf8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # in C, where that is built


def all_units():
    """{name of the catalogue: units of today's English text}"""
    return {path.stem: chapter_units(path) for path in chapters([])} | {"pages": page_units(), "words": word_units()}


def load(name):
    path = CATALOGUES / f"{name}.po"
    if not path.exists():
        return Catalog(locale="zh_CN")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    for block in path.read_text("utf8").split("\n\n"):  # Babel writes the former English, and does not read it
        old, new = (re.findall(rf"^{mark}(.*)", block.split("\nmsgstr")[0], re.M) for mark in
                    (r"#\| (?:msgid )?", '(?:msgid )?(?=")'))
        if old:
            catalogue[quoted(new)].previous_id = [quoted(old)]
    return catalogue


def quoted(lines):
    """What adjacent strings of a PO file say."""
    return "".join(map(unescape, re.findall(r'"(?:[^"\\]|\\.)*"', " ".join(lines))))


def in_step(name, units):
    """The stored catalogue with today's units: what was translated stays, what changed is fuzzy."""
    catalogue = load(name)
    former = {message.id: message.previous_id for message in messages(catalogue)}
    catalogue.update(units)
    for message in messages(catalogue):
        if message.fuzzy and not message.previous_id:
            message.previous_id = former.get(message.id, [])
    return catalogue


def written(catalogue):
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_previous=True)
    return HEADER + file.getvalue().decode()


def messages(catalogue):
    return [message for message in catalogue if message.id]


def is_translated(message):
    return bool(message.string) and not message.fuzzy


def extract(say=True):
    CATALOGUES.mkdir(parents=True, exist_ok=True)
    for name, units in all_units().items():
        catalogue = in_step(name, units)
        (CATALOGUES / f"{name}.po").write_text(written(catalogue), "utf8")
        left = sum(not is_translated(message) for message in messages(catalogue))
        if say:
            print(f"{name}.po: {len(messages(catalogue))} units, {left} to translate")
    SHIPPED.write_text(shipped(), "utf8")


def shipped():
    """words.po as text of the file that the package has: what is translated, and no more."""
    return json.dumps(translation("words"), ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def check():
    """What is broken, as a list of sentences."""
    found = []
    for name in [*(path.stem for path in chapters([])), "pages", "words"]:
        for message in messages(load(name)):
            if is_translated(message):
                found += [f"{name}.po: {fault}\n    {message.id}\n    {message.string}"
                          for fault in faults(message.id, message.string, message.auto_comments)]
    return found


# ---- zh/


def translation(name):
    """{English: Chinese} of what is translated in a catalogue."""
    return {message.id: message.string for message in messages(load(name)) if is_translated(message)}


def chinese_notebook(path):
    """The Chinese form of a chapter, as text. Cells whose program is as before keep the outputs that they have."""
    known = translation(path.stem)
    notebook = translate_notebook(nbformat.read(path, 4), lambda unit, where, note: known.get(unit, unit))
    target = CHINESE / "chapters" / path.name
    before = nbformat.read(target, 4).cells if target.exists() else []
    ran = {(cell.id, cell.source): cell for cell in before if cell.cell_type == "code"}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.source = SETUP_CHINESE if is_setup(cell) else cell.source
        old = ran.get((cell.id, cell.source))
        cell.outputs, cell.execution_count = (old.outputs, old.execution_count) if old else ([], None)
        cell.metadata.pop(FINGERPRINT, None)
        if old and FINGERPRINT in old.metadata:
            cell.metadata[FINGERPRINT] = old.metadata[FINGERPRINT]
    return stored(canonical(notebook, chinese=True))


def chinese_pages():
    """{path in zh/: its text} of all that is no notebook."""
    known = translation("pages")
    files = {}
    for name in (name for name in PAGES if "/" not in name):
        text = translate_markdown((ROOT / name).read_text("utf8"), lambda unit, note="": known.get(unit, unit))
        files[name] = text.replace(*SWITCH)
    config = (ROOT / "_config.yml").read_text("utf8")
    for text in config_units():
        config = config.replace(text, known.get(text, text))
    for english, chinese in CONFIG.items():
        if english not in config:
            raise SystemExit(f"_config.yml has no {english!r}, which is another in the Chinese edition")
        config = config.replace(english, chinese)
    files["_config.yml"] = "# Made by tools/translate.py from _config.yml.\n" + config
    toc = re.sub(r"caption: (.*)", lambda found: f"caption: {known.get(found[1], found[1])}",
                 (ROOT / "_toc.yml").read_text("utf8"))
    return files | {"_toc.yml": "# Made by tools/translate.py from _toc.yml.\n" + toc}


CONFIG = {  # what is another in the Chinese edition's _config.yml
    "_static/": "../_static/", "local_extensions:\n    book: _ext": "local_extensions:\n    book: ../_ext",
    "references.bib": "../references.bib",
    "language: en": "language: zh_CN\n    html_static_path: [../_static]\n"  # which Jupyter Book finds only beside it
                    "    html_css_files: [book.css, katex/katex.css]\n    html_js_files: [book.js, reading.js]",
    "  branch: main": "  branch: main\n  path_to_book: zh", "figure: Figure %s": "figure: 图 %s",
    "The one place that names the repository.": "Named in the English _config.yml.",
}
SWITCH = ('<a href="zh/index.html" lang="zh-CN" hreflang="zh-CN">中文版</a>',
          '<a href="../index.html" lang="en" hreflang="en">English</a>')


def write(chapters):
    for name, text in chinese_pages().items():
        write_if_new(CHINESE / name, text)
    for path in chapters:
        write_if_new(CHINESE / "chapters" / path.name, chinese_notebook(path))


def write_if_new(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf8") != text:
        path.write_text(text, "utf8")


def untranslated(name):
    """How many of today's units of a page or chapter, or of the words of widgets, are shown in English."""
    if name == "words":
        known, units = translation(name), messages(word_units())
    elif (ROOT / "chapters" / f"{name}.ipynb").exists():
        known, units = translation(name), messages(chapter_units(ROOT / "chapters" / f"{name}.ipynb"))
    else:
        known, sources = translation("pages"), PAGE_SOURCES.get(name, "" if name == "pages" else f"{name}.md")
        units = [message for message in messages(page_units())
                 if any(place.startswith(sources) for place, _ in message.locations)]
    return sum(message.id not in known for message in units)


PAGE_SOURCES = {"glossary": ("glossary.",), "lecture_map": ("lecture_map.",),
                "slide_notes": ("slide_notes.", "lecture_map.yml E"), "data": ("nnbook/data",)}


def count():
    left = {name: untranslated(name) for name in [*(path.stem for path in chapters([])), "pages", "words"]}
    total = sum(left.values())
    print(f"Chinese edition: {total} units to translate" + (": " if total else "") + ", ".join(
        f"{number} in {name}" for name, number in left.items() if number))


def chapters(numbers):
    return [path for path in sorted((ROOT / "chapters").glob("*.ipynb"))
            if not numbers or path.stem.startswith(tuple(numbers))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--count", action="store_true")
    parser.add_argument("chapters", nargs="*")
    args = parser.parse_args()
    if args.extract:
        extract()
    if args.write:
        write(chapters(args.chapters))
    if args.count:
        count()
    if args.check:
        found = check()
        print("\n".join(found) or "no fault")
        return int(bool(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
