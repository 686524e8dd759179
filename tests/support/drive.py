"""Drive every control of every widget on a page, or of a live widget, and list what is wrong.

The contract that widgets keep (nnbook/widgets/core/panel.js and exercises/quiz.js do it for them):
  root `[data-nnlib-widget=NAME]`, which gets the class `nnlib-ready` when it works and `data-state` with its state as
  JSON; controls are native inputs, menus and buttons, or `[role=slider]` to be moved with the arrow keys; the read-out
  is `[aria-live]`; without JavaScript and in print an `img` with alt text is seen (a quiz shows its text).

`drive_page(page)` does this for all widgets on a Playwright page, with the browser's own keyboard and mouse (questions
of one kind work alike: hands answer the first of them, the others are answered by script); with hands=False without
them, for a page whose scripts have been driven in the other language: every control is set and every button pressed by
script where the mouse would hit it, and what is said looked at. `drive_live(widget)` does it for the ipywidgets of one
made by `nnbook.widgets`; `without_scripts(page)` and `in_print(page)` look for the static picture. All return a list of
problems, empty if there are none. What is looked at in the page itself stands in bench.js.
"""

import json
import re
import time
from pathlib import Path

BENCH = (Path(__file__).parent / "bench.js").read_text("utf8")
STRANGE = re.compile(re.search("STRANGE = /(.*)/;", BENCH)[1])
CHINESE = json.loads((Path(__file__).parents[2] / "nnbook/language/zh_CN.json").read_text("utf8"))
RESET, LINK = ([english, CHINESE[english]] for english in ("Reset", "Link to this state"))
ANSWERS = ["7", "-2*x", "tanh"]
START, PATIENCE = 5, 10  # seconds in which a widget must work; in which what was asked for must come, on a busy machine


def function(name):
    """A function of bench.js, for `evaluate`."""
    return f"(node, given) => {{ {BENCH}\nreturn {name}(node, given); }}"


SET, PAINTED, SETTLED = map(function, ("setTo", "painted", "settled"))
NAMES = ", ".join(re.findall(r"^(?:async function|function|const) (\w+)", BENCH, re.M))
BRING = f"() => {{ {BENCH}\nwindow.bench = {{ {NAMES} }}; }}"


def ask(node, name, given=None):
    """What a function of bench.js says of a node. The page is given them once: sent along they take as long again."""
    question = f"(node, given) => window.bench ? bench.{name}(node, given) : 'no bench'"
    said = node.evaluate(question, given)
    if said == "no bench":
        node.evaluate(BRING)
        said = node.evaluate(question, given)
    return said


# Playwright's own ways to ask for parts and attributes, to scroll and to press a key take three times as long.
def parts(node, selector):
    """What a selector finds in a widget."""
    found = node.evaluate_handle("(node, selector) => [...node.querySelectorAll(selector)]", selector)
    return [part.as_element() for part in found.get_properties().values()]


def press(page, node, key):
    node.evaluate("node => node.focus()")
    page.keyboard.press(key)


def state_of(root):
    return root.evaluate("root => root.dataset.state ?? ''")


# What a page may ask for at any time: its icon (Chromium does at each new fragment), pictures that come into view.
PAGES_OWN = re.compile(r"data:|blob:|(file|http://127\.0\.0\.1).*/(favicon\.svg|_images/[^/]+)$")


class Watch:
    """Collects errors of the page and requests while it is in use."""

    def __init__(self, page):
        self.page, self.problems = page, []
        self.handlers = {
            "console": lambda m: m.type == "error" and self.problems.append(f"console: {m.text[:300]}"),
            "pageerror": lambda error: self.problems.append(f"exception: {str(error)[:300]}"),
            "request": lambda r: PAGES_OWN.match(r.url) or self.problems.append(
                f"request while it is used: {r.url[:200]}"),
        }

    def __enter__(self):
        for event, handler in self.handlers.items():
            self.page.on(event, handler)
        return self.problems

    def __exit__(self, *error):
        for event, handler in self.handlers.items():
            self.page.remove_listener(event, handler)


def ready(page):
    """Wait until every widget of the page works, or has failed; the page is laid out whole (_static/reading.js)."""
    page.evaluate("dispatchEvent(new Event('wholepage'))")
    page.wait_for_function(f"() => {{ {BENCH}\nreturn roots().every(root => status(root) !== 'waits'); }}",
                           timeout=60_000)


# What is wider than its box takes the keys, once the page's own script has been told of a new width (reading.js).
MARKED = """() => [...document.querySelectorAll("article :is(div, pre, figure)")].every(box =>
  box.scrollWidth <= box.clientWidth + 1 || box.hasAttribute("tabindex") ||
  !["auto", "scroll"].includes(getComputedStyle(box).overflowX))"""


