"""A real browser with the network cut, and the built book: from a file, and from a local server."""

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support import drive

SITE = Path(os.environ.get("NNLIB_SITE", "_build/html")).resolve()
PAGES = sorted(str(p.relative_to(SITE)) for p in SITE.rglob("*.html") if "_static" not in p.parts)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=SITE)) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("SKIPPED: no Chromium on this machine, so no page was looked at (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page in the browser, and what went wrong on it: requests to others, errors, failed loads."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**options)
        self.scripts = options.get("java_script_enabled", True)
        self.context.set_default_timeout(120_000)  # a busy machine is slow; that is no fault of the page
        self.page = self.context.new_page()
        self.problems = []
        self.context.route("**/*", self.only_local)
        self.page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        self.page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url[:200]}"))
        self.page.on("response", lambda r: r.status >= 400 and self.problems.append(f"{r.status}: {r.url[:200]}"))

    def only_local(self, route):
        if route.request.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1:")):
            route.continue_()
        else:
            self.problems.append(f"request to another host: {route.request.url[:200]}")
            route.abort()

    def open(self, url):
        self.page.goto(url, wait_until="load")
        if self.scripts:
            drive.ready(self.page)
        return self.page


@pytest.fixture
def visit(browser):
    visits = []

    def new(**options):
        visits.append(Visit(browser, **options))
        return visits[-1]

    yield new
    for visit in visits:
        visit.context.close()
