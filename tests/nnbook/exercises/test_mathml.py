"""Formulas of questions where nothing typesets TeX: as MathML, which browsers draw by themselves."""

import re
import xml.etree.ElementTree as ET

import pytest

from nnbook.exercises import questions, quiz
from nnbook.exercises.mathml import mathml, plain_tex


@pytest.mark.parametrize(("tex", "inner"), [
    ("w_2", "<msub><mi>w</mi><mrow><mn>2</mn></mrow></msub>"),
    (r"\delta_1^2", "<msubsup><mi>δ</mi><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></msubsup>"),
    ("f'", "<msup><mi>f</mi><mrow><mo>′</mo></mrow></msup>"),
    (r"0.97 < \frac{1}{2}", "<mn>0.97</mn><mo>&lt;</mo><mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"),
    (r"\hat y", '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
    (r"\mathbf w", "<mi>𝐰</mi>"), (r"\mathbf X", "<mi>𝐗</mi>"), (r"\text{if } x", "<mtext>if </mtext><mi>x</mi>"),
    (r"\underbrace{a}_{w}", "<munder><munder><mrow><mi>a</mi></mrow><mo>⏟</mo></munder>"
                            "<mrow><mrow><mi>w</mi></mrow></mrow></munder>"),
    (r"\begin{bmatrix}1&2\\3&x\end{bmatrix}",
     "<mrow><mo>[</mo><mtable><mtr><mtd><mrow><mn>1</mn></mrow></mtd><mtd><mrow><mn>2</mn></mrow></mtd></mtr>"
     "<mtr><mtd><mrow><mn>3</mn></mrow></mtd><mtd><mrow><mi>x</mi></mrow></mtd></mtr></mtable><mo>]</mo></mrow>")])
def test_mathml(tex, inner):
    assert mathml(tex) == f"<math><mrow>{inner}</mrow></math>"
    ET.fromstring(mathml(tex))


@pytest.mark.parametrize(("text", "plain"), [
    (r"What is $\partial L/\partial w_2$?", "What is ∂L/∂w₂?"), (r"$\hat y$, $\rho = 0.7$", "ŷ, ρ = 0.7"),
    (r"$p = (0.7,\ 0.2)$ and $\sum_i x_i$", "p = (0.7, 0.2) and ∑ᵢ xᵢ"), (r"$w_{12} x_{1}$", "w_{12} x₁"),
    (r"$\max\!\left(0,\ \vec v\right)$", "max(0, v\u20d7)"),
    ("50 $ a \\day", "50 $ a \\day")])
def test_plain_characters(text, plain):
    assert plain_tex(text) == plain


@pytest.mark.parametrize(("tex", "message"), [
    (r"\unknown x", r"\\unknown in the formula"), ("{x", "} is missing"), ("x_", "something is missing")])
def test_what_it_does_not_know_is_named(tex, message):
    with pytest.raises(ValueError, match=re.escape(message).replace(r"\\\\", r"\\")):
        mathml(tex)


@pytest.mark.parametrize("number", range(1, 13))
def test_no_question_shows_tex_where_nothing_typesets_it(number, monkeypatch):
    monkeypatch.delenv("NNLIB_STATIC", raising=False)
    for name in questions.chapter(number):
        shown = re.sub(r'<(script|style).*?</\1>| aria-label="[^"]*"', "", quiz(f"{number}.{name}").html, flags=re.S)
        assert "\\" not in shown and "$" not in shown, f"{number}.{name}"


def test_the_built_book_keeps_tex_for_its_typesetter(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    assert r"\(w_1\)" in quiz("What is $w_1$?", 1).html
    monkeypatch.delenv("NNLIB_STATIC")
    own = quiz(r"What is $w_1$, and $\unknown$?", 1).html
    assert "<math>" in own and r"\(\unknown\)" in own
