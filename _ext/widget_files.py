"""What the widgets of a page need stands in files beside it: the text comes first, and other pages need the same.

In a notebook each output carries its scripts, its state and its picture, so that it works alone. On a page they would
be two thirds of what a phone loads before it shows a word.
"""

import functools
import hashlib
import json
import os

from selectolax.lexbor import LexborHTMLParser

from nnbook.widgets.core import modules

FOLDER = "_static/widgets"
LARGE = 3000  # characters of a state
# In the JavaScript of 2009, as the floor, which it ends with: also a browser that cannot read the modules says so.
START = """%s
window.nnlibState = function (key, text) {
  var states = document.querySelectorAll('[data-nnlib-key="' + key + '"] > script');
  [].forEach.call(states, function (state) { state.textContent = text; });
  nnlibStart(key);
};
[].forEach.call(document.querySelectorAll("[data-nnlib-key]"), function (root) {
  var key = root.getAttribute("data-nnlib-key"), script = document.createElement("script");
  if (document.querySelector('[data-nnlib-key="' + key + '"]') !== root) return; // its equal was started with the first
  if (!root.hasAttribute("data-nnlib-state")) return nnlibStart(key);
  script.src = root.getAttribute("data-nnlib-state");
  script.onerror = function () { nnlibStart(key); };
  document.head.appendChild(script);
});
"""


def carry_out(page, path, site):
    """Move scripts and large states into files; the page's own order of scripts stays."""
    once = {node.attributes["data-nnlib-once"]: node for node in page.css("script[data-nnlib-once]")}
    if not once:
        return
    floor = once.pop("floor")
    shared, own = shared_scripts(), {}
    for key, node in once.items():
        if key not in shared:
            own[key] = node.text()
        node.remove()
    files = ["".join(shared.values()), "".join(own.values()), START % floor.text().strip()]
    floor.remove()
    for node in page.css("script"):
        if node.text().startswith("nnlibStart("):
            node.remove()
    folder = os.path.relpath(site / FOLDER, path.parent)
    for root in page.css("[data-nnlib-key]"):
        state = root.css_first('script[type="application/json"]')
        if len(state.text()) > LARGE:
            key = root.attributes["data-nnlib-key"]
            given = ", ".join(json.dumps(text, ensure_ascii=False) for text in (key, state.text()))
            root.attrs["data-nnlib-state"] = f"{folder}/{write(site, f'state-{key}', f'nnlibState({given})')}"
            state.inner_html = ""
    head = page.css_first("head")
    for text in filter(None, files):
        name = write(site, hashlib.sha256(text.encode()).hexdigest()[:10], text)
        script = LexborHTMLParser(f'<script defer src="{folder}/{name}"></script>')
        head.insert_child(script.css_first("script"))


def write(site, name, text):
    file = site / FOLDER / f"{name}.js"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf8")
    return file.name


def sweep(site):
    """Take away what no page needs any more."""
    text = "".join(page.read_text("utf8") for page in site.rglob("*.html"))
    for file in (*(site / FOLDER).glob("*.js"), *(site / "_images").glob("still_*")):
        if file.name not in text:
            file.unlink()


@functools.cache
def shared_scripts():
    """{key: script} of the modules that most widgets and questions need, in an order in which they can be run."""
    return dict(script for name in ("host", "panel", "plot", "quiz") for script in modules.scripts(name))
