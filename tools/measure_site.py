"""What the built book costs its readers: `make measure` prints this table.

    python tools/measure_site.py [FOLDER OF A BUILT SITE]     default: _build/html; other Jupyter Books work, too

all        kB of a first visit, read to the end, as a server with gzip sends them; requests in brackets
first      kB until the page stands, on a first visit
next       the same for somebody who has seen another chapter
hosts      other hosts that the page asked for something
axe        serious and critical findings of axe-core, light + dark

A second table says how soon the page answers on a processor slowed four times, without and with a line of 1.6 Mbit/s
with 150 ms of delay: a cheap phone on a mobile network.

longest    milliseconds of the longest task: so long may a tap wait
blocking   milliseconds beyond 50 in all tasks, until the page is complete
shift      how far what was seen jumped (the browser's layout shift)
text       seconds until the text of the first screen stands there
complete   seconds until everything does: the fonts of all formulas, the widgets down to the end of the page

Each number is the median of RUNS loads; `--only index 03_` takes the pages with these names. `--clock` takes longest
and blocking from the clock of the browser's thread, four times what it shows without slowing the processor: so they
mean something on a busy machine, too, where the other columns do not. `all` is the whole time of that thread.
"""

import argparse
import functools
import gzip
import json
import os
import statistics
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from chromium import CHROMIUM
from playwright.sync_api import sync_playwright

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PACKED = (".woff2", ".woff", ".png", ".jpg", ".gif")  # no server compresses these again
RUNS = 3
# The browser's own entries, from the first one on; a widget that starts late is a part of the page all the same.
OBSERVE = """
  window.seen = { tasks: [], shift: 0, ready: 0 };
  const observe = (type, act) =>
    new PerformanceObserver(list => list.getEntries().forEach(act)).observe({ type, buffered: true });
  observe("longtask", entry => seen.tasks.push(entry.duration));
  observe("layout-shift", entry => { if (!entry.hadRecentInput) seen.shift += entry.value; });
  new MutationObserver(changes => {
    if (changes.some(({ target }) => target.matches("[data-nnlib-widget]"))) seen.ready = performance.now();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });
"""
STARTED = """() => [...document.querySelectorAll("[data-nnlib-widget]")].every(root =>
  root.matches(".nnlib-ready, .nnlib-failed"))"""
TIMES = """() => ({ ...seen,
    text: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
    complete: Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd, seen.ready,
      ...performance.getEntriesByType("resource").filter(r => r.name.includes(".woff")).map(r => r.responseEnd)) / 1000,
})"""


@functools.cache
def sent(path):
    """The body of a file as it travels."""
    body = path.read_bytes()
    return body if path.suffix in PACKED else gzip.compress(body)


class Handler(SimpleHTTPRequestHandler):
    """A static server with gzip."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "max-age=3600")
        if path.suffix not in PACKED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(sent(path))))
        self.end_headers()
        self.wfile.write(sent(path))

    def log_message(self, *args):
        pass


def throttled(context, line):
    """A new page on a processor slowed four times; with `line`, on the slow line, too."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if line:
        session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return page


def answers(browser, url, line):
    """longest, blocking, shift, text, complete of one first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    page = throttled(context, line)
    page.add_init_script(OBSERVE)
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_function(STARTED, timeout=120_000)
    page.wait_for_timeout(1000)  # what still runs after the last start, and its report
    seen = page.evaluate(TIMES)
    context.close()
    blocking = sum(max(0, time - 50) for time in seen["tasks"])
    return max(seen["tasks"], default=0), blocking, seen["shift"], seen["text"], seen["complete"]


def by_clock(browser, url):
    """longest, blocking, all, shift of one first visit, by the clock of the thread that the page runs on."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline", "__metadata"])
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_function(STARTED, timeout=120_000)
    page.wait_for_timeout(1000)
    shift = page.evaluate("seen.shift")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    context.close()
    ours = next((event["pid"], event["tid"]) for event in events  # the thread that reads our page
                if event["name"] == "ParseHTML" and url in json.dumps(event.get("args", "")))
    tasks = [4 * event.get("tdur", 0) / 1000 for event in events
             if event["name"] == "ThreadControllerImpl::RunTask" and (event["pid"], event["tid"]) == ours]
    return max(tasks), sum(max(0, time - 50) for time in tasks), sum(tasks), shift


