"""Every number of the prose was computed: it stands in an output of its section, or is given there in the code.

Numbers of one digit count as words; years, formulas, code, headings, hints and references are no claims. "97 %" is
found in 0.974, "150 million" in 150,529,000: a number may be rounded, not more. In the introduction, the exercises and
the summary a number may come from anywhere in the chapter. What is neither printed nor given stands in
numbers_not_printed.yml, with the reason.
"""

import json
import re
from pathlib import Path

import pytest
import yaml

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
LISTED = Path(__file__).with_name("numbers_not_printed.yml")

NO_CLAIM = re.compile(  # what is taken out of the prose before it is searched
    r"<details>.*?</details>|\$\$.*?\$\$|\$[^$]*\$|```.*?```|`[^`]*`|\]\([^)]*\)|https?://\S+|arXiv:\S+|"
    r"Nature \d+|^#[^\n]*|"
    r"\*\*Time:\*\*[^.]*\.|"
    r"\b(?:[Cc]hapters?|[Ee]xercises?|[Ss]ections?|[Pp]oints?|[Nn]umber|Python) [\d., –and]*\d", re.S | re.M)
NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:e([-+]?\d+))?(?![\w]|\.\d)")
SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
EVERYWHERE = re.compile(r"^## (?:Exercises|Summary)", re.M)


def value(match):
    return float(match[1].replace(",", "") + (match[2] or "") + (f"e{match[3]}" if match[3] else ""))


def claims(prose):
    """[(label, value, half of its last digit, percent?)] of the numbers in a cell of prose."""
    text = NO_CLAIM.sub(lambda part: " · " if "\n" not in part[0] else "\n", prose)
    found = []
    for sentence in re.split(r"(?<=[.:?!;])\s|\n", text):
        for match in NUMBER.finditer(sentence):
            number = value(match)
            after = re.findall(r"[^\W\d_]+|%", sentence[match.end():])
            word = after[0] if after else ""
            whole = match[2] is None
            percent = "%" in sentence[match.end():]
            if whole and (number < 10 and word != "%" or 1700 <= number < 2100 and "," not in match[1]):
                continue
            scale = SCALE.get(word, 1)
            half = 0.5 * 10.0 ** -(len(match[2]) - 1 if match[2] else 0) * scale
            found.append((f"{match[0]} {word}".strip(), number * scale, half, percent))
    return found


def numbers_of(text):
    # "0 1 2" of an array, "1e-05", "(3, 28, 28)", "−2": signs are no matter here
    return [value(m) for m in re.finditer(r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(\.\d*)?(?:e([-+]?\d+))?", text)]


def given(source):
    """Numbers of a code cell, without those of comments and of long texts."""
    source = re.sub(r"#[^\n]*|\"\"\".*?\"\"\"", "", source, flags=re.S).replace("_", "")
    return numbers_of(source)


def printed(cell):
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    return numbers_of("\n".join("".join(text) for text in texts))


def missing(path):
    """The labels of the numbers in the chapter's prose that no cell of their section prints or gives."""
    cells = [{**cell, "source": "".join(cell["source"])} for cell in json.loads(path.read_text("utf-8"))["cells"]]
    sections, everything = [[]], []
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].startswith("## "):
            sections.append([])
        sections[-1].append(cell)
        if cell["cell_type"] == "code":
            everything += printed(cell) + given(cell["source"])
    result = []
    for number, section in enumerate(sections):
        head = section[0]["source"] if section else ""
        known = everything if number == 0 or EVERYWHERE.match(head) else [
            v for cell in section if cell["cell_type"] == "code" for v in printed(cell) + given(cell["source"])]
        for cell in section:
            if cell["cell_type"] == "markdown":
                result += [label for label, claim, half, percent in claims(cell["source"])
                           if not any(abs(v * k - claim) <= half * 1.0001 for v in known
                                      for k in ((1, 100) if percent else (1,)))]
    return result


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_number_of_the_prose_is_printed_or_given(path):
    listed = yaml.safe_load(LISTED.read_text("utf-8")).get(path.stem) or {}
    assert all(reason for reason in listed.values())
    found = set(missing(path))
    new, old = sorted(found - set(listed)), sorted(set(listed) - found)
    assert not new, f"{path.stem} says {new}; let a cell of the section print it, or list it with the reason"
    assert not old, f"{path.stem} no longer needs {old} in the list"


def test_what_counts_as_a_claim():
    said = claims("In 1998, 60,000 digits ($n = 12$, `k=13`, chapter 14) gave 97.5 % of 28 × 28.")
    assert [label for label, *_ in said] == ["60,000 digits", "97.5 %", "28", "28"]
    (_, number, half, _), = claims("150 million parameters")
    assert abs(150_529_000 - number) > half > abs(150_400_000 - number)
    assert numbers_of("(1000, 1, 28, 28) 1e-05 16,384 [0.25 -3.]") == [1000, 1, 28, 28, 1e-5, 16384, 0.25, 3]


def test_a_number_of_another_section_does_not_count(tmp_path):
    """As "29 parameters" for 33: some other section had printed 29, as a distance."""
    def cell(source, output=None):
        outputs = [{"output_type": "stream", "text": output}] if output else []
        return {"cell_type": "code" if output else "markdown", "source": source, "outputs": outputs}

    notebook = {"cells": [cell("# A"), cell("## One\nIt has 29 parameters."), cell("print(n)", "33 parameters"),
                          cell("## Two"), cell("print(d)", "29 steps")]}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook), "utf-8")
    assert missing(tmp_path / "a.ipynb") == ["29 parameters"]
