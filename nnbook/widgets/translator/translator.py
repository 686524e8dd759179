"""Encoder–decoders translate, one token at a time; one with attention shows where it looks."""

import numpy as np

from nnbook.data.text import EOS
from nnbook.language import _
from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import han_font, pack_translator
from nnlib import activations
from nnlib.sequences import BOS, beam_search

WIDTHS = (1, 5)


def small_example():
    from nnbook import data
    from nnlib.sequences import EncoderDecoder, EncoderDecoderWithAttention

    pairs = [(list("12"), list("十二")), (list("7"), list("七"))]
    source, target = (data.Vocabulary([pair[k] for pair in pairs]) for k in (0, 1))
    rng = np.random.default_rng(1)
    models = {_("one vector"): EncoderDecoder(len(source), len(target), 3, 5, rng=rng),
              _("attention"): EncoderDecoderWithAttention(len(source), len(target), 3, 4, rng=rng)}
    return {"models": models, "source_vocabulary": source, "target_vocabulary": target, "examples": pairs}


@widget(example=small_example)
def translator(models, source_vocabulary, target_vocabulary, examples, separator="", model=None, beam=1,
               numerals=False):
    """Decoding step by step: what the decoder thinks at each step, and where it looks.  [A48, X06]

    models: {name: EncoderDecoder with RNN or GRU cells, with attention or without} that were trained on sources turned
    backwards; model: name of the one shown first. examples: pairs (source tokens, right target tokens). separator:
    between tokens of the source, "" for characters, " " for words. beam: 1, greedy, or 5. numerals: the right answer
    to a typed number is known, too.

    Raises ValueError without models or examples, for another beam, or if a model does not fit the vocabularies.
    """
    if not models or not examples:
        raise ValueError("translator needs at least one model and one example")
    known = len(source_vocabulary), len(target_vocabulary)
    for name, network in models.items():
        if (sizes := (network.source.n_tokens, network.target.n_tokens)) != known:
            raise ValueError(f"model {name!r} knows {sizes} source and target tokens, the vocabularies have {known}")
    name = next(iter(models)) if model is None else model
    if name not in models or beam not in WIDTHS:
        raise ValueError(f"model must be one of {', '.join(models)} and beam 1 or 5, got {model!r} and {beam!r}")
    source, right = examples[0]
    said, p, weights = decode(models[name], source_vocabulary.encode(source[::-1]), beam)
    tokens = [target_vocabulary.tokens[k] for k in said]
    state = {
        "text": separator.join(source), "at": len(said), "separator": separator, "model": name, "beam": beam,
        "examples": [[separator.join(s), "".join(t)] for s, t in examples], "numerals": numerals,
        "source_vocabulary": source_vocabulary.tokens, "target_vocabulary": target_vocabulary.tokens,
        "font": han_font(target_vocabulary.tokens),
        "models": {key: pack_translator(network) for key, network in models.items()},
    }

    def picture():
        from nnbook.plots import sequence_tasks as sequences
        if weights is not None:
            return sequences.attention(source, tokens, weights[:, ::-1])
        return sequences.decoding(separator.join(source), tokens, p, target_vocabulary.tokens)

    return FrontEnd("translator", state, picture, alt=_(
        "“{source}” becomes {said}, one token at a time; the probabilities of the chosen tokens lie between "
        "{least:.2f} and {most:.2f}.", source=separator.join(source), said="".join(tokens).replace("<eos>", ""),
        least=p[range(len(said)), said].min(), most=p[range(len(said)), said].max())).show()


def decode(model, ids, beam=1):
    """One source by nnlib: (ids said, probabilities (T, n_target), attention weights (T, S) or None)."""
    _, said = beam_search(model, ids, beam)[0]
    said = said if len(said) == 40 else [*said, EOS]
    p = activations.softmax(model(ids[None], np.array([[BOS, *said[:-1]]]))[0].astype(float))
    return said, p, model.attention.weights[0] if hasattr(model, "attention") else None
