import json
import logging
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib import font_manager
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

import nnbook.plots.style
from nnbook import plots
from nnbook.plots.convolution import filtered
from nnbook.widgets.core import host, pictures

ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT / "_ext"))

import figures  # noqa: E402


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def characters_of_the_font():
    return set(font_manager.get_font(nnbook.plots.style.FONT).get_charmap())


def code_of_chapters():
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.name, "".join(cell["source"])


def test_the_font_has_every_chinese_character_that_code_can_draw():
    """If this fails, a new character came into the book: run tools/make_font.py (its head says how)."""
    font = characters_of_the_font()
    sources = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob("nnbook/**/*.py"))]
    sources += [("segmentation.txt", (ROOT / "nnbook/data/files/segmentation.txt").read_text(encoding="utf-8"))]
    for name, text in [*sources, *code_of_chapters()]:
        missing = {c for c in text if "\u2e80" <= c < "\ufe00" or c > "\U0001ffff"} - set(map(chr, font))
        assert not missing, f"{name}: {''.join(sorted(missing))} not in nnbook/plots/BookSans.otf"


def test_the_font_is_small_and_has_its_licence():
    """1.1 MB with the 3,755 common Chinese characters; with those in use alone it were 0.6 MB, and too small soon."""
    assert nnbook.plots.style.FONT.stat().st_size < 1_200_000
    licence = nnbook.plots.style.FONT.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence and "Adobe" in licence and "Google" in licence


@pytest.mark.parametrize("label", [
    "学习率 learning rate", r"权重 $w_1$, $\hat{y} = wx + b$", "∂L/∂w → −0.31 ≤ ŷ × 2 “quoted” … x₁² ± 1 °",
    r"梯度 $\nabla L$: 我 喺 香港 𡃉 → $\frac{1}{n}\sum_i$ ×",
])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_labels_show_without_a_warning(label, weight, caplog):
    """Warnings are errors in all tests; matplotlib reports what a formula lacks through its log only."""
    figure, ax = plt.subplots()
    ax.set_title(label, fontweight=weight)
    ax.set_xlabel(label)
    with caplog.at_level(logging.WARNING):
        figure.savefig(BytesIO(), format="svg")
        figure.savefig(BytesIO(), format="png")
    assert not caplog.records


def test_a_character_that_no_font_has_is_noticed():
    figure, ax = plt.subplots()
    ax.set_title("\u4e02")  # a Chinese character that the book does not use
    with pytest.warns(UserWarning, match="missing from"):
        figure.savefig(BytesIO(), format="png")


def test_style_is_applied_on_demand():
    with mpl.rc_context():
        mpl.rcdefaults()
        plots.use_style()
        for key, value in nnbook.plots.style.RC.items():
            assert mpl.rcParams[key] == value or key == "font.family", key
        assert mpl.rcParams["font.family"] == ["sans-serif"]
        assert mpl.rcParams["font.sans-serif"] == ["Book Sans", "DejaVu Sans"]
    assert font_manager.fontManager.get_font_names().count("Book Sans") == 1


def test_the_usual_line_for_another_font_has_an_effect():
    """Every Chinese student pastes it."""
    with mpl.rc_context():
        plots.use_style()
        mpl.rcParams["font.sans-serif"] = ["DejaVu Serif"]
        figure, ax = plt.subplots()
        assert ax.set_title("x").get_fontname() == "DejaVu Serif"


NO_SIDE_EFFECT = """
import io, os, sys
import matplotlib as mpl, numpy as np
before, environment = dict(mpl.rcParams), dict(os.environ)
import nnbook, nnbook.data, nnbook.exercises, nnbook.games.go, nnbook.plots, nnbook.widgets
from nnbook import plots
for name in sorted(f.stem for f in __import__("pathlib").Path(plots.__file__).parent.glob("*.py")):
    __import__(f"nnbook.plots.{name}")
assert dict(mpl.rcParams) == before, {k: v for k, v in mpl.rcParams.items() if before[k] != v}
assert dict(os.environ) == environment and "IPython" not in sys.modules
ax = plots.class_points(np.eye(4, 2), np.arange(4) % 2, names=["猫", "狗"])
ax.legend(prop={"family": "Book Sans"})
assert ax.spines["top"].get_visible() is False  # drawn in the book's style
assert ax.xaxis.label.get_fontfamily() == ["Book Sans", "DejaVu Sans"]
ax.set_xlabel("重量")
ax.figure.savefig(io.BytesIO())
assert dict(mpl.rcParams) == before
"""


