"""The Chinese edition keeps what the English one has: formulas, links, placeholders, and the program."""

import ast
import re

import nbformat
import pytest

from tests.support.chapters import CHAPTERS
from tools import translate
from tools.translation.code import visible_strings
from tools.translation.markdown import translate_markdown
from tools.translation.units import faults

NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))


def test_each_translation_keeps_formulas_links_and_placeholders():
    assert not (found := translate.check()), "\n".join(found)


@pytest.mark.parametrize("unit, translation, notes", [
    ("the slope $w$", "斜率 $v$", ["list item"]),
    ("see [chapter 2](02_classification.ipynb)", "见[第 2 章](02.ipynb)", [""]),
    ("**Time:** 60 minutes", "**用时：**60 分钟", [""]),
    ("after {n:,} steps", "{m:,} 步之后", ["f-string: print()"]),
    ("loss {a:.3f}", "损失 {a:.2f}", ["f-string: print()"]),
    ("| a word | $x$ |", "| 词 $x$ |", ["table row"]),
    (" today", "今天", ["string: print()"]),
    ("a word", "一个词.", [""]),
    ("a word", "un mot", [""]),
])
def test_broken_translations_are_found(unit, translation, notes):
    assert faults(unit, translation, notes)


@pytest.mark.parametrize("unit, translation, notes", [
    ("the **slope** (斜率) $w$ of `x`, in [chapter 2](02.ipynb)",
     "见[第 2 章](02.ipynb)：`x` 的**斜率**（slope）$w$", [""]),
    ("{name:9s}{n:5d} days, {x:.2f}", "{name:6s}{n:7d} 天，{x:.2f}", ["f-string: print()"]),
    ("{fast = !s:5}: {n} steps", "{fast = !s:5}：{n}步", ["f-string: print()"]),
    ("MSE", "MSE", ["string: print()"]),
    (r"$P(\text{class})$ is given", r"$P(\text{类别})$ 是已知的", ["formula"]),
])
def test_good_translations_pass(unit, translation, notes):
    assert not faults(unit, translation, notes)


@pytest.mark.parametrize("source, shown", [
    ('as_png(plots.filtered(x, {"after it": k}, before="with noise"))', {"after it", "with noise"}),
    ('x = np.load("some file")\nquiz("one question")\nplots.scatter(x, style="a style")', set())])
def test_strings_that_a_reader_sees_are_told_from_those_of_the_program(source, shown):
    assert visible_strings([source]) == shown


def test_a_changed_sentence_is_fuzzy_and_remembers_what_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    for sentence in ("The loss falls.", "The loss rises now and then.\nAnd falls.",
                     "The loss rises now and then.\nIt falls."):
        units = translate.Recorder()
        units(sentence, "cell"), units("It stays.", "cell")
        catalogue = translate.in_step("x", units.catalogue)
        for message in translate.messages(catalogue):
            message.string = message.string or "译文。"
        (tmp_path / "x.po").write_text(translate.written(catalogue), "utf8")
    assert translate.translation("x") == {"It stays.": "译文。"}
    again = translate.load("x")[sentence]
    assert again.fuzzy and again.previous_id == ["The loss rises now and then.\nAnd falls."]
    (tmp_path / "x.po").write_text(translate.written(translate.in_step("x", units.catalogue)), "utf8")
    assert translate.load("x")[sentence].previous_id == ["The loss rises now and then.\nAnd falls."]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_whatever_is_translated_the_program_stays(path):
    """Every unit replaced by a long Chinese text: the same syntax tree, and nothing else of the cells is touched."""
    before, after, units = nbformat.read(path, 4), nbformat.read(path, 4), []
    translate.translate_notebook(nbformat.read(path, 4), lambda unit, where, note: units.append(unit) or unit)
    translate.translate_notebook(after, lambda unit, where, note: unit + "，这一句是很长很长的中文" * 4)
    for old, new in zip(before.cells, after.cells, strict=True):
        if translate.is_code(old):
            assert program(old.source) == program(new.source), new.source
    assert len(set(units)) > 50


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_untranslated_text_stays_to_the_letter(path):
    before, after = nbformat.read(path, 4), nbformat.read(path, 4)
    assert translate.translate_notebook(after, lambda unit, where, note: unit) == before


@pytest.mark.parametrize("name", translate.PAGES)
def test_untranslated_pages_stay_to_the_letter(name):
    text = (translate.ROOT / name).read_text("utf8")
    assert translate_markdown(text, lambda unit, note="": unit) == text


def test_the_stored_edition_is_what_the_tool_writes():
    """Whoever changes the English text or a catalogue runs `make notebooks`."""
    stale = [name for name, text in translate.chinese_pages().items()
             if (translate.CHINESE / name).read_text("utf8") != text]
    stale += [path.name for path in NOTEBOOKS
              if (translate.CHINESE / "chapters" / path.name).read_text("utf8") != translate.chinese_notebook(path)]
    assert stale == [], "zh/ is older than the English text or the catalogues: run `make notebooks`"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_both_editions_have_the_same_program_and_print_the_same_numbers(path):
    english = nbformat.read(path, 4).cells
    chinese = nbformat.read(translate.CHINESE / "chapters" / path.name, 4).cells
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    for one, other in zip(english, chinese, strict=True):
        if translate.is_code(one):
            assert program(one.source) == program(other.source)
        if translate.is_code(one) and not one.source.startswith("quiz("):  # whose questions are prose
            words = {number for cell in (one, other) for text in strings(cell.source) for number in numbers(text)}
            said, told = ([number for number in numbers(printed(cell)) if number not in words] for cell in (one, other))
            assert sorted(said) == sorted(told), f"{printed(one)}\n{printed(other)}"  # their order is the language's


def printed(cell):
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def strings(source):
    """What the program itself writes: "2 days ago" may be 前天."""
    return [node.value for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def numbers(text):
    return re.findall(r"(?<![A-Za-z])[-−]?\d[\d,.]*\d|\d", text)


def program(source):
    return ast.dump(WithoutWords().visit(ast.parse(source)))


class WithoutWords(ast.NodeTransformer):
    """A syntax tree in which all strings are alike; what f-strings compute stays, in any order."""

    def visit_JoinedStr(self, node):
        parts = [self.visit(part) for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.JoinedStr(sorted(parts, key=ast.dump))  # their order is the language's

    def visit_FormattedValue(self, node):
        return ast.FormattedValue(self.visit(node.value), node.conversion, None)

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node
