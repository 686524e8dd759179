"""The widgets in a real JupyterLab with a real kernel, driven in the browser.

NNLIB_JUPYTER may name another program than this environment's `jupyter-lab`, such as the `jupyter-notebook` of an
environment that has Notebook 7 and nnlib.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

import nnbook.widgets  # noqa: F401  fills the registry
import tasks
from nnbook.widgets.core import host, modules
from tests.support import drive

CELLS = ["""\
from matplotlib.figure import Figure
from nnbook.exercises import explore

def line(slope):
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, 1], [0, slope])
    return figure

explore(line, slope=[1, 2, 3], start={"slope": 2}, play="slope", alt=lambda slope: f"The slope is {slope}.")""", """\
import ipywidgets
from nnbook.widgets import gradient_descent

descent, seen = gradient_descent(steps=7), ipywidgets.Label("nothing")
descent.observe(lambda change: setattr(seen, "value", f"Python sees {change.new} steps"), "steps")
descent""", "seen", """\
from nnbook.exercises import quiz
quiz(r"What is $1 + 1$?", 2, mistakes={3: "One too many."})""", """\
# Solution
print("one", "and one")""", """\
print("as", "expected")
import tqdm.auto
for _ in tqdm.auto.tqdm(range(2), leave=False):
    pass""", """\
from IPython.display import display
from nnbook.widgets.core import host, modules

half = len(host.EXAMPLES) // 2  # of more than 50 outputs, two for each, JupyterLab shows the first 50
for make in list(host.EXAMPLES.values())[:half]:
    display(make())""", """\
for make in list(host.EXAMPLES.values())[half:]:
    display(make())
