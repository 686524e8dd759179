"""Figures as pixels: what `explore` stores so that a slider can turn frames without a kernel."""

import base64
import io
import math
import zlib

import numpy as np

COLOURS = 256
LETTERS = 9  # pixels: what is smaller cannot be read on a phone
LEGIBLE = "legible-width"  # where a PNG of ours says how wide, in pixels, it must be shown for that
AS_IT_IS = "as-it-is"  # where it says which parts keep their colours in the dark; in an SVG, the name of their groups


def figure_of(draw, values):
    """Call draw(**values) and return the matplotlib figure that it returned or left open."""
    import matplotlib.pyplot as plt

    before = set(plt.get_fignums())
    try:
        result = draw(**values)
        figure = getattr(result, "figure", None) if not hasattr(result, "savefig") else result
        opened = [number for number in plt.get_fignums() if number not in before]
        if figure is None and opened:
            figure = plt.figure(opened[-1])
        if figure is None:
            raise TypeError(
                f"draw must return a matplotlib figure (or leave one open); it returned {type(result).__name__}"
            )
        return figure
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def pixels(figure, dpi):
    """The figure on white, as an array (height, width, 3) of uint8."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rgba = np.asarray(canvas.buffer_rgba())
    if rgba[..., 3].min() == 255:
        return rgba[..., :3].copy()
    alpha = rgba[..., 3:].astype(np.uint16)
    return ((rgba[..., :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)


def legible_width(figure):
    """How wide, in CSS pixels, a drawn figure must be shown so that its letters can be read; 0: it has none."""
    from matplotlib.text import Text

    unseen = {label for axes in figure.axes if not (axes.axison and axes.get_visible())
              for label in (*axes.get_xticklabels(), *axes.get_yticklabels())}
    sizes = [text.get_fontsize() for text in figure.findobj(Text)
             if text.get_visible() and text.get_text().strip() and text not in unseen]
    width = figure.get_figwidth()
    return math.ceil(min(LETTERS * 72 * width / min(sizes), 96 * width)) if sizes else 0


def kept_parts(figure):
    """The parts of a drawn figure that `plots.as_it_is` marked: (top, right, bottom, left), margins in per cent."""
    parts = (mark.get_window_extent() for mark in figure.findobj(lambda a: str(a.get_gid()).startswith(AS_IT_IS)))
    return [within(1 - box.y1 / figure.bbox.y1, 1 - box.x1 / figure.bbox.x1, box.y0 / figure.bbox.y1,
                   box.x0 / figure.bbox.x1) for box in parts]


def within(*margins):
    """Shares of a picture's width and height as per cent, inside the picture."""
    return tuple(round(100 * min(max(margin, 0), 1), 2) for margin in margins)


def measures(file):
    """Size of a PNG in its own pixels, and the width below which its letters are too small; 0: none is known."""
    from PIL import Image

    with Image.open(file) as image:
        return image.size, int(image.info.get(LEGIBLE, 0))


def kept(file):
    """The parts of a PNG of ours that keep their colours in the dark, as `kept_parts` gave them."""
    from PIL import Image

    with Image.open(file) as image:
        return [tuple(map(float, part.split(","))) for part in image.info.get(AS_IT_IS, "").split()]


