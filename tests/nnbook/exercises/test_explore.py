"""explore: what it accepts, what it shows live, what it stores, and that both are the same."""

import base64
import io
import json
import re
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from nnbook.exercises import explore
from nnbook.exercises.explore import DPI, label
from nnbook.widgets.core import host as widget_host
from nnbook.widgets.core import pictures
from tests.nnbook.widgets.test_live import outputs
from tests.support import drive
from tests.support.agreement import frame_problems


def square(n, colour="blue"):
    figure = Figure(figsize=(2, 1.5))
    ax = figure.subplots()
    ax.plot(np.arange(n + 2) ** 2, "o-", color=colour)
    ax.set(xlim=(0, 6), ylim=(0, 30))
    return figure


def text(n, colour="blue"):
    return f"{n} squared is {n * n}, in {colour}"


def made(**options):
    return explore(square, n=[0, 1, 3], colour=["blue", "red"], start={"n": 3}, alt=text, **options)


@pytest.fixture
def live_mode(monkeypatch):
    monkeypatch.delenv("NNLIB_STATIC")


# --- arguments ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("controls", "options", "message"), [
    ({}, {}, "at least one control"),
    ({"n": []}, {}, "'n' has no values"),
    ({"n": [1, 1.0]}, {}, "same value twice"),
    ({"n": [1, 2]}, {"start": {"n": 3}}, r"start\['n'\].*\[1, 2\], got 3"),
    ({"n": [1, 2]}, {"start": {"m": 1}}, r"start names \['m'\]"),
    ({"n": [1, 2]}, {"play": "m"}, "play must name"),
    ({"n": [1], "colour": ["red", "blue"]}, {"play": "colour"}, "play must name"),
    ({"n": range(21), "colour": [f"C{k}" for k in range(20)]}, {}, "420 frames.*21 n x 20 colour.*at most 400"),
])
def test_wrong_arguments(controls, options, message):
    with pytest.raises(ValueError, match=message):
        explore(square, **options, **controls)


def test_draw_must_be_a_function_that_returns_a_figure():
    with pytest.raises(TypeError, match="must be a function"):
        explore(3, n=[1])
    with pytest.raises(TypeError, match="must return a matplotlib figure.*int"):
        explore(lambda n: n, n=[1])
    with pytest.raises(ValueError, match="one size.*n"):
        explore(lambda n: Figure(figsize=(n, 1)), n=[1, 2])


def test_start_is_matched_with_a_tolerance():
    assert explore(lambda lr: square(1), lr=[0.1, 0.3], start={"lr": 3 * 0.1}).start == {"lr": 0.3}
    assert explore(square, n=np.arange(3), start={"n": np.int64(2)}).start == {"n": 2}


def test_pyplot_figures_are_found_and_closed():
    def left_open(n):
        plt.plot([0, n])

    def axes(n):
        return plt.subplots()[1]

    plt.close("all")  # plt.plot would go on drawing in a figure that another test left open
    before = plt.get_fignums()
    for draw in (left_open, axes):
        assert explore(draw, n=[1, 2]).html
    assert plt.get_fignums() == before


@pytest.mark.parametrize(("value", "shown"), [(0.1, "0.1"), (-2, "\u22122"), (1e-5, "1e\u221205"), (3 * 0.1, "0.3"),
                                              (True, "yes"), ("ReLU", "ReLU"), (np.float32(0.5), "0.5")])
def test_labels(value, shown):
    assert label(value) == shown


# --- live --------------------------------------------------------------------------------------------------------

def test_live(live_mode):
    import ipywidgets

    box = made(play="n")
    assert box.controls["n"].value == 3 and box.controls["colour"].value == "blue"
    assert "3 squared is 9, in blue" in box.note.value
    first = box.image.value
    assert Image.open(io.BytesIO(first)).size == (200, 150)
    box.controls["n"].value = 1
    assert box.image.value != first and "1 squared is 1" in box.note.value
    box.controls["n"].value = 3
    assert box.image.value == first
    play = next(child for row in box.children for child in getattr(row, "children", ())
                if isinstance(child, ipywidgets.Play))
    assert (play.min, play.max, play.value) == (0, 2, 2)


def test_live_output_is_a_widget_with_a_picture_for_github(live_mode):
    bundle, _metadata = outputs(made())[-1]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "3 squared is 9, in blue"
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size == (200, 150)