def resize(page, width, height):
    """Give the window another size, and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)
    page.evaluate(PAINTED)
    page.wait_for_function(MARKED)


def until(holds, seconds=None):
    """Wait until holds() does, as long as a busy machine may take; False if it never does."""
    end = time.monotonic() + (PATIENCE if seconds is None else seconds)
    while not (done := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return done


def click(page, node, hands=True):
    """By the mouse, in the middle of what is seen of it; without hands by script, if the mouse would hit it."""
    at = until(lambda: ask(node, "middle" if hands else "press"))
    if not at:
        raise AssertionError(f"something lies over {node.evaluate('node => node.outerHTML')[:150]}")
    if hands:
        page.mouse.click(*at)


def drive_page(page, hands=True, watch=Watch):
    """Problems of all widgets on a loaded page, and those that `watch` sees meanwhile."""
    problems, answered_by_hand = [], set()
    for number, root in enumerate(page.query_selector_all("[data-nnlib-widget]")):
        name, kind = ask(root, "nameOf"), ask(root, "kindOfQuestion")
        with watch(page) as seen:
            try:
                found = drive_root(page, root, hands and kind not in answered_by_hand)
            except Exception:  # controls of a widget that gave up are gone
                if ask(root, "status") != "failed":
                    raise
                found = ["it gave up"]
        problems += [f"{name} ({number + 1}): {problem}" for problem in (*found, *seen)]
        answered_by_hand |= {kind} - {None}
    page.evaluate(function("rest"))
    return problems


def drive_root(page, root, hands):
    until(lambda: ask(root, "status") != "waits", START)
    if ask(root, "status") != "works":
        return ["it did not start"]
    ask(root, "rest")
    ask(root, "centre")
    if kind := ask(root, "kindOfQuestion"):  # which it has when it works
        return drive_quiz(page, root, kind, hands)
    problems = []
    first = ask(root, "begin")
    if not first["text"].strip():
        problems.append("its read-out is empty")
    for control in parts(root, "input[type=range], select, input[type=checkbox], input[type=radio]"):
        problems += drive_control(page, root, control, hands)
    for handle in parts(root, "[role=slider][tabindex]") if hands else ():
        problems += drive_handle(page, root, handle)
    for button in parts(root, ".nnlib-play"):
        problems += drive_play(page, root, button, hands)
    buttons = parts(root, "button:not(.nnlib-play)")
    for number in range(len(buttons)):
        if number >= len(buttons):
            break
        button, text = buttons[number], ask(buttons[number], "wordsOf")
        if text is not None and text not in RESET + LINK:
            click(page, button, hands)
            problems += strange(ask(root, "lookSoon"), f"after “{text}”")
            buttons = parts(root, "button:not(.nnlib-play)")  # some draw their buttons anew
    return problems + drive_reset(page, root, first, hands) + drive_link(page, root, hands)


def strange(look, where):
    """NaN, undefined and the like in what is shown."""
    return [look["strange"].replace("WHERE", where)] if look["strange"] else []


def values_of(control):
    """The ends of a control and some values between."""
    return ask(control, "valuesOf")


def shown(look):
    return look["picture"], look["text"]


def drive_control(page, root, control, hands):
    """Every end and a few values between must look different from one another; the keyboard moves it, too."""
    found = ask(control, "driveControl")
    problems = found["problems"]
    if "before" in found:
        click(page, control, hands)
        after = ask(root, "look")
        unmoved = after == found["before"] and control.evaluate("box => box.checked") != found["checked"]
        return [*strange(after, f"with {found['label']}"), *([f"{found['label']}: nothing changes"] if unmoved else [])]
    if hands and found.get("keys"):
        states = []
        for key in ("Home", "End"):
            press(page, control, key)
            states.append(state_of(root))
        problems += [f"{found['label']}: Home and End do nothing"] if states[0] == states[1] else []
    return problems


def drive_handle(page, root, handle):
    """Something to be dragged: the arrow keys and the pointer move it."""
    found = ask(handle, "handleOf")
    if found is None:
        return []
    label, problems = found["name"], []
    if not label:
        return ["something to be dragged has no name"]
    looks = [ask(root, "reset", RESET)]
    for key in ("ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        press(page, handle, key)
        looks.append(ask(root, "look"))
        problems += strange(looks[-1], f"with {label} moved by {key}")
    if len(set(map(shown, looks))) == 1:
        problems.append(f"{label}: the arrow keys change nothing")
    x, y = ask(handle, "centre")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y - 9, steps=2)
    page.mouse.move(x + 21, y - 16, steps=2)
    page.mouse.up()
    dragged = ask(root, "look")
    if shown(dragged) == shown(looks[-1]):
        problems.append(f"{label}: dragging changes nothing")
    return problems + strange(dragged, f"with {label} dragged")


def drive_play(page, root, button, hands):
    before = ask(button, "beforePlay")
    if not before["name"]:
        return ["its play button has no name"]
    click(page, button, hands)
    if not until(lambda: shown(ask(root, "look")) != shown(before)):
        return ["Play changes nothing"]
    if button.evaluate("button => button.textContent") != "▶":
        click(page, button, hands)
    return strange(ask(root, "look"), "after Play")


def drive_reset(page, root, first, hands):
    ask(root, "moveAway", first["state"])
    button = root.evaluate_handle(function("named"), RESET).as_element()
    if button is None:
        return ["it has no Reset"]
    click(page, button, hands)
    now = ask(root, "lookSoon")
    wrong = [part for part in ("state", "text") if now[part] != first[part]]
    return [f"Reset does not bring back its {wrong[0]}: {now[wrong[0]][:150]!r} instead of {first[wrong[0]][:150]!r}"] \
        if wrong else []


def drive_link(page, root, hands):
    """The address made by "Link to this state" leads back to it."""
    button = root.evaluate_handle(function("named"), LINK).as_element()
    if button is None:
        return ["it has no “Link to this state”"]
    state = ask(root, "moveToEnd")
    click(page, button, hands)
    if not until(lambda: "?" in page.evaluate("location.hash")):
        return [f"its link holds no state: {page.evaluate('location.hash')!r}"]
    address = page.evaluate("location.hash")
    ask(root, "reset", RESET)
    page.evaluate("hash => { history.replaceState(null, '', ' '); location.hash = hash; }", address)
    until(lambda: state_of(root) == state)
    back = state_of(root)
    page.evaluate("history.replaceState(null, '', location.pathname + location.search)")
    return [] if back == state else [f"the link {address[:120]} leads to {back[:120]} instead of {state[:120]}"]


def answered(page, root):
    """Give every choice, or a few answers, by the mouse and the keyboard; the verdicts."""
    choices = parts(root, "input[type=radio], input[type=checkbox]")
    button, field = parts(root, "button[type=submit]")[0], next(iter(parts(root, "input[type=text]")), None)
    verdicts = []
    for answer in choices or ANSWERS:
        if choices:
            click(page, answer)
            click(page, button)
        else:
            field.fill(answer)
            press(page, field, "Enter")
        verdicts.append(ask(root, "verdict"))
    return verdicts


def drive_quiz(page, root, kind, hands):
    """Every choice, or a few answers, get a verdict; hints open one after the other."""
    problems, verdicts = [], answered(page, root) if hands else ask(root, "verdicts", ANSWERS)
    for n, verdict in enumerate(verdicts):
        if not re.search(r"[✓✗]\s*\S", verdict):
            problems.append(f"answer {n + 1} gets no diagnosis: {verdict!r}")
        problems += [f"{p} in the verdict" for p in re.findall(r"NaN|undefined|\[object", verdict)]
    if kind == "radio" and sum("✓" in v for v in verdicts) != 1:
        problems.append(f"not exactly one choice is right: {verdicts}")
    for hint in parts(root, ".nnlib-hint summary"):
        if not until(lambda hint=hint: ask(hint, "visible")):  # by the event of the fold before, a bit later
            problems.append("a hint does not appear after the one before")
            break
        click(page, hint, hands)
    return problems


def without_scripts(page):
    """On a page loaded without JavaScript: each widget's picture, or question, is there, and no dead control."""
    return page.evaluate(function("stills"), "without JavaScript")