def test_an_import_changes_nothing_and_the_style_holds_while_our_functions_draw():
    done = subprocess.run([sys.executable, "-W", "error", "-c", NO_SIDE_EFFECT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_palette_stands_in_one_file():
    """Python and JavaScript read nnbook/palette.js; no other file writes a colour of it as a number."""
    palette = {value.upper() for value in plots.COLORS.values()} - {"#000000"}
    files = [p for kind in ("py", "js", "css") for p in sorted(ROOT.glob(f"nnbook/**/*.{kind}"))]
    wrong = {p.name: sorted(found) for p in files if p.name != "palette.js"
             and (found := palette & {c.upper() for c in re.findall(r"#[0-9A-Fa-f]{6}", p.read_text("utf8"))})}
    assert wrong == {}


def test_text_is_at_least_9_points():
    sizes = {key: value for key, value in mpl.rcParams.items() if key.endswith(("font.size", "labelsize", "titlesize"))}
    sizes["legend.fontsize"] = mpl.rcParams["legend.fontsize"]
    assert all(value >= 9 for value in sizes.values() if not isinstance(value, str))
    assert mpl.rcParams["font.size"] >= 9


def test_same_thing_same_colour():
    assert plots.COLORS["data"] == "#000000" and plots.COLORS["prediction"] == "#0072B2"
    assert plots.COLORS["loss"] == "#D55E00" and plots.COLORS["gradient"] == "#009E73"
    assert plots.CLASS_COLORS[:2] == [plots.COLORS["class0"], plots.COLORS["class1"]] == ["#0072B2", "#E69F00"]
    assert len(set(plots.CLASS_COLORS)) == len(set(plots.CLASS_MARKERS)) == 8


def svg():
    figure, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.set_title("Same $x$ 同")
    buffer = BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def test_the_same_picture_gives_the_same_file():
    assert svg() == svg()


def test_as_png():
    figure, ax = plt.subplots(figsize=(4, 2))
    image = plots.as_png(figure)
    assert image.data[:8] == b"\x89PNG\r\n\x1a\n" and image.width == 384
    assert not plt.fignum_exists(figure.number)
    with pytest.raises(TypeError, match="Figure, got Axes"):
        plots.as_png(ax)


def test_what_is_marked_keeps_its_colours_in_the_dark(tmp_path):
    """The book lays just the photographs and boards over the figure: from a PNG and from an SVG, at the same places."""
    photo = np.random.default_rng(0).uniform(0, 0.5, size=(30, 40))
    kernels = {"mean": np.full((3, 3), 1 / 9), "edges": [[-1, 0, 1]] * 3}
    filtered(photo, kernels).savefig(tmp_path / "a.svg")
    (tmp_path / "a.png").write_bytes(plots.as_png(filtered(photo, kernels)).data)
    parts = figures.kept_parts(tmp_path / "a.png")
    assert np.allclose(parts, figures.kept_parts(tmp_path / "a.svg"), atol=0.5) and len(parts) == 2
    with Image.open(tmp_path / "a.png") as image:
        pixels = np.array(image.convert("L"), dtype=float)
    size = pixels.size
    for top, right, bottom, left in parts:
        rows, columns = (slice(round(a / 100 * n) + 3, round((1 - b / 100) * n) - 3) for a, b, n in (
            (top, bottom, len(pixels)), (left, right, len(pixels[0]))))
        assert pixels[rows, columns].mean() < 140 and pixels[rows, columns].size > size / 8
        pixels[rows, columns] = 255
    assert pixels.mean() > 200  # nothing dark is left but letters and the edges, which are no photograph
    page = LexborHTMLParser('<img alt="x" width="40" style="min-width:9px" src="a.svg">')
    box = figures.made(figures.laid_over(page.css_first("img"), parts))
    assert box.attributes["style"] == "width:40px;min-width:9px" and len(box.css("img[alt=x] ~ i")) == 2


def test_a_whole_figure_can_keep_its_colours(tmp_path):
    fig, ax = plots.style.figure(3, 2)
    plots.as_it_is(fig).savefig(tmp_path / "a.svg", bbox_inches="tight")  # as in a notebook: not of the figure's size
    assert figures.kept_parts(tmp_path / "a.svg") == [(0, 0, 0, 0)]


def test_figures_in_a_notebook_are_svg_and_drawn_for_it_alone():
    """pyplot's hook would draw each new figure on pixels first, which nobody sees: a tenth of a second each."""
    code = """from nnbook import plots
plots.use_style()
import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
FigureCanvasAgg.draw = None
plt.plot([1, 2]);"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=60).execute()
    (output,) = notebook.cells[0].outputs
    assert "image/svg+xml" in output.data and "image/png" not in output.data
    assert "dc:date" not in output.data["image/svg+xml"]


def test_a_picture_knows_how_wide_its_letters_need_it():
    def made(letters, ticks=10):
        fig, ax = plots.style.figure(6, 3)
        ax.tick_params(labelsize=ticks)
        ax.set_title("title", fontsize=letters)
        return fig

    def needs(fig):
        return pictures.measures(BytesIO(pictures.small_png(fig, 110)))[1]

    assert needs(made(9)) == 9 * 72 * 6 / 9
    assert needs(made(12)) == pytest.approx(9 * 72 * 6 / 10, abs=1)
    assert needs(made(12, ticks=5)) == 6 * 96, "never wider than it is"
    fig = made(18, ticks=5)
    fig.axes[0].axis("off")
    assert needs(fig) == 9 * 72 * 6 / 18, "what is not drawn is not read"
    assert f"min-width:{6 * 72}px" in host.picture_html(pictures.small_png(made(9), 110), "a title")
