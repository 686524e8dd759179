"""How the chapters are stored: what a student sees who opens them, before anything has run."""

import re
import socket
from pathlib import Path

import nbformat
import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.connect import LocalPortCache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from conftest import run_asked_for
from nnbook.exercises import questions
from nnbook.language import use_language
from tests.environments.compare_colab import differences
from tools import notebooks
from tools.notebooks import FOLDED, canonical
from tools.outputs import FINGERPRINT, fingerprint, is_asked_for, is_solution

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))


def front_end(path, folds):
    """[what stands open of each cell] of a notebook that is opened: JupyterLab, Notebook 7 and Colab fold, VS Code and
    nbclassic do not."""
    for cell in nbformat.read(path, 4).cells:
        hidden = cell.metadata.get("jupyter", {}) if folds else {}
        assert bool(hidden.get("source_hidden")) == ("cellView" in cell.metadata) or not folds
        text = re.sub(r"(?s)<details>.*?</details>", "", cell.source)
        outputs = [] if hidden.get("outputs_hidden") else cell.get("outputs", [])
        told = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
        yield plain(" ".join([text.split("\n")[0] if hidden.get("source_hidden") else text, *told]))


def plain(text):
    return " ".join(re.sub(r"[`$*]", "", text).split())


def told_later(number):
    """What the questions of a chapter tell to those who answered or asked for help."""
    for name in questions.chapter(number):
        given = questions.read(f"{number}.{name}")
        texts = [given.get("solution", ""), *given["hints"], *given["mistakes"].values()]
        yield from (plain(text) for text in texts if len(text) > 25)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_answer_is_seen_in_a_notebook_that_is_opened(path, language, request):
    if language == "zh":
        use_language("zh")
        request.addfinalizer(lambda: use_language("en"))
        path = path.parents[1] / "zh/chapters" / path.name
    cells = nbformat.read(path, 4).cells
    for folds in (True, False):
        opened = "\n".join(front_end(path, folds))
        assert "mistakes=" not in opened and "def check_" not in opened
        assert [text for text in told_later(path.stem[:2]) if text in opened] == []
    elsewhere = "\n".join(cell.source for cell in cells if not is_solution(cell))
    solved = [line.strip() for cell in cells if is_solution(cell) for line in cell.source.split("\n")[1:]]
    telling = [line for line in solved if len(line) > 12 and line not in elsewhere]
    opened = "\n".join(front_end(path, True))
    assert len(telling) >= 8 and [line for line in telling if plain(line) in opened] == []
    for cell in filter(is_asked_for, cells):
        assert not cell.outputs and cell.metadata.jupyter.outputs_hidden
    for cell in filter(is_solution, cells):  # a folded cell shows its first line
        assert cell.source.startswith("# Solution\n" if language == "en" else "# 解答\n")
    for cell in cells:
        assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == bool(
            FOLDED & set(cell.metadata.get("tags", [])))
    assert sum(map(is_solution, cells)) >= 4


def solution(text, **metadata):
    return new_code_cell("print(2)", metadata={"tags": ["solution", "hide-cell"]} | metadata, execution_count=3,
                         outputs=[new_output("stream", name="stdout", text=text)] if text else [])


def test_of_an_output_to_be_asked_for_a_fingerprint_is_stored():
    (predicted,) = canonical(new_notebook(cells=[solution("2\n", tags=["hide-output"])])).cells
    assert predicted.outputs == [] and predicted.metadata.jupyter == {"outputs_hidden": True}
    assert predicted.metadata[FINGERPRINT] and "cellView" not in predicted.metadata
    once = canonical(new_notebook(cells=[solution("2\n")]))
    (cell,) = once.cells
    assert cell.outputs == [] and cell.metadata[FINGERPRINT] == fingerprint([new_output("stream", text="2\n")])
    assert canonical(once) == once  # also where it has not run again
    (other,) = canonical(new_notebook(cells=[solution("3\n", **{FINGERPRINT: cell.metadata[FINGERPRINT]})])).cells
    assert other.metadata[FINGERPRINT] != cell.metadata[FINGERPRINT]
    assert FINGERPRINT not in canonical(new_notebook(cells=[solution("")])).cells[0].metadata


