"""`quiz`: a question whose answer explains mistakes, with hints and a folded solution; no kernel needed.

Why not jupyterquiz (2.9.6 was looked at)? It has a feedback text for each answer, but no hints, no folded solution, no
formula answers and no diagnosis common to all questions; its feedback is announced to no screen reader and its text
field has no label bound to it; without JavaScript nothing stands in the page; it makes random ids, so that stored
outputs change with every run; and where MathJax is missing it loads it from a CDN.
"""

import html
import math
import re

from nnbook.exercises import answers, formula, questions
from nnbook.exercises.mathml import mathml, plain_tex
from nnbook.language import N_, _
from nnbook.widgets.core.host import Widget, page_html, plain, static_mode

RIGHT = N_("Right.")
MESSAGES = {
    "empty": N_("Answer first."),
    "number": N_("That is not a number that can be read here. Write it like 1.4 or 7/5."),
    "comma": N_("This comma can be read in two ways. Write a decimal point, and thousands without a comma: 1.4 or "
                "7840."),
    "sign": N_("The size is right, the sign is not."),
    "point": N_("The digits are right; the decimal point stands in another place. Were percent or thousands mixed up?"),
    "near": N_("Close, but not close enough. Was something rounded too early? Give one more digit."),
    "unreadable": N_("This cannot be read as a formula; the trouble begins at “{detail}”."),
    "name": N_("“{detail}” is not one of the names that may stand in this formula."),
    "factor": N_("Right up to a constant factor."),
    "missing": N_("What you chose is right, but something is still missing."),
}
USED = {"choice": [], "choices": ["missing"], "number": ["number", "comma", "sign", "point", "near"], "text": [],
        "formula": ["unreadable", "name", "sign", "factor"]}
OTHERWISE = {"number": N_("That is another number than expected here. Look at the hints, then try again."),
             "text": N_("That is another answer than expected here. Look at the hints, then try again."),
             "formula": N_("That is another formula: it gives other values. Look at the hints, then try again.")}


def quiz(question, answer=None, *, choices=None, variables=None, where=None, tolerance=0.0, mistakes=None,
         otherwise=None, right=RIGHT, hints=(), solution=""):
    """Ask a question: one of a chapter's by its name, quiz("1.outlier"), or one of your own.

    The chapters' questions stand in nnbook/exercises/questions/. The kind of answer follows from the arguments:

        choices=[...], answer="one of them"          one choice
        choices=[...], answer=["a", "c"]             several choices
        answer=8, tolerance=0                        a number, right if it is off by at most `tolerance`; 7/5 is allowed
        answer="softmax" or ["softmax", "soft max"]  a text; capitals, spaces, hyphens and full stops do not matter
        answer="delta2*x1", variables=["delta2", "x1"]   a formula, compared by its values: any equal form is right

    where:     {"a1": "sigmoid(z1)"}: what a variable of a formula stands for, so that both forms are right.
    mistakes:  {wrong answer: diagnosis}. Every wrong choice needs one; with several choices a diagnosis for a right
               one is shown when it is missing.
    otherwise: diagnosis for a number, text or formula that fits no mistake. Wrong signs, displaced decimal points,
               near misses, constant factors and unreadable input are recognised without being listed.
    right:     what to say about the right answer. hints: shown one by one. solution: folded away.

    All texts may contain `code`, **bold**, *emphasis*, $formulas$ and, in a solution, blank lines between paragraphs.
    The result is displayed by the cell; `.grade(response)` answers as the page would.

        quiz("A linear model looks at the last 7 days. How many parameters does it have?", 8,
             mistakes={7: "These are the weights. You forgot the bias."},
             hints=["One weight for each day.", "And one number that belongs to no day."],
             solution="$7$ weights and $1$ bias: **8**.")

    Raises ValueError for a name that no question has, an answer that is not among the choices, a wrong choice without
    diagnosis, a mistake that is right, or a formula that cannot be read.
    """
    if answer is None:
        if not questions.is_name(question):
            raise ValueError(f"quiz needs an answer, or the name of a question such as \"1.outlier\"; got {question!r}")
        return quiz(**questions.read(question))
    made = Quiz(question, answer, choices, variables, where or {}, tolerance, mistakes or {}, otherwise, right, hints,
                solution)
    made.html = made.static_html()
    return made


