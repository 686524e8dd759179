"""Keep the notebooks in one canonical form, so that a diff shows which number moved and nothing else.

    python tools/notebooks.py chapters/*.ipynb            rewrite in canonical form (no execution)
    python tools/notebooks.py --run chapters/*.ipynb      execute first, each in an empty directory; then write
                                                          and execute the Chinese form (tools/translate.py)
    python tools/notebooks.py --check chapters/*.ipynb    change nothing, exit 1 if a file is not canonical
    python tools/notebooks.py --executed DIR chapters/*.ipynb   change nothing, write them with all outputs under DIR;
                                                          what has not changed since, library included, is not run again
                                                          with --compare, exit 1 if a cell prints what is not stored

Canonical: nbformat 4.5; cell ids from the cells' sources; one kernelspec; the set-up cell as below, with the address
from _config.yml; code cells that ran have the count 1, so that a new cell changes no other; text outputs only (no
pictures, HTML, stderr, widget state or times). What the book folds is folded in JupyterLab and Colab, too. Of the
output of a solution, or of a cell with the tag hide-output, only a fingerprint is stored: nobody reads it too early.
"""

import argparse
import contextlib
import copy
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
from tasks import digest  # noqa: E402
from tools.kernels import started  # noqa: E402
from tools.outputs import ASKED_FOR, FINGERPRINT, fingerprint, is_asked_for, is_solution, text_outputs  # noqa: E402

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
SETUP_CHINESE = f"""\
# 准备：如果还没有本书的代码（例如在 Colab 里），就安装。
# 没有网络？用 %pip install 安装本书压缩包里的 .whl 文件。
import importlib.util

if importlib.util.find_spec("nnbook") is None:
    %pip install -q "git+{ADDRESS}"

from nnbook.language import use_language
from nnbook.plots import use_style

use_language("zh")
use_style()"""
SETUP_TAGS = ["setup", "remove-cell"]
CELL_METADATA = ("tags", "mystnb")
FOLDED = {"setup", "solution", "hide-input", "hide-cell", "remove-input", "remove-cell"}  # tags of code to ask for
SOLUTION = "# Solution\n"  # JupyterLab shows the first line of a folded cell


def canonical(notebook, chinese=False):
    """The canonical form of a notebook, as a new notebook. A Chinese one has the cell ids of its English original."""
    new = nbformat.v4.new_notebook(metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })
    new.nbformat_minor = 5
    seen = {}
    for cell in notebook.cells:
        setup = SETUP_CHINESE if chinese else SETUP
        source = setup if is_setup(cell) else cell.source.rstrip()
        if not chinese and is_solution(cell) and not source.startswith(SOLUTION):
            source = SOLUTION + source
        if not source:
            continue
        digest = hashlib.sha256(f"{cell.cell_type}\n{source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        metadata = {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        if source == setup:
            metadata["tags"] = SETUP_TAGS
        metadata |= folds(metadata.get("tags", []))
        own = digest + (f"-{seen[digest]}" if seen[digest] > 1 else "")
        fields = {"id": cell.id if chinese else own, "metadata": metadata}
        if cell.cell_type != "code":
            new.cells.append(nbformat.v4.new_markdown_cell(source, **fields))
            continue
        ran = cell.execution_count is not None
        outputs = text_outputs(cell.outputs) if ran else []
        if is_asked_for(cell):
            found = fingerprint(outputs) or cell.metadata.get(FINGERPRINT)
            metadata |= {FINGERPRINT: found} if found else {}
            outputs = []
        new.cells.append(nbformat.v4.new_code_cell(
            source, outputs=outputs, execution_count=1 if ran else None, **fields))
    return new


def is_setup(cell):
    return "setup" in cell.metadata.get("tags", [])


def is_chinese(path):
    return path.parts[-3:-1] == ("zh", "chapters")


def stored(notebook):
    """A canonical notebook as the text of its file."""
    return nbformat.writes(notebook, indent=1, ensure_ascii=False, sort_keys=True).rstrip("\n") + "\n"


def folds(tags):
    """The metadata with which each front end folds a cell that the book folds or leaves out."""
    hidden = {}  # JupyterLab, Notebook 7
    if FOLDED & set(tags):
        hidden["source_hidden"] = True
    if ASKED_FOR & set(tags):
        hidden["outputs_hidden"] = True
    colab = {"cellView": "form"} if "source_hidden" in hidden else {}
    return ({"jupyter": hidden} if hidden else {}) | colab


class CellError(Exception):
    """What went wrong in which cell, said in a few lines."""


def execute(notebook, path):
    """Run all cells; whatever a cell says on stderr is an error here, as it is in the tests and in the book."""
    os.environ["NNLIB_STATIC"] = "1"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # kernels run side by side: its threads would only wait
    quiet = ["--IPKernelApp.log_level=40"]  # a kernel on this machine warns that it talks without encryption
    metadata = copy.deepcopy(notebook.metadata)
    with tempfile.TemporaryDirectory() as empty:
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", extra_arguments=quiet,
                                record_timing=False, resources={"metadata": {"path": empty}})
        with contextlib.suppress(CellExecutionError):  # said below, with the cell that it happened in
            started(client.execute)
    notebook.metadata = metadata  # not what the kernel says of itself: what is run again is the same file
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