def in_print(page):
    """With print media: each widget shows a picture and hides its controls."""
    page.emulate_media(media="print")
    problems = page.evaluate(function("stills"), "in print")
    page.emulate_media(media="screen")
    return problems


def phone_problems(page):
    """On a phone: every control of a widget can be hit with a finger, its text is large enough to read, Tab follows
    the eye."""
    ready(page)
    return page.evaluate(function("phone"))


def drive_live(widget):
    """Drive the ipywidgets of an `explore`, or the traits of a front-end module. Errors of callbacks are raised."""
    live = widget.live()
    if not hasattr(widget, "controls"):
        return [f"{widget.name}: trait {key} is not {value!r}, or does not reach the page"
                for key, value in widget.state.items() if getattr(live, key) != value or key not in live.keys]
    problems = []
    for name, values in widget.controls.items():
        looks = []
        for value in dict.fromkeys([values[0], values[len(values) // 2], values[-1]]):
            live.controls[name].value = value
            looks.append((live.image.value, live.note.value))
            problems += [f"{name} = {value}: {strange} in the text" for strange in STRANGE.findall(live.note.value)]
        if len(values) > 1 and len(set(looks)) < 2:
            problems.append(f"{widget.name}: neither picture nor text changes with {name}")
        live.controls[name].value = widget.start[name]
    return problems