class Quiz(Widget):
    name = "quiz"

    def __init__(self, question, answer, choices, variables, where, tolerance, mistakes, otherwise, right, hints,
                 solution):
        self.question, self.variables, self.where = question, variables, dict(where)
        self.choices = None if choices is None else list(plain(choices))
        self.tolerance, self.mistakes = float(tolerance), dict(mistakes)
        self.right, self.solution = _(RIGHT) if right == RIGHT else right, solution
        self.hints = [hints] if isinstance(hints, str) else list(hints)
        answer = plain(answer)  # np.int64(8), too
        self.kind = self.find_kind(answer)
        self.answer = [answer] if self.kind == "text" and isinstance(answer, str) else answer
        self.unit = unit_of(question)
        self.otherwise = otherwise or _(OTHERWISE.get(self.kind, ""))
        self.alt = _("Question: {question}", question=re.sub("[`*]", "", plain_tex(question)))
        self.validate()

    def find_kind(self, answer):
        if self.choices is not None:
            return "choice" if isinstance(answer, (str, int, float)) else "choices"
        if self.variables is not None:
            return "formula"
        if isinstance(answer, (int, float)) and not isinstance(answer, bool):
            return "number"
        if isinstance(answer, str) or (isinstance(answer, (list, tuple)) and answer):
            return "text"
        raise TypeError(f"answer must be a number, a text or one of the choices, got {answer!r}")

    def validate(self):
        if self.choices is not None:
            answers = self.answer if self.kind == "choices" else [self.answer]
            strange = [a for a in [*answers, *self.mistakes] if a not in self.choices]
            if strange or not answers:
                raise ValueError(f"answer and mistakes must be among the choices {self.choices}; got {strange}")
            silent = [c for c in self.choices if c not in answers and c not in self.mistakes]
            if silent:
                raise ValueError(f"mistakes must say what is wrong with every wrong choice; missing: {silent}")
            if self.kind == "choice" and self.answer in self.mistakes:
                raise ValueError(f"mistakes names the right answer {self.answer!r}")
            return
        if self.kind == "formula":
            for text in [self.answer, *self.mistakes]:
                formula.values(text, self.variables, self.where)
        for wrong in self.mistakes:
            if self.grade(str(wrong))[0]:
                raise ValueError(f"mistakes names {wrong!r}, which is right")

    # --- grading: quiz.js does the same in the page -----------------------------------------------------------------

    def grade(self, response):
        """(right?, message) for a text typed in, for a choice, or for a list of choices."""
        key, detail = self.verdict(response)
        return key == "right", self.messages()[key].replace("{detail}", detail)

    def verdict(self, response):
        """(key of the message, what in the response it is about)."""
        if self.choices is None:
            response = "" if response is None else str(response)  # grade(8), too
        return getattr(self, f"grade_{self.kind}")(response)

    def messages(self):
        """{key: text} of everything that may be said about an answer."""
        texts = {"right": self.right, "otherwise": self.otherwise, "empty": _(MESSAGES["empty"])}
        texts |= {key: _(MESSAGES[key]) for key in USED[self.kind]}
        names = self.choices if self.choices is not None else list(self.mistakes)
        return texts | {f"mistake{names.index(wrong)}": text for wrong, text in self.mistakes.items()}

    def grade_choice(self, response):
        if response == self.answer:
            return "right", ""
        return f"mistake{self.choices.index(response)}", ""

    def grade_choices(self, response):
        if not response:
            return "empty", ""
        for k, choice in enumerate(self.choices):  # first what should not be there, then what is missing
            if choice in response and choice not in self.answer:
                return f"mistake{k}", ""
        missing = [k for k, choice in enumerate(self.choices) if choice in self.answer and choice not in response]
        if not missing:
            return "right", ""
        told = [k for k in missing if self.choices[k] in self.mistakes]
        return (f"mistake{told[0]}" if told else "missing"), ""

    def grade_number(self, response):
        if not response.strip():
            return "empty", ""
        slack = max(self.tolerance, 1e-9 * max(1.0, abs(self.answer)))
        try:
            readings = answers.numbers(response, self.unit, abs(self.answer) > 1)
        except formula.FormulaError:
            return "number", ""
        except answers.Comma as comma:
            meant = comma.args[0]
            return ("right" if meant is not None and abs(meant - self.answer) <= slack else "comma"), ""
        if any(abs(x - self.answer) <= slack for x in readings):
            return "right", ""
        for k, wrong in enumerate(self.mistakes):
            if any(abs(x - wrong) <= slack for x in readings):
                return f"mistake{k}", ""
        x = readings[0]
        if not math.isfinite(x):
            return "number", ""
        if abs(x + self.answer) <= slack:
            return "sign", ""
        for power in (-6, -3, -2, -1, 1, 2, 3, 6):
            if self.answer and abs(x / 10**power - self.answer) <= slack:
                return "point", ""
        return ("near" if rounded(x, self.answer, self.tolerance) else "otherwise"), ""

    def grade_text(self, response):
        text = answers.words(response)
        if not text:
            return "empty", ""
        if text in map(answers.words, self.answer):
            return "right", ""
        found = [k for k, wrong in enumerate(self.mistakes) if answers.words(wrong) == text]
        return (f"mistake{found[0]}" if found else "otherwise"), ""

    def grade_formula(self, response):
        if not response.strip():
            return "empty", ""
        try:
            got = formula.values(re.sub("^[^=≈＝]*[=≈＝]", "", response), self.variables, self.where)  # y = w x
        except formula.FormulaError as error:
            return error.args
        want = formula.values(self.answer, self.variables, self.where)
        if formula.equal(got, want):
            return "right", ""
        for k, wrong in enumerate(self.mistakes):
            if formula.equal(got, formula.values(wrong, self.variables, self.where)):
                return f"mistake{k}", ""
        if formula.equal([-g for g in got], want):
            return "sign", ""
        ratio = got[0] / want[0] if want[0] else math.nan
        return ("factor" if ratio and formula.equal(got, [ratio * w for w in want]) else "otherwise"), ""

    # --- page -------------------------------------------------------------------------------------------------------

    def static_html(self):
        messages = "".join(f'<div data-when="{key}">{inline(text)}</div>' for key, text in self.messages().items())
        hints = "".join(folded("hint", _("Hint {k}", k=k), text) for k, text in enumerate(self.hints, 1))
        solution = folded("solution", _("Solution"), self.solution)
        # method="dialog": outside a dialog such a form is never sent, also without JavaScript
        content = (f'<form class="nnlib-quiz" method="dialog">{self.fields()}'
                   f'<div class="nnlib-verdict" role="status" aria-live="polite"></div></form>'
                   f'<div class="nnlib-messages" hidden>{messages}</div>{hints}{solution if self.solution else ""}')
        state = {"kind": self.kind, "mistakes": list(self.mistakes), "tolerance": self.tolerance, "unit": self.unit}
        if self.choices is None:
            state["answer"] = self.answer
        else:
            answers = self.answer if self.kind == "choices" else [self.answer]
            state |= {"answer": [self.choices.index(a) for a in answers],
                      "mistakes": [self.choices.index(m) for m in self.mistakes]}
        return page_html("quiz", "quiz", state | {"variables": self.variables or [], "where": self.where}, content)

    def fields(self):
        question = f'<span class="nnlib-question">{inline(self.question)}</span>'
        if self.choices is None:
            names = _(", ").join(f"<code>{html.escape(name)}</code>" for name in self.variables or [])
            use = _("Write it with {names}.", names=names)
            hint = f'<span class="nnlib-use">{use}</span>' if names else ""
            mode = ' inputmode="decimal"' if self.kind == "number" and self.answer >= 0 else ""
            label = {"number": _("number"), "text": _("words"), "formula": _("formula")}[self.kind]
            return (f'<label><span class="nnlib-ask">{question}</span>{hint}<input type="text"{mode} '
                    f'autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="{label}"></label>')
        kind = "radio" if self.kind == "choice" else "checkbox"
        rows = "".join(f'<label class="nnlib-choice"><input type="{kind}" autocomplete="off" name="choice" '
                       f'value="{k}"{spoken(choice)}> '
                       f"<span>{inline(str(choice))}</span></label>" for k, choice in enumerate(self.choices))
        return f"<fieldset><legend>{question}</legend>{rows}</fieldset>"


