"""The pages in a reader's hand: wide parts are reached, storage may be blocked, print is light, Chinese is named."""

import re

import pytest

from tests.support import drive

from .conftest import PAGES, SITE

CHAPTERS = [page for page in PAGES if page.startswith("chapters/")]
# Everything that holds more than its width: must scroll to its end, take the keys, show a cue (and none at the end).
WIDE = """async () => {
  const until = async holds => {
    for (let k = 0; k < 200 && !holds(); k++) await new Promise(done => setTimeout(done, 10));
    return holds();
  };
  const boxes = [...document.querySelectorAll("article *")].filter(box => box.scrollWidth > box.clientWidth + 3
    && box.clientWidth > 30 && !box.closest("input, .nnlib-unseen, svg, details:not([open]), .katex-mathml")
    && !["inline", "contents"].includes(getComputedStyle(box).display)), problems = [];
  for (const box of boxes) {
    const style = getComputedStyle(box), words = box.textContent.trim().slice(0, 50);
    const name = `${box.tagName}.${box.className}: ${words}`;
    if (style.overflowX === "visible") continue; // it grows over an ancestor, which is looked at by itself
    if (style.overflowX === "hidden" || style.overflowX === "clip") {
      problems.push(`${name}: cut by ${box.scrollWidth - box.clientWidth} px`);
      continue;
    }
    box.scrollIntoView({ block: "center" });
    const cued = () => box.classList.contains("scrolls") && box.tabIndex >= 0
      && (getComputedStyle(box).webkitMaskImage !== "none" || box.matches("textarea"));
    await until(cued); // it is marked when seen
    if (getComputedStyle(box).webkitMaskImage === "none" && !box.matches("textarea")) problems.push(`${name}: no cue`);
    if (box.tabIndex < 0) problems.push(`${name}: takes no keys`);
    box.scrollLeft = 1e6;
    if (!await until(() => box.scrollLeft >= box.scrollWidth - box.clientWidth - 2))
      problems.push(`${name}: does not scroll to its end`);
    const right = box.getBoundingClientRect().right;
    const parts = [...box.querySelectorAll(".katex-html .mord, .katex-html .mrel, .eqno")];
    const far = Math.max(0, ...parts.map(part => part.getBoundingClientRect().right));
    if (box.matches("div.math") && far > right + 3) problems.push(`${name}: its end cannot be reached`);
    box.scrollLeft = 0;
  }
  return problems;
}"""


def wide_problems(tab, widths):
    """For the visit of a phone (test_pages.py, test_chinese.py)."""
    problems = []
    for width in widths:
        drive.resize(tab, width, 740)
        problems += [f"{width} px: {problem}" for problem in [*tab.evaluate(WIDE), *small_letters(tab)]]
    return problems


LETTER = re.compile(r"<!-- (.*?) -->\s*<g [^>]*scale\(([\d.]+) ")  # of a text in matplotlib's SVG: its size / 100
FIGURES = """() => [...document.querySelectorAll("article img[src$='.svg']")].map(image =>
  [image.src.split("/_images/")[1], image.getBoundingClientRect().width]).filter(([name, width]) => name && width)"""


def small_letters(tab):
    """What is written in figures so small that nobody reads it on a phone."""
    problems = []
    for name, width in tab.evaluate(FIGURES):
        text = next(SITE.rglob(f"_images/{name}")).read_text("utf8")
        scale = width / float(re.search(r'viewBox="0 0 ([\d.]+)', text)[1])
        problems += [f"{name}: letters of {100 * float(size) * scale:.1f} pixels: {words}"
                     for words, size in LETTER.findall(text) if 100 * float(size) * scale < 8.95]
    return problems


def test_storage_may_be_blocked(visit):
    here = visit(color_scheme="light")
    here.page.add_init_script("""for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { configurable: true,
        get() { throw new DOMException("no", "SecurityError"); } });""")
    tab = here.open((SITE / CHAPTERS[0]).as_uri())
    themes = set()
    for _ in range(3):
        tab.evaluate("document.querySelector('.theme-switch-button').click()")
        themes.add(tab.evaluate("document.documentElement.dataset.theme"))
    assert {"light", "dark"} <= themes
    assert here.problems == []


def test_print_is_light_and_whole(visit):
    here = visit(color_scheme="dark")
    tab = here.open((SITE / CHAPTERS[0]).as_uri())
    theme = "document.documentElement.dataset.theme"
    assert tab.evaluate(theme) == "dark"
    folded = "document.querySelectorAll('article details:not([open])').length"
    before = tab.evaluate(folded)
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(theme) == "light"
    assert tab.evaluate(ON_PAPER) == []
    assert tab.evaluate("document.querySelectorAll('img[loading=lazy]').length") == 0
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate(theme) == "dark"
    assert tab.evaluate(folded) == before > 10
    assert tab.evaluate("document.querySelectorAll('.solutions, .at-the-end').length") == 0


