"""A small language model writes given names, letter by letter."""

import numpy as np

from nnbook.data.names import LETTERS, name_model
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import pack_cell, pack_linear
from nnlib import GRU, activations, checks


@widget(example=lambda: {"model": name_model(GRU, np.random.default_rng(0))})
def name_writer(model, text="mar", temperature=1.0, unit=1):
    """The next letter's probabilities after `text`, and ten names drawn from them, in the page.  [A50]

    model: Sequential(GRU or RNN, Linear) over one-hot letters, as nnbook.data.names.name_model makes it. temperature:
    what the scores are divided by before softmax. unit: whose state colours the letters, from 1.

    Raises ValueError for a text with other letters than a to z, a temperature or a unit that does not exist.
    """
    cell, head = model[0], model[1]
    if not set(text) <= set(LETTERS[1:]):
        raise ValueError(f"text must be made of the letters a to z, got {text!r}")
    checks.number(temperature, "temperature", low_included=False)
    if checks.integer(unit, "unit", 1) > cell.n_hidden:
        raise ValueError(f"unit must be from 1 to {cell.n_hidden}, got {unit}")
    p = next_letter(model, text, temperature)
    state = {"text": text, "temperature": float(temperature), "unit": unit, "seed": 1,
             "cell": pack_cell(cell), "head": pack_linear(head)}

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        return recurrent.next_letters(LETTERS, p, text)

    best = int(p.argmax())
    return FrontEnd("name_writer", state, picture, alt=_(
        "Which letter follows “{text}” in a given name: the language model thinks of {best} first, with probability "
        "{p:.2f}.", text=text, best=LETTERS[best] if best else _("the end"), p=p[best])).show()


def next_letter(model, text, temperature=1.0):
    """Probabilities (27,) of the letter after `text`; the first is that of the end."""
    ids = [LETTERS.index(c) for c in "." + text]
    logits = model(np.eye(len(LETTERS), dtype=np.float32)[[ids]])[0, -1]
    return activations.softmax(logits.astype(float)[None] / temperature)[0]
