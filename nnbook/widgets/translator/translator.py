"""An encoder–decoder translates, one token at a time."""

import numpy as np

from nnbook.widgets.core.host import FrontEnd, widget
from nnbook.widgets.core.packed_sequences import han_font, pack, pack_cell, pack_linear
from nnlib import activations


def small_example():
    from nnbook import data
    from nnlib.sequences import EncoderDecoder

    pairs = [(list("12"), list("十二")), (list("7"), list("七"))]
    source, target = (data.Vocabulary([pair[k] for pair in pairs]) for k in (0, 1))
    model = EncoderDecoder(len(source), len(target), 3, 5, rng=np.random.default_rng(1))
    return {"model": model, "source_vocabulary": source, "target_vocabulary": target, "examples": pairs}


@widget(example=small_example)
def translator(model, source_vocabulary, target_vocabulary, examples, separator=""):
    """Greedy decoding step by step: the encoder's last state, then what the decoder thinks at each step.  [A48]

    model: EncoderDecoder with RNN or GRU cells that was trained on sources turned backwards. examples: pairs (source
    tokens, right target tokens). separator: between tokens of the source, "" for characters, " " for words.

    Raises ValueError without examples or if the model does not fit the vocabularies.
    """
    if not examples:
        raise ValueError("translator needs at least one example")
    sizes, known = (model.source.n_tokens, model.target.n_tokens), (len(source_vocabulary), len(target_vocabulary))
    if sizes != known:
        raise ValueError(f"the model knows {sizes} source and target tokens, the vocabularies have {known}")
    source, right = examples[0]
    said, states, p = decode(model, source_vocabulary.encode(source[::-1]))
    tokens = [target_vocabulary.tokens[k] for k in said]
    state = {
        "text": separator.join(source), "at": len(said), "separator": separator,
        "examples": [[separator.join(s), "".join(t)] for s, t in examples],
        "source_vocabulary": source_vocabulary.tokens, "target_vocabulary": target_vocabulary.tokens,
        "font": han_font(target_vocabulary.tokens),
        "model": {"source": pack(model.source.W), "encoder": pack_cell(model.encoder), "target": pack(model.target.W),
                  "decoder": pack_cell(model.decoder), "head": pack_linear(model.head)},
    }

    def picture():
        from nnbook.plots import sequence_tasks as sequences
        return sequences.decoding(separator.join(source), tokens, p, target_vocabulary.tokens)

    return FrontEnd("translator", state, picture, alt=(
        f"“{separator.join(source)}” becomes {''.join(tokens).replace('<eos>', '')}, one token at a time; the "
        f"probabilities of the chosen tokens lie between {p.max(axis=1).min():.2f} and {p.max(axis=1).max():.2f}."
    )).show()


def decode(model, ids, most=40):
    """Greedy decoding of one source by nnlib: (ids said, states (T, H), probabilities (T, n_target))."""
    from nnbook.data import BOS, EOS

    model.encoder(model.source(ids[None]))
    state, token, said, states, p = model.encoder.h_last, BOS, [], [], []
    while token != EOS and len(said) < most:
        state = model.decoder(model.target(np.array([[token]])), h0=state)[:, 0]
        p.append(activations.softmax(model.head(state)[0].astype(float)))
        states.append(state[0])
        token = int(p[-1].argmax())
        said.append(token)
    return said, np.array(states), np.array(p)
