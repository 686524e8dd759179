"""Measure the widgets in Chromium: time from an input event to the changed picture, bytes, time until usable.

    python -m tests.support.measure [NAME ...]       every registered widget, alone on a page

`script`: from the input event to the changed DOM and its layout, median and worst over all values of all sliders.
`processor`: of that the time on the processor, mean; unlike the others it hardly depends on what else the machine does.
`painted`: the browser's own figure (Event Timing) from a key press to the next frame on the screen, in steps of 8 ms,
so that 16 means "within one frame"; what it does not report took less than 16 and is counted as 8. `usable`: from
opening the file to the last control that works. `page`: the widget's HTML with state and frames, without code. `own`:
its module; `parts`: the module and all that it needs except what every widget shares (the line above the table);
`gzip`: `parts` as servers send them. `live`: one redraw in Python (explores only). `network`: one pass through the
network of a widget that has a large one (draw_digit), as it measures it itself.
A * marks what misses the aims: 16 ms median, 50 ms worst and for a network, 150 KB for 50 frames, 30 KB for a module.
"""

import argparse
import gzip
import os
import re
import statistics
import tempfile
import time
from pathlib import Path

os.environ["NNLIB_STATIC"] = "1"

import nnbook.widgets  # noqa: E402, F401
from nnbook.exercises.explore import Explore  # noqa: E402
from nnbook.widgets.core import host, modules  # noqa: E402
from tests.nnbook.conftest import PAGE  # noqa: E402
from tests.support.chromium import launched  # noqa: E402

from . import drive  # noqa: E402

SLIDERS = "input[type=range]:enabled"
SCRIPT = """root => {
  const times = [];
  for (const control of root.querySelectorAll("input[type=range]:enabled")) {
    const step = +control.step || 1, count = Math.round((control.max - control.min) / step), before = control.value;
    const set = value => {
      control.value = value;
      const start = performance.now();
      control.dispatchEvent(new Event("input", { bubbles: true }));
      document.body.getBoundingClientRect();
      return performance.now() - start;
    };
    for (let k = 0; k <= count; k += Math.max(1, Math.floor(count / 25))) times.push(set(+control.min + k * step));
    set(before);
  }
  return times;
}"""
OBSERVE = """() => {
  window.painted = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") window.painted.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""
STATIC_FORM = re.compile(r'<div class="nnlib-widget" data-nnlib-widget="([^"]*)" data-nnlib-module="([^"]*)".*?'
                         r'<script type="application/json">.*?</script>', re.S)
AIMS = {"processor": 16, "script median": 16, "script worst": 50, "painted median": 16, "painted worst": 50,
        "page KB": 150, "own KB": 30, "parts KB": 30, "network": 50}
COLUMNS = [*AIMS, "gzip KB", "usable", "live"]
SHARED = {name for name, path in modules.files().items() if path.parent.name == "core"}


def opened(browser, file):
    """(page, milliseconds until its widget works)"""
    page = browser.new_page(viewport={"width": 1100, "height": 900}, reduced_motion="reduce")
    start = time.perf_counter()
    page.goto(file.as_uri())
    drive.ready(page)
    usable = 1000 * (time.perf_counter() - start)
    page.evaluate(OBSERVE)
    return page, usable


def response(page, root):
    """Times of one widget, in ms; NaN if it has no slider."""
    root.scroll_into_view_if_needed()
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy():
        metrics = browser.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    start = busy()
    script = root.evaluate(SCRIPT)
    processor = 1000 * (busy() - start) / len(script) if script else float("nan")
    script = script or [float("nan")]
    presses, before = 0, len(page.evaluate("window.painted"))
    for control in root.query_selector_all(SLIDERS):
        if control.is_visible():
            control.focus()
            for key in ["ArrowLeft"] * 6 + ["ArrowRight"] * 6:
                control.press(key)
                page.evaluate(drive.PAINTED)
                presses += 1
    page.wait_for_timeout(100)
    slow = page.evaluate("window.painted")[before:]
    painted = [8] * (presses - len(slow)) + slow or [float("nan")]
    network = float(root.get_attribute("data-milliseconds") or "nan")
    return {"network": network, "processor": processor,
            "script median": statistics.median(script), "script worst": max(script),
            "painted median": statistics.median(painted), "painted worst": max(painted)}


def weight(text, module):
    scripts = {key.rsplit("-", 1)[0]: code for key, code in modules.scripts(module)}
    own, parts = len(scripts[module].encode()), "".join(c for name, c in scripts.items() if name not in SHARED).encode()
    return {"page KB": len(text.encode()) / 1000, "own KB": own / 1000, "parts KB": len(parts) / 1000,
            "gzip KB": len(gzip.compress(parts)) / 1000}


def live_redraw(widget):
    """Milliseconds of one redraw in Python, median over all values of all controls."""
    box, times = widget.live(), []
    for name, values in widget.controls.items():
        for value in values:
            start = time.perf_counter()
            box.controls[name].value = value
            times.append(1000 * (time.perf_counter() - start))
    return {"live": statistics.median(times)}


def registered(browser, name):
    """The row of one registered widget, alone on a page."""
    widget = host.EXAMPLES[name]()
    text, module = STATIC_FORM.search(widget.html)[0], STATIC_FORM.search(widget.html)[2]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(PAGE.format(name=name, content=widget.html), "utf8")
        page, usable = opened(browser, file)
        row = {"name": name, **response(page, page.query_selector(".nnlib-widget")), **weight(text, module),
               "usable": usable, **(live_redraw(widget) if isinstance(widget, Explore) else {})}
        page.close()
    return row


def cell(column, value):
    if isinstance(value, str):
        return f"{value:<24}"
    return f"{'–' if value != value else f'{value:.1f}':>{len(column) + 1}}" + (
        "*" if value > AIMS.get(column, float("inf")) else " ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    shared = sum(map(len, dict(modules.scripts("host") + modules.scripts("panel")).values()))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; times in ms, KB = 1000 bytes; once a page: "
          f"scripts {shared / 1000:.1f} KB, styles {len(modules.css()) / 1000:.1f} KB")
    print(" " * 24, "  ".join(COLUMNS))
    with launched() as browser:
        for name in args.names or sorted(host.EXAMPLES):
            row = registered(browser, name)
            print("".join(cell(column, row.get(column, float("nan"))) for column in ("name", *COLUMNS)), flush=True)


if __name__ == "__main__":
    main()
