"""Back: where the browser did not keep the page alive, it loads it again; controls and pictures agree then, too."""

import pytest

from tests.support import drive
from tests.support.chromium import ARGUMENTS
from tools.chromium import CHROMIUM

from .conftest import PAGES, SITE, Visit

VISITED = [page for page in PAGES if page.startswith(("chapters/03_", "chapters/04_", "chapters/07_"))]
# All that a reader can set, in each widget, and the state that its picture shows.
SHOWN = """() => [...document.querySelectorAll("[data-nnlib-widget]")].map(root => JSON.stringify([
  root.dataset.nnlibWidget, root.dataset.state ?? "", ...[...root.querySelectorAll("input, select, textarea")].map(
    control => ["checkbox", "radio"].includes(control.type) ? control.checked : control.value)]))"""
CHANGE = """() => {
  for (const control of document.querySelectorAll("[data-nnlib-widget] :is(input, select)")) {
    if (control.disabled || control.type === "file") continue;
    if (control.type === "range") control.value = control.value === control.max ? control.min : control.max;
    else if (control.tagName === "SELECT") control.selectedIndex = (control.selectedIndex + 1) % control.length;
    else if (["checkbox", "radio"].includes(control.type)) control.checked = !control.checked;
    else control.value = "3";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


@pytest.fixture(scope="module")
def forgetful(browser):
    forgetful = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, "--disable-back-forward-cache"])
    yield forgetful
    forgetful.close()


@pytest.mark.parametrize("page", VISITED)
def test_back_shows_what_the_controls_say(page, forgetful):
    here = Visit(forgetful, reduced_motion="reduce")
    tab = here.open((SITE / page).as_uri())
    first = tab.evaluate(SHOWN)
    tab.evaluate(CHANGE)
    changed = tab.evaluate(SHOWN)
    assert sum(a != b for a, b in zip(first, changed, strict=True)) > len(first) / 2
    tab.goto((SITE / "nnlib.html").as_uri())
    tab.go_back()
    drive.ready(tab)
    assert tab.evaluate(SHOWN) == first
    here.context.close()
