"""Widgets, figures, questions and checks in the language that was chosen."""

import ast
import json
import re
from pathlib import Path

import pytest

from nnbook import language
from nnbook.exercises import check, questions, quiz
from nnbook.language import _, use_language
from nnbook.widgets.core import modules
from tools import translate
from tools.translation.units import has_word
from tools.translation.words import nodes

PYTHON = sorted((Path(__file__).parents[2] / "nnbook").rglob("*.py"))
DRAWING = [path for path in PYTHON if {"plots", "widgets"} & set(path.parts) and path.stem not in ("__init__", "style")]


@pytest.fixture
def say(monkeypatch):
    """say({English: as it is said}) instead of a catalogue."""
    return lambda words: monkeypatch.setattr(language, "words", words)


def test_a_word_is_looked_up_when_it_is_used(say):
    assert _("loss") == "loss" and _("step {k} of {n}", k=1, n=3) == "step 1 of 3"
    say({"loss": "损失", "step {k} of {n}": "共 {n} 步，第 {k} 步", "{x:.2f} m": "{x:.2f} 米"})
    assert _("loss") == "损失" and _("gain") == "gain"
    assert _("step {k} of {n}", k=1, n=3) == "共 3 步，第 1 步" and _("{x:.2f} m", x=0.125) == "0.12 米"
    assert _("$\\hat{y}$") == "$\\hat{y}$"  # without values braces are braces


def test_choose_a_language(say):
    say({})  # which is taken back afterwards
    use_language("zh")
    assert language.words == json.loads(translate.SHIPPED.read_text("utf8"))
    use_language("en")
    assert language.words == {}
    for wrong in ("zh_CN", "", None):
        with pytest.raises(ValueError, match="use_language expects one of"):
            use_language(wrong)


def test_a_front_end_speaks_the_language_in_which_it_is_joined(tmp_path, monkeypatch, say):
    from py_mini_racer import MiniRacer

    (tmp_path / "language.js").write_text((modules.NNBOOK / "widgets/core/language.js").read_text("utf8"), "utf8")
    (tmp_path / "a.js").write_text(
        'import { _ } from "./language.js";\n'
        'const TABLE = [_("loss"), x => _("step {k} of {n}: {k}", { k: x, n: `${x + 1}` }),\n'
        '  _("a \\"long\\" " +\n    "sentence"), other_("loss"), `<${_("loss")}>`];\n'
        "function other_(text) { return text; }\n"
        "function render() { return TABLE.map(x => x instanceof Function ? x(1) : x).join(); }\n"
        "export default { render };\n", "utf8")
    monkeypatch.setattr(modules, "NNBOOK", tmp_path)
    assert modules.words(modules.source("a")) == ["loss", "step {k} of {n}: {k}", 'a "long" sentence', "loss"]

    def said():
        return MiniRacer().eval(modules.esm("a").replace("export default ", "var w = ") + "w.render()")

    assert said() == 'loss,step 1 of 2: 1,a "long" sentence,loss,<loss>'
    english = modules.scripts("a")[-1][0]
    say({"loss": '"损失"', "step {k} of {n}: {k}": "{n} 步之 {k}：{k}", 'a "long" sentence': "一句话\\"})
    assert said() == '"损失",2 步之 1：1,一句话\\,loss,<"损失">'
    assert modules.scripts("a")[-1][0] != english  # a page may hold both


def test_a_question_and_a_check_speak_it(say, capsys):
    say({"Right.": "正确。", "Right. {why}": "正确。{why}", "yesterday": "昨天", "right.": "正确。", "too few": "太少",
         "7 weights and 1 bias: **8**.": "7 个权重，1 个偏置：**8**。", "Solution": "解答",
         "These are the weights. You forgot the bias.": "这只是权重，漏了偏置。"})
    parameters = quiz("1.parameters")
    assert parameters.grade("8") == (True, "正确。7 个权重，1 个偏置：**8**。")
    assert parameters.grade("7") == (False, "这只是权重，漏了偏置。")
    assert "<summary>解答</summary>" in parameters.html
    assert quiz("1.largest-weight").answer == "昨天"
    check("1", 8, 8)
    check("1", 7, 8, mistakes={"too few": 7})
    assert capsys.readouterr().out == "✓ 1: 正确。\n✗ 1: 太少\n"


