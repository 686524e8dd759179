"""The book's own search: an index of sections, made from the finished pages, that also works from a file.

`site/search.js` holds the tokenizer and the ranking, for the build and for the page; MiniSearch does the rest. Each
section of each page is an entry, with its terms and their symbols (glossary.yml), what readers call them
(search_words.yml), its heading in the other language, and its points of the lectures (lecture_map.yml), so that
`梯度下降`, `GNN` and `B05` lead to the sections that treat them. `_static/book.js` loads the index for who searches.
"""

import hashlib
import json
import re
import shutil
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import edition
import formulas
import generated
import nbformat
from edition import _
from py_mini_racer import MiniRacer

SCRIPTS = Path(__file__).with_name("site")
READERS = (Path(__file__), Path(formulas.__file__))  # what reads the pages
GENERATED = ("glossary.html", "lecture_map.html", "slide_notes.html")  # their entries come from where they are made
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LONG = re.compile(r"<(script|style|svg)\b.*?</\1>|base64,[^\"\')]*", re.S)
UNSEEN_TAGS = {"script", "style", "svg", "template", "button", "nav", "select", "form", "summary"}
UNSEEN = {"headerlink", "katex-html", "section-number", "nnlib-widget", "cell_output", "toctree-wrapper", "onlyprint",
          "caption-number"}


def without_sphinx(app):
    """Sphinx need not make an index of its own; the page that search forms lead to stays."""
    if app.builder.format == "html":
        app.builder.search = False
        app.config.html_additional_pages = {"search": "search.html"}


