import json
import logging
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbclient
import nbformat
import pytest
from matplotlib import font_manager

import nnlib.plots.style
from nnlib import plots

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def characters_of_the_font():
    return set(font_manager.get_font(nnlib.plots.style.FONT).get_charmap())


def code_of_chapters():
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.name, "".join(cell["source"])


def test_the_font_has_every_chinese_character_that_code_can_draw():
    """If this fails, a new character came into the book: run tools/make_font.py (its head says how)."""
    font = characters_of_the_font()
    sources = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob("nnlib/**/*.py"))]
    sources += [("segmentation.txt", (ROOT / "nnlib/data/segmentation.txt").read_text(encoding="utf-8"))]
    for name, text in [*sources, *code_of_chapters()]:
        missing = {c for c in text if "\u2e80" <= c < "\ufe00" or c > "\U0001ffff"} - set(map(chr, font))
        assert not missing, f"{name}: {''.join(sorted(missing))} not in nnlib/plots/BookSans.otf"


def test_the_font_is_small_and_has_its_licence():
    assert nnlib.plots.style.FONT.stat().st_size < 1_000_000
    licence = nnlib.plots.style.FONT.with_name("OFL.txt").read_text(encoding="utf-8")
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


def test_style_is_applied_on_import_and_can_be_restored():
    for key, value in nnlib.plots.style.RC.items():
        assert mpl.rcParams[key] == value, key
    with mpl.rc_context():
        mpl.rcdefaults()
        assert mpl.rcParams["font.family"] != ["Book Sans", "DejaVu Sans"]
        plots.use_style()
        assert mpl.rcParams["font.family"] == ["Book Sans", "DejaVu Sans"]
    assert font_manager.fontManager.get_font_names().count("Book Sans") == 1


def test_text_is_at_least_9_points():
    sizes = {key: value for key, value in mpl.rcParams.items() if key.endswith(("font.size", "labelsize", "titlesize"))}
    sizes["legend.fontsize"] = mpl.rcParams["legend.fontsize"]
    assert all(value >= 9 for value in sizes.values() if not isinstance(value, str))
    assert mpl.rcParams["font.size"] >= 9


def test_same_thing_same_colour():
    assert plots.COLORS["data"] == "#000000" and plots.COLORS["prediction"] == "#0072B2"
    assert plots.COLORS["loss"] == "#D55E00" and plots.COLORS["gradient"] == "#009E73"
    assert plots.CLASS_COLORS[:2] == [plots.COLORS["class 0"], plots.COLORS["class 1"]] == ["#0072B2", "#E69F00"]
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


def test_figures_in_a_notebook_are_svg():
    code = "from nnlib import plots\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, timeout=60).execute()
    (output,) = notebook.cells[0].outputs
    assert "image/svg+xml" in output.data and "image/png" not in output.data
    assert "dc:date" not in output.data["image/svg+xml"]


def test_import_without_a_notebook_loads_no_ipython():
    code = "import sys; from nnlib import plots; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
