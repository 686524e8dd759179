"""The Chinese edition: one visit of each page serves all checks; it stands beside the English one, place for place."""

import re
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from tests.support import drive
from tests.support.axe import accessibility

from .conftest import CHINESE, SITE
from .test_pages import phone_visit
from .test_reading import wide_problems
from .test_search import FIRST, search

# What a reader sees or hears that should be Chinese: texts, labels, alt texts; not code, formulas and what says that it
# is English.
TEXTS = """() => {
  const skip = "pre, code, script, style, template, textarea, math, .katex, .math, [lang=en]", texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walk.nextNode();) if (!node.parentElement.closest(skip)) texts.push(node.textContent);
  for (const name of ["alt", "aria-label", "title", "placeholder"])
    for (const node of document.querySelectorAll(`[${name}]`))
      if (!node.closest(skip)) texts.push(node.getAttribute(name));
  return texts.filter(text => /[a-z]{2}/i.test(text));
}"""
WORD = r"[A-Za-zé][A-Za-zé'’-]*"
RUN = re.compile(rf"{WORD}(?: +{WORD}){{3,}}")
TERMS = sorted((name for row in yaml.safe_load(Path("glossary.yml").read_text("utf8"))
                for name in (row["term"], *row.get("also", []))), key=len, reverse=True)
QUOTED = re.compile(r"[“《(（][^”》)）]*[”》)）]")  # an English example, a title, the English name of a term


def english_runs(texts):
    """Runs of four English words and more; terms of the glossary, and names, whose words have capitals, are none."""
    found = []
    for text in texts:
        for name in TERMS:
            text = text.replace(name, "")
        for run in RUN.findall(QUOTED.sub("", text)):
            words = re.findall(WORD, run)
            if sum(word[0].islower() and len(word) > 3 for word in words) >= 2:
                found.append(run[:100])
    return found


# The button that leads back to the top does, and letters that are half gone have too little contrast.
NOTHING_FADES = "document.getAnimations().every(animation => animation.playState !== 'running')"


@pytest.mark.parametrize("page", CHINESE)
def test_a_page_in_chinese(page, visit, server):
    """What test_pages.py sees of English pages in three visits, here in one; and nothing is English but on a page that
    says so. The scripts are those of the English page, which test_pages.py drives by hand: here each control is set."""
    tab, problems = phone_visit(page, visit, server)
    tab.evaluate("scrollTo(0, 0)")
    tab.wait_for_function(drive.MARKED)  # as they are without the wider spacing
    tab.wait_for_function(NOTHING_FADES)
    problems += accessibility(tab)
    says_so = tab.query_selector(".untranslated") is not None
    if not says_so:
        problems += [f"in English: {run}" for run in english_runs(tab.evaluate(TEXTS))]
    if "chapters/" in page:
        problems += wide_problems(tab, (360,))
    drive.resize(tab, 1280, 720)
    problems += drive.drive_page(tab, hands=False) + drive.in_print(tab)
    assert problems == []


def test_english_is_found():
    assert english_runs(["点一下 drag the white ring 然后"]) == ["drag the white ring"]
    assert english_runs(["Noam Shazeer, Quoc Le, 2020", "说“the food was good”", "SGD、Adam 和 RMSE"]) == []


@pytest.mark.parametrize("page", [page for page in CHINESE if not page.endswith(("glossary.html", "search.html"))])
def test_headings_have_the_same_places(page):
    def places(path):
        return [node.attributes.get("id") for node in LexborHTMLParser(path.read_text("utf8")).css("section[id]")]

    assert places(SITE / page) == places(SITE / page.removeprefix("zh/")) != []


def test_both_editions_have_the_same_pages():
    pages = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if "_static" not in path.parts}
    assert {page.removeprefix("zh/") for page in CHINESE} == pages - set(CHINESE)


CLICK = "document.querySelector('.other-edition').click()"  # Playwright's own click scrolls


def test_the_language_changes_and_the_place_stays(visit):
    here = visit(reduced_motion="reduce")
    tab = here.open((SITE / "chapters/03_gradient_descent.html").as_uri() + "#why-minus")
    tab.evaluate(CLICK)
    tab.wait_for_url("**/zh/chapters/03_gradient_descent.html#why-minus")
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    tab.evaluate("document.getElementById('batch-mini-batch-stochastic').scrollIntoView()")
    tab.evaluate(CLICK)
    tab.wait_for_url("**/html/chapters/03_gradient_descent.html#batch-mini-batch-stochastic")
    assert tab.evaluate("document.documentElement.lang") == "en" and here.problems == []


@pytest.mark.parametrize("page", ["index.html", "chapters/01_regression.html"])
def test_search_engines_are_told_of_both(page):
    for folder in ("", "zh/"):
        head = (SITE / folder / page).read_text("utf8").split("</head>")[0]
        links = dict(re.findall(r'hreflang="([^"]+)" href="[^"]*foundations/([^"]+)"', head))
        assert links == {"en": page, "x-default": page, "zh-CN": f"zh/{page}"}


def test_notebooks_open_in_their_language():
    text = (SITE / "zh/chapters/01_regression.html").read_text("utf8")
    assert re.search(r"colab[^\"]*/zh/chapters/01_regression.ipynb", text)
    assert re.search(r"mybinder[^\"]*/zh/chapters/01_regression.ipynb", text)


@pytest.fixture(scope="module")
def ask():
    return search.ask(SITE / "zh")


@pytest.mark.parametrize(("question", "where"), [case for case in FIRST if re.search("[\u3400-\u9fff]", case[0])])
def test_a_chinese_question_leads_to_its_section(ask, question, where):
    hits = ask(question)
    assert hits and re.search(where, hits[0]["url"]), [hit["url"] for hit in hits[:3]]


def test_shared_files_are_loaded_from_one_place():
    style = re.findall(r'href="([^"]*katex\.css)', (SITE / "zh/index.html").read_text("utf8"))
    assert style == ["../_static/katex/katex.css"] and not (SITE / "zh/_static/katex").exists()
