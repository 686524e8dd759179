"""A real browser without network, and pages with one widget each, built as the book builds them."""

import pytest

from nnbook.widgets.core import host, modules
from tests.support.chromium import launched

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="max-width: 46rem; margin: 0 auto; font-family: sans-serif"><main>{content}</main></body></html>"""


@pytest.fixture(scope="session")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def open_html(browser, tmp_path):
    """open_html(html, **options of the context) -> Playwright page with this content, from a file, network cut."""
    contexts = []

    def open_(content, name="widget", **options):
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(PAGE.format(name=name, content=modules.drop_repeats(content)), "utf8")
        context = browser.new_context(**{"viewport": {"width": 900, "height": 900}} | options)
        contexts.append(context)
        context.set_offline(True)
        context.grant_permissions(["clipboard-write"])
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def example():
    """example(name) -> the registered example of a widget, made once, in static form."""
    made = {}

    def get(name):
        if name not in made:
            made[name] = host.EXAMPLES[name]()
        return made[name]

    return get
