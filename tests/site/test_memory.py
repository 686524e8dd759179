"""What a page does beyond its text: a term tells its meaning where it stands, quizzes answered are remembered."""

from .conftest import SITE

CHAPTER = "chapters/03_gradient_descent.html"


def test_a_term_tells_its_meaning(visit, server):
    here = visit(viewport={"width": 900, "height": 800}, reduced_motion="reduce")
    tab = here.open(f"{server}/{CHAPTER}")
    term = tab.locator("article a.term").first
    assert term.get_attribute("title") is None  # or there would be two meanings
    meaning = term.get_attribute("data-meaning")
    assert len(meaning) > 20
    bubble = tab.locator("#term-meaning")
    term.hover()
    assert bubble.is_visible() and bubble.text_content() == meaning
    box = bubble.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 900
    tab.mouse.move(0, 0)
    assert not bubble.is_visible()
    tab.keyboard.press("Tab")
    term.focus()
    assert bubble.is_visible() and term.get_attribute("aria-describedby") == "term-meaning"
    tab.keyboard.press("Escape")
    assert not bubble.is_visible()
    assert here.problems == []


def test_a_finger_asks_first_and_then_goes(visit, server):
    tab = visit(viewport={"width": 360, "height": 740}, has_touch=True).open(f"{server}/{CHAPTER}")
    assert tab.evaluate(PLACED) == []
    term, bubble = tab.locator("article a.term").first, tab.locator("#term-meaning")
    term.tap()
    assert bubble.is_visible() and tab.url.endswith(CHAPTER)
    box = bubble.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    term.tap(position={"x": 5, "y": 5})
    tab.wait_for_url("**/glossary.html#*")


# Each term's meaning, with the term in the middle of the window and at its lower edge: whole, not over its own line.
PLACED = """() => ["center", "end"].flatMap(block => [...document.querySelectorAll("article a.term")].flatMap(link => {
  if (!link.checkVisibility() || block === "end" && link.closest(".scrolls")) return []; // room below
  link.scrollIntoView({ block, behavior: "instant" });
  link.dispatchEvent(new PointerEvent("pointerenter", { pointerType: "mouse" }));
  const box = document.getElementById("term-meaning").getBoundingClientRect(), faults = [];
  const say = (fault, what) => fault && faults.push(`${link.dataset.meaning.slice(0, 40)}: ${what}`);
  const outside = box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight;
  say(!box.width || outside, "not on the screen");
  say([...link.getClientRects()].some(line => box.top < line.bottom - 1 && box.bottom > line.top + 1), "over its line");
  for (let around = link.parentElement; around !== document.body; around = around.parentElement) {
    const { top, bottom, right } = around.getBoundingClientRect();
    const cut = box.top < top - 1 || box.bottom > bottom + 1 || box.right > right + 1;
    say(cut && getComputedStyle(around).overflowX !== "visible", "cut");
  }
  link.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
  return faults;
}))"""
# Safari gives a link no focus when it is tapped, so none is lost when something else is.
AS_IN_SAFARI = "addEventListener('mousedown', event => event.preventDefault(), true)"


def test_a_meaning_on_a_phone_is_whole_and_in_no_way(visit):
    tab = visit(viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce").open(
        (SITE / "chapters/10_sequence_tasks.html").as_uri())
    assert tab.evaluate(PLACED) == []
    tab.evaluate(AS_IN_SAFARI)
    terms, bubble = tab.locator("article a.term"), tab.locator("#term-meaning")
    for number in (3, 4):  # the second in one tap, too
        terms.nth(number).tap()
        assert bubble.is_visible() and bubble.text_content() == terms.nth(number).get_attribute("data-meaning")
    tab.keyboard.press("Escape")
    assert not bubble.is_visible()
    terms.nth(4).tap()
    tab.locator("article h1").tap()
    assert not bubble.is_visible()
    terms.nth(4).tap()
    tab.locator("article a.internal:not(.term)").first.tap()  # a link beside it leads on at once
    tab.wait_for_url(lambda url: not url.endswith("chapters/10_sequence_tasks.html"))


ANSWER = """() => { // the first choice quiz: tick what is right, or else what is wrong
  const quiz = [...document.querySelectorAll('[data-nnlib-module="quiz"]')].find(root =>
    JSON.parse(root.querySelector('script[type="application/json"]').textContent).kind === "choice");
  quiz.classList.add("this-quiz");
  return JSON.parse(quiz.querySelector('script[type="application/json"]').textContent).answer[0];
}"""


def test_quizzes_are_remembered(visit, server):
    here = visit(viewport={"width": 900, "height": 800})
    tab = here.open(f"{server}/{CHAPTER}")
    right = tab.evaluate(ANSWER)
    count = tab.locator("p.quiz-count span")
    all_of_them = tab.locator('[data-nnlib-module="quiz"]').count()
    for choice, said in ((0 if right else 1, 0), (right, 1)):
        tab.locator(f'.this-quiz input[value="{choice}"]').check()
        tab.locator(".this-quiz form button").click()
        tab.wait_for_function("document.querySelector('.this-quiz .nnlib-verdict').textContent.trim()")
        tab.wait_for_timeout(50)
        assert count.text_content().startswith(f"{said} of {all_of_them} ")
    tab.reload()
    assert count.text_content().startswith(f"1 of {all_of_them} ")
    assert tab.locator(".quiz-done").count() == 1
    tab.goto(f"{server}/index.html")
    row = tab.locator("article li", has=tab.locator(f'a[href="{CHAPTER}"]')).last
    assert f"1 of {all_of_them} " in row.text_content()
    tab.goto(f"{server}/{CHAPTER}")
    tab.locator("p.quiz-count button").click()
    assert count.text_content().startswith("0 of ")
    tab.reload()
    assert tab.locator(".quiz-done").count() == 0
    assert here.problems == []
