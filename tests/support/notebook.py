"""What a chapter says and prints, from its stored notebook."""

import functools
import json

from tests.support.exercises import CHAPTERS


@functools.cache
def cells(chapter):
    """[(cell type, source, text of the outputs)]"""
    def text(output):
        return "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))

    found = json.loads((CHAPTERS / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"]), "\n".join(map(text, cell.get("outputs", []))))
            for cell in found]


def prose(chapter):
    return "\n".join(source for kind, source, _ in cells(chapter) if kind == "markdown")


def output(chapter, part):
    """What the one code cell with this part in its source printed."""
    (found,) = [text for kind, source, text in cells(chapter) if kind == "code" and part in source]
    return found
