"""The questions of the chapters, one file a chapter: `quiz("1.outlier")` asks [outlier] of 01_regression.toml.

They do not stand in the notebooks, so that nobody reads the answer above the question. A table of a file holds:

    question = "…"
    answer = 8                       a number; or a text, a list of texts that are right, a formula
    choices = [                      or choices, each with what is to be said about it
      ["yesterday", true],           a right one (with a third entry: what to say where it is missing)
      ["2 days ago", "It tells little …"],
    ]
    mistakes = [[7, "These are the weights. You forgot the bias."], …]

Choices are written in any order; readers see them shuffled, always in the same way. And, as in `quiz`: tolerance,
variables, where, otherwise, right, hints, solution. `several = true` asks for all right choices (it is taken for
granted where more than one is right). Without `right`, who is right reads the solution. Texts may run over several
lines; an empty line separates paragraphs; in '''…''' a backslash is a backslash.

The texts are written in English; `read` gives them in the language in use. A text that is an answer is right, or the
same mistake, in both languages.
"""

import hashlib
import re
import tomllib
from pathlib import Path

from nnbook.language import _

FOLDER = Path(__file__).parent
KEYS = {"question", "answer", "choices", "several", "mistakes", "tolerance", "variables", "where", "otherwise", "right",
        "hints", "solution"}


def is_name(text):
    """Whether a text names a question: the chapter's number, a point, small letters, digits and hyphens."""
    return re.fullmatch(r"\d+\.[a-z0-9-]+", text) is not None


def chapter(number):
    """{name: table as it stands in the file} of a chapter."""
    found = sorted(FOLDER.glob(f"{int(number):02d}_*.toml"))
    if not found:
        raise ValueError(f"there is no file of questions for chapter {number}")
    return tomllib.loads(found[0].read_text("utf8"))


def read(name):
    """The arguments of `quiz` for a question's name such as "1.outlier"."""
    number, _, key = name.partition(".")
    tables = chapter(number)
    if key not in tables:
        raise ValueError(f"chapter {number} has no question {key!r}; it has: {', '.join(tables)}")
    return translated(arguments(name, unwrapped(tables[key])))


def unwrapped(value):
    """The lines of each text joined to paragraphs."""
    if isinstance(value, str):
        return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", value.strip()))
    if isinstance(value, list):
        return [unwrapped(entry) for entry in value]
    return {key: unwrapped(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def place(table, choice):
    """Where a choice stands: by a number that only its text and the question decide, so never by who is right."""
    return hashlib.blake2b(f"{choice}\n{table['question']}".encode()).digest()


def arguments(name, table):
    strange = table.keys() - KEYS
    if strange or "question" not in table or ("answer" in table) == ("choices" in table):
        raise ValueError(f"question {name} needs `question` and either `answer` or `choices`"
                         + (f"; unknown: {', '.join(sorted(strange))}" if strange else ""))
    found = {key: value for key, value in table.items() if key not in ("choices", "several", "mistakes")}
    found["mistakes"] = dict(table.get("mistakes", []))
    if "where" in table:
        found["where"] = dict(table["where"])
    if "solution" in table and "right" not in table:  # who is right learns why
        found["right"] = table["solution"]
    if "choices" in table:
        rights = [text for text, verdict, *_ in table["choices"] if verdict is True]
        found["answer"] = rights if table.get("several", len(rights) > 1) else rights[0]
        found["choices"] = sorted((text for text, *_ in table["choices"]), key=lambda text: place(table, text))
        found["mistakes"] = {text: told[-1] for text, *told in table["choices"] if told[-1] is not True}
    return found


def translated(given):
    """The arguments of `quiz` with their texts in the language in use."""
    found = given | {key: _(given[key]) for key in ("question", "otherwise", "solution") if key in given}
    found["hints"] = [_(hint) for hint in given.get("hints", ())]
    if "right" in given:
        said = " ".join(_(given["right"]).split("\n\n"))
        found["right"] = _("Right. {why}", why=said) if given["right"] == given.get("solution") else said
    answer = given["answer"]
    if "choices" in given:
        found["choices"] = [_(choice) for choice in given["choices"]]
        found["answer"] = [_(text) for text in answer] if isinstance(answer, list) else _(answer)
        found["mistakes"] = {_(wrong): _(told) for wrong, told in given["mistakes"].items()}
        return found
    found["mistakes"] = {wrong: _(told) for wrong, told in given["mistakes"].items()}
    if "variables" not in given and isinstance(answer, (str, list)):  # a text, typed in
        right = [answer] if isinstance(answer, str) else answer
        found["answer"] = list(dict.fromkeys([*right, *map(_, right)]))
        found["mistakes"] |= {_(wrong): told for wrong, told in found["mistakes"].items()}
    return found
