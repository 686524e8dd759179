"""Recurrent networks cut a Chinese sentence into words: the lattice of tags and the best path through it."""

import numpy as np

from nnbook import data
from nnbook.language import N_, _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import first_shown, han_font, pack, pack_cell, pack_linear
from nnlib import activations


def small_example():
    from nnlib.sequences import SequenceTagger

    sentences = [["我", "鍾意", "博物館"], ["佢", "唔", "識", "飛"]]
    vocabulary = data.Vocabulary(["".join(words) for words in sentences])
    rng = np.random.default_rng(0)
    models = {_(context): SequenceTagger(len(vocabulary), 3, 4, 4, context, rng=rng)
              for context in (N_("none"), N_("left"), N_("both"))}
    return {"models": models, "vocabulary": vocabulary, "examples": sentences}


@widget(example=small_example)
def segmenter(models, vocabulary, examples, model=None, decode="legal"):
    """Choose or type a sentence: the tags B, M, E, S of each character, their probabilities, the words.  [A47]

    models: {name: SequenceTagger} with RNN or GRU cells; vocabulary: of characters; examples: sentences, each a list
    of words, the right ones. model: name of the one shown first. decode: "legal", the best path that tags can take
    (`data.best_tags`), or "each", the likeliest tag of each character.

    Raises ValueError without models or examples, if a model knows another number of tokens than the vocabulary, or
    for another way to decode.
    """
    name = first_shown("segmenter", models, vocabulary, examples, model)
    if decode not in ("legal", "each"):
        raise ValueError(f"decode must be 'legal' or 'each', got {decode!r}")
    text = "".join(examples[0])
    p = activations.softmax(models[name](vocabulary.encode(text)[None])[0].astype(float))
    tags = data.best_tags(np.log(p)) if decode == "legal" else "".join(data.TAGS[k] for k in p.argmax(axis=1))
    words = data.split_words(text, tags)
    state = {
        "text": text, "model": name, "decode": decode, "examples": ["|".join(words) for words in examples],
        "vocabulary": vocabulary.tokens, "font": han_font(["".join(words) for words in examples]),
        "models": {key: {"embedding": pack(network.embedding.W), "cells": [pack_cell(c) for c in network.cells],
                         "head": pack_linear(network.head)} for key, network in models.items()},
    }

    def picture():
        from nnbook.plots import sequence_tasks as sequences
        return sequences.tag_probabilities(text, p, tags)

    return FrontEnd("segmenter", state, picture, alt=_(
        "The sentence {text}, with the probability of each tag for each character; it is cut into {words}.", text=text,
        words=" | ".join(words))).show()