print("all are made")"""]

READY = ("window.jupyterapp?.shell?.currentWidget?.context?.isReady"
         " && window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel")
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"
SECOND = ".jp-CodeCell:nth-child(2 of .jp-CodeCell)"


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """Address of a server that has the notebook above."""
    program = os.environ.get("NNLIB_JUPYTER", str(Path(sys.executable).with_name("jupyter-lab")))
    if not Path(program).exists():
        pytest.skip(f"SKIPPED: {program} is not installed, so no live notebook was looked at")
    folder = tmp_path_factory.mktemp("jupyter")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS], metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    notebook.cells[5].metadata["tags"] = ["hide-output"]
    nbformat.write(notebook, folder / "live.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= tasks.lab_settings(folder / "lab")
    environment = {k: v for k, v in os.environ.items() if k != "NNLIB_STATIC"} | own
    application = "JupyterNotebookApp" if "notebook" in Path(program).name else "LabApp"
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [program, "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=",
         f"--{application}.expose_app_in_browser=True",
         # should these tests be killed before they end it, it ends by itself
         "--MappingKernelManager.cull_idle_timeout=120", "--MappingKernelManager.cull_connected=True",
         "--MappingKernelManager.cull_interval=60", "--ServerApp.shutdown_no_activity_timeout=120",
         f"--ServerApp.root_dir={folder}"],
        cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:

        def answers():
            assert server.poll() is None, (folder / "server.log").read_text()
            with contextlib.suppress(OSError):
                return json.load(urllib.request.urlopen(f"{address}/api/status", timeout=1))

        assert drive.until(answers, seconds=180), (folder / "server.log").read_text()
        yield f"{address}/{'notebooks' if application != 'LabApp' else 'lab/tree'}/live.ipynb"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
        log.close()


@pytest.fixture(scope="module")
def page(jupyter, browser):
    page = browser.new_context(viewport={"width": 1100, "height": 2400}).new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(jupyter)
    page.wait_for_function(READY, timeout=180_000)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".nnlib-quiz", timeout=180_000)
    yield page
    page.context.close()


def test_explore(page):
    """The slider draws anew in the kernel."""
    image = page.wait_for_selector(".jp-OutputArea img.widget-image, .jp-OutputArea .jupyter-widgets img")
    before = image.get_attribute("src")
    assert "The slope is 2." in page.text_content(".jp-Notebook")
    track = page.query_selector(".noUi-target").bounding_box()
    page.mouse.click(track["x"] + track["width"] - 1, track["y"] + track["height"] / 2)
    page.wait_for_function("document.querySelector('.jp-Notebook').textContent.includes('The slope is 3.')")
    assert image.get_attribute("src") != before


def test_front_end_module(page):
    """The same module as in the book; what the reader sets arrives in Python."""
    root = page.wait_for_selector(".nnlib-widget:has(.nnlib-plot)")
    before = root.query_selector("svg").inner_html()
    slider = root.query_selector_all("input[type=range]")[2]
    assert slider.input_value() == "7"
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert root.query_selector("svg").inner_html() != before
    assert re.search(r"step\s9", root.query_selector(".nnlib-readout").text_content())
    page.wait_for_function("document.querySelector('.jp-Notebook').textContent.includes('Python sees 9 steps')")


def test_quiz(page):
    page.wait_for_selector(".nnlib-ready .nnlib-quiz button")
    page.fill(".nnlib-quiz input", "3")
    page.press(".nnlib-quiz input", "Enter")
    assert page.text_content(".nnlib-verdict") == "✗ One too many."


def test_what_is_to_be_asked_for_stays_folded_when_all_cells_run(page):
    for text in ("one and one", "as expected"):
        output = page.wait_for_selector(f".jp-OutputArea details:has-text('{text}')")
        assert text not in output.inner_text()
        output.query_selector("summary").click()
        assert text in output.inner_text()


def test_nothing_lies_over_the_notebook(page):
    """Such as the question whether one wants to get news: it comes when the page has started."""
    assert page.query_selector(".Toastify__toast") is None


def test_every_widget_of_the_registry(page):
    """Each module starts and has drawn and said something; each explore has its sliders and its picture."""
    page.wait_for_function("document.querySelector('.jp-Notebook').textContent.includes('all are made')",
                           timeout=120_000)
    drawn = set(host.EXAMPLES) & set(modules.files())
    started = """names => names.filter(name => ![...document.querySelectorAll(`[data-nnlib-widget="${name}"]`)].some(
        root => root.querySelector("svg, canvas") && root.querySelector("[aria-live]").textContent.trim()))"""
    drive.until(lambda: not page.evaluate(started, sorted(drawn)), seconds=60)
    assert page.evaluate(started, sorted(drawn)) == []
    cells = page.query_selector_all(".jp-CodeCell")[-2:]
    images = [image for cell in cells for image in cell.query_selector_all("img.widget-image, .jupyter-widgets img")]
    assert len(images) == len(host.EXAMPLES) - len(drawn)


OVER_THE_EDGE = """() => [...document.querySelectorAll(".nnlib-widget")].flatMap(root =>
    [...root.querySelectorAll(".nnlib-controls :is(button, input, select)")].filter(part =>
        part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
    .map(part => `${root.dataset.nnlibWidget}: ${part.outerHTML}`))"""


def test_no_control_is_cut_off(page):
    """The window's edge, or that of the cell beside it, would hide it: nothing can be scrolled to the side here."""
    for width in (860, 1000):
        before = page.evaluate("document.querySelector('.jp-Notebook').clientWidth")
        page.set_viewport_size({"width": width, "height": 2400})
        page.wait_for_function(f"document.querySelector('.jp-Notebook').clientWidth !== {before}")
        assert page.evaluate(OVER_THE_EDGE) == [], f"in a window of {width} pixels"


def test_a_cell_that_runs_again_and_again_shows_one_picture(page):
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    for _ in range(5):
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    page.wait_for_selector(f"{SECOND} .nnlib-widget svg.nnlib-plot")
    assert len(page.query_selector_all(f"{SECOND} .nnlib-widget")) == 1


def test_a_saved_notebook_shows_its_pictures_when_it_is_opened_again(page):
    page.evaluate(SAVE)
    page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    page.goto(page.url.split("?")[0] + "?reset")
    page.wait_for_function(READY, timeout=180_000)
    page.wait_for_selector(".nnlib-kept img", state="visible")
    page.wait_for_function(f"document.querySelector('{SECOND} .jupyter-widgets')")
    for cell in page.query_selector_all(".jp-CodeCell")[:2]:
        text = cell.query_selector(".jp-OutputArea").inner_text()
        assert "Run this cell" in text and "model not found" not in text
        assert cell.query_selector(".nnlib-kept img").bounding_box()["width"] > 200
    assert "model not found" not in page.inner_text(".jp-Notebook")


def test_no_errors(page):
    own = [problem for problem in page.problems if "reading 'schema'" not in problem]  # Notebook 7.6 by itself
    assert own == []
    assert page.query_selector(".jp-OutputArea :is([data-mime-type*=stderr], [data-mime-type*=error])") is None
