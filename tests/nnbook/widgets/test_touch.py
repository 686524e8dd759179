"""A finger on a phone: it drags handles, and where it starts beside them, or on a slider, it scrolls the page."""

import json
import re

import pytest

from nnbook.widgets.core import modules
from tests.support import drive

HANDLES = sorted({path.parent.name for path in modules.files().values() if path.parent.name != "core"  # a part, too
                  and "draggable(" in path.read_text("utf8")})
TAPPED = sorted({path.parent.name for path in modules.files().values() if path.parent.name != "core"
                 and re.search(r"cursor: ?pointer|pixelAt\(", path.read_text("utf8"))})
PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}


class Finger:
    """Real touch events, as the browser gets them from a screen: it decides itself whether to scroll."""

    def __init__(self, page):
        self.page, self.wire = page, page.context.new_cdp_session(page)

    def swipe(self, x, y, dx, dy, steps=8):
        self.touch("touchStart", x, y)
        for k in range(1, steps + 1):
            self.touch("touchMove", x + dx * k / steps, y + dy * k / steps)
            self.page.wait_for_timeout(16)  # as a screen reports it
        self.wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.evaluate(drive.SETTLED)

    def touch(self, kind, x, y):
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})


def middle(element):
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def phone(open_html, example, name):
    room = '<div style="height: 600px"></div>'
    page = open_html(room + example(name).html + room, **PHONE)
    page.wait_for_selector(".nnlib-ready")
    return page, page.query_selector("[data-nnlib-widget]"), Finger(page)


CENTRED = f"""async e => {{
  e.scrollIntoView({{ block: "center" }});
  return ({drive.SETTLED})();
}}"""
PLACE = f"""async e => {{
  await ({CENTRED})(e);
  const {{ x, y, width, height }} = e.getBoundingClientRect();
  return [x, y, width, height];
}}"""


def put(element):
    """The element in the middle of the screen: how far the page is scrolled then."""
    return element.evaluate(CENTRED)


@pytest.mark.parametrize("name", HANDLES)
def test_a_finger_drags_each_handle(name, open_html, example):
    """Also one that comes down 18 px beside its middle; farther off it scrolls the page and moves nothing."""
    page, root, finger = phone(open_html, example, name)
    handles = [h for h in root.query_selector_all("svg [role=slider]") if h.is_visible()]
    assert handles
    for handle in handles:
        if name == "pieces" and handle != handles[1]:
            continue  # eleven alike, each a neighbour's obstacle
        for beside in (0, 18):
            at = put(handle)
            x, y = middle(handle)
            before = root.get_attribute("data-state")
            finger.swipe(x + beside, y, -40, -45)
            assert root.get_attribute("data-state") != before, (handle.get_attribute("aria-label"), beside)
            assert page.evaluate("scrollY") == at
            page.query_selector("button:text-is('Reset')").evaluate("b => b.click()")
    plot = root.query_selector("svg:has([role=slider])")
    at = put(plot)
    box, centres, before = plot.bounding_box(), [middle(h) for h in handles], root.get_attribute("data-state")
    x, y = next((x, y) for x in range(int(box["x"]) + 50, int(box["x"] + box["width"]) - 20, 10)
                for y in range(int(box["y"]) + 20, int(box["y"] + box["height"]) - 50, 10)
                if min(abs(x - a) + abs(y - b) for a, b in centres) > 60)
    finger.swipe(x, y, 0, -120)
    assert page.evaluate("scrollY") > at
    assert root.get_attribute("data-state") == before


def test_a_finger_that_scrolls_leaves_the_slider_where_it_was(open_html, example):
    page, root, finger = phone(open_html, example, "gradient_descent")
    slider = root.query_selector_all("input[type=range]")[-1]
    at = put(slider)
    before, box = root.get_attribute("data-state"), slider.bounding_box()
    finger.swipe(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, 0, -150)
    assert page.evaluate("scrollY") > at
    assert root.get_attribute("data-state") == before
    put(slider)
    box = slider.bounding_box()
    finger.swipe(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2, 0.4 * box["width"], 2)
    assert root.get_attribute("data-state") != before, "along the slider it moves it"


# What is drawn and hears taps: parts of a drawing, canvases, but for those on which a finger draws or drags.
TARGETS = """root => [...root.querySelectorAll("svg, svg [style*='cursor:pointer'], canvas")].filter(e => {
  const { cursor, touchAction, visibility } = getComputedStyle(e), { width, height } = e.getBoundingClientRect();
  const hears = cursor === "pointer" || e.tagName === "CANVAS", seen = width > 0 && height > 0 && e.checkVisibility();
  return seen && visibility === "visible" && hears && touchAction !== "none" && !e.closest("[role=slider]");
})"""


def target(root, k):
    """The one with this number, or the last: a tap draws anew."""
    return root.evaluate_handle(f"(root, k) => {{ const all = ({TARGETS})(root); return all[k] ?? all.at(-1); }}", k)


def tap(page, element, right=0.5, down=0.5):
    x, y, width, height = element.evaluate(PLACE)
    place = x + right * width, y + down * height
    page.touchscreen.tap(*place)
    page.evaluate(drive.SETTLED)
    return place


@pytest.mark.parametrize("name", TAPPED)
def test_a_finger_taps_what_is_drawn(name, open_html, example):
    """A tap changes the state; a finger that scrolls from there changes nothing; quick taps do not zoom."""
    page, root, finger = phone(open_html, example, name)
    found, state = root.evaluate(f"root => ({TARGETS})(root).length"), lambda: root.get_attribute("data-state")
    assert found > 0
    at, before = put(target(root, 0)), state()
    finger.swipe(*middle(target(root, 0).as_element()), 0, -120)
    assert page.evaluate("scrollY") > at and state() == before
    changed = 0
    for k in range(0, found, max(1, found // 8)):
        before = state()
        tap(page, target(root, k), 0.3, 0.6)
        changed += state() != before
    assert changed > 0 and page.evaluate("visualViewport.scale") == 1
    assert root.evaluate("e => getComputedStyle(e).touchAction") == "manipulation"


def test_a_finger_presses_the_lamp_where_it_taps(open_html, example):
    page, root, _finger = phone(open_html, example, "lamp_memory")

    def presses():
        return json.loads(root.get_attribute("data-state"))["presses"]

    for t, off in ((0, 0), (7, 1), (len(presses()) - 1, 1)):
        before = presses()
        tap(page, root.query_selector_all("svg rect[rx='3']")[2 * t + off])
        was = before[t]
        assert presses() == [*before[:t], 0 if was == (-1 if off else 1) else -1 if off else 1, *before[t + 1:]]


def test_a_finger_chooses_a_window_of_the_pooling(open_html, example):
    page, root, _finger = phone(open_html, example, "convolution_stepper")
    root.query_selector("select:has([value=max-pooling])").select_option("max-pooling")
    cells = root.query_selector_all("button.nnlib-cell")
    tap(page, cells[-2])
    assert json.loads(root.get_attribute("data-state"))["step"] == len(cells) - 2
    assert "now" in cells[-2].get_attribute("class")


def test_a_finger_finds_the_output_that_sees_a_pixel(open_html, example):
    page, root, _finger = phone(open_html, example, "receptive_field")
    for canvas in [node for node in root.query_selector_all("canvas") if node.is_visible()]:
        x, y = tap(page, canvas, 0.7, 0.35)
        frame = canvas.evaluate_handle("e => e.nextElementSibling").as_element().bounding_box()
        assert frame["x"] <= x <= frame["x"] + frame["width"] and frame["y"] <= y <= frame["y"] + frame["height"]
