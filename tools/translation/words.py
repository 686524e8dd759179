"""The words that readers see in widgets, figures, questions and checks, wherever nnbook keeps them.

What stands in `_("…")` and `N_("…")`, in Python and JavaScript; the texts of the questions (exercises/questions/*.toml)
and of the checks; the names of `explore`'s controls and of widgets.
"""

import ast
import json
import tomllib

from nnbook.exercises.questions import unwrapped
from nnbook.widgets.core import modules
from tools.translation.units import has_word

NOT_CONTROLS = {"play", "start", "alt"}


def words(root):
    """(English, file, what it is) of each word."""
    for path in sorted((root / "nnbook").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".js":
            yield from ((text, name, note_of(text)) for text in modules.words(modules.source(path.stem)))
        elif path.suffix == ".toml":
            yield from ((text, name, note) for text, note in asked(path) if has_word(text))
        elif path.suffix == ".py":
            tree = ast.parse(path.read_text("utf8"))
            yield from ((text, name, note_of(text)) for text in marked(tree))
            yield from ((text, name, note) for text, note in controls(tree) if has_word(text))
            if path.parent.name == "checks":
                yield from ((text, name, "check") for text in said(tree) if has_word(text))
    for path in sorted(root.glob("chapters/*.ipynb")):
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            if cell["cell_type"] == "code" and "explore(" in (code := "".join(cell["source"])):
                yield from ((text, path.name, note) for text, note in controls(ast.parse(code)) if has_word(text))


def note_of(text):
    return "f-string" if "{" in text else ""


def nodes(tree):
    """All nodes, in the order in which they stand in the file."""
    return sorted((node for node in ast.walk(tree) if hasattr(node, "lineno")),
                  key=lambda node: (node.lineno, node.col_offset))


def marked(tree):
    """What stands in `_("…")`, `N_("…")` and in the name of a widget."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_"):
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
        elif isinstance(node, ast.FunctionDef) and any(
                getattr(getattr(d, "func", d), "id", "") == "widget" for d in node.decorator_list):
            yield node.name.replace("_", " ")


def controls(tree):
    """The names of `explore`'s controls and of its picture, and those of their values that are texts."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore":
            if node.args and isinstance(node.args[0], ast.Name):
                yield node.args[0].id.replace("_", " "), "name of a picture"
            for control in node.keywords:
                if control.arg and control.arg not in NOT_CONTROLS:
                    yield control.arg.replace("_", " "), "name of a slider or menu"
                    yield from ((value.value, f"a value of {control.arg}") for value in ast.walk(control.value)
                                if isinstance(value, ast.Constant) and isinstance(value.value, str))


def said(tree):
    """What a check may say: its texts with a space, docstrings left out."""
    left_out = {id(part) for node in ast.walk(tree) if isinstance(node, (ast.Expr, ast.JoinedStr))
                and not isinstance(getattr(node, "value", None), ast.Call) for part in ast.walk(node)}
    yield from (node.value for node in nodes(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
                and " " in node.value and id(node) not in left_out)


def asked(path):
    """The texts of a chapter's questions."""
    for table in unwrapped(tomllib.loads(path.read_text("utf8"))).values():
        yield table["question"], "question"
        for choice, *told in table.get("choices", []):
            yield from [(choice, "choice"), *((text, f"to: {choice}") for text in told if isinstance(text, str))]
        for wrong, told in table.get("mistakes", []):
            yield told, f"to: {wrong}"
        if "variables" not in table and isinstance(table.get("answer"), (str, list)):
            typed = table["answer"] if isinstance(table["answer"], list) else [table["answer"]]
            yield from ((text, "typed answer") for text in typed + [wrong for wrong, _ in table.get("mistakes", [])])
        yield from ((hint, "hint") for hint in table.get("hints", []))
        yield from ((table[key], key) for key in ("otherwise", "right", "solution") if key in table)
