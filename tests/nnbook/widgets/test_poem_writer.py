"""The poems' language model in the page against nnlib, with the stored weights."""

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from nnbook.data import poems
from nnbook.plots.style import FONT
from nnbook.widgets.core.packed_sequences import pack, pack_cell, pack_linear
from nnbook.widgets.poem_writer.poem_writer import next_character, poem_writer
from tests.support.engine import Engine

from .test_sequences import as_json

NETWORK = """{embedding: nn.packed_sequences.unpack(embedding), cell: nn.packed_sequences.unpackCell(cell),
    head: nn.packed_sequences.unpackLinear(head)}"""


@pytest.fixture(scope="module")
def engine():
    return Engine("poem_writer", "packed_sequences")


@pytest.fixture(scope="module")
def tokens():
    return poems.poem_tokens(poems.load_quatrains())


@pytest.fixture(scope="module")
def model(tokens):
    return poems.poem_model(tokens, np.random.default_rng(0)).load(poems.TRAINED)


def packed(model, tokens):
    return {"embedding": as_json(pack(model[0].W)), "cell": as_json(pack_cell(model[1])),
            "head": as_json(pack_linear(model[2])), "tokens": tokens}


@pytest.mark.parametrize(("text", "temperature"), [("", 1.0), ("明月", 0.6), ("白日依山尽黄河", 1.5)])
def test_probabilities_of_the_next_character(engine, model, tokens, text, temperature):
    got = engine.run(f"""(() => {{ const T = [...tokens]; return Array.from(
        nn.poem_writer.read({NETWORK}, nn.poem_writer.tokensOf(text, T), t).p) }})()""",
                     text=text, t=temperature, **packed(model, tokens))
    np.testing.assert_allclose(got, next_character(model, tokens, text, temperature), atol=2e-5)


def test_a_stanza_goes_on_from_its_beginning_and_never_writes_an_unknown_character(engine, model, tokens):
    run = f"""(() => {{ const T = [...tokens], ids = nn.poem_writer.tokensOf("明月", T);
        return [7, 8, 9].map(seed => nn.poem_writer.write({NETWORK}, ids, 1.5, nn.packed_sequences.dice(seed))) }})()"""
    stanzas = engine.run(run, **packed(model, tokens))
    assert all(len(ids) == 24 and min(ids) > poems.OTHER for ids in stanzas)
    assert {"".join(tokens[k] for k in ids[:2]) for ids in stanzas} == {"明月"} and len(set(map(str, stanzas))) == 3


@pytest.mark.parametrize(("text", "ids"), [
    ("", ""), ("明 月", "明月"), ("moon 明月！", "明月"), ("明月明月明月", "明月明月明，月"), ("龘月", "□月"),
    ("明月明月明明月明月明明月明月明明月明月明月", "明月明月明，明月明月明。明月明月明，明月明月明。")])
def test_text_of_a_reader(engine, tokens, text, ids):
    got = engine.run("nn.poem_writer.tokensOf(text, [...tokens])", text=text, tokens=tokens)
    assert got[0] == 0 and "".join(tokens[k] for k in got[1:]) == ids


def test_stanzas(tokens):
    stanzas = poems.load_quatrains()
    lines = [{stanza[k : k + 5] for k in range(0, 20, 5)} for stanza in stanzas]
    assert len(stanzas) == 14591 and {len(stanza) for stanza in stanzas} == {20}
    assert len(set.union(*lines)) == sum(map(len, lines)), "a line stands in two stanzas: in training and test, maybe"
    assert len(set(tokens)) == len(tokens) == 800
    assert set(tokens) <= set(map(chr, TTFont(FONT).getBestCmap())), "the book's font lacks a character"
    x, y = poems.poem_task(["一二三四五六七八九十" * 2], tokens)
    assert x.shape == y.shape == (1, 24) and (x[0, 1:] == y[0, :-1]).all() and x[0, 0] == poems.BEGIN
    assert [tokens[k] for k in y[0, [5, 11, 17, 23]]] == ["，", "。", "，", "。"]


@pytest.mark.parametrize("arguments", [{"text": "moon"}, {"text": "明" * 21}, {"temperature": 0}])
def test_refuses(model, tokens, arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        poem_writer(model, tokens, **arguments)