def load(context, url):
    """Open the page; its files from the network, the foreign hosts."""
    page, own, hosts = context.new_page(), [], set()

    def count(request):
        if request.url.startswith(url.rsplit(":", 1)[0]):
            own.append(request)
        elif not request.url.startswith(("data:", "blob:")):
            hosts.add(urlsplit(request.url).hostname)

    page.on("requestfinished", count)
    page.on("requestfailed", count)
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_timeout(300)  # scripts that start after the load
    return page, own, hosts


def weight(requests, folder):
    """kB that travel for these requests (what the browser has in its cache does not travel)."""
    files = [folder / urlsplit(r.url).path.lstrip("/") for r in requests]
    return sum(len(sent(file)) for file in files if file.is_file()) / 1000


def read_to_the_end(page):
    page.evaluate("""async () => {
        for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
            scrollTo(0, y);
            await new Promise(resolve => setTimeout(resolve, 50));
        }
    }""")
    page.wait_for_load_state("networkidle")


def serious(page):
    found = Axe().run(page).response["violations"]
    return sum(len(rule["nodes"]) for rule in found if rule["impact"] in ("serious", "critical"))


def measure(browser, folder, base, name, neighbour):
    url = f"{base}/{name}"
    fresh, dark, returning = browser.new_context(), browser.new_context(color_scheme="dark"), browser.new_context()
    page, own, hosts = load(fresh, url)
    first = list(own)
    read_to_the_end(page)
    faults = serious(page) + serious(load(dark, url)[0])
    known = {r.url for other in ("index.html", neighbour) for r in load(returning, f"{base}/{other}")[1]}
    for context in (fresh, dark, returning):
        context.close()
    weights = (weight(r, folder) for r in (own, first, [r for r in first if r.url not in known]))
    return len(own), *weights, len(hosts), faults


def medians(browser, url, line):
    return tuple(map(statistics.median, zip(*(answers(browser, url, line) for _ in range(RUNS)), strict=True)))


def clock_table(browser, base, names):
    print(f"{'page':40}{'longest':>8}{'blocking':>9}{'all':>7}{'shift':>7}")
    for name in names:
        runs = zip(*(by_clock(browser, f"{base}/{name}") for _ in range(RUNS)), strict=True)
        print(f"{name[-39:]:40}" + "{:8.0f}{:9.0f}{:7.0f}{:7.3f}".format(*map(statistics.median, runs)), flush=True)


def tables(browser, folder, base, names, everything):
    rows = []
    if everything:
        print(f"{'page':40}{'all':>8}{'':6}{'first':>8}{'next':>8}{'hosts':>7}{'axe':>5}")
        for k, name in enumerate(names):
            rows.append(measure(browser, folder, base, name, names[k - 1]))
            show_weight(name, *rows[-1])
        show_weight("largest", *map(max, zip(*rows, strict=True)))
    columns = f"{'longest':>8}{'blocking':>9}{'shift':>7}{'text':>6}{'complete':>9}"
    print(f"\n{'load ' + format(os.getloadavg()[0], '.1f'):30}{columns}  | {columns}  on the slow line")
    rows = []
    for name in names:
        rows.append(medians(browser, f"{base}/{name}", False) + medians(browser, f"{base}/{name}", True))
        show_answers(name, rows[-1])
    show_answers("largest", tuple(map(max, zip(*rows, strict=True))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("_build/html"))
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only how soon pages with these names answer")
    parser.add_argument("--clock", action="store_true", help="by the clock of the thread: also on a busy machine")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.html") if "_static" not in p.parts)
    if "index.html" not in names:
        sys.exit(f"no site in {folder}: run `make book` first")
    if arguments.only:
        names = [name for name in names if any(part in name for part in arguments.only)]
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            base = f"http://127.0.0.1:{server.server_port}"
            if arguments.clock:
                clock_table(browser, base, names)
            else:
                tables(browser, folder, base, names, not arguments.only)
            browser.close()
        server.shutdown()


def show_weight(name, requests, read, first, then, hosts, faults):
    sizes = f"{read:5.0f} kB {f'({requests})':5}{first:5.0f} kB{then:5.0f} kB"
    print(f"{name[-39:]:40}{sizes}{hosts:7}{faults:5}", flush=True)


def show_answers(name, row):
    halves = (f"{longest:8.0f}{blocking:9.0f}{shift:7.3f}{text:6.1f}{complete:9.1f}"
              for longest, blocking, shift, text, complete in (row[:5], row[5:]))
    print(f"{name[-29:]:30}{'  | '.join(halves)}", flush=True)


if __name__ == "__main__":
    main()
