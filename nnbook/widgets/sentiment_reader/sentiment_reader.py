"""A recurrent network reads a review, word by word."""

import numpy as np

from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import first_shown, pack, pack_cell, pack_linear
from nnlib import checks


def small_example():
    from nnbook import data
    from nnlib.sequences import SequenceClassifier

    texts = ["A good film.", "The food was not good at all!", "Bad film, bad food."]
    vocabulary = data.Vocabulary([data.tokenize(text) for text in texts])
    rng = np.random.default_rng(0)
    models = {_(pool): SequenceClassifier(len(vocabulary), 3, 5, pool, rng=rng) for pool in (N_("last"), N_("mean"))}
    return {"models": models, "vocabulary": vocabulary, "examples": texts}


@widget(example=small_example)
def sentiment_reader(models, vocabulary, examples, model=None):
    """Choose or type a review: state and probability after each word, and how much each word changed it.  [A46]

    models: {name: SequenceClassifier} with RNN or GRU cells; vocabulary: of words; examples: list of texts.
    model: name of the one shown first. The weights go into the page, with eight bits each (core/packed_sequences.py).

    Raises ValueError without models or examples, or if a model knows another number of tokens than the vocabulary.
    """
    name = first_shown("sentiment_reader", models, vocabulary, examples, model)
    words, probabilities = after_each_word(models[name], vocabulary, examples[0])
    state = {
        "text": examples[0], "model": name, "at": len(words), "examples": list(examples),
        "vocabulary": vocabulary.tokens,
        "models": {key: {"pool": network.pool, "embedding": pack(network.embedding.W),
                         "cell": pack_cell(network.cell), "head": pack_linear(network.head)}
                   for key, network in models.items()},
    }

    def picture():
        from nnbook.plots import sequence_tasks as sequences
        return sequences.probability_by_word(words, probabilities)

    return FrontEnd("sentiment_reader", state, picture, alt=_(
        "The review “{text}”, read word by word. The probability that it is positive is {first:.2f} "
        "after the first word and {last:.2f} at the end.", text=examples[0],
        first=probabilities[0], last=probabilities[-1])).show()


def after_each_word(model, vocabulary, text):
    """(words, probability after each word) by nnlib: one row for each beginning of the text."""
    from nnbook import data
    from nnlib import pad_sequences
    from nnlib.activations import sigmoid

    words = data.tokenize(text)
    if not words:
        raise ValueError(f"the first example must hold a word, got {text!r}")
    ids = vocabulary.encode(words)
    beginnings, _ = pad_sequences([ids[:t + 1] for t in range(len(ids))])
    return words, sigmoid(checks.array(model(beginnings), "logits").astype(float))[:, 0]