def test_an_error_in_draw_is_seen_and_raised(live_mode):
    def draw(n):
        return square(12 // n)

    with pytest.raises(ZeroDivisionError):
        explore(draw, n=[0, 1])
    box = explore(draw, n=[1, 0])
    with pytest.raises(ZeroDivisionError):
        box.controls["n"].value = 0
    assert "ZeroDivisionError" in box.problem.value
    box.controls["n"].value = 1
    assert box.problem.value == ""


def test_an_error_in_one_frame_fails_the_cell():
    with pytest.raises(ZeroDivisionError):
        explore(lambda n: square(12 // n), n=[1, 2, 0])


# --- static ------------------------------------------------------------------------------------------------------

def state_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])


def decode(state, base):
    """The frames again, from the format that Film.develop describes: a second reading of it, in Python."""
    film = state["frames"]
    data = iter(zlib.decompress(base64.b64decode(film["data"])))

    def integer():
        value = shift = 0
        while True:
            byte = next(data)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    palette = np.frombuffer(bytes.fromhex(film["palette"]), np.uint8).reshape(-1, 3)
    order = "F" if film["turned"] else "C"
    places = []
    for _ in range(film["count"]):
        at, changed = 0, []
        for _ in range(integer()):
            at += integer()
            length = integer()
            changed += range(at, at + length)
            at += length
        places.append(changed)
    frames = []
    for changed in places:
        channels = [base[..., channel].ravel(order).copy() for channel in range(3)]
        colours = palette[np.array([next(data) for _ in changed], int)]
        for channel, values in enumerate(channels):
            values[changed] = colours[:, channel]
        frames.append(np.stack([values.reshape(base.shape[:2], order=order) for values in channels], axis=-1))
    assert next(data, None) is None
    return frames


def test_stored_frames_are_the_drawn_ones():
    widget = made()
    state = state_of(widget.html)
    base = np.asarray(Image.open(io.BytesIO(widget.picture())).convert("RGB"))
    frames = decode(state, base)
    combinations = widget.combinations()
    assert len(frames) == len(combinations) == 6
    assert combinations[1] == {"n": 0, "colour": "red"}
    for values, frame in zip(combinations, frames, strict=True):
        drawn = pictures.pixels(square(**values), DPI).astype(int)
        difference = np.abs(frame - drawn).max(axis=-1)
        assert difference.max() <= 24 and np.mean(difference > 8) < 0.002
        common = np.unique(drawn.reshape(-1, 3), axis=0, return_counts=True)
        top = common[0][np.argmax(common[1])]
        assert (frame[(drawn == top).all(-1)] == top).all()  # white stays white
    assert state["texts"] == [text(**values) for values in combinations]
    assert (state["n"], state["colour"]) == (2, 0)


def test_output_in_the_book():
    bundle = made()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/png", "text/html"}
    assert bundle["text/plain"] == "3 squared is 9, in blue"
    assert 'alt="3 squared is 9, in blue"' in bundle["text/html"]
    assert made()._repr_mimebundle_() == bundle, "two runs must give the same output"


def test_fifty_frames_fit():
    """The aim is 150 KB for 50 frames; code and style stand once in the page and are counted, too."""
    html = explore(square, n=range(10), colour=["red", "blue", "green", "black", "gray"], alt=text).html
    assert len(html) < 150_000


def test_gradients_keep_their_colours():
    """A field with thousands of colours comes out within what the eye can tell."""
    def field(n):
        figure = Figure(figsize=(2, 2), layout="none")  # else the style, if on, tries to arrange it
        figure.add_axes((0, 0, 1, 1)).imshow(np.outer(np.linspace(0, 1, 60), np.linspace(0, n, 60)), cmap="viridis",
                                             vmin=0, vmax=2)
        return figure

    widget = explore(field, n=[1, 2])
    base = np.asarray(Image.open(io.BytesIO(widget.picture())).convert("RGB"))
    for n, frame in zip([1, 2], decode(state_of(widget.html), base), strict=True):
        difference = np.abs(frame - pictures.pixels(field(n), DPI).astype(int)).max(axis=-1)
        assert difference.mean() < 4 and difference.max() < 25


# --- in the page -------------------------------------------------------------------------------------------------

def test_page_shows_what_live_shows(open_html):
    widget = made(play="n")
    assert frame_problems(open_html(widget.html), widget) == []


@pytest.mark.parametrize(("way", "turned"), [("barh", False), ("bar", True)])
def test_both_orders_of_pixels(way, turned, open_html):
    """Changes are stored by column or by row, whichever is shorter; the page reads both."""
    def bars(n):
        figure = Figure(figsize=(2, 1.5), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
        getattr(ax, way)(np.arange(60), np.random.default_rng(n).uniform(0, 60, 60), color="red")
        ax.set(xlim=(0, 60), ylim=(0, 60))
        return figure

    widget = explore(bars, n=[0, 1, 3], alt="Sixty bars of random lengths.")
    assert state_of(widget.html)["frames"]["turned"] is turned
    assert frame_problems(open_html(widget.html), widget) == []


@pytest.mark.parametrize("name", [n for n in widget_host.EXAMPLES if n == "fit_a_line"])
def test_registered_explores_show_what_live_shows(name, example, open_html):
    assert frame_problems(open_html(example(name).html), example(name)) == []


def test_one_broken_frame_is_noticed(open_html, monkeypatch):
    """The bench must see a frame that was drawn or stored wrong."""
    frame = pictures.Film.frame
    widget = made()
    monkeypatch.setattr(pictures.Film, "frame", lambda film, k: frame(film, 3 if k == 4 else k))
    broken = made().html
    assert frame_problems(open_html(broken), widget) != []


def test_controls_without_text_say_their_values(open_html):
    page = open_html(explore(square, n=[1, 2], colour=["red", "blue"], alt="Squares grow.").html)
    page.wait_for_selector("[data-frames=ready]")
    assert page.text_content(".nnlib-readout").split() == ["n", "1", "colour", "red"]
    page.query_selector("input").evaluate(drive.SET, 1)
    assert page.text_content(".nnlib-readout").split() == ["n", "2", "colour", "red"]
