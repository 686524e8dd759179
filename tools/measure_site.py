"""What the built book costs its readers: `make measure` prints this table.

    python tools/measure_site.py [FOLDER OF A BUILT SITE]     default: _build/html; other Jupyter Books work, too

all        kB of a first visit, read to the end, as a server with gzip sends them; requests in brackets
first      kB until the page stands, on a first visit
next       the same for somebody who has seen another chapter
text       seconds until the text of the first screen stands there, on a line of 1.6 Mbit/s with 150 ms of delay and a
           processor slowed four times: a cheap phone on a mobile network
ready      the same until everything does: the fonts of all formulas, the widgets down to the end of the page
hosts      other hosts that the page asked for something
axe        serious and critical findings of axe-core, light + dark
"""

import argparse
import functools
import gzip
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PACKED = (".woff2", ".woff", ".png", ".jpg", ".gif")  # no server compresses these again
TIMES = """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime,
    Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd, performance.getEntriesByType("resource")
      .filter(r => /[.]woff2?$/.test(r.name)).reduce((last, r) => Math.max(last, r.responseEnd), 0))]"""


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


def load(context, url, slow=False):
    """Open the page; its files from the network, the foreign hosts, seconds until its text is there, until all is."""
    page, own, hosts = context.new_page(), [], set()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def count(request):
        if request.url.startswith(url.rsplit(":", 1)[0]):
            own.append(request)
        elif not request.url.startswith(("data:", "blob:")):
            hosts.add(urlsplit(request.url).hostname)

    page.on("requestfinished", count)
    page.on("requestfailed", count)
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_timeout(300)  # scripts that start after the load
    return page, own, hosts, [time / 1000 for time in page.evaluate(TIMES)]


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
    page, own, hosts, _ = load(fresh, url)
    first = list(own)
    read_to_the_end(page)
    faults = serious(page) + serious(load(dark, url)[0])
    known = {r.url for other in ("index.html", neighbour) for r in load(returning, f"{base}/{other}")[1]}
    slow = browser.new_context(viewport={"width": 390, "height": 780})
    seconds = load(slow, url, slow=True)[3]
    for context in (fresh, dark, returning, slow):
        context.close()
    weights = (weight(r, folder) for r in (own, first, [r for r in first if r.url not in known]))
    return len(own), *weights, *seconds, len(hosts), faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("_build/html"))
    folder = parser.parse_args().folder.resolve()
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.html") if "_static" not in p.parts)
    if "index.html" not in names:
        sys.exit(f"no site in {folder}: run `make book` first")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    rows = []
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            print(f"{'page':40}{'all':>8}{'':6}{'first':>8}{'next':>8}{'text':>9}{'ready':>9}{'hosts':>7}{'axe':>5}")
            for k, name in enumerate(names):
                rows.append(measure(browser, folder, f"http://127.0.0.1:{server.server_port}", name, names[k - 1]))
                show(name, *rows[-1])
            browser.close()
        server.shutdown()
    show("largest", *map(max, zip(*rows, strict=True)))


def show(name, requests, read, first, then, text, ready, hosts, faults):
    sizes = f"{read:5.0f} kB {f'({requests})':5}{first:5.0f} kB{then:5.0f} kB"
    print(f"{name[-39:]:40}{sizes}{text:7.1f} s{ready:7.1f} s{hosts:7}{faults:5}", flush=True)


if __name__ == "__main__":
    main()
