"""The JavaScript of chapter 10's widgets against nnlib, with the stored weights: 1e-9 (nothing is rounded again)."""

import base64
import io

import numpy as np
import pytest

from nnbook import data
from nnbook.data import sequence_models as tasks
from nnbook.widgets.core.packed_sequences import han_font, pack, pack_cell, pack_linear
from nnbook.widgets.translator.translator import decode
from nnlib import GRU, activations
from nnlib.sequences import EncoderDecoder, SequenceClassifier, SequenceTagger
from tests.support.engine import Engine

CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@pytest.fixture(scope="module")
def engine():
    engine = Engine("packed_sequences")
    engine.engine.eval("""globalThis.atob ??= text => {
      const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      let bits = 0, count = 0, result = "";
      for (const c of text.replace(/=+$/, "")) {
        bits = bits << 6 | digits.indexOf(c);
        count += 6;
        if (count >= 8) result += String.fromCharCode(bits >> (count -= 8) & 255);
      }
      return result;
    };""")
    return engine


@pytest.mark.parametrize("levels", [7, 15])
def test_packed_weights(engine, levels):
    rng = np.random.default_rng(0)
    whole, unit = tasks.on_grid(10.0 ** rng.integers(-4, 2, size=(50, 1)) * rng.normal(size=(50, 7)), levels)
    for exact in (whole * unit, (whole * unit)[0], np.zeros(3)):
        assert engine.run("nn.packed_sequences.unpack(packed)", packed=as_json(pack(exact))) == exact.tolist()
    loose = rng.normal(size=(4, 50))
    off = np.abs(np.array(engine.run("nn.packed_sequences.unpack(packed)", packed=as_json(pack(loose)))) - loose)
    assert (off.max(axis=1) <= 0.008 * np.abs(loose).max(axis=1)).all()


def as_json(packed):
    return {key: as_json(value) if isinstance(value, dict) else
            [as_json(v) for v in value] if isinstance(value, list) else
            list(value) if isinstance(value, tuple) else value for key, value in packed.items()} \
        if isinstance(packed, dict) else packed


@pytest.mark.parametrize("pool", ["last", "mean"])
def test_sentiment(engine, pool):
    words, _, _, vocabulary, parts = tasks.sentiment_task()
    model = SequenceClassifier(len(vocabulary), 8, 24, pool, rng=np.random.default_rng(0))
    model.load(tasks.trained_sequence(f"sentiment_{pool}"))
    packed = {"embedding": pack(model.embedding.W), "cell": pack_cell(model.cell), "head": pack_linear(model.head)}
    for review in words[parts.test][:5]:
        got = engine.run("""(() => {
            const { unpack, unpackCell, unpackLinear, ids, read } = nn.packed_sequences;
            return read({ pool, embedding: unpack(p.embedding), cell: unpackCell(p.cell), head: unpackLinear(p.head) },
                        ids(words, vocabulary)); })()""",
                         p=as_json(packed), pool=pool, words=review, vocabulary=vocabulary.tokens)
        codes = vocabulary.encode(review)[None]
        np.testing.assert_allclose(got["logits"], [model(codes[:, :t + 1])[0, 0] for t in range(len(review))], **CLOSE)
        np.testing.assert_allclose(got["states"], model.cell(model.embedding(codes))[0], **CLOSE)


def test_words_are_cut_as_in_python(engine):
    for text in ("It's 5 o'clock!", "Not good... at all", "naïve café, well-made", "don’t  buy", "", "snake_case"):
        assert engine.run("nn.packed_sequences.words(text)", text=text) == data.tokenize(text)


@pytest.mark.parametrize("context", ["none", "left", "both"])
def test_tagger(engine, context):
    sentences, _, _, vocabulary, parts = tasks.segmentation_task()
    model = SequenceTagger(len(vocabulary), 16, 32, 4, context, rng=np.random.default_rng(0))
    model.load(tasks.trained_sequence(f"tagger_{context}"))
    packed = {"embedding": pack(model.embedding.W), "cells": [pack_cell(c) for c in model.cells],
              "head": pack_linear(model.head)}
    for words in sentences[parts.test][:5]:
        text = "".join(words)
        got, cut = engine.run("""(() => {
            const { unpack, unpackCell, unpackLinear, ids, tag, split } = nn.packed_sequences;
            const p = tag({ embedding: unpack(p_.embedding), cells: p_.cells.map(unpackCell),
              head: unpackLinear(p_.head) }, ids([...text], vocabulary));
            return [p, split([...text], p.map(row => "BMES"[row.indexOf(Math.max(...row))]))]; })()""",
                              p_=as_json(packed), text=text, vocabulary=vocabulary.tokens)
        p = activations.softmax(model(vocabulary.encode(text)[None])[0])
        np.testing.assert_allclose(got, p, **CLOSE)
        assert cut == data.split_words(text, "".join(data.TAGS[k] for k in p.argmax(axis=1)))


@pytest.mark.parametrize(("name", "dim", "hidden"), [("numbers", 12, 48), ("sentences", 24, 96)])
def test_translation(engine, name, dim, hidden):
    pairs, _, _, source_words, target_words, parts = tasks.translation_task(name)
    model = EncoderDecoder(len(source_words), len(target_words), dim, hidden, rng=np.random.default_rng(0))
    model.load(tasks.trained_sequence(name))
    packed = {"source": pack(model.source.W), "encoder": pack_cell(model.encoder), "target": pack(model.target.W),
              "decoder": pack_cell(model.decoder), "head": pack_linear(model.head)}
    for source, _ in pairs[parts.test][:3]:
        got = engine.run("""(() => {
            const { unpack, unpackCell, unpackLinear, ids, translate } = nn.packed_sequences;
            const network = { source: unpack(p.source), encoder: unpackCell(p.encoder), target: unpack(p.target),
              decoder: unpackCell(p.decoder), head: unpackLinear(p.head) };
            return translate(network, ids(source, vocabulary).reverse()); })()""",
                         p=as_json(packed), source=source, vocabulary=source_words.tokens)
        said, states, p = decode(model, source_words.encode(source[::-1]))
        assert [step["output"] for step in got["steps"]] == said
        assert said == model.translate(source_words.encode(source[::-1])[None])[0].tolist()
        np.testing.assert_allclose([step["p"] for step in got["steps"]], p, **CLOSE)
        np.testing.assert_allclose([step["state"] for step in got["steps"]], states, **CLOSE)


def test_the_font_holds_the_characters_of_the_examples():
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(base64.b64decode(han_font(["我鍾意 abc", "香港"])))) as font:
        assert {"我", "鍾", "意", "香", "港"} <= set(map(chr, font.getBestCmap()))
    assert han_font(["abc"]) == ""


def test_cells_that_the_page_cannot_run_are_refused():
    with pytest.raises(TypeError, match="RNN and GRU"):
        pack_cell(data)
    assert pack_cell(GRU(2, 3, rng=np.random.default_rng(0)))["kind"] == "gru"
