"""Drive every control of every widget on a page, or of a live widget, and list what is wrong.

The contract that widgets keep (nnbook/widgets/core/panel.js and exercises/quiz.js do it for them):
  root `[data-nnlib-widget=NAME]`, which gets the class `nnlib-ready` when it works and `data-state` with its state as
  JSON; controls are native inputs, menus and buttons, or `[role=slider]` to be moved with the arrow keys; the read-out
  is `[aria-live]`; without JavaScript and in print an `img` with alt text is seen (a quiz shows its text).

`drive_page(page)` does this for all widgets on a Playwright page; `drive_live(widget)` for the ipywidgets of one made
by `nnbook.widgets`; `without_scripts(page)` and `in_print(page)` look for the static picture. All return a list of
problems, empty if there are none.
"""

import json
import re
import time
from pathlib import Path

CHINESE = json.loads((Path(__file__).parents[2] / "nnbook/language/zh_CN.json").read_text("utf8"))
FRAME = {word for english in ("Reset", "Link to this state") for word in (english, CHINESE[english])}
START = 5  # seconds in which a widget must work
STRANGE = re.compile(r"\bNaN\b|undefined|\[object|not a number|\bnull\b")

# What a reader of the widget sees: pictures and read-out. Two states of a widget should differ here.
LOOK = """root => {
  const pictures = [...root.querySelectorAll("svg, p.nnlib-stage")].map(node => node.outerHTML);
  for (const canvas of root.querySelectorAll("canvas"))
    pictures.push(canvas.hidden ? "" : canvas.width && canvas.height ? canvas.toDataURL() : "");
  for (const image of root.querySelectorAll("img")) pictures.push(image.src.length + image.src.slice(-200) + image.alt);
  const text = [...root.querySelectorAll("[aria-live]")].map(node => node.textContent).join(" | ");
  return { picture: pictures.join(), text, state: root.dataset.state ?? "" };
}"""

