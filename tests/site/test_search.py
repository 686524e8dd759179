"""The book's search: what readers ask, and where it must lead them. The index is asked as the page asks it."""

import json
import re
import sys

import pytest
from selectolax.lexbor import LexborHTMLParser

from .conftest import SITE

sys.path.append("_ext")
search = pytest.importorskip("search")
edition = pytest.importorskip("edition")

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
    # what readers call otherwise (search_words.yml), the library after what explains, code before it
    ("SGD", "03_.*batch"), ("MSE", "01_.*how-wrong"), ("RNN", "09_.*state"), ("embedding", "10_.*from-text"),
    ("GNN", "11_.*the-layer"), ("词向量", "10_.*from-text"), ("鞍点", "03_.*many-parameters"),
    ("召回率", "02_.*threshold"), ("vectorization", "04_.*from-sums"), ("向量化", "04_.*from-sums"),
    ("nnlib.Adam", "nnlib.html#adam"), ("Conv2d", "nnlib.html#conv2d"), ("clip_gradients", "nnlib.html#clip"),
    # one word or two, as part of a longer question, in the other language
    ("minibatch", "03_.*batch"), ("over fitting", "04_.*more-neurons"), ("leaky relu", "06_.*leaky"),
    ("反向传播算法", "05_"), ("sigmoid function", "0[26]_.*sigmoid"),
    ("学习率调整方案", "03_.*learning-rate-schedules"),
    ("standardize", "01_.*gradient-descent|03_.*standardised"), ("sequence to sequence", "10_.*three-shapes"),
    # misspelt: letters exchanged, another Chinese character
    ("lsmt", "09_.*gates"), ("eigenvlaue", "03_.*standardised"), ("卷机神经网络", "08_.*plan"),
    ("池画", "07_.*pooling"),
    # formulas and their letters
    ("∇L", "03_.*the-gradient"), ("λ", "03_.*standardised"), ("h_{t-1}", "09_|10_"), ("1/(1+e^-z)", "02_|06_"),
]


@pytest.fixture(scope="module")
def ask():
    return search.ask(SITE)


@pytest.mark.parametrize(("question", "where"), FIRST)
def test_question_leads_to_its_section(ask, question, where):
    hits = ask(question)
    assert hits and re.search(where, hits[0]["url"]), [hit["url"] for hit in hits[:3]]


def test_points_and_terms_lead_to_their_places(ask):
    """Each number of the lectures and each error of the slides to its section; a term's (of every third one's) is among
    the first three."""
    lost = []
    for row in edition.rows("lecture_map.yml"):
        place = row["where"][0].split("#")[-1] if "where" in row else ""
        hits = ask(row["id"])
        first = hits[0] if hits else {"url": "", "points": []}
        named = row["id"].lower() in str(first["points"]).lower()
        if not named or not first["url"].removesuffix(".html").endswith(place):
            lost.append(row["id"])
    for row in edition.rows("glossary.yml")[::3]:
        for name in (row["term"], row["chinese"]):
            places = [hit["url"] for hit in ask(name)[:3]]
            page, _, heading = row["where"].partition("#")
            if not any(re.search(rf"{page}.html(#{re.sub(r'^[0-9]+-', '', heading)})?$", place) for place in places):
                lost.append(name)
    assert lost == []


def test_words_of_readers_are_of_terms():
    """search_words.yml: each belongs to a term or to a place, and is no term itself."""
    rows = edition.rows("glossary.yml")
    terms = {name for row in rows for name in (row["term"], row["chinese"], *row.get("also", []))}
    words = edition.rows("search_words.yml")
    assert not [term for term, (first, *_) in words.items() if term not in terms and "#" not in first]
    said = [word for own in words.values() for word in own]
    assert len(said) == len(set(said)) and not terms & set(said)


def test_chinese_edition_knows_both_languages():
    ask = search.ask(SITE / "zh")
    for question, where in (("learning rate schedule", "03_.*schedules"), ("softmax", "06_.*softmax"),
                            ("RMSE", "01_.*how-wrong"), ("Loss", "01_.*by-hand"), ("反向传拨", "05_"),
                            ("GNN", "11_.*the-layer")):
        assert re.search(where, ask(question)[0]["url"]), question


def test_what_is_nowhere_is_not_found(ask):
    assert ask("xylophone") == [] and ask("") == [] and ask("，。") == []


def test_formulas_and_code_are_found(ask):
    assert any("03_" in hit["url"] for hit in ask("∂L/∂w")[:8])
    assert any("gradient_check" in hit["code"] for hit in ask("gradient_check")[:5])


def test_snippets_are_text(ask):
    """No raw TeX, no list of contents, no label of a button, accents on their letters; and they hold what was found."""
    for question in ("loss", "gradient", "卷积", "sigmoid", "batch", "prediction", "log", "attention"):
        for hit in ask(question)[:20]:
            text = "".join(piece for piece, _ in hit["snippet"])
            assert not re.search(r"\\[a-z]+|\$|[\u2061ˉ]|\w\^ |Show code|Skip to", text), (hit["url"], text)
            assert len(text) < 220


def test_entries_are_sections(ask):
    hit = next(hit for hit in ask("mini-batch") if "03_" in hit["url"])
    assert hit["chapter"] == "Gradient descent" and hit["title"] != hit["chapter"]
    assert "Momentum" not in hit["text"], "the text of a section ends where the next one begins"


@pytest.mark.parametrize("folder", ["", "zh"])
def test_the_index_has_what_pages_show(folder):
    """Also what is put there last, as the question below an opening picture."""
    entries = {entry["url"]: entry["text"] for entry in json.loads(search.read_index(SITE / folder))["sections"]}
    for page in sorted((SITE / folder / "chapters").glob("*.html")):
        caption = LexborHTMLParser(page.read_text("utf8")).css_first("article figcaption").text()
        assert " ".join(caption.split()) in entries[f"chapters/{page.name}"]


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
