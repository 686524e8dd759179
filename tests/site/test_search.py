"""The book's search: what readers ask, and where it must lead them. The index is asked as the page asks it."""

import re
import sys

import pytest

from .conftest import SITE

sys.path.append("_ext")
search = pytest.importorskip("search")

FIRST = [  # question, what the address of the first hit must match
    ("gradient descent", "03_"), ("Gradient Descent", "03_"), ("梯度下降", "03_"), ("chain rule", "05_"),
    ("链式法则", "05_"), ("vanishing gradient", "06_|09_"), ("梯度消失", "06_|09_"),
    ("convolutional neural network", "08_"), ("CNN", "08_"), ("卷积神经网络", "08_"),
    ("overfitting", "04_"), ("过拟合", "04_"), ("随机梯度下降", "03_.*batch"),
    ("stochastic gradient descent", "03_.*batch"), ("分词", "10_.*segmentation"), ("神经网络", "04_"),
    ("激活函数", "04_|06_"), ("backpropogation", "05_"), ("backpropagation", "05_"),
    ("gradiant descent", "03_"), ("gradiant", "03_"), ("softmx", "06_.*softmax"),
    ("softmax", "06_.*softmax"), ("color", "12_|07_|03_"), ("colour", "12_|07_|03_"),
    ("B05", "01_.*errors-for"), ("A30", "07_.*look-at"), ("E02", "06_.*softmax"),
    ("LSTM", "09_.*gates"), ("relu", "06_.*relu"), ("情感分类", "10_.*sentiment"),
    ("机器翻译", "10_.*translation"), ("损失函数", "01_"), ("nerual network", "04_|08_|05_|09_"),
    ("k nearest neighbors", "02_"), ("支持向量机", "02_"), ("momentum", "03_.*momentum"),
    ("logistic regression", "02_.*logistic"), ("Zachary", "11_|data"), ("池化", "07_.*pooling"),
    ("Go", "12_"),
]


@pytest.fixture(scope="module")
def ask():
    return search.ask(SITE)


@pytest.mark.parametrize(("question", "where"), FIRST)
def test_question_leads_to_its_section(ask, question, where):
    hits = ask(question)
    assert hits and re.search(where, hits[0]["url"]), [hit["url"] for hit in hits[:3]]


def test_what_is_nowhere_is_not_found(ask):
    assert ask("xylophone") == [] and ask("") == [] and ask("，。") == []


def test_formulas_and_code_are_found(ask):
    assert any("03_" in hit["url"] for hit in ask("∂L/∂w")[:8])
    assert any("gradient_check" in hit["code"] for hit in ask("gradient_check")[:5])


def test_snippets_are_text(ask):
    """No raw TeX, no list of contents, no label of a button; and they hold what was found."""
    for question in ("loss", "gradient", "卷积", "sigmoid", "batch"):
        for hit in ask(question)[:20]:
            text = "".join(piece for piece, _ in hit["snippet"])
            assert not re.search(r"\\[a-z]+|\$|Show code|Skip to", text), (hit["url"], text)
            assert len(text) < 220


def test_entries_are_sections(ask):
    hit = next(hit for hit in ask("mini-batch") if "03_" in hit["url"])
    assert hit["chapter"] == "Gradient descent" and hit["title"] != hit["chapter"]
    assert "Momentum" not in hit["text"], "the text of a section ends where the next one begins"


def test_search_in_the_box(visit):
    """From a file: type, arrows, Enter; the page that the hit leads to has no marks and no errors."""
    here = visit()
    tab = here.open((SITE / "chapters/05_backpropagation.html").as_uri())
    tab.keyboard.press("Control+k")
    tab.keyboard.type("gradiant desc")
    tab.wait_for_selector("#pst-search-dialog .hits a")
    assert "Gradient descent" in tab.inner_text("#pst-search-dialog .hits li:first-child")
    ground = tab.evaluate("getComputedStyle(document.getElementById('pst-search-dialog')).backgroundColor")
    assert not ground.endswith(", 0)"), "the page would shine through the hits"
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.matches('.hits li:first-child a')")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/03_gradient_descent.html*")
    assert tab.query_selector("article mark, article .highlighted") is None
    tab.goto((SITE / "search.html").as_uri() + "?q=regression")
    tab.wait_for_selector("#search-results .hits a")
    assert "Regression" in tab.inner_text("#search-results")
    assert here.problems == []
