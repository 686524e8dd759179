"""The files around the book keep their promises: lecture map, one address, one licence for each part."""

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
import yaml
from mdit_py_plugins.anchors.index import slugify

import tasks
from tools import notebooks

ROOT = Path(__file__).parent.parent
MAP = yaml.safe_load((ROOT / "lecture_map.yml").read_text("utf8"))
POINTS = [f"{letter}{n:02}" for letter, last in (("A", 50), ("B", 15), ("X", 6), ("E", 23))
          for n in range(1, last + 1)]
REFERENCES = [(row["id"], where) for row in MAP for where in row.get("where", [])]
sys.path.append(str(ROOT / "_ext"))


@functools.cache
def page_text(name, code=False):
    """The Markdown of a chapter or page; its code, too, if asked for."""
    notebook = ROOT / "chapters" / f"{name}.ipynb"
    if notebook.exists():
        return "\n".join(cell.source if cell.cell_type == "markdown" else cell.source.replace("# ", "")
                         for cell in nbformat.read(notebook, 4).cells if code or cell.cell_type == "markdown")
    return (ROOT / f"{name}.md").read_text("utf8")


def test_lecture_map_names_every_point_once():
    assert sorted(row["id"] for row in MAP) == sorted(POINTS)
    for row in MAP:
        slide = ("slide", "slide_en") if row["id"][0] in "ABE" else ()
        for field in (*slide, *(("lecture", "says", "right") if row["id"][0] == "E" else ("title",))):
            assert row[field], f"{row['id']} has no {field}"


def test_lecture_map_follows_the_slides():
    """The plan of each lecture first, then its slides."""
    for letter in "AB":
        order = [row["id"] for row in MAP if row["id"][0] == letter]
        assert order.index(letter + "01") == 1 and order[-1] == {"A": "A48", "B": "B13"}[letter]


def test_every_note_on_the_slides_is_known():
    """A number that a chapter gives to a note is one of the list, and its place can be linked to."""
    import generated
    found = list(generated.notes(ROOT))
    known = {f"note-{row['id'].lower()}" for row in MAP if row["id"][0] == "E"}
    numbered = [(chapter, place) for chapter, place, *_ in found if place.startswith("note-e")]
    assert len(set(numbered)) == len(numbered), "a chapter has two notes on one error"
    assert {place for _, place in numbered} == known, "each error of the slides has its note"
    for chapter, place in numbered:
        cells = nbformat.read(ROOT / f"chapters/{chapter}.ipynb", 4).cells
        note = re.compile(rf"on the slides \([^)]*{place[-3:].upper()}")
        at = next(k for k, cell in enumerate(cells) if note.search(cell.source))
        near = [cell for cell in cells[max(0, at - 1):at + 2] if cell.cell_type == "code" and cell.get("outputs")]
        assert near, f"{chapter}: no cell before or after {place} computes what is right"


@pytest.mark.parametrize(("point", "where"), REFERENCES)
def test_lecture_map_does_not_lie(point, where):
    page, _, heading = where.partition("#")
    text = page_text(page)
    headings = [slugify(line.lstrip("#").strip()) for line in re.findall(r"^#{1,4} .*", text, re.M)]
    assert not heading or heading in headings, f"{page} has no such heading; it has {headings}"
    if re.match(r"\d\d_", page):
        assert names(point, text), f"{page} does not mention {point}"


def names(point, text):
    """Does the text name the point, alone (A17) or in a range (A16–A20)?"""
    number = int(point[1:])
    ranges = re.findall(rf"{point[0]}(\d\d)\s*[–-]\s*{point[0]}?(\d\d)", text)
    return re.search(rf"\b{point}\b", text) or any(int(a) <= number <= int(b) for a, b in ranges)


def test_every_point_of_the_lectures_is_treated():
    missing = [row["id"] for row in MAP if not row.get("where", True)]
    if missing:
        pytest.skip(f"not treated yet: {', '.join(missing)}")


TERM = re.compile(r"\*\*([^*\n]+)\*\*\s*\(([^)]*[\u4e00-\u9fff][^)]*)\)")
GLOSSARY = yaml.safe_load((ROOT / "glossary.yml").read_text("utf8"))


def test_each_term_is_used_in_one_way_only():
    """Every **term** (中文) of a chapter stands in the glossary, under that Chinese name and no other."""
    names = {name.lower(): row for row in GLOSSARY for name in (row["term"], *row.get("also", []))}
    assert len(names) == sum(1 + len(row.get("also", [])) for row in GLOSSARY), "a name stands twice"
    assert len({row["chinese"] for row in GLOSSARY}) == len(GLOSSARY), "two terms have the same Chinese name"
    wrong = []
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for term, chinese in TERM.findall(page_text(path.stem).replace("\n", " ")):
            row = names.get(term.lower())
            if row is None:
                wrong.append(f"{path.stem}: {term} ({chinese}) is not in glossary.yml")
            elif row["chinese"] not in re.split(" *[,，;] *", chinese):
                wrong.append(f"{path.stem}: {term} is {chinese} here, {row['chinese']} in glossary.yml")
    assert wrong == []