def write_index(app, error):
    """Write what the page loads when somebody searches."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, "_static/search")
    target.mkdir(parents=True, exist_ok=True)
    for name in ("minisearch.js", "search.js"):
        shutil.copy(SCRIPTS / name, target)
    shutil.copy(SCRIPTS / "present.js", target.parent)
    text = engine().call("bookSearch.build",
                         sections(Path(app.outdir), Path(app.srcdir), Path(app.doctreedir, "search.json")))
    (target / "index.js").write_text(f"globalThis.bookIndex = {text};\n", "utf8")


def engine():
    """A JavaScript engine with `bookSearch` in it."""
    racer = MiniRacer()
    for name in ("minisearch.js", "search.js"):
        racer.eval((SCRIPTS / name).read_text("utf8"))
    return racer


def sections(site, source, cache):
    """All entries of the index; what a page says is read anew only if the page has changed."""
    before = json.loads(cache.read_text("utf8")) if cache.exists() else {}
    now, pages, found = {}, {}, {}
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        if name.startswith("_") or name in ("search.html", "genindex.html"):
            continue
        key = hashlib.sha256(b"".join(file.read_bytes() for file in (page, *READERS))).hexdigest()
        pages[name] = now[key] = before[key] if key in before else read_page(name, page)
    cache.write_text(json.dumps(now), "utf8")  # before anything is added
    for name, entries in pages.items():
        others = other_titles(name)
        if len(others) == len(entries):
            for entry, title in zip(entries, others, strict=True):
                entry["other"] = title
        for entry in entries[:1] if name in GENERATED else entries:
            found[entry["url"]] = entry
    for kind, where, text in annotations(source):
        page, _, heading = where.partition("#")
        folder = "chapters/" if re.match(r"\d\d_", page) else ""
        url = f"{folder}{page}.html" + (f"#{heading}" if heading else "")
        entry = found.get(url) or found.get(url.split("#")[0])
        if entry and text not in entry[kind]:
            entry[kind].append(text)
    return [*found.values(), *glossary_entries(source)]


def read_page(name, page):
    reader = SectionReader(name)
    reader.feed(LONG.sub("", page.read_text("utf8")))
    return reader.entries()


def other_titles(page):
    """The headings of a chapter in the other language, as far as they are words."""
    path = edition.ROOT / ("" if edition.is_chinese() else "zh") / page.replace(".html", ".ipynb")
    if not path.exists():
        return []
    cells = nbformat.read(path, 4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return [title.replace("`", "") for title in re.findall(r"(?m)^#{1,4} (.+)", text)]


def annotations(source):
    """(field, place, text) of all terms, what readers call them, and all points of the lectures."""
    places = {}
    for row in generated.terms(source):
        places[row["term"]] = row["where"]
        symbols = re.sub(r"\(.*", "", formulas.spelt_out(row.get("symbol", ""))).split(", ")
        for name in (row["term"], row["chinese"], *row.get("also", []), *filter(None, map(str.strip, symbols))):
            yield "terms", row["where"], name
    for term, words in edition.rows("search_words.yml").items():
        where = words.pop(0) if "#" in words[0] else places[term]
        for word in words:
            yield "asked", where, word
    for row in edition.rows("lecture_map.yml"):
        words = " ".join(row[key] for key in ("title", "slide", "slide_en") if key in row)
        for k, where in enumerate(row.get("where", [])):
            yield "points", where, words if k else f"{row['id']} {words}"  # the number leads to the main place


def glossary_entries(source):
    for row in generated.terms(source):
        text = formulas.spelt_out(f"{row['chinese']} ({row['pinyin']}): {row['meaning']}")
        yield {"url": f"glossary.html#{generated.place(row)}", "chapter": _("Glossary"),
               "title": row["chinese"] if edition.is_chinese() else row["term"],
               "level": 2, "terms": [row["term"], row["chinese"], *row.get("also", [])], "asked": [], "points": [],
               "text": " ".join(text.split()), "code": "", "glossary": True}


class SectionReader(HTMLParser):
    """What a reader sees of each section of a page: its title, its text, its code."""

    def __init__(self, page):
        super().__init__()
        self.page, self.found, self.open, self.stack = page, [], [], []
        self.formula = None

    def entries(self):
        for section in self.found:
            section["code"] = [re.sub(r"\\[nt]\b", " ", part) for part in section["code"]]
            for field in ("title", "text", "code"):
                section[field] = " ".join("".join(section[field]).split())
        chapter = self.found[0]["title"] if self.found else ""
        return [{"url": self.page + (f"#{s['id']}" if s["level"] > 1 else ""), "chapter": chapter, "title": s["title"],
                 "level": s["level"], "terms": [], "asked": [], "points": s["notes"],
                 "text": s["text"], "code": s["code"]}
                for s in self.found if s["title"]]

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            return
        attributes = dict(attributes)
        classes = set((attributes.get("class") or "").split())
        if tag == "section" and self.within("article"):
            section = {"id": attributes.get("id", ""), "level": len(self.open) + 1, "notes": [],
                       "title": [], "text": [], "code": []}
            self.open.append(section)
            self.found.append(section)
        if self.open and (attributes.get("id") or "").startswith("note-e"):
            self.open[-1]["notes"].append(attributes["id"].removeprefix("note-"))
        if tag == "math":
            self.formula = []
        if self.formula is not None:
            self.formula.append(f"<{tag}>")
        hidden = tag in UNSEEN_TAGS or bool(classes & UNSEEN)
        inherited = bool(self.stack) and self.stack[-1][2] and tag != "figcaption"  # the text of an output
        self.stack.append((tag, classes, hidden or inherited))

    def handle_endtag(self, tag):
        if tag in VOID or not any(tag == name for name, *_ in self.stack):
            return
        while self.stack:
            name, _, hidden = self.stack.pop()
            if self.formula is not None:
                self.formula.append(f"</{name}>")
            if name == "math":
                text, self.formula = formulas.in_one_line(ElementTree.fromstring("".join(self.formula))), None
                if self.open and not hidden:
                    self.open[-1]["text"].append(f" {text} ")
            if name == "section" and self.open:
                self.open.pop()
            if name == tag:
                break
        if self.open and tag in ("p", "li", "td", "th", "pre", "div", *HEADINGS):
            self.open[-1]["text"].append(" ")
            self.open[-1]["code"].append(" ")

    def handle_data(self, data):
        if self.formula is not None:
            self.formula.append(escape(data))
        elif self.open and self.stack and not self.stack[-1][2]:
            names = {name for name, *_ in self.stack}
            field = "title" if names & set(HEADINGS) else "code" if "pre" in names else "text"
            self.open[-1][field].append(data)

    def within(self, tag):
        return any(name == tag for name, *_ in self.stack)


def read_index(site):
    """The entries and the index of a built site, as JSON text."""
    text = (site / "_static/search/index.js").read_text("utf8")
    return text.removeprefix("globalThis.bookIndex = ").removesuffix(";\n")


def ask(site):
    """A function that answers a question as the page does: the addresses of the hits, best first."""
    racer = engine()
    racer.eval(f"globalThis.book = bookSearch.open({read_index(site)})")
    racer.eval("const answer = query => JSON.stringify(bookSearch.find(book, query).map(hit => "
               "({ ...hit.section, snippet: bookSearch.snippet(hit) })))")
    return lambda query: json.loads(racer.call("answer", query))
