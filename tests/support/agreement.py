"""Do the live form and the page of an `explore` show the same? And the explores that chapters define themselves."""

import base64
import contextlib
import io
from unittest.mock import patch

import nbformat
import numpy as np
from PIL import Image

from nnbook.exercises.explore import DPI, Explore
from nnbook.widgets.core import pictures

from . import drive
from .chapters import CHAPTERS

WITH_EXPLORE = sorted(p.name for p in CHAPTERS.glob("*.ipynb") if "explore(" in p.read_text("utf8"))
PIXELS = """root => {
  const canvas = document.createElement("canvas"), base = root.querySelector(".nnlib-base");
  const shown = root.querySelector(".nnlib-frame-canvas");
  [canvas.width, canvas.height] = [shown.width, shown.height];
  const context = canvas.getContext("2d");
  context.drawImage(shown.hidden ? base : shown, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


def frame_problems(page, widget):
    """Set every combination by hand on a page with this widget: picture and text must be those that live shows."""
    problems = []
    root = page.wait_for_selector("[data-frames=ready]")
    controls = root.query_selector_all("input[type=range], select")
    for values in widget.combinations():
        for control, (name, options) in zip(controls, widget.controls.items(), strict=True):
            control.evaluate(drive.SET, options.index(values[name]))
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(root.evaluate(PIXELS)))).convert("RGB")).astype(int)
        drawn = pictures.pixels(pictures.figure_of(widget.draw, values), DPI)
        difference = np.abs(shown - drawn).max(axis=-1)
        if difference.max() > 32 or np.mean(difference > 12) > 0.002:
            problems.append(f"{values}: the picture differs, at most by {difference.max()}")
        if widget.has_text and page.text_content(".nnlib-readout").strip() != widget.text(**values):
            problems.append(f"{values}: the page says {page.text_content('.nnlib-readout')!r}")
    return problems


def explores_of(chapter):
    """Run a chapter's code here, in this process, down to its last explore; the Explore objects in their order."""
    cells = [cell for cell in nbformat.read(CHAPTERS / chapter, 4).cells
             if cell.cell_type == "code" and not {"setup", "raises-exception"} & set(cell.metadata.get("tags", []))]
    last = max(k for k, cell in enumerate(cells) if "explore(" in cell.source)
    made, names = [], {"__name__": "__main__"}

    def note(self):
        made.append(self)
        return show(self)

    show = Explore.show
    with patch.object(Explore, "show", note), contextlib.redirect_stdout(io.StringIO()):
        for cell in cells[:last + 1]:
            exec(compile(cell.source, chapter, "exec"), names)
    return made
