"""What people type for an answer: one table (answers.tsv) that Python's grader and the page's are both held to.

Whoever finds an answer that is judged wrongly adds a line: question, what was typed, verdict. `\\u3000` and the like
stand for characters that one would not see.
"""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from nnbook.exercises import quiz
from tests.support.engine import Engine

QUESTIONS = {
    "count": quiz("How many parameters?", 56, mistakes={55: "no bias"}),
    "share": quiz("Which share is right?", 0.92, tolerance=0.005),
    "percent": quiz("How many percent are right?", 92, tolerance=0.5),
    "fraction": quiz("What is P(A)?", 0.6),
    "half": quiz("What is w?", 1.5),
    "views": quiz("How many thousand views?", 5.2, tolerance=0.05),
    "thousands": quiz("How many multiply-adds?", 7840),
    "million": quiz("How many parameters?", 1200000),
    "error": quiz("What is the loss?", 0.7123, tolerance=0.0005),
    "negative": quiz("What is the slope?", -0.25),
    "power": quiz("By what factor?", 0.001),
    "zero": quiz("What is the gradient?", 0),
    "shape": quiz("What shape has W?", ["n×n", "n by n"], mistakes={"n": "one axis only"}),
    "size": quiz("What size is the image?", "28×28"),
    "name": quiz("Which loss?", ["cross-entropy", "log loss", "交叉熵"], mistakes={"MSE": "regression"}),
    "formula": quiz("dL/dw?", "delta2*x1", variables=["delta2", "x1", "x2"]),
    "line": quiz("The model?", "w*x + b", variables=["w", "x", "b"]),
    "square": quiz("How many?", "n^2", variables=["n"], mistakes={"2*n": "twice"}),
}


def read_table():
    with Path(__file__).with_name("answers.tsv").open(encoding="utf8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    unescape = re.compile(r"\\u([0-9a-f]{4})")
    return [(name, unescape.sub(lambda m: chr(int(m[1], 16)), typed), verdict) for name, typed, verdict in rows]


TABLE = read_table()


def test_the_table_is_large_and_has_each_line_once():
    assert len(TABLE) >= 150
    assert len({row[:2] for row in TABLE}) == len(TABLE)
    assert {name for name, _, _ in TABLE} == set(QUESTIONS)


def wrongly_judged(judge):
    return [f"{name}: {typed!r} is {found}, should be {verdict}" for name, typed, verdict in TABLE
            if (found := judge(name, typed)) != verdict]


def test_python():
    assert wrongly_judged(lambda name, typed: QUESTIONS[name].verdict(typed)[0]) == []


def test_page():
    states = {name: json.loads(re.search(r'<script type="application/json">(.*?)</script>', q.html, re.S)[1])
              for name, q in QUESTIONS.items()}
    found = Engine("quiz").run("rows.map(([name, text]) => nn.quiz.grade(states[name], text).key)",
                               states=states, rows=[row[:2] for row in TABLE])
    verdicts = {row[:2]: key for row, key in zip(TABLE, found, strict=True)}
    assert wrongly_judged(lambda name, typed: verdicts[name, typed]) == []


@pytest.mark.parametrize("answer", [np.int64(8), np.float32(8), 8.0, np.array(8)])
def test_an_answer_may_be_numpys(answer):
    asked = quiz("How many?", answer)
    assert asked.grade("8")[0] and asked.grade(8)[0] and asked.grade(np.float32(8))[0] and not asked.grade(None)[0]


def test_choices_may_be_numpys():
    asked = quiz("Which?", np.int64(1), choices=np.array([1, 2]), mistakes={2: "No."})
    assert asked.grade(1)[0] and asked.grade(2) == (False, "No.")
