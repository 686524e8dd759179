"""A message is typed, and each of its words shows the weight that it has in the linear classifier."""

import numpy as np

from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget


def small_example():
    return {"words": ["free", "win", "home", "you", "call"], "weights": [2.0, 3.1, -2.2, -0.3, 1.2], "bias": -2.5,
            "examples": ["Call now to win a FREE phone!", "Are you home? Call me."]}


@widget(example=small_example)
def spam_reader(words, weights, bias, examples):
    """Choose or type a message: the weight of each word, their sum with the bias, the probability of spam.  [A03, B15]

    words: list of V words; weights: (V,), each counted once if its word is in the message; bias: a number; examples:
    messages, not empty.

    Raises ValueError if words and weights differ in number, or without an example that holds a word.
    """
    from nnbook import data

    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(words),):
        raise ValueError(f"spam_reader expects one weight for each word, got {len(words)} words and {weights.shape}")
    if not examples or not data.tokenize(examples[0]):
        raise ValueError("spam_reader needs examples, the first with a word in it")
    state = {"text": examples[0], "examples": list(examples), "words": list(words), "weights": np.round(weights, 2),
             "bias": round(float(bias), 2)}
    known = dict(zip(words, state["weights"], strict=True))
    found = [(word, float(known.get(word, 0))) for word in dict.fromkeys(data.tokenize(examples[0]))]
    z = state["bias"] + sum(weight for _word, weight in found)

    def picture():
        from nnbook.plots import classification
        return classification.word_weights(found, z)

    return FrontEnd("spam_reader", state, picture, alt=_(
        "The words of “{text}” with their weights, from {least} to {most}; with the bias they sum up to "
        "{z:+.1f}, so the message is {verdict}.", text=examples[0], least=min(found, key=lambda f: f[1])[0],
        most=max(found, key=lambda f: f[1])[0], z=z, verdict=_("spam") if z > 0 else _("not spam"))).show()
