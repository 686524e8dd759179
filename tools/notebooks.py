"""Keep the notebooks in one canonical form, so that a diff shows which number moved and nothing else.

    python tools/notebooks.py chapters/*.ipynb            rewrite in canonical form (no execution)
    python tools/notebooks.py --run chapters/*.ipynb      execute first, each in an empty directory
    python tools/notebooks.py --check chapters/*.ipynb    change nothing, exit 1 if a file is not canonical
    python tools/notebooks.py --executed DIR chapters/*.ipynb   change nothing, write them with all outputs under DIR;
                                                          what has not changed since, library included, is not run again

Canonical: nbformat 4.5; cell ids from the cells' sources; one kernelspec; the set-up cell as below, with the address
from _config.yml; code cells that ran have the count 1, so that a new cell changes no other; text outputs only (no
pictures, HTML, stderr, widget state or times). What the book folds is folded in JupyterLab and Colab, too. Of a
solution's output only a fingerprint is stored, so that nobody reads it before the exercise.
"""

import argparse
import contextlib
import functools
import hashlib
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.outputs import FINGERPRINT, fingerprint, is_solution, text_outputs  # noqa: E402

ROOT = Path(__file__).parent.parent
ADDRESS = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]["url"]
SETUP = f"""\
# Set-up: installs the book's code where it is missing, as in Colab.
# No internet? %pip install the .whl file that is in the book's zip.
import importlib.util

if importlib.util.find_spec("nnbook") is None:
    %pip install -q "git+{ADDRESS}"

from nnbook.plots import use_style

use_style()"""
SETUP_TAGS = ["setup", "remove-cell"]
CELL_METADATA = ("tags", "mystnb")
FOLDED = {"setup", "solution", "hide-input", "hide-cell", "remove-input", "remove-cell"}  # tags of code to ask for
SOLUTION = "# Solution\n"  # JupyterLab shows the first line of a folded cell


def canonical(notebook):
    """The canonical form of a notebook, as a new notebook."""
    new = nbformat.v4.new_notebook(metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })
    new.nbformat_minor = 5
    seen = {}
    for cell in notebook.cells:
        source = SETUP if "setup" in cell.metadata.get("tags", []) else cell.source.rstrip()
        if is_solution(cell) and not source.startswith(SOLUTION):
            source = SOLUTION + source
        if not source:
            continue
        digest = hashlib.sha256(f"{cell.cell_type}\n{source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        metadata = {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        if source == SETUP:
            metadata["tags"] = SETUP_TAGS
        metadata |= folds(metadata.get("tags", []))
        fields = {"id": digest + (f"-{seen[digest]}" if seen[digest] > 1 else ""), "metadata": metadata}
        if cell.cell_type != "code":
            new.cells.append(nbformat.v4.new_markdown_cell(source, **fields))
            continue
        ran = cell.execution_count is not None
        outputs = text_outputs(cell.outputs) if ran else []
        if is_solution(cell):
            found = fingerprint(outputs) or cell.metadata.get(FINGERPRINT)
            metadata |= {FINGERPRINT: found} if found else {}
            outputs = []
        new.cells.append(nbformat.v4.new_code_cell(
            source, outputs=outputs, execution_count=1 if ran else None, **fields))
    return new


def folds(tags):
    """The metadata with which each front end folds a cell that the book folds or leaves out."""
    if not FOLDED & set(tags):
        return {}
    hidden = {"source_hidden": True}  # JupyterLab, Notebook 7
    if "solution" in tags:
        hidden["outputs_hidden"] = True
    return {"jupyter": hidden, "cellView": "form"}  # Colab


class CellError(Exception):
    """What went wrong in which cell, said in a few lines."""


def execute(notebook, path):
    """Run all cells; whatever a cell says on stderr is an error here, as it is in the tests and in the book."""
    os.environ["NNLIB_STATIC"] = "1"
    quiet = ["--IPKernelApp.log_level=40"]  # a kernel on this machine warns that it talks without encryption
    with tempfile.TemporaryDirectory() as empty:
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", extra_arguments=quiet,
                                resources={"metadata": {"path": empty}})
        with contextlib.suppress(CellExecutionError):  # said below, with the cell that it happened in
            client.execute()
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                fault = f"{output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                fault = output.text
            else:
                continue
            code = "\n".join(f"    {line}" for line in cell.source.split("\n")[:15])
            raise CellError(f"{path}, cell {number + 1}:\n{code}\n{fault}")


def write_executed(path, target):
    """Write the notebook with all outputs to target/path; those that lie there serve while code and library are theirs.

    A changed sentence costs no execution. True if the cells were run.
    """
    notebook = canonical(nbformat.read(path, 4))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.metadata["made_from"] = hashlib.sha256(repr((library(), [c.source for c in code])).encode()).hexdigest()
    target = target / path.parent.name / path.name
    before = nbformat.read(target, 4) if target.exists() else nbformat.v4.new_notebook()
    known = before.metadata.get("made_from") == notebook.metadata["made_from"]
    if known:
        for cell, ran in zip(code, (cell for cell in before.cells if cell.cell_type == "code"), strict=True):
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    else:
        execute(notebook, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    return not known


@functools.cache
def library():
    """A hash of all that a chapter's cells may use: nnlib, nnbook, and the versions of what they stand on."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes() + sys.version.encode())
    for package in ("nnlib", "nnbook"):
        for file in sorted((ROOT / package).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def process(path, run, check):
    """Bring one file into canonical form; True if it was not."""
    old = path.read_text("utf8")
    notebook = nbformat.reads(old, as_version=4)
    if run:
        notebook = canonical(notebook)
        for cell in notebook.cells:
            cell.metadata.pop(FINGERPRINT, None)
        execute(notebook, path)
    new = nbformat.writes(canonical(notebook), indent=1, ensure_ascii=False, sort_keys=True).rstrip("\n") + "\n"
    nbformat.validate(nbformat.reads(new, as_version=4))
    if new != old and not check:
        path.write_text(new, "utf8")
    return new != old


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--executed", metavar="DIR", type=Path)
    parser.add_argument("notebooks", nargs="+", type=Path)
    args = parser.parse_args()

    def work(path):
        try:
            if args.executed:
                return write_executed(path, args.executed)
            return process(path, args.run, args.check)
        except CellError as error:
            return error

    said = "executed" if args.executed else "not canonical, run `make notebooks`" if args.check else "rewritten"
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, args.notebooks))
    for path, result in zip(args.notebooks, results, strict=True):
        if isinstance(result, CellError):
            print(result, file=sys.stderr)
        elif result:
            print(f"{path.name}: {said}")
        elif args.run:
            print(f"{path.name}: as it was")
    failed = any(isinstance(result, CellError) for result in results)
    return int(failed or args.check and any(results))


if __name__ == "__main__":
    sys.exit(main())