@pytest.mark.parametrize("row", GLOSSARY, ids=lambda row: row["term"])
def test_glossary_leads_to_the_definition(row):
    """To a section that sets the term in bold; where no chapter does, to one that names it, perhaps in its code."""
    names = [name.lower() for name in (row["term"], *row.get("also", []))]
    page, _, heading = row["where"].partition("#")
    section = re.split(r"(?m)^#{1,4} ", page_text(page, code=True))
    section = next((text for text in section if slugify(text.split("\n")[0].strip()) == heading), "")
    text = " ".join(section.lower().split())
    if any(f"**{name}**" in text for name in names):
        return
    chapters = " ".join(page_text(path.stem).lower() for path in (ROOT / "chapters").glob("*.ipynb"))
    bold = {term for term, _ in TERM.findall(chapters)} & set(names)
    assert not bold, f"{bold} stands in bold in another section than {row['where']}"
    assert any(name in text for name in (*names, row["chinese"])), f"{row['where']} does not name it"


NAMED = """softmax, tanh, chain rule, linear regression, CNN, SGD, mini-batch, MSE, MAE, RMSE, Swish, SwiGLU,
underfitting, teacher forcing, attention, 情感分类, 机器翻译, 损失函数, 注意力, 修正线性单元, 查准率,
查全率, accuracy, BOS, EOS, Laplace smoothing, down-sampling,
蒙特卡洛树搜索, 分布偏移""".replace("\n", " ").split(", ")


@pytest.mark.parametrize("name", NAMED)
def test_glossary_has_what_the_lectures_name(name):
    assert any(name in (row["term"], row["chinese"], *row.get("also", [])) for row in GLOSSARY)


def test_glossary_by_pinyin():
    assert all(re.fullmatch(r"[\w\s—.-]+", row["pinyin"]) for row in GLOSSARY)
    import generated
    assert sorted(["zì", "bāo", "bǎo", "à"], key=generated.by_pinyin) == ["à", "bāo", "bǎo", "zì"]


def test_every_chapter_is_in_the_contents():
    listed = re.findall(r"file: (chapters/\w+)", (ROOT / "_toc.yml").read_text("utf8"))
    assert sorted(listed) == sorted(f"chapters/{path.stem}" for path in (ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("path", ["teach.md", "zh/teach.md"])
def test_a_lecture_gives_exercises_that_its_chapter_has(path):
    """One plan for each chapter, in order, which links to that chapter alone; the last sentence names its exercises."""
    plans = re.findall(r"^\d+\. \*\*.*(?:\n    ?.*)*", (ROOT / path).read_text("utf8"), re.M)
    for plan, chapter in zip(plans, sorted(ROOT.glob("chapters/*.ipynb")), strict=True):
        assert set(re.findall(r"chapters/(\w+)\.ipynb", plan)) == {chapter.stem}
        known = re.findall(r'"### (\d)\. ', chapter.read_text("utf8"))
        named = re.findall(r"\b\d\b|(?<=练习)\d|(?<=和)\d", re.split("At home:|课后：", plan)[1])
        assert len(named) >= 2 and set(named) <= set(known), f"{chapter.stem} has no exercise of {named}"


def test_the_address_stands_at_one_place():
    """After a move only _config.yml is edited; `make notebooks` rewrites the set-up cells."""
    address = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]["url"]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    holders = {name for name in tracked if (ROOT / name).is_file()
               and address.encode() in (ROOT / name).read_bytes()}
    assert {name for name in holders if not name.startswith(("chapters/", "zh/"))} == {"_config.yml"}  # zh/ is written
    for path in (ROOT / "chapters").glob("*.ipynb"):
        assert address in path.read_text("utf8"), f"{path.name} has no set-up cell with {address}"


def test_notebook_tool_sees_and_mends(tmp_path, monkeypatch):
    """A notebook that an editor touched (picture, new id, other kernel name) is reported, then mended."""
    source = next((ROOT / "chapters").glob("*.ipynb"))
    notebook = nbformat.read(source, 4)
    notebook.metadata.kernelspec.name = "my-env"
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs.append(nbformat.v4.new_output("display_data", data={"image/png": "AAAA"}))
    code.id = "something-else"
    path = tmp_path / source.name
    nbformat.write(notebook, path)

    def tool(*options):
        monkeypatch.setattr(sys, "argv", ["notebooks.py", *options, str(path)])
        return notebooks.main()

    command = [sys.executable, ROOT / "tools/notebooks.py", "--check", path]
    check = subprocess.run(command, capture_output=True, text=True)
    assert check.returncode == 1 and "not canonical" in check.stdout
    assert tool() == 0
    assert path.read_text("utf8") == source.read_text("utf8")
    assert tool("--check") == 0


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda path: path.stem)
def test_code_fits_the_page(path):
    """79 columns stand beside both sidebars at 1280 pixels; a longer line would have to be scrolled."""
    shown = [cell.source for cell in nbformat.read(path, 4).cells
             if cell.cell_type == "code" and not {"remove-input", "remove-cell"} & set(cell.metadata.get("tags", []))]
    assert [line for source in shown for line in source.split("\n") if len(line) > 79] == []


