"""quiz and its formulas: what is right, which diagnosis is given, and that the page answers as Python does."""

import json
import math
import random
import re

import pytest

from nnbook.exercises import formula, quiz
from nnbook.exercises.quiz import inline
from tests.support import drive
from tests.support.engine import Engine

COUNT = {"question": "The last 7 days: how many parameters?", "answer": 8,
         "hints": ["One weight a day.", "And one more."],
         "mistakes": {7: "These are the weights. You forgot the bias.", -1: "No."}, "solution": "$7 + 1 = 8$"}
ERROR = {"question": "dL/dw?", "answer": 0.9, "tolerance": 0.005, "mistakes": {0.6: "That is dL/db."}}
EDGE = {"question": r"What is $\partial L/\partial w_2$?", "answer": "delta2*x1",
        "mistakes": {"delta1*x1": "Other node."},
        "variables": ["delta1", "delta2", "x1", "x2"], "otherwise": "Follow the edge."}
MEANT = {"question": "δ₁?", "answer": "d*a1*(1-a1)", "variables": ["d", "a1", "z1"], "where": {"a1": "sigmoid(z1)"},
         "mistakes": {"d*a1": "Only a₁."}}
ONE = {"question": "Which squashes to (0, 1)?", "answer": "sigmoid", "choices": ["ReLU", "sigmoid", "tanh"],
       "mistakes": {"ReLU": "Unbounded.", "tanh": "That is (−1, 1)."}}
MANY = {"question": "Which are smooth?", "answer": ["sigmoid", "tanh"], "choices": ["sigmoid", "ReLU", "tanh"],
        "mistakes": {"ReLU": "It has a kink.", "tanh": "tanh is smooth, too."}}
NAME = {"question": "The loss of classification?", "answer": ["cross-entropy", "log loss"],
        "mistakes": {"MSE": "Regression."}}

ANSWERS = [
    (COUNT, "8", "right"), (COUNT, " 8.0 ", "right"), (COUNT, "7+1", "right"), (COUNT, "16/2", "right"),
    (COUNT, "7", "forgot the bias"), (COUNT, "−8", "the sign is not"), (COUNT, "80", "decimal point"),
    (COUNT, "0.008", "decimal point"), (COUNT, "8.2", "another number"), (COUNT, "12", "another number"),
    (COUNT, "", "Answer first"),
    (COUNT, "7,840", "two ways"), (COUNT, "eight", "right"), (COUNT, "many", "not a number"),
    (COUNT, "1/0", "not a number"),
    (COUNT, "8)", "not a number"), (COUNT, "7,84,0", "two ways"), (COUNT, "-1", "No."),
    (ERROR, "0.9", "right"), (ERROR, "0.904", "right"), (ERROR, ".896", "right"), (ERROR, "0.91", "Close"),
    (ERROR, "0.6", "That is dL/db"), (ERROR, "90", "decimal point"), (ERROR, "-0.9", "sign"), (ERROR, "2", "another"),
    (EDGE, "δ₂·x₁", "right"), (EDGE, "x1 delta_2", "right"), (EDGE, "δ2x1", "right"), (EDGE, "x1*(delta2+0)", "right"),
    (EDGE, "delta1*x1", "Other node"), (EDGE, "-δ2x1", "sign"), (EDGE, "2 δ2 x1", "constant factor"),
    (EDGE, "delta2", "Follow the edge"), (EDGE, "delta2*", "“the end”"), (EDGE, "delta2*y", "“y”"),
    (EDGE, "delta2 $ x1", "“$”"), (EDGE, "", "Answer first"), (EDGE, "0", "Follow the edge"),
    (EDGE, "Delta2*X1", "right"), (EDGE, "DELTA1 X1", "Other node"),
    (MEANT, "D a1 (1 - a1)", "right"), (MEANT, "d sigmoid(z1) (1 - a1)", "right"), (MEANT, "d Sigmoid(z1)", "Only a₁"),
    (MEANT, "d*z1*(1-z1)", "another formula"), (MEANT, "d σ'(z1)", "right"), (MEANT, "d*Sigmoid′(z1)", "right"),
    (NAME, "Cross entropy", "right"), (NAME, " cross-ENTROPY. ", "right"), (NAME, "log loss", "right"),
    (NAME, "mse", "Regression"), (NAME, "hinge", "another answer"), (NAME, "  ", "Answer first"),
    (ONE, "sigmoid", "right"), (ONE, "ReLU", "Unbounded"), (ONE, "tanh", "(−1, 1)"),
    (MANY, ["sigmoid", "tanh"], "right"), (MANY, ["sigmoid", "ReLU"], "kink"), (MANY, ["ReLU"], "kink"),
    (MANY, ["sigmoid"], "tanh is smooth"), (MANY, ["tanh"], "still missing"), (MANY, [], "Answer first"),
]


@pytest.mark.parametrize(("arguments", "response", "message"), ANSWERS)
def test_grade(arguments, response, message):
    right, text = quiz(**arguments).grade(response)
    assert right == (message == "right")
    assert message.lower() in text.lower()


def state_of(q):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', q.html, re.S)[1])