def write_executed(path, target, compare=False):
    """Write the notebook with all outputs to target/path; those that lie there serve while code and library are theirs.

    A changed sentence costs no execution. True if the cells were run. compare: what they print must be what is stored.
    """
    notebook = canonical(nbformat.read(path, 4), is_chinese(path))
    code = code_cells(notebook)
    notebook.metadata["made_from"] = made_from(notebook)
    target = place(target, path)
    before = nbformat.read(target, 4) if target.exists() else nbformat.v4.new_notebook()
    known = before.metadata.get("made_from") == notebook.metadata["made_from"]
    if known:
        for cell, ran in zip(code, code_cells(before), strict=True):
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    else:
        execute(notebook, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    if compare and (differs := differences(path, notebook)):
        raise CellError(differs)
    return not known


def place(folder, path):
    return folder / ("zh/chapters" if is_chinese(path) else "chapters") / path.name


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def made_from(notebook):
    return hashlib.sha256(repr((library(), [cell.source for cell in code_cells(notebook)])).encode()).hexdigest()


def differences(path, executed):
    """Which cells print something else than what is stored, in words."""
    told = []
    for old, new in zip(nbformat.read(path, 4).cells, canonical(without_fingerprints(executed), is_chinese(path)).cells,
                        strict=True):
        if old != new:
            told.append(f"{path}: this cell is stored otherwise (run `make notebooks`):\n    {old.source[:200]}\n"
                        f"  stored: {old.get('outputs')}\n  now: {new.get('outputs')}")
    return "\n".join(told)


def without_fingerprints(notebook):
    """They are made anew from the outputs."""
    for cell in notebook.cells:
        cell.metadata.pop(FINGERPRINT, None)
    return notebook


@functools.cache
def library():
    """A hash of all that a chapter's cells may use: nnlib, nnbook, and the versions of what they stand on."""
    return sys.version + digest("nnlib", "nnbook", "requirements.lock")


def process(path, run, check):
    """Bring one file into canonical form; True if it was not."""
    old = path.read_text("utf8")
    notebook = nbformat.reads(old, as_version=4)
    if run:
        notebook = without_fingerprints(canonical(notebook, is_chinese(path)))
        execute(notebook, path)
        if path.resolve().is_relative_to(ROOT):  # `make book` need not run it again
            target = place(ROOT / "_build/executed", path)
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = copy.deepcopy(notebook)
            kept.metadata["made_from"] = made_from(notebook)
            nbformat.write(kept, target)
    new = stored(canonical(notebook, is_chinese(path)))
    nbformat.validate(nbformat.reads(new, as_version=4))
    if new != old and not check:
        path.write_text(new, "utf8")
    return new != old


def with_chinese(paths):
    """The Chinese notebooks of these chapters, brought in step with them."""
    from tools import translate  # which uses this module
    stems = [path.stem for path in paths if path.resolve().parent == ROOT / "chapters"]
    if stems:
        translate.extract(say=False)
        translate.write(translate.chapters(stems))
    return [ROOT / "zh/chapters" / f"{stem}.ipynb" for stem in stems]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--executed", metavar="DIR", type=Path)
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("notebooks", nargs="+", type=Path)
    args = parser.parse_args()

    def work(path):
        try:
            if args.executed:
                return write_executed(path, args.executed, args.compare)
            return process(path, args.run, args.check)
        except CellError as error:
            return error

    said = "executed" if args.executed else "not canonical, run `make notebooks`" if args.check else "rewritten"
    paths = args.notebooks
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, paths))
        if args.run:
            chinese = with_chinese(paths)
            paths, results = paths + chinese, results + list(pool.map(work, chinese))
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, CellError):
            print(result, file=sys.stderr)
        elif result:
            print(f"{'zh/' if is_chinese(path) else ''}{path.name}: {said}")
        elif args.run:
            print(f"{'zh/' if is_chinese(path) else ''}{path.name}: as it was")
    failed = any(isinstance(result, CellError) for result in results)
    return int(failed or args.check and any(results))


if __name__ == "__main__":
    sys.exit(main())
