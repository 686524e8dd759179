"""The bench itself: a broken callback, a broken line of JavaScript, a request, a dead control must be reported."""

from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from nnbook.exercises import explore, quiz
from tests.support import drive
from tests.support.axe import accessibility


@pytest.fixture
def impatient(monkeypatch):
    """What a broken line keeps from coming need not be waited for as long as what a busy machine does late."""
    monkeypatch.setattr(drive, "START", 2)
    monkeypatch.setattr(drive, "PATIENCE", 1)


def line(n):
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, n])
    return figure


def text(n):
    return f"The line ends at {n}."


def small():
    return explore(line, n=[1, 2, 3, 4], play="n", start={"n": 2}, alt=text)


def test_nothing_is_reported_for_a_good_one(open_html):
    assert drive.drive_page(open_html(small().html)) == []


@pytest.mark.parametrize(("good", "broken", "reported"), [
    ("input.dispatchEvent(new Event(\"input\"));", "", "Play changes nothing"),
    ("oninput: () => ui.change(", "onnever: () => ui.change(", "neither picture nor read-out"),
    ("if (film) film(k);", "if (film) film(k + nothing);", "did not start"),
    ("ui.say(...texts.length ? [texts[k]]", "ui.say(...texts.length ? [texts[k] + NaN]", "NaN"),
    ("root.dataset.state = ", "root.dataset.other = ", "data-state"),
    ("ui.stop(); ui.change(first);", "ui.stop();", "Reset"),
    ("if (!query || target !== place(root)) return undefined;", "return undefined;", "leads to"),
    ("root.classList.add(\"nnlib-ready\");", "", "did not start"),
    ("function show() {", "function show() { new Image().src = 'https://example.org/x.png';", "request"),
    ("function show() {", "function show() { console.error('oh');", "console: oh"),
])
def test_a_broken_line_is_reported(good, broken, reported, open_html, impatient):
    html = small().html
    assert good in html
    problems = drive.drive_page(open_html(html.replace(good, broken)))
    assert any(reported in problem for problem in problems), problems


@pytest.mark.parametrize(("name", "good", "broken", "reported"), [
    ("learning_rate", "onclick: toggle", "onnever: toggle", "Play changes nothing"),
    ("gradient_descent", "path[steps][0]", "path[steps + 1][0]", "did not start"),
    ("backprop_stepper", "set(marks.out,", "set(marks.oops,", "console: "),  # only where the loss is shown
])
def test_a_broken_line_of_a_module_is_reported(name, good, broken, reported, open_html, example,
                                                   impatient):
    html = example(name).html
    assert good in html
    problems = drive.drive_page(open_html(html.replace(good, broken)))
    assert any(reported in problem for problem in problems), problems


def test_a_trait_that_stays_in_python_is_reported(example, monkeypatch):
    widget = example("learning_rate")
    assert drive.drive_live(widget) == []
    monkeypatch.setattr(widget, "live", lambda: SimpleNamespace(**widget.state, keys=[]))
    assert any("steps" in problem for problem in drive.drive_live(widget))


def test_a_broken_callback_is_raised():
    def fails_at_the_end(n):
        if n == 4:
            raise ZeroDivisionError("broken")
        return line(n)

    widget = small()
    widget.draw = fails_at_the_end
    with pytest.raises(ZeroDivisionError):
        drive.drive_live(widget)


def test_a_dead_callback_is_reported():
    widget = small()
    widget.draw, widget.text = (lambda n: line(1)), (lambda n: "always the same")
    assert drive.drive_live(widget) == ["line: neither picture nor text changes with n"]


def test_a_missing_picture_is_reported(open_html):
    html = small().html
    assert drive.without_scripts(open_html(html, java_script_enabled=False)) == []
    for broken in (html.replace("<img", "<span"), html.replace('alt="The line ends at 2."', ""),
                   html.replace("<img", '<img style="display:none"')):
        assert drive.without_scripts(open_html(broken, java_script_enabled=False)) != []
    controls = html.replace("<img", "<button>Play</button><img")
    assert drive.without_scripts(open_html(controls, java_script_enabled=False)) != []


def test_print(open_html):
    page = open_html(small().html)
    page.wait_for_selector("[data-frames=ready]")
    assert drive.in_print(page) == []
    page.add_style_tag(content="html .nnlib-controls { display: block !important }")
    assert drive.in_print(page) == ["line: controls are printed"]


WORD = '<span style="color: #333">word</span> '


@pytest.mark.parametrize("odd", [
    '<span style="color: #ccc">word</span>', '<b style="background: #444">word</b>', '<i style="opacity: 0.3">word</i>',
    '<div style="background: #444">' + 9 * WORD + "</div>", '<button style="color: #aaa">word</button>',
    f'<article><pre>{9 * WORD}<span style="color: #ccc">word</span></pre></article>'])
def test_one_pale_word_among_many_is_reported(odd, open_html):
    """Contrast is asked once of what looks alike (tests/support/axe.py)."""
    good = f'<h1>Words</h1><div style="background: #fff">{40 * WORD}<article><pre>{9 * WORD}</pre></article>'
    page = open_html(f"{good}</div>")
    assert accessibility(page) == [] and page.locator("pre span").count() == 9
    (problem,) = accessibility(open_html(f"{good}{odd}{9 * WORD}</div>"))
    assert "color-contrast" in problem


@pytest.mark.parametrize(("hands", "covered"), [(True, 0), (True, 1), (False, 0)])
def test_a_question_that_something_lies_over_is_reported(hands, covered, open_html, impatient):
    """The first by hands, as all that is answered by script, too."""
    page = open_html(quiz("How many?", 2, choices=[1, 2], mistakes={1: "No."}).html * 2)
    drive.ready(page)
    assert drive.drive_page(page, hands) == []
    page.evaluate("""n => {
      const root = document.querySelectorAll("[data-nnlib-widget]")[n], lid = document.createElement("div");
      lid.style = "position: absolute; left: 0; top: 0; width: 100%; height: 100%";
      root.style.position = "relative";
      root.append(lid);
    }""", covered)
    try:
        problems = drive.drive_page(page, hands)
    except AssertionError as error:  # nothing can be done by hands
        problems = [str(error)]
    assert "something lies over" in problems[0]


@pytest.mark.parametrize(("style", "reported"), [
    (".nnlib-body, .nnlib-live { display: flex; flex-direction: column }", ""),
    (".nnlib-body { display: flex; flex-direction: column-reverse }", "Tab goes up"),
    (".nnlib-live { display: flex; flex-direction: column-reverse }", "Tab goes up"),
    (".nnlib-foot { flex-flow: row-reverse nowrap }", "Tab goes back"),
])
def test_focus_that_jumps_is_reported(style, reported, open_html, example):
    """The order of Tab is that of the text; what the style sheet moves elsewhere is seen there."""
    page = open_html(example("gradient_descent").html, viewport={"width": 360, "height": 740})
    page.wait_for_selector(".nnlib-ready")
    page.add_style_tag(content=style)
    problems = page.evaluate(drive.function("disorder"))
    assert any(reported in problem for problem in problems) if reported else problems == []
