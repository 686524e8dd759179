"""What solutions print, in a notebook that runs live."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from nnbook.exercises import folds
from nnbook.language import use_language


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.delenv("NNLIB_STATIC", raising=False)
    shell = InteractiveShell.instance()
    folds.watch()
    yield shell
    shell.events.unregister("pre_run_cell", folds.begin)
    shell.events.unregister("post_run_cell", folds.end)
    use_language("en")


def run(shell, code):
    """(what stands open, what was folded, what else was displayed)"""
    with capture_output() as captured:
        shell.run_cell(code)
    details = [output.data for output in captured.outputs if "<details>" in output.data.get("text/html", "")]
    return captured.stdout, "".join(data["text/plain"] for data in details), len(captured.outputs) - len(details)


def test_a_solution_is_folded_and_no_other_cell(shell):
    assert run(shell, "# Solution\nprint('a < b')\nprint(2)") == ("", "a < b\n2\n", 0)
    assert run(shell, "print(1)  # Solution") == ("1\n", "", 0)
    assert run(shell, "# Solution\nx = 1") == ("", "", 0)
    use_language("zh")
    assert run(shell, "# 解答\nprint(3)") == ("", "3\n", 0)


def test_it_is_html_that_needs_no_trust(shell):
    with capture_output() as captured:
        shell.run_cell("# Solution\nprint('a < b & c')")
    assert captured.outputs[0].data["text/html"] == (
        "<details><summary>Show the output</summary>\n<pre>a &lt; b &amp; c\n</pre></details>")


def test_after_a_solution_that_was_stopped_cells_print(shell):
    assert run(shell, "# Solution\nprint('before')\nraise KeyboardInterrupt")[1].startswith("before\n")
    assert run(shell, "print(1)") == ("1\n", "", 0)


def test_a_cell_inside_another(shell):
    assert run(shell, "# Solution\nprint(1)\nget_ipython().run_cell('print(2)')\nprint(3)")[:2] == ("", "1\n2\n3\n")
    assert folds.running == []


@pytest.mark.parametrize(("tags", "folded"), [(["hide-output"], "1\n"), (["solution"], "1\n"), (["hide-input"], ""),
                                              (None, "")])
def test_the_front_end_sends_tags(shell, monkeypatch, tags, folded):
    monkeypatch.setattr(folds, "request", lambda: {"metadata": {"tags": tags}})
    assert run(shell, "print(1)")[1] == folded


def test_while_the_book_is_built_nothing_is_folded(shell, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    assert run(shell, "# Solution\nprint(2)") == ("2\n", "", 0)
