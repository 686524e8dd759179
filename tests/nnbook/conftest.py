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


@pytest.fixture(scope="session")
def new_page(browser):
    """new_page(**options of the context) -> an empty page that nobody has used, network cut.

    One context for each set of options is kept, and in it a page that opens the others: in its process, which costs a
    third of a new one.
    """
    openers = {}

    def opener_of(options):
        context = browser.new_context(**{"viewport": {"width": 900, "height": 900}} | options)
        context.set_offline(True)
        context.grant_permissions(["clipboard-write"])
        return context.new_page()

    def new(**options):
        key = repr(sorted(options.items()))
        if key not in openers:
            openers[key] = opener_of(options)
            openers[key].on("crash", lambda: openers.pop(key))
        opener = openers[key]
        if not options.get("java_script_enabled", True):
            return opener.context.new_page()
        with opener.expect_popup() as opened:
            opener.evaluate("void open('about:blank')")
        return opened.value

    yield new
    for opener in openers.values():
        opener.context.close()


@pytest.fixture
def open_html(new_page, tmp_path):
    """open_html(html, **options of the context) -> Playwright page with this content, from a file, network cut."""
    pages = []

    def open_(content, name="widget", **options):
        file = tmp_path / f"{len(pages)}.html"
        file.write_text(PAGE.format(name=name, content=modules.drop_repeats(content)), "utf8")
        pages.append(new_page(**options))
        pages[-1].goto(file.as_uri())
        return pages[-1]

    yield open_
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def example():
    """example(name) -> the registered example of a widget, made once, in static form."""
    made = {}

    def get(name):
        if name not in made:
            made[name] = host.EXAMPLES[name]()
        return made[name]

    return get