# Sets a slider or menu as a hand would, and waits until the change has been painted.
SET = """async (control, value) => {
  control.value = value;
  for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
READY = """root => root.classList.contains("nnlib-ready")
  && (root.dataset.nnlibModule !== "frames" || root.dataset.frames === "ready")"""


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
    """Wait until every widget of the page works, or has failed."""
    page.wait_for_function(f"() => [...document.querySelectorAll('[data-nnlib-widget]')].every({READY})",
                           timeout=60_000)


def until(holds, seconds=10.0):
    """Wait until holds() does, as long as a busy machine may take; False if it never does."""
    end = time.monotonic() + seconds
    while not (done := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return done


def drive_page(page):
    """Problems of all widgets on a loaded page."""
    problems = []
    for number, root in enumerate(page.query_selector_all("[data-nnlib-widget]")):
        name = f"{root.get_attribute('data-nnlib-widget')} ({number + 1})"
        with Watch(page) as seen:
            try:
                found = drive_root(page, root)
            except Exception:  # controls of a widget that gave up are gone
                if not root.evaluate("root => root.classList.contains('nnlib-failed')"):
                    raise
                found = ["it gave up"]
            problems += [f"{name}: {problem}" for problem in (*found, *seen)]
    return problems


def drive_root(page, root):
    if not until(lambda: root.evaluate(READY), START):
        return ["it did not start"]
    root.scroll_into_view_if_needed()
    if root.get_attribute("data-nnlib-module") == "quiz":
        return drive_quiz(page, root)
    problems = []
    root.evaluate("root => root.querySelectorAll('.nnlib-controls details').forEach(fold => { fold.open = true; })")
    first = root.evaluate(LOOK)
    if not first["text"].strip():
        problems.append("its read-out is empty")
    for control in root.query_selector_all("input[type=range], select, input[type=checkbox], input[type=radio]"):
        problems += drive_control(root, control)
    for handle in root.query_selector_all("[role=slider][tabindex]"):
        problems += drive_handle(page, root, handle)
    for button in root.query_selector_all(".nnlib-play"):
        problems += drive_play(page, root, button)
    for button in root.query_selector_all("button:not(.nnlib-play)"):
        text = button.text_content()
        if text not in FRAME and button.is_visible() and button.is_enabled():
            button.click()
            page.evaluate(PAINTED)
            problems += strange(root, f"after “{text}”")
    return problems + drive_reset(page, root, first) + drive_link(page, root)


def strange(root, where):
    """NaN, undefined and the like in what is shown."""
    look = root.evaluate(LOOK)
    found = STRANGE.search(look["text"]) or STRANGE.search(re.sub(r'(href|src)="[^"]*"', "", look["picture"]))
    return [f"{found[0]} {where}: …{found.string[max(0, found.start() - 60):found.end() + 40]}…"] if found else []


def label_of(control):
    return control.evaluate(
        "c => (c.closest('label') ?? c).textContent.trim().slice(0, 40) || c.getAttribute('aria-label')")


def values_of(control):
    """The ends of a control and some values between."""
    return control.evaluate("""c => {
      if (c.tagName === "SELECT") return [...c.options].map(option => option.value);
      const low = +c.min, high = +c.max, step = +c.step || 1, last = Math.round((high - low) / step);
      return [...new Set([0, 1 / 4, 1 / 2, 3 / 4, 1].map(part => low + step * Math.round(part * last)))];
    }""")


def drive_control(root, control):
    """Every end and a few values between must look different from one another."""
    label = label_of(control)
    if not label:
        return ["a control has no name"]
    if control.is_disabled() or not control.is_visible():
        return []
    if control.get_attribute("type") in ("checkbox", "radio"):
        before = root.evaluate(LOOK)
        was = control.is_checked()
        control.click()
        after = root.evaluate(LOOK)
        return strange(root, f"with {label}") + (
            [f"{label}: nothing changes"] if before == after and control.is_checked() != was else [])
    problems, looks = [], []
    values = values_of(control)
    for value in values:
        control.evaluate(SET, value)
        problems += strange(root, f"with {label} = {value}")
        looks.append(root.evaluate(LOOK))
    if len({look["picture"] + look["text"] for look in looks}) < 2 and len(values) > 1:
        problems.append(f"{label}: neither picture nor read-out changes from {values[0]} to {values[-1]}")
    if len({look["state"] for look in looks}) < len(values):
        problems.append(f"{label}: data-state does not follow it")
    return problems + drive_keys(root, control, label)


def drive_keys(root, control, label):
    """The keyboard moves it too."""
    if control.evaluate("c => c.tagName") != "INPUT":
        return []
    looks = []
    for key in ("Home", "End"):
        control.focus()
        control.press(key)
        looks.append(root.evaluate(LOOK)["state"])
    return [f"{label}: Home and End do nothing"] if looks[0] == looks[1] else []


def drive_handle(page, root, handle):
    """Something to be dragged: the arrow keys and the pointer move it."""
    label = handle.get_attribute("aria-label")
    if not label:
        return ["something to be dragged has no name"]
    if handle.get_attribute("aria-disabled") == "true" or not handle.is_visible():
        return []
    problems = []
    reset(root)
    after = root.evaluate(LOOK)
    looks = {after["picture"] + after["text"]}
    for key in ("ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        handle.focus()
        handle.press(key)
        problems += strange(root, f"with {label} moved by {key}")
        after = root.evaluate(LOOK)
        looks.add(after["picture"] + after["text"])
    if len(looks) == 1:
        problems.append(f"{label}: the arrow keys change nothing")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y - 9, steps=2)
    page.mouse.move(x + 21, y - 16, steps=2)
    page.mouse.up()
    dragged = root.evaluate(LOOK)
    if dragged["picture"] + dragged["text"] == after["picture"] + after["text"]:
        problems.append(f"{label}: dragging changes nothing")
    return problems + strange(root, f"with {label} dragged")


def drive_play(page, root, button):
    slider = button.evaluate_handle("b => b.parentNode.querySelector('input')").as_element()
    if slider is not None:
        slider.evaluate(SET, slider.evaluate("c => c.min"))
    before = root.evaluate(LOOK)
    if not button.get_attribute("aria-label"):
        return ["its play button has no name"]
    button.click()
    if not until(lambda: any(root.evaluate(LOOK)[part] != before[part] for part in ("picture", "text"))):
        return ["Play changes nothing"]
    if button.text_content() != "▶":
        button.click()
    return strange(root, "after Play")


def named(root, word):
    """The button of the frame with this word, in the page's language."""
    return root.query_selector(f"button:text-is('{word}')") or root.query_selector(f"button:text-is('{CHINESE[word]}')")


