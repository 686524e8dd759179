"""A language model of Tang poems writes stanzas, character by character."""

import numpy as np

from nnbook.data.poems import BEGIN, OTHER, load_quatrains, poem_model, poem_tokens
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import pack, pack_cell, pack_linear
from nnlib import activations, checks


def example():
    tokens = poem_tokens(load_quatrains())
    return {"model": poem_model(tokens, np.random.default_rng(0)), "tokens": tokens}


@widget(example=example)
def poem_writer(model, tokens, text="月", temperature=0.6):
    """The likeliest next characters after `text`, and three stanzas that begin with it, drawn in the page.  [A50]

    model: Sequential(Embedding, GRU, Linear) over `tokens`, as nnbook.data.poems.poem_model makes it. temperature:
    what the scores are divided by before softmax. The model reads characters that it does not know, but writes none.

    Raises ValueError for a text that is not of at most 20 Chinese characters among the tokens, or a temperature ≤ 0.
    """
    if not (len(text) <= 20 and set(text) <= set(tokens[4:])):
        raise ValueError(f"text must be at most 20 characters that the model knows, got {text!r}")
    checks.number(temperature, "temperature", low_included=False)
    p = next_character(model, tokens, text, temperature)
    state = {"text": text, "temperature": float(temperature), "seed": 1, "tokens": tokens,
             "embedding": pack(model[0].W), "cell": pack_cell(model[1]), "head": pack_linear(model[2])}

    def picture():
        from nnbook.plots import recurrent_networks as recurrent
        best = np.argsort(-p, kind="stable")[:12]
        return recurrent.next_characters([tokens[k] for k in best], p[best], text)

    return FrontEnd("poem_writer", state, picture, alt=_(
        "Which character follows “{text}” in a Tang poem: the language model thinks of {best} first, with probability "
        "{p:.2f}.", text=text, best=tokens[int(p.argmax())], p=p.max())).show()


def next_character(model, tokens, text, temperature=1.0):
    """Probabilities (n,) of the token after `text`; a comma or a full stop stands after each five characters."""
    ids = [BEGIN]
    for k, c in enumerate(text):
        ids += [tokens.index(c), *([tokens.index("，。"[k // 5 % 2])] if k % 5 == 4 else [])]
    logits = model(np.array([ids]))[0, -1].astype(float)
    logits[: OTHER + 1] = -np.inf
    return activations.softmax(logits[None] / temperature)[0]
