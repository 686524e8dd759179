"""Pictures of the pages: loaded when the reader comes near, of a known size, and with letters that a phone shows."""

import re

from selectolax.lexbor import LexborHTMLParser

from nnbook.widgets.core import pictures

TEXT = re.compile(r"<!-- .*? -->\s*<g [^>]*scale\(([\d.]+) -[\d.]+\)")  # matplotlib's, for 100 points: its size / 100


def finish_pictures(page, path):
    """A picture is loaded when the reader comes near it; its size is known before, so that nothing jumps then. Where it
    would be shown so small that its letters cannot be read, it is moved sideways."""
    for image in page.css('img[src*="_images/"]'):
        width, height, legible = measures(path.parent / image.attributes["src"])
        first = "/opening_" in image.attributes["src"]  # stands with its question on one screen
        scale = min(1, 480 / height) if first else max(1, min(1.3, 960 / width, 560 / height))  # the page has room
        width, height = scale * width, scale * height
        image.attrs["loading"] = "eager" if first else "lazy"
        image.attrs["width"], image.attrs["height"] = f"{width:.0f}", f"{height:.0f}"
        if legible:
            image.attrs["style"] = f"min-width:{legible:.0f}px"
            box = LexborHTMLParser(f'<div class="figure-box">{image.html}</div>').css_first("div")
            image.replace_with(box)


def measures(file):
    """Width and height of a picture, and the width below which its letters are too small, in pixels; 0: it has none."""
    if file.suffix != ".svg":
        (width, height), legible = pictures.measures(file)
        return width, height, legible
    text = file.read_text("utf8")
    width, height = (float(re.search(rf'<svg[^>]* {side}="([\d.]+)pt"', text)[1]) * 4 / 3
                     for side in ("width", "height"))
    letters = [100 * float(size) * 4 / 3 for size in TEXT.findall(text)]
    return width, height, min(width, width * pictures.LETTERS / min(letters)) if letters else 0
