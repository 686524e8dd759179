"""Measure every registered widget in Chromium: bytes, time until usable, time from a key press to the changed picture.

    python -m tests.widgets.measure [NAME ...]

`script`: from the input event to the changed DOM, layout included, median and worst over all values of all sliders.
`painted`: the browser's own figure (Event Timing) from the key press to the next frame on the screen, in steps of 8 ms,
so that 16 means "within one frame". `usable`: from opening the file to the last control that works. `live`: one redraw
in Python (explore only). `page` bytes are what the widget adds to a page that has shared code and style already.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ["NNLIB_STATIC"] = "1"

from playwright.sync_api import sync_playwright  # noqa: E402

import nnlib.widgets  # noqa: E402, F401
from nnlib.widgets import explore, host, modules  # noqa: E402

from .conftest import CHROMIUM, PAGE  # noqa: E402

SCRIPT = """() => {
  const times = [];
  for (const control of document.querySelectorAll("input[type=range]:enabled")) {
    const step = +control.step || 1, count = Math.round((control.max - control.min) / step);
    for (let k = 0; k <= count; k += Math.max(1, Math.floor(count / 25))) {
      control.value = +control.min + k * step;
      const start = performance.now();
      control.dispatchEvent(new Event("input", { bubbles: true }));
      document.body.getBoundingClientRect();
      times.push(performance.now() - start);
    }
    control.value = control.min;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return times;
}"""
OBSERVE = """() => {
  window.painted = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") window.painted.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""


def bytes_added(widget, module):
    """Bytes of a page with this widget twice, minus once, plus the module's own script: shared code is not counted."""
    once = len(modules.drop_repeats(widget.html).encode())
    scripts = modules.scripts(module) + modules.scripts("host")
    shared = sum(len(text.encode()) for _, text in scripts) + len(modules.css())
    own = len(modules.scripts(module)[-1][1].encode())
    return once - shared + own, own


def measure(browser, name, widget):
    module = "frames" if hasattr(widget, "controls") else name
    page_bytes, module_bytes = bytes_added(widget, module)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(PAGE.format(name=name, content=widget.html), "utf8")
        page = browser.new_page(viewport={"width": 900, "height": 900})
        start = time.perf_counter()
        page.goto(file.as_uri())
        ready = "[data-frames=ready]" if module == "frames" else ".nnlib-ready"
        page.wait_for_selector(ready)
        usable = 1000 * (time.perf_counter() - start)
        times = page.evaluate(SCRIPT) or [float("nan")]
        page.evaluate(OBSERVE)
        presses = 0
        for control in page.query_selector_all("input[type=range]:enabled"):
            control.focus()
            for _ in range(12):
                control.press("ArrowRight")
                page.wait_for_timeout(30)
                presses += 1
        page.wait_for_timeout(100)
        painted = sorted(page.evaluate("window.painted"))  # what took less than 16 ms is not in the list
        painted = [8] * (presses - len(painted)) + painted or [float("nan")]
        page.close()
    return {"name": name, "page KB": page_bytes / 1000, "module KB": module_bytes / 1000, "usable ms": usable,
            "script median": statistics.median(times), "script worst": max(times),
            "painted median": statistics.median(painted), "painted worst": max(painted), "live ms": live_redraw(widget)}


def live_redraw(widget):
    if not isinstance(widget, explore.__globals__["Explore"]):
        return float("nan")
    box, times = widget.live(), []
    for name, values in widget.controls.items():
        for value in values:
            start = time.perf_counter()
            box.controls[name].value = value
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main(names):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        rows = [measure(browser, name, host.EXAMPLES[name]()) for name in names or sorted(host.EXAMPLES)]
    print("".join(f"{column:>16}" for column in rows[0]))
    for row in rows:
        print("".join(f"{value:>16}" if isinstance(value, str) else f"{value:16.1f}" for value in row.values()))


if __name__ == "__main__":
    main(sys.argv[1:])
