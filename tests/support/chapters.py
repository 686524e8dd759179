"""What a chapter says and prints, so that tests can compare it with what they compute themselves."""

import functools
import json
from pathlib import Path

CHAPTERS = Path(__file__).parents[2] / "chapters"


@functools.cache
def cells(chapter, kind="code"):
    """The cells of one kind: (source, what it prints, tags)."""
    found = json.loads((CHAPTERS / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    return [("".join(cell["source"]), "".join("".join(output.get("text", "")) for output in cell.get("outputs", [])),
             cell["metadata"].get("tags", [])) for cell in found if cell["cell_type"] == kind]


def prose(chapter):
    """All Markdown of a chapter, on one line."""
    return " ".join(" ".join(source for source, *_ in cells(chapter, "markdown")).split())


def cell(chapter, start):
    """The one code cell that begins with `start`."""
    found = [every for every in cells(chapter) if every[0].startswith(start)]
    assert len(found) == 1, f"{len(found)} cells of {chapter} begin with {start!r}"
    return found[0]


def output(chapter, part):
    """What the one code cell with this part in its source prints."""
    (found,) = [text for source, text, _ in cells(chapter) if part in source]
    return found


def printed(chapter, start):
    """What the code cell that begins with `start` prints."""
    return cell(chapter, start)[1]


def run(chapter, *starts):
    """The names that the imports and the cells with these beginnings define, run in this order."""
    names = {}
    first = next(source for source, *_ in cells(chapter) if source.startswith(("import ", "from ")))
    for source in (first, *(cell(chapter, start)[0] for start in starts)):
        exec(compile(source, f"{chapter}: {source[:40]!r}", "exec"), names)
    return names
