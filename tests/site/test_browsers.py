"""Both editions in Firefox and in WebKit, Safari's engine: every page starts, five chapters are driven."""

import contextlib
from pathlib import Path

import pytest

from tests.support import browsers, drive
from tests.support.chromium import QuietHandler, served

from .conftest import ALL, PAGES, SITE

PACKAGES = {"Firefox": "firefox-esr", "WebKit": "webkit2gtk-driver xvfb xauth"}
DRIVEN = [page for page in PAGES if page.startswith(tuple(f"chapters/{n:02}_" for n in (1, 3, 4, 8, 10)))]
STARTED = """async () => {
  const roots = [...document.querySelectorAll("[data-nnlib-widget]")], end = Date.now() + 60000;
  const waiting = () => roots.filter(root => !root.classList.contains("nnlib-ready")
    || root.dataset.nnlibModule === "frames" && root.dataset.frames !== "ready");
  while (waiting().length && Date.now() < end) await new Promise(done => setTimeout(done, 50));
  return waiting().map(root => `${root.dataset.nnlibWidget} did not start`);
}"""


class Handler(QuietHandler):
    """The site, with a script first in every page that notes what goes wrong, and no way to other hosts."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html" or not path.is_file():
            return super().do_GET()
        body = path.read_text("utf8").replace("<head>", "<head>" + browsers.NOTES, 1).encode()
        self.send_response(200)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", len(body)),
                            ("Content-Security-Policy", browsers.POLICY)):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def address():
    with served(SITE, Handler) as address:
        yield address


@pytest.fixture(scope="module", params=["Firefox", "WebKit"])
def tab(request):
    """A page in this browser."""
    name = request.param
    if not browsers.installed(name):
        pytest.skip(f"SKIPPED: no {name} on this machine, so nothing was tried in it "
                    f"(Debian: apt install {PACKAGES[name]})")
    wire = browsers.ENGINES[name]()
    yield browsers.Page(wire)
    wire.close()


def test_every_page_starts(tab, address):
    problems = []
    for page in ALL:
        tab.goto(f"{address}/{page}")
        problems += [f"{page}: {problem}" for problem in [*tab.evaluate(STARTED), *tab.problems()]]
    assert problems == []


@contextlib.contextmanager
def noted(tab):
    """What the page noted of itself meanwhile (browsers.NOTES)."""
    seen = []
    yield seen
    seen += tab.problems()


@pytest.mark.parametrize("page", DRIVEN)
def test_every_widget_works(page, tab, address):
    tab.goto(f"{address}/{page}")
    problems = [*tab.evaluate(STARTED), *tab.problems()]
    tab.evaluate("dispatchEvent(new Event('wholepage'))")  # or it is laid out while it is used (_static/reading.js)
    assert problems + drive.drive_page(tab, watch=noted) == []
