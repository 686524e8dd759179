"""A real browser with the network cut, and the built book: from a file, and from a local server."""

import os
from pathlib import Path

import pytest

from tests.support import drive
from tests.support.chromium import launched, served

SITE = Path(os.environ.get("NNLIB_SITE", "_build/html")).resolve()
ALL = sorted(p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html") if "_static" not in p.parts)
CHINESE = [page for page in ALL if page.startswith("zh/")]  # test_chinese.py visits these
PAGES = [page for page in ALL if page not in CHINESE]
LOCAL = ("file:", "data:", "blob:", "http://127.0.0.1:")


@pytest.fixture(scope="session")
def server():
    with served(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with launched() as browser:
        yield browser


class Visit:
    """A page in the browser, and what went wrong on it: requests to others, errors, failed loads."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**options)
        self.scripts = options.get("java_script_enabled", True)
        self.context.set_default_timeout(120_000)  # a busy machine is slow; that is no fault of the page
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("request", lambda request: request.url.startswith(LOCAL) or self.problems.append(
            f"request to another host: {request.url[:200]}"))  # which Chromium does not find (ARGUMENTS)
        self.page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        self.page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        self.page.on("requestfailed", lambda request: request.failure == "net::ERR_ABORTED" or self.problems.append(
            f"failed: {request.url[:200]}"))  # who leaves a page aborts what it still loads
        self.page.on("response", lambda r: r.status >= 400 and self.problems.append(f"{r.status}: {r.url[:200]}"))

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
