"""`explore`: any matplotlib picture with sliders, live with a kernel and as prepared frames without one."""

import html
import itertools
import math
import traceback

import numpy as np

from nnbook.language import _
from nnbook.palette import COLORS
from nnbook.widgets.core import pictures
from nnbook.widgets.core.host import Widget, page_html, picture_html, plain

MOST_FRAMES = 400
DPI = 150  # of the frames in the book; they are shown at 100, so that they stay sharp on fine screens


def explore(draw, *, play=None, start=None, alt=None, **controls):
    """Show draw(**values) with one control for each keyword; it is drawn anew whenever a control moves.

    draw:     function of the controls' values; returns a matplotlib figure (always of the same size).
    controls: name=list of values. Numbers get a slider, strings and booleans a menu. Greek names are fine: η=[...].
              An underscore in a name is shown as a space.
    play:     name of the slider that gets a play button.
    start:    {name: value} to begin with; it should show the point. Others begin with their first value.
    alt:      what the picture shows, in words; or, better, a function of the values that returns such a text for
              each frame, with its numbers: it is printed below the picture and read out by screen readers.

        def picture(lr, steps):
            path = descend(lr, steps)
            return plots.path_on_bowl(path)

        explore(picture, lr=[0.02, 0.1, 0.3, 0.45], steps=range(20), play="steps", start={"lr": 0.1, "steps": 12},
                alt=lambda lr, steps: f"After {steps} steps the loss is {loss(lr, steps):.3f}")

    With NNLIB_STATIC=1 every combination is drawn once, so keep their number near 50 (at most 400) and draw fast.
    Errors in draw are shown in place of the picture and raised.

    Raises ValueError if a control is empty or has a value twice, if `start` or `play` name something unknown, if the
    frames differ in size, or if there are more than 400 combinations in static mode; TypeError if draw is no function
    or returns no figure.
    """
    return Explore(draw, controls, play, start or {}, alt).show()


