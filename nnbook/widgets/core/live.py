"""A widget in a live kernel: the picture that it leaves in the notebook, the end of what a cell's former run made."""

import html

from nnbook.language import _

VIEW = "application/vnd.jupyter.widget-view+json"
ROW, OUTPUT = ".jp-OutputArea-child", ".jp-OutputArea-output"
DEAD = ".jupyter-widgets:not(:has(*))"  # says "Error displaying widget: model not found", where a progress bar was, too
STYLE = f"""\
{ROW}:has(+ {ROW} > {OUTPUT}:is(.jupyter-widgets, .lm-mod-hidden)) .nnlib-kept {{ display: block !important; }}
{ROW}:has(+ {ROW} > {OUTPUT}.jupyter-widgets > *) .nnlib-kept {{ display: none !important; }}
{OUTPUT}{DEAD} {{ display: none; }}
.nnlib-kept img {{ max-width: 100%; background: #fff; }}
body[data-jp-theme-light="false"] .nnlib-kept img {{ filter: invert(.93) hue-rotate(180deg) brightness(1.3); }}"""
former = {}  # cell -> (its last run, what that run made)


def with_picture(live, bundle):
    """The live widget, which also leaves a picture for places that do not know widgets, such as GitHub.

    A second one, in an output of its own, is for a saved notebook that is opened again: JupyterLab finds the widget no
    more, says so, and shows nothing else of the same output.
    """
    kind = type(live)

    def display(self, **kwargs):
        from IPython.display import display

        note_place(self)
        view, metadata = {}, {}
        if not hasattr(self, "nnlib_closed"):
            view = {VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.model_id}}
            own = kind._repr_mimebundle_(self) if hasattr(kind, "_repr_mimebundle_") else None
            metadata = own[1] if isinstance(own, tuple) else {}  # by which Colab finds anywidget's front end
        if view and "image/png" in bundle:
            display({"text/html": kept(bundle), "text/plain": ""}, raw=True)
        display(bundle | view, metadata=metadata, raw=True)
        if hasattr(self, "_handle_displayed"):  # ipywidgets 7
            self._handle_displayed(**kwargs)

    live.__class__ = type(kind.__name__, (kind,), {"_ipython_display_": display})
    close_former(live)
    return live


def kept(bundle):
    """The picture, hidden as long as the output after it, the widget, is alive.

    Of a notebook that is not trusted the style is dropped: the output after it then shows the picture that it has.
    """
    return (f'<div class="nnlib-kept" style="display: none"><style>{STYLE}</style>'
            f'<p>{_("Run this cell, and the picture moves.")}</p>'
            f'<img alt="{html.escape(bundle["text/plain"])}" src="data:image/png;base64,{bundle["image/png"]}"></div>')


# ipywidgets keeps every widget until it is closed, in the kernel and in the browser: without what follows, a cell that
# runs fifty times leaves fifty.


def request():
    """The front end's message that runs this cell; {} where there is none."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return kernel.get_parent("shell") if hasattr(kernel, "get_parent") else {}


def this_cell():
    """(cell, run) as the front end names them; (None, None) where it does not."""
    parent = request()
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


def close_former(live):
    """Close what this cell's former run made, unless another cell shows it, too."""
    cell, run = this_cell()
    if cell is None:
        return
    last, made = former.get(cell, (run, []))
    if last != run:
        for widget in made:
            if widget.nnlib_places == {cell}:
                close(widget)
        made = []
    live.nnlib_places = set()
    former[cell] = run, [*made, live]


def note_place(live):
    if hasattr(live, "nnlib_places"):
        live.nnlib_places.add(this_cell()[0])


def close(widget):
    """The widget and its parts: controls, their layouts, what links them."""
    others = (getattr(widget, name, None) for name in ("layout", "style", "link", "note"))
    for part in [*getattr(widget, "children", ()), *others]:
        if hasattr(part, "close"):
            close(part)
    widget.close()
    vars(widget).pop("_ipython_display_", None)  # closed, it would show nothing any more
    widget.nnlib_closed = True
