"""What the widgets of chapter 10 share: weights packed for the page, and a font for the Chinese that they show."""

import io
import logging

import numpy as np

from nnbook.data.sequence_models import on_grid
from nnbook.widgets.core.pictures import base64_text
from nnlib.recurrent import GRU, RNN


def first_shown(widget, models, vocabulary, examples, model=None):
    """The name of the model that a reader's widget begins with: `model`, or the first.

    Raises ValueError if there is none, or no example, or one that knows other tokens than the vocabulary.
    """
    if not models or not examples:
        raise ValueError(f"{widget} needs at least one model and one example")
    for name, network in models.items():
        if network.embedding.n_tokens != len(vocabulary):
            raise ValueError(f"model {name!r} knows {network.embedding.n_tokens} tokens, "
                             f"the vocabulary has {len(vocabulary)}")
    name = next(iter(models)) if model is None else model
    if name not in models:
        raise ValueError(f"model must be one of {', '.join(models)}, got {model!r}")
    return name


def pack(array):
    """An array as text for sequences.js: one character for each whole number, two for the unit of each row.

    Exact for the weights that tools/train_sequences.py stored; others are rounded, each by at most 0.8 % of the
    largest of its row.
    """
    for levels in (7, 15, 127):
        whole, unit = on_grid(array, levels)
        if (whole * unit).ravel().tolist() == np.asarray(array, dtype=float).ravel().tolist():
            break
    mantissa, exponent = np.frexp(unit.ravel())
    zero = ord("_") if levels < 32 else 0x180  # in the middle of ASCII, or of letters that JSON keeps as they are
    return {"shape": np.shape(array), "zero": zero, "values": "".join(map(chr, whole.ravel() + zero)),
            "units": "".join(chr(int(128 * m) - 20) + chr(e + 90) for m, e in zip(mantissa, exponent, strict=True))}


def pack_cell(cell):
    """Kind and weights of an RNN or a GRU."""
    if not isinstance(cell, RNN | GRU):
        raise TypeError(f"the page can run RNN and GRU, not {cell!r}")
    return {"kind": type(cell).__name__.lower(), "U": pack(cell.U), "W": pack(cell.W), "b": pack(cell.b)}


def pack_linear(layer):
    return {"W": pack(layer.W), "b": pack(layer.b)}


def han_font(texts):
    """The Chinese characters of these texts from the book's font, as base64 of a WOFF font; "" if there are none.

    A machine without Chinese fonts then shows them all the same.
    """
    characters = sorted({c for text in texts for c in text if ord(c) >= 0x2E80})
    if not characters:
        return ""
    from fontTools import subset  # comes with matplotlib

    from nnbook.plots.style import FONT

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it remarks on the font's date, which is fixed
    options = subset.Options(flavor="woff", hinting=False, desubroutinize=False, notdef_outline=True,
                             recalc_timestamp=False)
    font = subset.load_font(FONT, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in characters])
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    font.close()
    return base64_text(buffer.getvalue())


def pack_translator(model):
    """Weights of an EncoderDecoder, and of its attention if it has one."""
    packed = {"source": pack(model.source.W), "encoder": pack_cell(model.encoder), "target": pack(model.target.W),
              "decoder": pack_cell(model.decoder), "head": pack_linear(model.head)}
    return packed | ({"M": pack(model.attention.M)} if hasattr(model, "attention") else {})
