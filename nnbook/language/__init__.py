"""The language in which widgets, figures, questions and checks speak: English, or Chinese by a catalogue.

    from nnbook.language import use_language
    use_language("zh")

In the code a word stands in English, in `_("learning rate")`, by the gettext convention; with values, in
`_("step {n} of {steps}", n=3, steps=12)`. It is looked up when it is used, never at import: a table of a module holds
the English word, marked by `N_("…")`, and whoever shows it calls `_`. JavaScript has the same `_`
(nnbook/widgets/core/language.js). tools/words.py gathers all words in translations/zh_CN/words.po and writes from it
the catalogue that stands here. A word without a translation is shown in English. The engine, nnlib, knows of none.
"""

import json
from pathlib import Path

CATALOGUES = {"en": None, "zh": Path(__file__).with_name("zh_CN.json")}
words = {}  # {English: as it is shown} of the language in use


def use_language(name):
    """Speak "en" (English) or "zh" (Simplified Chinese) from now on. Raises ValueError for another name."""
    global words
    if name not in CATALOGUES:
        raise ValueError(f"use_language expects one of {list(CATALOGUES)}, got {name!r}")
    words = json.loads(CATALOGUES[name].read_text("utf8")) if CATALOGUES[name] else {}


def _(text, /, **values):
    """`text` in the language in use, with {values} in their places, as `str.format` sets them."""
    text = words.get(text, text)
    return text.format(**values) if values else text


def N_(text):  # noqa: N802  gettext's name
    """`text` as it is: marks a word of a table that is looked up later."""
    return text
