"""Widgets with a kernel, in Python alone: runs with ipywidgets 8 and 7.7.1."""

import io
import sys

import ipywidgets
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure
from PIL import Image

from nnbook.exercises import check, explore, quiz
from nnbook.widgets import backprop_stepper, gradient_descent


@pytest.fixture(autouse=True)
def live_mode(monkeypatch):
    monkeypatch.delenv("NNLIB_STATIC", raising=False)


def line(slope, colour="blue", dashed=False):
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([0, 1], [0, slope], "--" if dashed else "-", color=colour)
    return figure


def outputs(widget):
    """[(mime bundle, metadata)] that a notebook gets for the last expression of a cell."""
    InteractiveShell.instance()
    with capture_output() as captured:
        data, metadata = DisplayFormatter().format(widget)
    return [(output.data, output.metadata) for output in captured.outputs] or [(data, metadata)]


def shown(widget):
    """The bundle of the widget itself, the last output."""
    return outputs(widget)[-1][0]


def test_explore():
    box = explore(line, slope=[1, 2, 3], colour=["blue", "red"], dashed=[False, True], play="slope",
                  start={"slope": 2}, alt=lambda slope, colour, dashed: f"A {colour} line of slope {slope}.")
    first = box.image.value
    assert Image.open(io.BytesIO(first)).size == (300, 200)
    for name, value in (("slope", 3), ("colour", "red"), ("dashed", True), ("slope", 1)):
        before = box.image.value
        box.controls[name].value = value
        assert box.image.value != before
    assert "A red line of slope 1." in box.note.value
    kinds = {name: type(control).__name__ for name, control in box.controls.items()}
    assert kinds == {"slope": "SelectionSlider", "colour": "Dropdown", "dashed": "Dropdown"}


def test_only_controls_that_every_version_has():
    box = explore(line, slope=[1, 2, 3], play="slope", alt="A line.")
    used, todo = set(), [box]
    while todo:
        widget = todo.pop()
        used.add(type(widget).__mro__[1].__name__ if widget is box else type(widget).__name__)
        todo += getattr(widget, "children", ())
    assert used <= {"VBox", "HBox", "SelectionSlider", "Play", "Image", "HTML"}


def test_errors_in_callbacks_are_raised_and_shown():
    box = explore(lambda slope: line(1 // slope), slope=[1, 0], alt="A line.")
    with pytest.raises(ZeroDivisionError):
        box.controls["slope"].value = 0
    assert "ZeroDivisionError" in box.problem.value


def test_front_end():
    widget = gradient_descent(steps=7)
    assert (widget.steps, widget.surface, widget.learning_rate) == (7, "ravine", 0.3)
    widget.steps = 9
    with pytest.raises(Exception, match="steps"):
        widget.steps = "many"
    assert "const widget = modules.gradient_descent.default" in str(widget._esm)
    assert ".nnlib-widget" in str(widget._css)
    assert len(backprop_stepper().steps) == 24


@pytest.mark.parametrize("make", [lambda: explore(line, slope=[1, 2], alt="A line."), gradient_descent])
def test_a_cell_shows_the_widget_and_leaves_a_picture(make):
    widget = make()
    data = shown(widget)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    assert data["image/png"][:8] == "iVBORw0K"
    assert data["text/plain"].strip("'") in ("A line.", data["text/plain"])
    assert "text/html" not in data, "with a kernel there is nothing static to be shown beside it"
    (kept, _), _ = outputs(widget)  # for JupyterLab, which shows nothing of a bundle whose widget is no more
    assert kept["text/html"].startswith('<div class="nnlib-kept" style="display: none">')
    assert data["image/png"] in kept["text/html"]


class Kernel:
    """As far as a widget asks: which cell runs, in which run."""

    def run(self, cell, number):
        self.parent = {"metadata": {"cellId": cell} if cell else {}, "header": {"msg_id": f"{cell}-{number}"}}

    def get_parent(self, channel):
        return self.parent


@pytest.fixture
def kernel(monkeypatch):
    InteractiveShell.instance()
    kernel = Kernel()
    monkeypatch.setattr(InteractiveShell.instance(), "kernel", kernel, raising=False)
    return kernel


def models():
    """How many widgets ipywidgets holds."""
    own = vars(ipywidgets.widgets.widget).get("_instances")
    return len(ipywidgets.Widget.widgets if own is None else own)


@pytest.mark.parametrize("make", [lambda: explore(line, slope=[1, 2], play="slope", alt="A line."), gradient_descent])
def test_a_cell_that_runs_again_leaves_no_models(make, kernel):
    counts = []
    for run in range(4):
        kernel.run("first", run)
        widgets = [make(), make()]
        for widget in widgets:
            outputs(widget)
        counts.append(models())
    assert len(set(counts)) == 1
    kernel.run("second", 1)
    outputs(widgets[0])  # what another cell shows, too, is not closed
    kernel.run("first", 4)
    outputs(make())
    assert "application/vnd.jupyter.widget-view+json" in shown(widgets[0])
    assert "image/png" in shown(widgets[1]) and len(shown(widgets[1])) == 2, "of a closed one a picture remains"


def test_where_cells_have_no_name_nothing_is_closed(kernel):
    kernel.run(None, 1)
    first = gradient_descent()
    outputs(first)
    kernel.run(None, 2)
    gradient_descent()
    assert "application/vnd.jupyter.widget-view+json" in shown(first)


def test_colab_is_told_where_the_front_end_is(monkeypatch):
    """Only where anywidget is used: explore needs no custom widget manager, and must not switch it on."""
    class Output:
        enabled, _widgets = [], type("", (), {"_installed_url": "https://example.org/manager"})

        def enable_custom_widget_manager(self):
            self.enabled.append(True)

    monkeypatch.setitem(sys.modules, "google.colab.output", Output())
    _, metadata = outputs(explore(line, slope=[1, 2], alt="A line."))[-1]
    assert not metadata and not Output.enabled
    _, metadata = outputs(gradient_descent())[-1]
    view = metadata["application/vnd.jupyter.widget-view+json"]
    assert view["colab"]["custom_widget_manager"]["url"] == "https://example.org/manager" and Output.enabled


def test_quiz_and_check_need_no_kernel(capsys):
    question = quiz("1 + 1?", 2, mistakes={3: "One too many."})
    data = shown(question)
    assert "One too many." in data["text/html"] and data["text/plain"].strip("'") == "Question: 1 + 1?"
    check("1", np.float64(2), 2)
    assert capsys.readouterr().out.endswith("✓ 1: right.\n")


def test_version():
    assert int(ipywidgets.__version__.split(".")[0]) in (7, 8)