def png(figure, dpi):
    """The figure as PNG bytes, with all its colours; compressed for speed, since a slider waits for it."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels(figure, dpi)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def small_png(figure, dpi):
    """The same with 256 colours and well compressed: a third of the bytes in the page."""
    film = Film()
    film.add(pixels(figure, dpi), "the picture", legible_width(figure))
    film.notes[AS_IT_IS] = " ".join(",".join(map(str, part)) for part in kept_parts(figure))
    return film.develop(0)[0]


def base64_text(data):
    return base64.b64encode(data).decode("ascii")


class Film:
    """Frames of one size that share a palette: the start frame as a picture, of the others only what differs from it.

    Measured on 50 frames of 540 x 960 pixels: one PNG of the changed pixels for each frame takes 124 KB for points on
    a curve and 264 KB for lines over a loss surface; all changes in one compressed stream, as here, 10 KB and 90 KB,
    since frames resemble one another.
    """

    def __init__(self):
        self.shape, self._packed, self.legible, self.notes = None, [], 0, {}

    def add(self, rgb, name, legible=0):
        self.legible = max(self.legible, legible)
        if self.shape is None:
            self.shape = rgb.shape
        if rgb.shape != self.shape:
            raise ValueError(f"draw must make figures of one size: {name} has {rgb.shape[1]} x {rgb.shape[0]} pixels, "
                             f"the frame before {self.shape[1]} x {self.shape[0]}")
        self._packed.append(zlib.compress(rgb.tobytes(), 1))  # hundreds of raw frames would not fit in memory

    def frame(self, k):
        return np.frombuffer(zlib.decompress(self._packed[k]), np.uint8).reshape(self.shape)

    def develop(self, start):
        """(PNG bytes of the start frame, dict for frames.js)

        The dict has `size` [width, height], `count` of frames, `palette` (hex), `turned` and `data`: base64 of a
        deflated stream. First, for every frame: number of runs, then for each run how many pixels are skipped and how
        many are new (all as LEB128 integers); then one palette index for each new pixel. Pixels are counted by row,
        or if `turned` by column: whichever comes out shorter.
        """
        palette, lookup = self._palette()
        indices = [lookup[_bins(self.frame(k))] for k in range(len(self._packed))]
        streams = [_changes(indices, start, order) for order in "CF"]
        data = min(streams, key=len)
        picture = _palette_png(indices[start], palette, {LEGIBLE: str(self.legible)} | self.notes)
        height, width, _ = self.shape
        return picture, {"size": [width, height], "count": len(indices), "palette": palette.tobytes().hex(),
                         "turned": data is streams[1], "data": base64_text(data)}

    def _palette(self):
        """At most COLOURS colours for all frames, and the table from colour bin to palette index.

        The most frequent colours are kept exactly (white stays white, the palette's blue stays that blue); others are
        added, farthest first, until the eye could not tell.
        """
        total = np.zeros((4, 1 << 18))
        for k in range(len(self._packed)):
            rgb = self.frame(k).reshape(-1, 3)
            bins = _bins(rgb)
            total[3] += np.bincount(bins, minlength=1 << 18)
            for channel in range(3):
                total[channel] += np.bincount(bins, weights=rgb[:, channel], minlength=1 << 18)
        used = np.flatnonzero(total[3])
        counts = total[3, used]
        colours = np.round(total[:3, used] / counts).T
        chosen = list(np.argsort(-counts, kind="stable")[:24])
        distance = np.min([_distance(colours, colours[c]) for c in chosen], axis=0)
        while len(chosen) < COLOURS and distance.max() > 3 * 6**2:
            chosen.append(int(np.argmax(distance * counts**0.5)))
            distance = np.minimum(distance, _distance(colours, colours[chosen[-1]]))
        lookup = np.zeros(1 << 18, np.uint8)
        lookup[used] = np.argmin([_distance(colours, colours[c]) for c in chosen], axis=0)
        return colours[chosen].astype(np.uint8), lookup


def _bins(rgb):
    """Six bits a channel: 262,144 colour bins."""
    r, g, b = (rgb[..., channel].astype(np.int32) >> 2 for channel in range(3))
    return (r << 12) | (g << 6) | b


def _distance(colours, colour):
    return ((colours - colour) ** 2).sum(axis=1)


def _changes(indices, start, order):
    base = indices[start].ravel(order)
    runs, pixels = [], []
    for index in indices:
        flat = index.ravel(order)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], flat != base, [False]])))
        lengths = np.diff(np.concatenate([[0], edges]))  # skip, new, skip, new, …
        runs += [[len(edges) // 2], lengths]
        pixels.append(flat[flat != base].tobytes())
    return zlib.compress(_leb128(np.concatenate(runs)) + b"".join(pixels), 9)


def _leb128(values):
    """Integers as bytes of seven bits each, lowest first; all but the last of an integer have the high bit set."""
    result = bytearray()
    for value in values.tolist():
        while value >= 128:
            result.append(value & 127 | 128)
            value >>= 7
        result.append(value)
    return bytes(result)


def _palette_png(index, palette, words):
    from PIL import Image, PngImagePlugin

    image = Image.frombytes("P", index.shape[::-1], index.tobytes())
    image.putpalette(palette.ravel().tolist())
    buffer, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    for key, text in words.items():
        notes.add_text(key, text)
    image.save(buffer, "PNG", optimize=True, pnginfo=notes)
    return buffer.getvalue()