def reset(root):
    """Click Reset; False if there is none."""
    button = named(root, "Reset")
    if button is not None:
        button.click()
    return button is not None


def drive_reset(page, root, first):
    control = next((c for c in root.query_selector_all("input[type=range], select") if c.is_enabled()), None)
    for value in values_of(control) if control else ():
        control.evaluate(SET, value)
        if root.evaluate(LOOK)["state"] != first["state"]:
            break
    if not reset(root):
        return ["it has no Reset"]
    page.evaluate(PAINTED)
    now = root.evaluate(LOOK)
    wrong = [part for part in ("state", "text") if now[part] != first[part]]
    return [f"Reset does not bring back its {wrong[0]}: {now[wrong[0]][:150]!r} instead of {first[wrong[0]][:150]!r}"] \
        if wrong else []


def drive_link(page, root):
    """The address made by "Link to this state" leads back to it."""
    button = named(root, "Link to this state")
    if button is None:
        return ["it has no “Link to this state”"]
    control = next((c for c in root.query_selector_all("input[type=range], select")
                    if c.is_enabled() and len(values_of(c)) > 1), None)
    if control is not None:
        control.evaluate(SET, values_of(control)[-1])
    state = root.evaluate(LOOK)
    button.click()
    if not until(lambda: "?" in page.evaluate("location.hash")):
        return [f"its link holds no state: {page.evaluate('location.hash')!r}"]
    address = page.evaluate("location.hash")
    reset(root)
    page.evaluate("hash => { history.replaceState(null, '', ' '); location.hash = hash; }", address)
    until(lambda: root.evaluate(LOOK)["state"] == state["state"])
    back = root.evaluate(LOOK)
    page.evaluate("history.replaceState(null, '', location.pathname + location.search)")
    return [] if back["state"] == state["state"] else [
        f"the link {address[:120]} leads to {back['state'][:120]} instead of {state['state'][:120]}"]


def drive_quiz(page, root):
    """Every choice, or a few answers, get a verdict; hints open one after the other."""
    problems, verdicts = [], []
    choices = root.query_selector_all("input[type=radio], input[type=checkbox]")
    button = root.query_selector("button[type=submit]")
    for n in range(len(choices) or 3):
        if choices:
            choices[n].click()
            button.click()
        else:
            field = root.query_selector("input[type=text]")
            field.fill(["7", "-2*x", "tanh"][n])
            field.press("Enter")
        verdict = root.query_selector(".nnlib-verdict").text_content()
        verdicts.append(verdict)
        if not re.search(r"[✓✗]\s*\S", verdict):
            problems.append(f"answer {n + 1} gets no diagnosis: {verdict!r}")
        problems += [f"{p} in the verdict" for p in re.findall(r"NaN|undefined|\[object", verdict)]
    if root.query_selector("input[type=radio]") and sum("✓" in v for v in verdicts) != 1:
        problems.append(f"not exactly one choice is right: {verdicts}")
    for hint in root.query_selector_all(".nnlib-hint summary"):
        if not until(hint.is_visible):  # it appears by the event of the fold before, a moment later
            problems.append("a hint does not appear after the one before")
            break
        hint.click()
    return problems


def without_scripts(page):
    """On a page loaded without JavaScript: each widget's picture, or question, is there, and no dead control."""
    problems = []
    for root in page.query_selector_all("[data-nnlib-widget]"):
        name = root.get_attribute("data-nnlib-widget")
        if root.get_attribute("data-nnlib-module") == "quiz":
            if not root.query_selector(".nnlib-question").is_visible():
                problems.append(f"{name}: the question is not seen without JavaScript")
            continue
        problems += [f"{name}: {p} without JavaScript" for p in picture_problems(root)]
        if any(c.is_visible() for c in root.query_selector_all("input, select, button")):
            problems.append(f"{name}: shows controls that do nothing without JavaScript")
    return problems