def test_every_question_asks_the_same_in_chinese(say):
    """Same kind, unit and answers; choices in the same order; a text that is right in English stays right."""
    chinese = json.loads(translate.SHIPPED.read_text("utf8"))
    for name in (f"{number}.{key}" for number in range(1, 13) for key in questions.chapter(number)):
        say({})
        asked = quiz(name)
        say(chinese)
        again = quiz(name)
        assert (again.kind, again.unit, again.tolerance) == (asked.kind, asked.unit, asked.tolerance), name
        if asked.choices:
            right, places = ([made.choices.index(a) for a in made.answer] if made.kind == "choices" else
                             made.choices.index(made.answer) for made in (asked, again))
            assert right == places and len(asked.choices) == len(again.choices), name
        elif asked.kind == "text":
            assert all(again.grade(text)[0] for text in asked.answer), name
        else:
            assert again.answer == asked.answer and list(again.mistakes) == list(asked.mistakes), name


def test_a_text_may_be_typed_in_either_language(say):
    say({"3 by 3": "三乘三"})
    assert quiz("7.kernel").grade("三乘三")[0] and quiz("7.kernel").grade("3 by 3")[0]


def test_the_catalogue_holds_the_words_of_today():
    """Else: python tools/translate.py --extract"""
    today = {message.id for message in translate.messages(translate.word_units())}
    stored = {message.id for message in translate.messages(translate.load("words"))}
    assert len(today) > 1000 and sorted(today ^ stored) == []


def test_the_package_ships_what_is_translated():
    """Else: python tools/translate.py --extract"""
    assert translate.SHIPPED.read_text("utf8") == translate.shipped()


def test_values_have_their_places_in_both_languages():
    """Besides what the translation's own tests see: the same names, so that no `format` fails."""
    fields = re.compile(r"\{\w+(?:![rs])?(?::[^{}]*)?\}")
    for message in translate.messages(translate.load("words")):
        if translate.is_translated(message) and "f-string" in message.auto_comments:
            assert set(fields.findall(message.id)) == set(fields.findall(message.string)), message.id


DRAWN = {"title", "xlabel", "ylabel", "zlabel", "label", "alt", "xticklabels", "yticklabels"}  # arguments by name
PLACES = {"set_title": 0, "set_xlabel": 0, "set_ylabel": 0, "suptitle": 0, "annotate": 0, "text": 2, "set_xticks": 1,
          "set_yticks": 1}  # and by place


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: path.stem)
def test_what_a_figure_says_is_a_word_of_the_catalogue(path):
    """No title, label or alt text stands there as it is."""
    for call in nodes(ast.parse(path.read_text("utf8"))):
        if isinstance(call, ast.Call):
            place = PLACES.get(getattr(call.func, "attr", ""))
            said = [keyword.value for keyword in call.keywords if keyword.arg in DRAWN]
            said += call.args[place:place + 1] if place is not None else []
            assert not [text for value in said for text in bare(value) if has_word(text)], f"line {call.lineno}"


def bare(node):
    """The texts in an expression that are not handed to `_`."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, (ast.Call, ast.Compare, ast.Subscript)):  # of what is called, only the object: "…".replace(…)
        return bare(node.func.value) if isinstance(getattr(node, "func", None), ast.Attribute) else []
    return [text for child in ast.iter_child_nodes(node) for text in bare(child)]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.stem)
def test_the_underscore_means_one_thing(path):
    """In a function that binds `_`, `_("…")` would call something else."""
    for function in nodes(ast.parse(path.read_text("utf8"))):
        if isinstance(function, (ast.FunctionDef, ast.Lambda)):
            names = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == "_"]
            called = {id(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            bound = any(isinstance(node.ctx, ast.Store) for node in names) or any(
                node.arg == "_" for node in ast.walk(function) if isinstance(node, ast.arg))
            assert not (bound and any(id(node) in called for node in names)), function.lineno


def test_the_underscore_means_one_thing_in_javascript():
    for name, path in modules.files().items():
        text = path.read_text("utf8")
        if "language.js" in text and name != "language":
            assert not re.search(r"[(\[,]\s*_\s*[,)\]]", text), name
        assert (re.search(r'^import \{ _ \} from ".*/language\.js";$', text, re.M) is not None) == (
            modules.CALL.search(modules.source(name)) is not None), name
