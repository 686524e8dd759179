"""The chapters' questions: each is asked once, in its chapter, by a cell that does not give the answer away."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from nnbook.exercises import questions, quiz

CHAPTERS = sorted((Path(__file__).parents[3] / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_question_is_asked_once_in_its_chapter_and_by_its_name_alone(path):
    number = int(path.name[:2])
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text("utf8"))["cells"]
             if cell["cell_type"] == "code"]
    asked = [cell for cell in cells if re.search(r"\bquiz\(", cell)]
    assert sorted(asked) == sorted(f'quiz("{number}.{name}")' for name in questions.chapter(number))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_question_can_be_asked(path):
    number = int(path.name[:2])
    for name in questions.chapter(number):
        made = quiz(f"{number}.{name}")  # raises where a choice has no diagnosis or a mistake is right
        assert made.mistakes and made.solution, f"{number}.{name} needs diagnoses and a solution"
        assert not set("\\$") & set(made.alt), f"TeX is left in what a notebook shows before it runs: {made.alt}"


def test_the_right_choice_stands_first_as_often_as_chance_would_have_it():
    """In nine single choices of the first chapters it had stood first six times."""
    first, chances = 0, []
    for path in CHAPTERS:
        for name, table in questions.chapter(int(path.name[:2])).items():
            made = questions.read(f"{int(path.name[:2])}.{name}")
            if "choices" in made and isinstance(made["answer"], str):
                first += made["choices"][0] == made["answer"]
                chances.append(1 / len(made["choices"]))
                other = {**questions.unwrapped(table), "choices": questions.unwrapped(table)["choices"][::-1]}
                assert questions.arguments(name, other)["choices"] == made["choices"]  # whoever is written first
    chances = np.array(chances)
    assert first <= chances.sum() + np.sqrt(np.sum(chances * (1 - chances)))  # one standard deviation


@pytest.mark.parametrize("name, typed, message", [
    ("10.f1", "0.675", "plain mean of precision"), ("10.f1", "0.5", "both sides"), ("10.f1", "66.7 %", "Right"),
    ("10.eight-tokens", "98 %", "two tokens"), ("10.eight-tokens", "0.85", "0.96^4"),
    ("10.eight-tokens", "92 %", "Right"),
    ("11.second-round", "3.5", "node 4, too"), ("11.second-round", "4.25", "node 2, too"),
    ("11.second-round", "23/6", "Right"), ("11.parameters", "544", "first layer"),
    ("11.parameters", "750", "not learned"),
    ("11.parameters", "592", "second layer is missing"), ("11.parameters", "578", "first layer is missing"),
    ("12.windows", "768", "0, 4, … 84 down"), ("12.windows", "756", "at the start"),
    ("12.windows", "912", "last layer"),
    ("12.windows", "3053", "two poolings"), ("12.mean-spectrum", "1/3", "within the pair")])
def test_what_a_typed_number_is_told(name, typed, message):
    """The likely slips of chapters 10 to 12; 592, 578, 768 and the plain mean were asked whether they were rounded."""
    assert message in quiz(name).grade(typed)[1]


def test_a_file_is_read_as_quiz_wants_it():
    table = {"question": "\nWhich\n  two?", "choices": [["a", True], ["b", "No\nb."], ["c", True, "c is missing."]],
             "hints": ["one", "two\nlines"], "solution": "First\nline.\n\nSecond."}
    assert questions.translated(questions.arguments("1.x", questions.unwrapped(table))) == {
        "question": "Which two?", "answer": ["a", "c"],
        "right": "Right. First line. Second.",
        "choices": sorted("abc", key=lambda text: questions.place({"question": "Which two?"}, text)),
        "mistakes": {"b": "No b.", "c": "c is missing."}, "hints": ["one", "two lines"],
        "solution": "First line.\n\nSecond."}
    one = {"question": "Which?", "choices": [["a", True], ["b", "No."]]}
    assert questions.arguments("1.x", one)["answer"] == "a"
    assert questions.arguments("1.x", one | {"several": True})["answer"] == ["a"]
    number = {"question": "How many?", "answer": 8, "mistakes": [[7, "The bias."], [-1, "No."]]}
    assert questions.arguments("1.x", number)["mistakes"] == {7: "The bias.", -1: "No."}


@pytest.mark.parametrize(("name", "message"), [
    ("1.outleir", "chapter 1 has no question 'outleir'; it has: .*outlier"), ("99.x", "no file .* chapter 99"),
    ("How many?", "quiz needs an answer, or the name of a question"), ("1", "quiz needs an answer")])
def test_a_name_that_no_question_has(name, message):
    with pytest.raises(ValueError, match=message):
        quiz(name)


@pytest.mark.parametrize(("table", "message"), [
    ({"question": "?", "answer": 1, "choices": []}, "either `answer` or `choices`"),
    ({"question": "?"}, "question 1.x"), ({"answer": 1}, "needs `question`"),
    ({"question": "?", "answer": 1, "mistake": []}, "unknown: mistake$")])
def test_a_table_that_is_not_a_question(table, message):
    with pytest.raises(ValueError, match=message):
        questions.arguments("1.x", table)
