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


def in_chinese(n, inside=False):
    """n in Chinese words, as people write it: 十五, 一百零五, 一千零二十, 一亿零三百."""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if n >= unit:
            many, rest = divmod(n, unit)
            head = "" if (unit, many, inside) == (10, 1, False) else in_chinese(many, inside)
            gap = "零" if rest and rest < unit // 10 else ""
            return head + name + gap + (in_chinese(rest, True) if rest else "")
    return "零一二三四五六七八九"[n]


def test_numbers_in_words_are_read():
    ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    tens = [None, None, "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    typed = [(in_chinese(n), n) for n in (*range(100), *range(100, 130), 1001, 1010, 1461, 10000, 10005, 12345, 101770,
                                          1001000, 30000000, 100000300, 1234567890)]
    typed += [("".join("零一二三四五六七八九"[int(d)] for d in str(n)), n) for n in (10, 1461, 2024)]  # digit by digit
    typed += [("两百", 200), ("二〇二四", 2024), ("五十六个", 56)]
    typed += [(ones[n] if n < 20 else tens[n // 10] + (f"-{ones[n % 10]}" if n % 10 else ""), n) for n in range(100)]
    made = {n: quiz("How many?", n) for _, n in typed}
    states = {n: json.loads(re.search(r'<script type="application/json">(.*?)</script>', q.html, re.S)[1])
              for n, q in made.items()}
    page = Engine("quiz").run("rows.map(([text, n]) => nn.quiz.grade(states[n], text).key)", states=states, rows=typed)
    assert [text for (text, n), key in zip(typed, page, strict=True) if key != "right"] == []
    assert [text for text, n in typed if not made[n].grade(text)[0]] == []
    assert in_chinese(1020) == "一千零二十" and in_chinese(110) == "一百一十" and in_chinese(15) == "十五"


FRACTIONS = {
    "三分之二": 2 / 3, "二分之一": 0.5, "千分之三": 0.003, "十六分之一": 1 / 16, "一半": 0.5, "半": 0.5, "两个半": 2.5,
    "一个半": 1.5, "零点九二": 0.92, "三点零五": 3.05, "十二点五": 12.5, "三点": 3, "half": 0.5, "a half": 0.5,
    "One half": 0.5, "two thirds": 2 / 3, "a quarter": 0.25, "three quarters": 0.75, "three-quarters": 0.75,
    "two halves": 1, "one and a half": 1.5, "half of them": 0.5, "a tenth": 0.1, "seven eighths": 7 / 8,
    "zero thirds": 0}


def test_fractions_in_words_are_read():
    made = {text: quiz("How much?", value, tolerance=1e-9) for text, value in FRACTIONS.items()}
    states = {text: json.loads(re.search(r'<script type="application/json">(.*?)</script>', q.html, re.S)[1])
              for text, q in made.items()}
    page = Engine("quiz").run("rows.map(text => nn.quiz.grade(states[text], text).key)", states=states, rows=[*made])
    assert [text for text, key in zip(made, page, strict=True) if key != "right"] == []
    assert [text for text, q in made.items() if not q.grade(text)[0]] == []


@pytest.mark.parametrize("text", ["三分之", "零分之一", "一半多", "三分之二点五", "two point five", "two and"])
def test_half_a_fraction_is_not_read_as_the_number_before_it(text):
    for asked in (quiz("How much?", answer) for answer in (0.5, 1, 2, 3)):
        assert not asked.grade(text)[0]
        state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', asked.html, re.S)[1])
        assert Engine("quiz").run("nn.quiz.grade(state, text).key", state=state, text=text) != "right"


@pytest.mark.parametrize("answer", [np.int64(8), np.float32(8), 8.0, np.array(8)])
def test_an_answer_may_be_numpys(answer):
    asked = quiz("How many?", answer)
    assert asked.grade("8")[0] and asked.grade(8)[0] and asked.grade(np.float32(8))[0] and not asked.grade(None)[0]


def test_choices_may_be_numpys():
    asked = quiz("Which?", np.int64(1), choices=np.array([1, 2]), mistakes={2: "No."})
    assert asked.grade(1)[0] and asked.grade(2) == (False, "No.")
