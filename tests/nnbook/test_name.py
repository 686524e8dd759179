"""The book's library shares its name with an older package on PyPI: whoever has that is told what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

import nnbook

CODE = """
import sys
sys.path[:0] = sys.argv[1:]
from nnbook.plots import use_style
"""


def first_cell(folder):
    """What the first cell of a chapter says where `folder` comes first among the places of packages."""
    book = str(Path(nnbook.__file__).parents[1])
    return subprocess.run([sys.executable, "-c", CODE, folder, book], cwd=folder, capture_output=True, text=True).stderr


@pytest.mark.parametrize("file", ["nnlib/__init__.py", "nnlib.py"])
def test_another_nnlib_is_recognised(tmp_path, file):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("class Network: pass\n")
    last = first_cell(tmp_path).strip().splitlines()[-1]
    assert last.startswith("ImportError: Another nnlib stands in the way") and str(tmp_path / file) in last
    assert "%pip uninstall -y nnlib" in last and "rename" in last


def test_a_folder_of_that_name_without_code_does_no_harm(tmp_path):
    (tmp_path / "nnlib").mkdir()
    assert first_cell(tmp_path) == ""