@pytest.mark.parametrize(("now", "message"), [
    ([("stdout", "2\n")], None), ([("stdout", "3\n")], "does not print what it printed"), ([], "does not print what"),
    ([("stdout", "2\n"), ("stderr", "late\n")], "writes to stderr")])
def test_nbval_compares_a_solution_with_its_fingerprint(now, message):
    class Item:
        cell = canonical(new_notebook(cells=[solution("2\n")])).cells[0]
        test_outputs = [dict(new_output("stream", name=name, text=text)) for name, text in now]
        raise_cell_error = nbval.plugin.IPyNbCell.raise_cell_error
        cell_num = 0

    if message is None:
        return run_asked_for(Item(), lambda: None)
    with pytest.raises(nbval.plugin.NbCellError) as error:
        run_asked_for(Item(), lambda: None)
    assert message in str(error.value.args)


def test_the_book_runs_a_chapter_again_when_code_or_library_changed_and_not_for_a_sentence(tmp_path, monkeypatch):
    path, runs = tmp_path / "chapters" / "13_new.ipynb", []
    path.parent.mkdir()

    def run(notebook, path):
        runs.append(notebook)
        notebook.cells[1].outputs = [new_output("stream", text=f"run {len(runs)}")]

    def book(text, code="1", library="first"):
        nbformat.write(new_notebook(cells=[new_markdown_cell(text), new_code_cell(code)]), path)
        monkeypatch.setattr(notebooks, "execute", run)
        monkeypatch.setattr(notebooks, "library", lambda: library)
        ran = notebooks.write_executed(path, tmp_path / "executed")
        written = nbformat.read(tmp_path / "executed/chapters/13_new.ipynb", 4)
        return ran, written.cells[0].source, written.cells[1].outputs[0].text

    assert book("a") == (True, "a", "run 1")
    assert book("a") == (False, "a", "run 1")
    assert book("b") == (False, "b", "run 1")
    assert book("b", code="2") == (True, "b", "run 2")
    assert book("b", code="2", library="changed") == (True, "b", "run 3")


def test_what_is_not_run_again_stays_the_same_file(tmp_path):
    """Or each page that a second `make book` finds has changed."""
    path = tmp_path / "13_new.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("print(6 * 7)\n6 * 7")]), path)
    executed = tmp_path / "executed/chapters/13_new.ipynb"
    assert notebooks.write_executed(path, tmp_path / "executed")
    first = executed.read_text("utf8")
    assert not notebooks.write_executed(path, tmp_path / "executed")
    assert executed.read_text("utf8") == first


def test_a_failing_cell_is_named_with_its_code(tmp_path):
    notebook = new_notebook(cells=[new_markdown_cell("text"), new_code_cell("x = 1\nx / 0"), new_code_cell("2")])
    with pytest.raises(notebooks.CellError, match=r"cell 2:\n    x = 1\n    x / 0\nZeroDivisionError"):
        notebooks.execute(notebook, "13_new.ipynb")


def test_what_differs_from_colab_is_named():
    ours = "# list\nnumpy==2.0.2\ntqdm==4.67.1\nanywidget==0.9.21\n"
    assert differences(ours, "NumPy==2.1.3\ntqdm==4.67.1\ngoogle-colab @ file:///x\n") == [
        "numpy: here 2.0.2, in Colab 2.1.3"]


@pytest.mark.parametrize("start", ["execute", "nbval"])
def test_a_port_that_another_program_took_costs_no_run(start, monkeypatch, tmp_path):
    """A kernel is told five ports before it has them."""
    free, given = LocalPortCache.find_available_port, []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))

        def find(self, ip):
            given.append(free(self, ip) if given else other.getsockname()[1])
            return given[-1]

        monkeypatch.setattr(LocalPortCache, "find_available_port", find)
        if start == "execute":
            notebook = new_notebook(cells=[new_code_cell("print(6 * 7)")])
            notebooks.execute(notebook, tmp_path / "own.ipynb")
            assert notebook.cells[0].outputs[0].text == "42\n"
        else:
            manager, client = nbval.kernel.start_new_kernel(kernel_name="python3", cwd=tmp_path)
            assert manager.is_alive()
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    assert len(given) == 10