class Explore(Widget):
    def __init__(self, draw, controls, play, start, alt):
        if not callable(draw):
            raise TypeError(f"draw must be a function that returns a figure, got {type(draw).__name__}")
        if not controls:
            raise ValueError("explore needs at least one control, for example explore(draw, steps=range(10))")
        self.draw, self.text = draw, alt if callable(alt) else lambda **values: str(alt or _("interactive picture"))
        self.has_text = callable(alt)
        function = getattr(draw, "func", draw)  # also functools.partial
        self.name = getattr(function, "__name__", type(function).__name__).strip("_<>")
        self.controls = {name: checked_values(name, values) for name, values in controls.items()}
        self.start = checked_start(self.controls, start)
        self.play = play
        if play is not None and not self.is_slider(play):
            raise ValueError(f"play must name a control with numbers, one of {list(self.controls)}; got {play!r}")
        self.alt = self.text(**self.start)

    def is_slider(self, name):
        return name in self.controls and all(
            isinstance(v, (int, float)) and not isinstance(v, bool) for v in self.controls[name])

    def combinations(self):
        """All {name: value}, the last control running fastest."""
        return [dict(zip(self.controls, values, strict=True)) for values in itertools.product(*self.controls.values())]

    # --- without a kernel -------------------------------------------------------------------------------------------

    def picture(self):
        if not hasattr(self, "base"):
            self.base = pictures.png(pictures.figure_of(self.draw, self.start), 100)
        return self.base

    def static_html(self):
        combinations = self.combinations()
        if len(combinations) > MOST_FRAMES:
            sizes = " x ".join(f"{len(values)} {name}" for name, values in self.controls.items())
            raise ValueError(f"explore would draw {len(combinations)} frames ({sizes}); at most {MOST_FRAMES} are "
                             f"possible, about 50 are good: give the controls fewer values")
        film = pictures.Film()
        for values in combinations:
            figure = pictures.figure_of(self.draw, values)
            film.add(pictures.pixels(figure, DPI), f"the frame at {values}", pictures.legible_width(figure))
        self.base, frames = film.develop(combinations.index(self.start))
        state = {name: list(values).index(self.start[name]) for name, values in self.controls.items()}
        state |= {
            "controls": [{"name": name, "label": shown_name(name), "labels": [label(v) for v in values],
                          "slider": self.is_slider(name)}
                         for name, values in self.controls.items()],
            "play": self.play,
            "frames": frames,
            "texts": [self.text(**values) for values in combinations] if self.has_text else [],
        }
        image = picture_html(self.base, self.alt, width=round(film.shape[1] * 100 / DPI))
        note = f'<p class="nnlib-static nnlib-note">{html.escape(self.alt)}</p>' if self.has_text else ""
        return page_html(self.name, "frames", state, f'<div class="nnlib-picture nnlib-film">{image}</div>{note}')

    # --- with a kernel ----------------------------------------------------------------------------------------------

    def live(self):
        """A VBox of ipywidgets; its `controls` are the sliders by name."""
        import ipywidgets as w

        sliders = {name: self.live_control(w, name) for name in self.controls}
        image = w.Image(format="png", layout=w.Layout(max_width="100%", align_self="flex-start"))
        note, problem = w.HTML(), w.HTML()

        def redraw(change=None):
            values = {name: slider.value for name, slider in sliders.items()}
            try:
                text = html.escape(self.text(**values))
                image.value = pictures.png(pictures.figure_of(self.draw, values), 100)
            except Exception:
                problem.value = "<pre style='color:{}'>{}</pre>".format(
                    COLORS["loss"], html.escape(traceback.format_exc(limit=-3)))
                raise
            problem.value, note.value = "", f'<span aria-live="polite">{text}</span>'

        for slider in sliders.values():
            slider.observe(redraw, "value")
        redraw()
        rows = [self.with_play(w, name, slider) for name, slider in sliders.items()]
        box = w.VBox([*rows, problem, image, *([note] if self.has_text else [])])
        box.controls, box.image, box.note, box.problem = sliders, image, note, problem
        return box

    def live_control(self, w, name):
        options = [(label(value), value) for value in self.controls[name]]
        kind = w.SelectionSlider if self.is_slider(name) else w.Dropdown
        return kind(options=options, value=self.start[name], description=shown_name(name),
                    style={"description_width": "initial"})

    def with_play(self, w, name, slider):
        if name != self.play:
            return slider
        button = w.Play(min=0, max=len(self.controls[name]) - 1, value=slider.index, interval=250)
        row = w.HBox([slider, button])
        row.link = w.jslink((button, "value"), (slider, "index"))  # so that it is closed with the rest
        return row


def checked_values(name, values):
    values = plain(list(values))
    if not values:
        raise ValueError(f"control {name!r} has no values")
    if len({label(v) for v in values}) < len(values):
        raise ValueError(f"control {name!r} shows the same value twice: {[label(v) for v in values]}")
    return values


def checked_start(controls, start):
    """{name: value} for all controls; values are matched with a tolerance, since 3 * 0.1 is not 0.3."""
    unknown = set(start) - set(controls)
    if unknown:
        raise ValueError(f"start names {sorted(unknown)}, but the controls are {list(controls)}")
    found = {}
    for name, values in controls.items():
        wanted = plain(start.get(name, values[0]))
        same = [v for v in values if v == wanted or (
            isinstance(v, float) and isinstance(wanted, (int, float)) and math.isclose(v, wanted, abs_tol=1e-12))]
        if not same:
            raise ValueError(f"start[{name!r}] must be one of the control's values {values}, got {wanted!r}")
        found[name] = same[0]
    return found


def shown_name(name):
    """A control's name as it stands beside it."""
    return _(name.replace("_", " "))


def label(value):
    """A value as it stands beside its slider."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, np.number)):
        return f"{value:.6g}".replace("-", "\u2212")
    return _(str(value))
