"""A notebook of a student's own: in an empty folder, with the package as `pip install` gives it."""

import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

import tasks

CELLS = ["""\
import numpy as np
import nnlib
from nnbook import data
from nnbook.exercises import check, explore, quiz
from nnbook.widgets import gradient_descent
from nnlib import Adam, Linear, MSELoss, Sequential, Tanh, fit""", """\
(x, y), test = data.views_split(7)
model = Sequential(Linear(7, 8, rng=np.random.default_rng(0)), Tanh(),
                   Linear(8, 1, rng=np.random.default_rng(1)))
optimizer = Adam(model, lr=1e-2)
def stop(epoch, history):  # as the stop button does, in the fourth epoch
    if epoch == 3:
        raise KeyboardInterrupt""", """\
fit(model, (x, y), MSELoss(), optimizer, epochs=50, callback=stop)
print("the next line does not run")""", """\
first = model.history.train_loss[-1]
history = fit(model, (x, y), MSELoss(), optimizer, epochs=20)
print(history.train_loss[-1] < first, len(history))""", """\
gradient_descent(steps=7)""", """\
quiz("What is $1 + 1$?", 2, mistakes={3: "One too many."})""", """\
quiz("1.outlier")""", """\
check("1", len(history), 20)
print(nnlib.__file__)""", """\
# Solution
print("asked for")
1 / 0"""]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what the wheel holds, and nothing else of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    left = tasks.ROOT / "build/lib/nnbook/deleted_since.py"  # by an earlier build
    left.parent.mkdir(parents=True, exist_ok=True)
    left.touch()
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder]
    subprocess.run([*build, tasks.unbuilt()], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def test_the_package_is_what_the_repository_holds_now(installed):
    python = {path.relative_to(installed) for path in installed.rglob("*.py")}
    assert python == {path.relative_to(tasks.ROOT) for name in ("nnlib", "nnbook")
                      for path in (tasks.ROOT / name).rglob("*.py")}


def test_an_own_notebook(installed, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.delenv("NNLIB_STATIC", raising=False)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True,
                   resources={"metadata": {"path": str(tmp_path)}}).execute()
    texts = ["".join(o.get("text", "") for o in cell.outputs if o.get("name") == "stdout") for cell in notebook.cells]
    errors = [[o.ename for o in cell.outputs if o.output_type == "error"] for cell in notebook.cells]
    kinds = [{kind for o in cell.outputs for kind in o.get("data", {})} for cell in notebook.cells]
    assert errors == [[], [], ["KeyboardInterrupt"], [], [], [], [], [], ["ZeroDivisionError"]]
    assert "of 50 epochs" in texts[2] and "does not run" not in texts[2]
    assert texts[3].strip() == "True 20"
    assert "application/vnd.jupyter.widget-view+json" in kinds[4]
    assert "text/html" in kinds[5] and "text/html" in kinds[6]
    assert "✓ 1: right." in texts[7] and texts[7].strip().split("\n")[-1].startswith(str(installed))
    assert texts[8] == "" and kinds[8] == {"text/html", "text/plain"}  # folded, but for what went wrong
    assert list(tmp_path.iterdir()) == []  # nothing is left in the student's folder
