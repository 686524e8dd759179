"""What every widget shares on the Python side: the registry, and the two forms a front-end module can take."""

import html
import io
import json
import os
import re

import numpy as np

from nnbook.language import _
from nnbook.widgets.core import modules, pictures
from nnbook.widgets.core.live import with_picture

EXAMPLES = {}  # name -> function without arguments that makes a small example; the test bench drives them all


def static_mode():
    """True while notebooks run unattended: widgets then write HTML that needs no kernel."""
    return os.environ.get("NNLIB_STATIC") == "1"


def widget(function=None, *, example=None):
    """Decorator: put a widget's constructor in the registry, which the test bench drives.

    `example` returns the arguments of a small example; without it the constructor is called with none.
    """
    if function is None:
        return lambda f: widget(f, example=example)
    EXAMPLES[function.__name__] = lambda: function(**(example() if example else {}))
    return function


class Widget:
    """A picture that a reader can change. In a live kernel ipywidgets, in the built book self-contained HTML."""

    name = alt = ""

    def live(self):
        """A new ipywidgets widget."""
        raise NotImplementedError

    def static_html(self):
        """HTML that works with no kernel and no network."""
        raise NotImplementedError

    def picture(self):
        """PNG bytes for GitHub, print and JavaScript switched off; None if there is no picture."""

    def bundle(self):
        """text/plain and image/png, whatever the mode."""
        data = self.picture()
        return {"text/plain": self.alt} | ({"image/png": pictures.base64_text(data)} if data else {})

    def show(self):
        """What a cell displays: self while the book is built, the live widget otherwise."""
        if static_mode():
            self.html = self.static_html()  # now, not on display: IPython swallows what fails there
            return self
        return with_picture(self.live(), self.bundle())

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.bundle() | {"text/html": self.html}


class FrontEnd(Widget):
    """A widget whose work is done by an ES module `nnbook/widgets/NAME/NAME.js`.

    name: of the module. state: dict of JSON values, the module's `model`. picture: function that returns the
    matplotlib figure shown in print and without JavaScript. alt: what one should learn from it.
    """

    def __init__(self, name, state, picture, alt):
        from nnbook.plots.style import styled  # whatever style the reader has set: its font has Chinese

        self.name, self.state, self.alt = name, plain(state), alt
        self._png = pictures.small_png(styled(pictures.figure_of)(picture, {}), 110)

    def picture(self):
        return self._png

    def static_html(self):
        image = picture_html(self._png, self.alt)
        return page_html(self.name, self.name, self.state, f'<div class="nnlib-static">{image}</div>')

    def live(self):
        import anywidget
        import traitlets

        kinds = {bool: traitlets.Bool, int: traitlets.Int, float: traitlets.Float, str: traitlets.Unicode}
        traits = {
            key: kinds.get(type(value), traitlets.Any)(value).tag(sync=True) for key, value in self.state.items()
        }
        text = {"_esm": modules.live_esm(self.name), "_css": modules.css()}
        return type(self.name.title().replace("_", ""), (anywidget.AnyWidget,), text | traits)()


def plain(value):
    """The same with lists and Python numbers for NumPy's, ready for JSON."""
    if isinstance(value, dict):
        return {str(key): plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    return value


def picture_html(data, alt, width=None):
    """A PNG of ours in the page. Where it would be too small to be read it is moved sideways."""
    size, legible = pictures.measures(io.BytesIO(data))
    style = f' style="{f"width:{width}px;" if width else ""}min-width:{legible}px"'
    # the theme knows "dark-light": leave the picture's colours alone
    return (f'<img class="nnlib-base dark-light" width="{size[0]}" height="{size[1]}"{style} '
            f'alt="{html.escape(alt)}" src="data:image/png;base64,{pictures.base64_text(data)}">')


def page_html(name, module, state, content):
    """The widget as text/html: style, content that needs no script, state, scripts, start."""
    once = "".join(f'<script data-nnlib-once="{key}">{text}</script>\n'
                   for key, text in modules.scripts(module) + modules.scripts("host"))
    data = json.dumps(state, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    css = modules.css()
    key = modules.digest(module + data)
    label = html.escape(_(re.sub(r"[_-]+", " ", name)))
    return (f'<style data-nnlib-once="css-{modules.digest(css)}">{css}</style>\n'
            f'<div class="nnlib-widget" data-nnlib-widget="{html.escape(name)}" data-nnlib-module="{module}" '
            f'data-nnlib-key="{key}" role="group" aria-label="{label}">\n{content}\n'
            f'<script type="application/json">{data}</script>\n</div>\n'
            f'{once}{floor()}<script>nnlibStart("{key}")</script>\n')


def floor():
    """In the JavaScript of 2009: browsers that cannot read the modules can read this."""
    return FLOOR % json.dumps(_("This browser is too old to move this; the picture shows how it begins. It works from "
                                "Chrome 86, Firefox 90 and Safari 15.4 on."), ensure_ascii=False)


FLOOR = """<script data-nnlib-once="floor">window.nnlibStart = function (key) {
  var widgets = window.nnlibWidgets;
  if (widgets && widgets.host && Element.prototype.replaceChildren) return widgets.host.start(key);
  var root = document.querySelector('[data-nnlib-key="' + key + '"]'), note = document.createElement("p");
  if (!root) return;
  note.className = "nnlib-failure";
  note.textContent = %s;
  root.appendChild(note);
};</script>
"""