def folded(kind, summary, text):
    return f"<details class='nnlib-{kind}'><summary>{summary}</summary>{paragraphs(text)}</details>"


def spoken(choice):
    """A formula alone names no control: its TeX does."""
    formula = re.fullmatch(r"\$([^$]+)\$", str(choice).strip())
    return f' aria-label="{html.escape(formula[1])}"' if formula else ""


def unit_of(question):
    """What the question speaks of: 92 % and 0.92, 5.2k and 5.2 may then be the same answer."""
    found = re.search(r"(%|percent|per cent|百分)|(thousand|千)|(million|百万)", question)
    return ("percent", "thousand", "million")[found.lastindex - 1] if found else ""


def rounded(x, answer, tolerance):
    """Whether rounding explains the difference: never for what is counted, else within 1 % or three tolerances."""
    return answer != round(answer) and abs(x - answer) <= max(3 * tolerance, 0.01 * abs(answer))


def inline(text):
    """`code`, **bold**, *emphasis* and $formulas$ as HTML; everything else is text."""
    parts = re.split(r"(`[^`]+`|\$[^$]+\$)", text)
    for k, part in enumerate(parts):
        if k % 2 and part[0] == "`":
            parts[k] = f"<code>{html.escape(part[1:-1])}</code>"
        elif k % 2:
            parts[k] = typeset(part[1:-1])
        else:
            part = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(part))
            parts[k] = re.sub(r"\*(.+?)\*", r"<em>\1</em>", part)
    return "".join(parts)


def typeset(tex):
    """A formula: TeX for the built book, where KaTeX takes it up, and MathML for all other places."""
    if not static_mode():
        try:
            return f'<span class="nnlib-math">{mathml(tex)}</span>'
        except ValueError:  # in an author's own question: JupyterLab typesets TeX, too
            pass
    return f'<span class="nnlib-math">\\({html.escape(tex)}\\)</span>'


def paragraphs(text):
    return "".join(f"<p>{inline(part.strip())}</p>" for part in re.split(r"\n\s*\n", text))
