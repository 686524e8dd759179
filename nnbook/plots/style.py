"""The look of all figures: colours with a meaning, a font that has Chinese, sizes that can be read."""

import dataclasses
import functools
import sys
from pathlib import Path

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager

from nnbook.palette import COLORS

FONT = Path(__file__).with_name("BookSans.otf")

DATA, PREDICTION, LOSS, GRADIENT, HIGHLIGHT, CLASS0, CLASS1, MUTED, FAINT, SKY, YELLOW = COLORS.values()
CLASS_COLORS = [CLASS0, CLASS1, GRADIENT, LOSS, HIGHLIGHT, SKY, YELLOW, DATA]
WOOD = "#F3DFB6"  # of a Go board
CLASS_MARKERS = ["o", "^", "s", "D", "v", "P", "X", "*"]

RC = {
    "figure.figsize": [7.0, 3.6], "figure.dpi": 100, "figure.constrained_layout.use": True,
    "figure.facecolor": "white", "axes.facecolor": "white", "savefig.facecolor": "white",
    # sizes in points as shown: the book shows 7 inches at full width
    "font.size": 10, "axes.titlesize": 11, "axes.labelsize": 10, "xtick.labelsize": 9, "ytick.labelsize": 9,
    "legend.fontsize": 9, "figure.titlesize": 12,
    # The font with Chinese comes first: text with $…$ in it is set in the first font only. By name, since matplotlib
    # looks up what "sans-serif" means when it draws, and by then the style may hold no more.
    "font.family": ["Book Sans", "DejaVu Sans"],
    "mathtext.fontset": "cm",  # as KaTeX in the text
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left",
    "axes.grid": True, "grid.color": "#E6E6E6", "grid.linewidth": 0.7, "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=CLASS_COLORS), "lines.linewidth": 1.8, "lines.markersize": 5,
    "legend.frameon": False, "image.cmap": "viridis",
    "svg.hashsalt": "neural network foundations",  # the same ids, so the same file, every time
    "svg.fonttype": "path",  # readers need no font
}


def use_style():
    """Apply the book's style to all figures drawn from now on. Each chapter calls it first."""
    add_font()
    mpl.rcParams.update(RC)
    # here by the usual name, so that the usual line for another font, rcParams["font.sans-serif"] = …, has an effect
    mpl.rcParams.update({"font.family": ["sans-serif"], "font.sans-serif": RC["font.family"]})
    show_as_svg()


def styled(function):
    """Decorator: the book's style holds while this function draws, and no longer."""

    @functools.wraps(function)
    def draw(*args, **kwargs):
        add_font()
        with mpl.rc_context(RC):
            return function(*args, **kwargs)

    return draw


@styled
def figure(width=6.6, height=3.4, **grid):
    """A figure of this size in inches and its axes; its letters can be read on a phone.  grid: as in plt.subplots."""
    import matplotlib.pyplot as plt

    with mpl.rc_context({"axes.titlesize": 12, "axes.labelsize": 11, "xtick.labelsize": 10, "ytick.labelsize": 10}):
        return plt.subplots(figsize=(width, height), **grid)


def as_it_is(part):
    """In the dark the book turns figures over, black to white: all but this part, an axes or a whole figure.

    For photographs, and where black and white mean something, as on a Go board.
    """
    from nnbook.widgets.core.pictures import AS_IT_IS

    is_figure = isinstance(part, mpl.figure.Figure)
    name = "figure" if is_figure else part.figure.axes.index(part)
    mark = mpl.patches.Rectangle((0, 0), 1, 1, transform=part.transFigure if is_figure else part.transAxes,
                                 facecolor="none", edgecolor="none", gid=f"{AS_IT_IS}-{name}")
    mark.set_in_layout(False)
    part.add_artist(mark)
    return part


def add_font():
    """Make the book's font known to matplotlib. It has one weight, which serves for bold too: no warning on stderr."""
    manager = font_manager.fontManager
    if "Book Sans" not in manager.get_font_names():
        manager.addfont(FONT)
        manager.ttflist.append(dataclasses.replace(manager.ttflist[-1], weight=700))


def show_as_svg():
    """In a notebook, show figures as SVG: sharp at any size. Elsewhere do nothing."""
    if "IPython" in sys.modules:  # else there is no notebook, and importing it would cost a second
        shell = sys.modules["IPython"].get_ipython()
        if hasattr(shell, "kernel"):
            import matplotlib.pyplot as plt  # first: it switches the notebook's backend on
            from matplotlib_inline.backend_inline import set_matplotlib_formats
            from matplotlib_inline.config import InlineBackend

            InlineBackend.instance(parent=shell).figure_formats = {"svg"}  # matplotlib before 3.9 looks here later
            set_matplotlib_formats("svg", metadata={"Date": None})
            if "inline" in mpl.get_backend():  # and not in a window of its own
                plt.uninstall_repl_displayhook()  # it draws a new figure for nobody, before the notebook draws it


def as_png(figure, dpi=144):
    """The figure as an IPython Image in PNG, for what would be too large as SVG; the figure itself is closed.

    At most 256 colours: a third of the bytes. Put it last in a cell: `plots.as_png(fig)`.
    """
    import matplotlib.pyplot as plt
    from IPython.display import Image

    from nnbook.widgets.core.pictures import small_png

    if not isinstance(figure, mpl.figure.Figure):
        raise TypeError(f"as_png expects a matplotlib Figure, got {type(figure).__name__}")
    picture = small_png(figure, dpi)
    plt.close(figure)
    return Image(picture, width=round(figure.get_figwidth() * 96))
