"""Run every notebook as a student does, with live widgets, in this interpreter's environment.

    PYTHON tests/environments/run_live.py chapters/*.ipynb

Each runs alone in an empty directory. What it prints must be what the notebook stores: the numbers of the book hold
with these versions, too. (Outputs of widgets differ by nature between live and built, and are not compared.)
"""

import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from outputs import FINGERPRINT, fingerprint, is_asked_for  # noqa: E402


def printed(cell):
    return "".join(o.text for o in cell.get("outputs", []) if o.output_type == "stream" and o.name == "stdout")


def same(old, new):
    """Whether a cell prints what is stored; of a solution a fingerprint is stored, of widgets nothing that compares."""
    if is_asked_for(old):
        told = [nbformat.v4.new_output("stream", text=o.data["text/plain"]) if "<details>" in o.get("data", {}).get(
            "text/html", "") else o for o in new.outputs  # as nnbook.exercises.folds shows it
            if "application/vnd.jupyter.widget-view+json" not in o.get("data", {})]  # a live progress bar
        return fingerprint(told) == old.metadata.get(FINGERPRINT)
    return printed(old) == printed(new)


def run(path):
    """The differences between what the notebook prints here and what it stores."""
    stored = nbformat.read(path, 4)
    notebook = nbformat.read(path, 4)
    with tempfile.TemporaryDirectory() as empty:
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": empty}}).execute()
    pairs = enumerate(zip(stored.cells, notebook.cells, strict=True))
    return [f"{path.name}, cell {number}:\n  stored {printed(old)!r}\n  here   {printed(new)!r}"
            for number, (old, new) in pairs if not same(old, new)]


if __name__ == "__main__":
    os.environ.pop("NNLIB_STATIC", None)
    names = ("numpy", "matplotlib", "ipywidgets", "anywidget", "ipykernel")
    print("Python", sys.version.split()[0], *(f"{name} {version(name)}" for name in names))
    differences = []
    for path in map(Path, sys.argv[1:]):
        start = time.perf_counter()
        differences += run(path)
        print(f"{path.name}: {time.perf_counter() - start:.1f} s", flush=True)
    print("\n".join(differences) or "every number as stored")
    sys.exit(bool(differences))