def in_print(page):
    """With print media: each widget shows a picture and hides its controls."""
    problems = []
    page.emulate_media(media="print")
    for root in page.query_selector_all("[data-nnlib-widget]"):
        if root.get_attribute("data-nnlib-module") == "quiz":
            continue
        name = root.get_attribute("data-nnlib-widget")
        problems += [f"{name}: {p} in print" for p in picture_problems(root)]
        if any(c.is_visible() for c in root.query_selector_all("input, select, button")):
            problems.append(f"{name}: controls are printed")
    page.emulate_media(media="screen")
    return problems


def picture_problems(root):
    images = [i for i in root.query_selector_all("img") if i.is_visible()]
    if not images:
        return ["no picture is seen"]
    box = images[0].bounding_box()
    problems = []
    if box["width"] < 100 or box["height"] < 50:
        problems.append(f"the picture is only {box['width']:.0f} x {box['height']:.0f} pixels large")
    if len(images[0].get_attribute("alt") or "") < 15:
        problems.append("the picture has no alt text")
    return problems


SMALL_TEXTS = """() => [...document.querySelectorAll("[data-nnlib-widget] svg text")].filter(
  text => text.textContent.trim() && text.getClientRects().length).map(text => {
    const { a, b } = text.getScreenCTM();
    return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)];
  }).filter(([, size]) => size < 9)"""


# Tab goes through a widget from top to bottom; what stands in a column further to the right may begin higher up.
DISORDER = """() => [...document.querySelectorAll("[data-nnlib-widget]")].flatMap(root => {
  const stops = [...root.querySelectorAll("a[href], button, input, select, textarea, summary, svg, [tabindex]")].filter(
    stop => (stop.tagName === "svg" ? stop.querySelector("[tabindex='0']") : stop.tabIndex >= 0 && !stop.closest("svg"))
      && !stop.disabled && stop.checkVisibility({ visibilityProperty: true }));
  const name = stop => stop.getAttribute("aria-label") ?? (stop.closest("label") ?? stop).textContent.trim();
  return stops.slice(1).flatMap((stop, k) => {
    const here = stop.getBoundingClientRect(), before = stops[k].getBoundingClientRect();
    return here.bottom <= before.top + 2 && here.left < before.right - 2
      ? [`${root.dataset.nnlibWidget}: Tab goes up, from “${name(stops[k])}” to “${name(stop)}”`] : [];
  });
})"""
# A field whose letters are smaller than 16 px when it gets the focus makes iPhones enlarge the page.
SMALL_FIELDS = """() => {
  const small = [...document.querySelectorAll("[data-nnlib-widget] :is(input[type=text], input[type=number], select)")]
    .filter(field => !field.disabled && field.checkVisibility({ visibilityProperty: true })).filter(field => {
      field.focus({ preventScroll: true });
      return parseFloat(getComputedStyle(field).fontSize) < 16;
    });
  document.activeElement?.blur();
  const name = field => field.getAttribute("aria-label") ?? field.closest("label")?.textContent.trim();
  return small.map(field => `${field.closest("[data-nnlib-widget]").dataset.nnlibWidget}: the field “${
    name(field)}” has letters below 16 pixels`);
}"""


def phone_problems(page):
    """On a phone: every control of a widget can be hit with a finger, its text is large enough to read, Tab follows
    the eye."""
    ready(page)
    problems = [f"a text of {size:.1f} pixels: {text}" for text, size in page.evaluate(SMALL_TEXTS)]
    problems += page.evaluate(SMALL_FIELDS) + page.evaluate(DISORDER)
    for control in page.query_selector_all("[data-nnlib-widget] :is(button, select, input, summary)"):
        if control.is_visible():
            box = control.evaluate("c => (c.closest('label') ?? c).getBoundingClientRect().toJSON()")
            if box["height"] < 24 or box["width"] < 13:
                problems.append(f"{label_of(control)}: only {box['width']:.0f} x {box['height']:.0f} pixels large")
    return problems


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