def indices(q, response):
    """A response as the page has it: places of the ticked choices, or the text."""
    if q.choices is None:
        return response
    return sorted(q.choices.index(r) for r in ([response] if isinstance(response, str) else response))


@pytest.fixture(scope="module")
def engine():
    return Engine("quiz")


@pytest.mark.parametrize(("arguments", "response", "message"), ANSWERS)
def test_the_page_grades_as_python_does(arguments, response, message, engine):
    q = quiz(**arguments)
    found = engine.run("nn.quiz.grade(state, response)", state=state_of(q), response=indices(q, response))
    texts = q.messages()
    assert texts[found["key"]].replace("{detail}", found["detail"]) == q.grade(response)[1]


@pytest.mark.parametrize(("changed", "error", "message"), [
    (COUNT | {"answer": None}, ValueError, "quiz needs an answer"),
    (COUNT | {"answer": True}, TypeError, "answer must be"),
    (COUNT | {"mistakes": {8: "no"}}, ValueError, "which is right"),
    (ONE | {"answer": "elu"}, ValueError, "among the choices"),
    (ONE | {"mistakes": {"ReLU": "no"}}, ValueError, "every wrong choice; missing.*tanh"),
    (ONE | {"mistakes": {"ReLU": "no", "tanh": "no", "sigmoid": "no"}}, ValueError, "right answer"),
    (ONE | {"mistakes": {"ReLU": "no", "tanh": "no", "elu": "no"}}, ValueError, "among the choices"),
    (MANY | {"answer": []}, ValueError, "among the choices"),
    (EDGE | {"answer": "delta3*x1"}, ValueError, "delta3"),
    (EDGE | {"answer": "delta2*("}, ValueError, "unreadable"),
    (EDGE | {"mistakes": {"x1*delta2": "no"}}, ValueError, "which is right"),
])
def test_wrong_arguments(changed, error, message):
    with pytest.raises(error, match=message):
        quiz(**changed)


def test_formulas_in_texts():
    assert inline(r"a < b, $x_1 < 2$ and `f(*x)`, **so** *it* is") == (
        r'a &lt; b, <span class="nnlib-math">\(x_1 &lt; 2\)</span> and <code>f(*x)</code>, '
        "<strong>so</strong> <em>it</em> is")


def test_a_choice_that_is_a_formula_has_a_name():
    question = quiz("Which?", "c", choices=["$a<b$", "$a$ or $b$", "c"], mistakes={"$a<b$": "No.", "$a$ or $b$": "No."})
    names = re.findall(r'aria-label="([^"]*)"', question.fields())
    assert names == ["a&lt;b"]


def test_output_is_text_and_html_and_the_same_each_time():
    bundle = quiz(**EDGE)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == "Question: What is ∂L/∂w₂?"
    assert quiz(**EDGE)._repr_mimebundle_() == bundle


# --- formulas ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "value"), [
    ("1.5*0.8+0.2", 1.4), ("-2^2", -4), ("2^3^2", 512), ("2(3+4)", 14), ("6/2(1+2)", 9), ("2x", 6), ("x^2/x", 3),
    ("1e-3", 0.001), (".5", 0.5), ("e", math.e), ("2pi", 2 * math.pi), ("exp(0)", 1), ("sigma(0)", 0.5),
    ("σ’(0) + sigmoid'(0)", 0.5), ("x'", None),
    ("max(1, 2, 3)", 3), ("relu(-2)", 0), ("-(-3)", 3), ("--3", 3), ("2-3", -1), ("2·3", 6), ("x²", 9), ("x**2", 9),
    ("2x^2", 18), ("xyx", 36), ("|", None), ("2 +", None), ("exp 2", None), ("exp", None), ("(1", None), ("1)", None),
    ("1..2", None), ("max(1)", 1), ("exp(1, 2)", None), ("2*(3", None), ("x" * 300, None), ("__import__", None),
])
def test_formula(text, value, engine):
    names = {"x": 3.0, "y": 4.0}
    if value is None:
        with pytest.raises(formula.FormulaError):
            formula.evaluate(text, names)
        with pytest.raises(Exception, match="Error"):
            engine.run("nn.formula.evaluate(text, names)", text=text, names=names)
        return
    assert formula.evaluate(text, names) == pytest.approx(value, rel=1e-12)
    assert engine.run("nn.formula.evaluate(text, names)", text=text, names=names) == pytest.approx(value, rel=1e-12)


def some_formula(rng, depth=3):
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(["x", "y", "w1", "δ₂", "2", "0.5", "1e-1", "pi", "e"])
    a, b = some_formula(rng, depth - 1), some_formula(rng, depth - 1)
    return rng.choice([f"{a}+{b}", f"{a} - {b}", f"({a})*({b})", f"({a})({b})", f"{a}/({b})", f"-{a}", f"({a})^2",
                       f"sqrt(abs({a}))", f"exp(-({a})^2)", f"tanh({a})", f"max({a}, {b})", f"{a}·{b}", f"log({a})"])