def test_handout_has_no_solutions(tmp_path):
    """What a teacher gives out has each exercise's stub and check, and neither the solution nor stored output."""
    subprocess.run([sys.executable, ROOT / "tools/handout.py", tmp_path], check=True, capture_output=True)
    for path in [*(ROOT / "chapters").glob("*.ipynb"), *(ROOT / "zh/chapters").glob("*.ipynb")]:
        given = tmp_path / path.relative_to(ROOT).as_posix().replace("chapters/", "")
        cells, given = (nbformat.read(file, 4).cells for file in (path, given))
        solutions = [cell for cell in cells if "solution" in cell.metadata.get("tags", [])]
        assert solutions and len(given) == len(cells) - len(solutions), path.name
        kept = {cell.source for cell in given}
        assert not kept & {cell.source for cell in solutions}
        assert not any(cell.get("outputs") for cell in given)


JAVASCRIPT_FUNCTION = re.compile(r"^( *)(?:export )?(?:default )?(?:async )?function\*? ?(\w*).*\{$|"
                                 r"^( *)(?:const )?(\w+)(?: = (?:async )?(?:\(.*\)|\w+) => |\(.*\) )\{$")


def lengths(path):
    """(name, lines) of each function of a file."""
    text = path.read_text("utf8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, node.end_lineno - node.lineno + 1
        return
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if found := JAVASCRIPT_FUNCTION.match(line):
            indent = found[1] if found[1] is not None else found[3]
            end = next((n for n in range(start + 1, len(lines)) if re.match(rf"{indent}\}}", lines[n])), start)
            yield found[2] or found[4] or "function", end - start + 1


def test_a_function_fits_the_head():
    """No function has more than 80 lines: its parts have names."""
    files = [ROOT / "tasks.py", *(path for folder in ("nnlib", "nnbook", "_ext", "tools", "tests", "benchmarks")
                                  for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".js")
                                  and ".min." not in path.name)]
    assert [f"{path.relative_to(ROOT)}: {name} has {length} lines" for path in files
            for name, length in lengths(path) if length > 80] == []


def test_each_chapter_opens_with_a_widget_of_its_own():
    openings = yaml.safe_load((ROOT / "openings.yml").read_text("utf8"))
    assert [row["id"] for row in openings] == sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))
    calls = {row["id"]: rf"\b{row['picture']}\(|explore\(\s*{row['picture']}\b" for row in openings}
    missing = [name for name, call in calls.items() if not re.search(call, page_text(name, code=True))]
    assert missing == [], "openings.yml names a widget that the chapter does not have"


def test_a_page_does_not_hold_the_time_of_its_build(monkeypatch):
    """Its font had it: what nobody changed was another page at each build."""
    import finish

    made = set()
    for time in (0, 10**9):
        monkeypatch.setattr("fontTools.fontBuilder.timestampNow", lambda time=time: time)
        made.add(finish.space_font.__wrapped__())
    assert len(made) == 1


def test_workflows_name_the_very_code_that_they_run():
    """A tag may move; and one action has one version."""
    files = ROOT.glob(".github/workflows/*.yml")
    used = set(re.findall(r"uses: (\S+)@(.*)", "".join(path.read_text("utf8") for path in files)))
    assert used and all(re.fullmatch(r"[0-9a-f]{40} # v[\d.]+", version) for _action, version in used)
    assert len(dict(used)) == len(used)


def test_the_start_page_of_make_live_leads_to_every_notebook():
    notebooks = [path.relative_to(ROOT).as_posix() for path in tasks.both(tasks.chapters([]))]
    assert sorted(re.findall(r"\]\(\.\./([^)]+)\)", tasks.start_page())) == sorted(notebooks)


def test_the_widgets_tests_run_again_when_what_they_read_has_changed(tmp_path, monkeypatch):
    """`make check` leaves out those that passed with the same code; no chapter is code."""
    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    seen = []
    for name in ("nnlib/a.py", "nnbook/widgets/a/a.js", "tests/support/a.js", "requirements.lock", "chapters/a.ipynb"):
        for said in ("before", "afterwards"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(said)
            tasks.code.cache_clear()
            seen.append(tasks.passed("a").name)
    tasks.code.cache_clear()
    assert len(set(seen)) == 8 and seen[-3:] == [seen[-1]] * 3


def test_what_makes_the_pages_makes_them_anew_when_it_changes(tmp_path, monkeypatch):
    import book

    monkeypatch.setattr(book, "FOLDER", tmp_path)
    stamps = set()
    for name, said in (("a.py", "before"), ("a.py", "afterwards"), ("of/a.js", "before"), ("of/a.js", "afterwards")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said)
        book.setup(app := Mock())
        ((_name, stamp, anew),) = [call.args for call in app.add_config_value.call_args_list]
        stamps.add(stamp)
        assert anew == "env"  # Sphinx then reads and writes all pages
    assert len(stamps) == 4
