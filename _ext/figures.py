"""Pictures of the pages: loaded when the reader comes near, of a known size, and with letters that a phone shows.

In the dark they are turned over, black to white (book.css), all but the parts that `plots.as_it_is` marked.
"""

import base64
import hashlib
import os
import re
from html import escape

from selectolax.lexbor import LexborHTMLParser

from nnbook.widgets.core import pictures

INLINE = "data:image/png;base64,"
TEXT = re.compile(r"<!-- .*? -->\s*<g [^>]*scale\(([\d.]+) -[\d.]+\)")  # matplotlib's, for 100 points: its size / 100


def finish_pictures(page, path, site):
    """A picture is loaded when the reader comes near it; its size is known before, so that nothing jumps then. Where it
    would be shown so small that its letters cannot be read, it is moved sideways."""
    for image in page.css(f'.nnlib-static img[src^="{INLINE}"]'):
        still_in_a_file(image, path, site)
    for image in page.css('img[src*="_images/"]'):
        parts = kept_parts(path.parent / image.attributes["src"])
        if "nnlib-base" in (image.attributes.get("class") or ""):  # has its size
            image.attrs["loading"] = "lazy"
            image.replace_with(made(laid_over(image, parts)))
            continue
        width, height, legible = measures(path.parent / image.attributes["src"])
        first = "/opening_" in image.attributes["src"]  # stands with its question on one screen
        scale = min(1, 480 / height) if first else max(1, min(1.3, 960 / width, 560 / height))  # the page has room
        width, height = scale * width, scale * height
        image.attrs["loading"] = "eager" if first else "lazy"
        image.attrs["width"], image.attrs["height"] = f"{width:.0f}", f"{height:.0f}"
        if legible:
            image.attrs["style"] = f"min-width:{legible:.0f}px"
        shown = laid_over(image, parts)
        image.replace_with(made(f'<div class="figure-box">{shown}</div>' if legible else shown))


def made(html):
    return LexborHTMLParser(html).body.child


def still_in_a_file(image, path, site):
    """A widget's still picture, for print and browsers without scripts: who sees the widget need not load it."""
    content = base64.b64decode(image.attributes["src"].removeprefix(INLINE))
    file = site / "_images" / f"still_{hashlib.sha256(content).hexdigest()[:20]}.png"
    file.write_bytes(content)
    image.attrs["src"] = os.path.relpath(file, path.parent)


def laid_over(image, parts):
    """The picture, and above it, for the dark, its parts that are not turned over: HTML."""
    if not parts:
        return image.html
    style = f'width:{image.attributes["width"]}px;{image.attributes.get("style") or ""}'
    if "style" in image.attributes:
        del image.attrs["style"]
    shown = "".join(f'<i style="background-image:url({escape(image.attributes["src"])});'
                    f'clip-path:inset({" ".join(f"{margin:g}%" for margin in part)})"></i>' for part in parts)
    return f'<span class="as-it-is" style="{style}">{image.html}{shown}</span>'


def measures(file):
    """Width and height of a picture, and the width below which its letters are too small, in pixels; 0: it has none."""
    if file.suffix != ".svg":
        (width, height), legible = pictures.measures(file)
        return width, height, legible
    text = file.read_text("utf8")
    width, height = (points * 4 / 3 for points in svg_size(text))
    letters = [100 * float(size) * 4 / 3 for size in TEXT.findall(text)]
    return width, height, min(width, width * pictures.LETTERS / min(letters)) if letters else 0


def svg_size(text):
    """Width and height of matplotlib's SVG, in points."""
    return [float(re.search(rf'<svg[^>]* {side}="([\d.]+)pt"', text)[1]) for side in ("width", "height")]


def kept_parts(file):
    """The parts of a picture that keep their colours in the dark: (top, right, bottom, left), margins in per cent."""
    if file.suffix != ".svg":
        return pictures.kept(file)
    text, found = file.read_text("utf8"), []
    width, height = svg_size(text)
    for name, outline in re.findall(rf'<g id="{pictures.AS_IT_IS}-(\w+)">\s*<path d="([^"]*)"', text):
        if name == "figure":  # of which a notebook shows more or less than its size
            return [(0, 0, 0, 0)]
        x, y = zip(*((float(x), float(y)) for x, y in re.findall(r"([-\d.]+) ([-\d.]+)", outline)), strict=True)
        found.append(pictures.within(min(y) / height, 1 - max(x) / width, 1 - max(y) / height, min(x) / width))
    return found