def test_random_formulas_are_read_alike(engine):
    rng, names = random.Random(0), ["x", "y", "w1", "δ₂"]
    texts = [some_formula(rng) for _ in range(300)]
    got = engine.run("texts.map(text => nn.formula.values(text, names))", texts=texts, names=names)
    defined = 0
    for text, found in zip(texts, got, strict=True):
        for here, there in zip(formula.values(text, names), map(float, found), strict=True):
            if math.isfinite(here) and math.isfinite(there):
                assert here == pytest.approx(there, rel=1e-9, abs=1e-12), text
                defined += 1
            else:
                assert not math.isfinite(here) and not math.isfinite(there), text
    assert defined > 1000


# --- in the page ---------------------------------------------------------------------------------------------------

ALL = [COUNT, ERROR, EDGE, MEANT, ONE, MANY, NAME]


def test_page(open_html):
    page = open_html("".join(quiz(**q).html for q in ALL))
    page.wait_for_function(f"document.querySelectorAll('.nnlib-ready').length === {len(ALL)}")
    assert drive.drive_page(page) == []


def test_keyboard_only(open_html):
    """Tab to the field, type, Enter; the verdict is announced; hints open with the keyboard one by one."""
    page = open_html(quiz(**COUNT).html)
    page.wait_for_selector(".nnlib-ready")
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    verdict = page.query_selector("[role=status]")
    assert verdict.get_attribute("aria-live") == "polite" and "You forgot the bias" in verdict.text_content()
    page.keyboard.type("8")  # 78: the old verdict goes away with a new answer
    assert verdict.text_content() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    hints = page.query_selector_all(".nnlib-hint")
    assert [h.is_visible() for h in hints] == [True, False]
    page.keyboard.press("Enter")
    assert drive.until(lambda: [h.is_visible() for h in hints] == [True, True])
    assert not page.query_selector(".nnlib-solution p").is_visible()


def test_choices_by_keyboard(open_html):
    page = open_html(quiz(**ONE).html)
    page.wait_for_selector(".nnlib-ready")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "✓" in page.text_content("[role=status]")
    assert page.query_selector("fieldset legend").text_content() == ONE["question"]


def test_what_is_typed_is_not_run(open_html):
    page = open_html(quiz(**EDGE).html)
    page.wait_for_selector(".nnlib-ready")
    page.fill("input", "<img src=x onerror=document.title=1>")
    page.keyboard.press("Enter")
    page.fill("input", "delta2*imgsrc")
    page.press("input", "Enter")
    assert "“imgsrc”" in page.text_content("[role=status]")
    assert page.query_selector("[role=status] img") is None


def test_without_scripts_the_solution_opens(open_html):
    page = open_html(quiz(**COUNT).html, java_script_enabled=False)
    assert drive.without_scripts(page) == []
    assert page.query_selector_all("button") == []
    page.click(".nnlib-solution summary")
    assert page.query_selector(".nnlib-solution p").is_visible()


# Gives each answer [number of the quiz, text or places of the ticked choices] to its form; the verdicts.
ANSWER = """answers => answers.map(([number, response]) => {
  const root = document.querySelectorAll("[data-nnlib-widget]")[number], inputs = [...root.querySelectorAll("input")];
  if (typeof response === "string") {
    inputs[0].value = response;
    inputs[0].dispatchEvent(new Event("input", { bubbles: true }));
  } else inputs.forEach((input, k) => { if (response.includes(k) !== input.checked) input.click(); });
  root.querySelector("button").click();
  return root.querySelector(".nnlib-verdict").textContent;
})"""


def grading_problems(open_html, change=lambda html: html):
    """Give every answer of the table to the page; where it says something else than Python."""
    quizzes = [quiz(**arguments) for arguments in ALL]
    page = open_html(change("".join(q.html for q in quizzes)))
    roots = page.query_selector_all("[data-nnlib-widget]")
    if not drive.until(lambda: len(page.query_selector_all("button")) >= len(roots), drive.START):
        return ["not all quizzes start"]
    given = [(quizzes[ALL.index(arguments)], response) for arguments, response, _ in ANSWERS]
    verdicts = page.evaluate(ANSWER, [[quizzes.index(q), indices(q, response)] for q, response in given])
    problems = []
    for (q, response), verdict in zip(given, verdicts, strict=True):
        right, expected = q.grade(response)
        if response.strip() if isinstance(response, str) else response:
            expected = ("✓ " if right else "✗ ") + expected
        if verdict != expected:
            problems.append(f"{response!r}: the page says {verdict!r}, Python {expected!r}")
    return problems


def test_the_page_says_what_python_says(open_html):
    assert grading_problems(open_html) == []


@pytest.mark.parametrize(("line", "broken"), [
    ("if (wrong !== undefined) return [`mistake${wrong}`];", ""), ('if (equal(got, want)) return ["right"];', ""),
    ("position++;", "position += 2;"), ("value *= factor();", "value = factor();"),
    ("verdict.replaceChildren(message);", ""), ("return comma();", 'return text.replace(",", "");')])
def test_a_broken_line_is_noticed(line, broken, open_html):
    assert line in quiz(**COUNT).html
    assert grading_problems(open_html, lambda html: html.replace(line, broken)) != []