ON_PAPER = """() => {
  const problems = [], shown = node => node.checkVisibility(), say = (fault, what) => fault && problems.push(what);
  const end = document.querySelector("article > section.solutions:last-child");
  const all = selector => [...document.querySelectorAll(selector)];
  const solutions = all(".tag_solution, .nnlib-solution").filter(node => !end.contains(node));
  say(solutions.length < 5 || end.querySelectorAll("h3").length !== solutions.length, "solutions are missing");
  say(solutions.some(shown), "a solution stands at its question");
  say(![...end.querySelectorAll("h3, p, pre")].every(shown), "a solution is folded");
  say(all("article details.quiet").some(shown), "code that only draws");
  say(all("article details:not([open], .quiet, .at-the-end)").some(shown), "a fold is closed");
  const address = link => getComputedStyle(link, "::after").content.includes("http");
  say(!all("article a.external[href^=http]").every(address), "a link without its address");
  return problems;
}"""


@pytest.mark.parametrize("page", CHAPTERS)
def test_formulas_are_not_translated_and_chinese_is_named(page):
    text = re.sub(r"<(script|style)\b.*?</\1>", "", (SITE / page).read_text("utf8"), flags=re.S)
    body = text.split("<article")[1].split("</article>")[0]
    formulas = re.findall(r'<(?:span|div) class="math[^>]*>', body)
    assert len(formulas) >= body.count('class="katex"') > 0
    assert [f for f in formulas if "notranslate nohighlight" not in f] == []
    if 'lang="en"' in text.split(">")[1]:
        said = re.sub("<(math|svg)\\b.*?</\\1>", "", body, flags=re.S)
        said = re.sub(r'<span lang="zh">.*?</span>|<[^>]*>', "", said)
        assert re.findall("[\u3400-\u9fff]+", said) == []


# At so many places, evenly spaced: is the section at the reading line the one that the contents name, do they show it?
NAMED = """async places => {
  const links = [...document.querySelectorAll("#pst-page-toc-nav a")], problems = [];
  const heading = link => document.getElementById(link.hash.slice(1)).querySelector("h2, h3");
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const painted = async () => { await frame(); await frame(); await frame(); };
  const end = document.documentElement.scrollHeight - innerHeight, line = innerHeight * 0.3;
  for (let k = 0; k < places; k++) {
    scrollTo({ top: end * (k * 7 % places) / (places - 1), behavior: "instant" }); // forwards and backwards
    await painted();
    const tops = links.map(link => heading(link).getBoundingClientRect().top);
    if (tops.some(top => Math.abs(top - line) < 2)) continue; // both are right
    const want = links.filter((link, n) => tops[n] < line).pop(), named = links.filter(link => link.ariaCurrent);
    const names = named.map(link => link.hash);
    if (named.length > 1 || named[0] !== want) problems.push(`at ${want?.hash} they name ${names}`);
    const { left, top, height } = (want ?? links[0]).getBoundingClientRect();
    if (!(want ?? links[0]).contains(document.elementFromPoint(left + 5, top + height / 2)))
      problems.push(`${want?.hash} is not in view`);
  }
  const last = links[links.length - 1];
  last.click();
  for (let n = 0; n < 50 && !last.ariaCurrent; n++) await painted();
  await painted();
  return last.ariaCurrent ? problems : [...problems, "the last section was asked for, and is not named"];
}"""


def test_the_contents_name_the_section_that_is_read(visit):
    """One of the longest pages, with more sections than fit beside it."""
    here = visit(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    tab = here.open((SITE / "chapters/03_gradient_descent.html").as_uri())
    assert tab.evaluate(NAMED, 30) == []


def test_no_script_asks_each_box_for_its_size(visit):
    """The theme did, at the load and after each move of a widget: it left its mark on every one."""
    tab = visit().open((SITE / CHAPTERS[0]).as_uri())
    for _ in range(5):  # it did so in the frame after
        tab.evaluate(drive.PAINTED)
    assert tab.evaluate("document.querySelectorAll('article [tabindex=\"-1\"]').length") == 0


def test_who_asked_for_less_motion_sees_nothing_slide(visit):
    """The list of chapters slid in when a phone was turned, and pushed the text."""
    tab = visit(viewport={"width": 390, "height": 780}, reduced_motion="reduce").open((SITE / CHAPTERS[0]).as_uri())
    tab.set_viewport_size({"width": 1280, "height": 780})
    tab.evaluate(drive.PAINTED)
    assert tab.evaluate("document.getAnimations().filter(a => a.playState === 'running').length") == 0
