"""What a page does beyond its text: a term tells its meaning where it stands, quizzes answered are remembered."""

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
    term, bubble = tab.locator("article a.term").first, tab.locator("#term-meaning")
    term.tap()
    assert bubble.is_visible() and tab.url.endswith(CHAPTER)
    box = bubble.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    term.tap(position={"x": 5, "y": 5})
    tab.wait_for_url("**/glossary.html#*")


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
