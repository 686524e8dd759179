"""The JavaScript of chapter 10's widgets against nnlib, with the stored weights: 1e-9 (nothing is rounded again)."""

import base64
import io

import numpy as np
import pytest

from nnbook import data
from nnbook.data import sequence_models as tasks
from nnbook.widgets.core.packed_sequences import han_font, pack, pack_cell, pack_linear, pack_translator
from nnbook.widgets.translator.translator import decode
from nnlib import GRU, activations
from nnlib.sequences import SequenceClassifier, SequenceTagger, beam_search
from tests.support.engine import Engine
from tools.train_sequences import TRANSLATORS

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
    for words in sentences[parts.test][:8]:
        text = "".join(words)
        got, tags, cut = engine.run("""(() => {
            const { unpack, unpackCell, unpackLinear, ids, tag, bestTags, split } = nn.packed_sequences;
            const p = tag({ embedding: unpack(p_.embedding), cells: p_.cells.map(unpackCell),
              head: unpackLinear(p_.head) }, ids([...text], vocabulary));
            const tags = bestTags(p).map(k => "BMES"[k]);
            return [p, tags.join(""), split([...text], tags)]; })()""",
                                    p_=as_json(packed), text=text, vocabulary=vocabulary.tokens)
        scores = model(vocabulary.encode(text)[None])[0]
        np.testing.assert_allclose(got, activations.softmax(scores), **CLOSE)
        assert tags == data.best_tags(scores) and cut == data.split_words(text, tags)


def test_paths_through_random_scores(engine):
    rng = np.random.default_rng(0)
    for T in (1, 1, 2, 3, 7):
        p = activations.softmax(2 * rng.normal(size=(T, 4)))
        best = engine.run('nn.packed_sequences.bestTags(p).map(k => "BMES"[k]).join("")', p=p.tolist())
        assert best == data.best_tags(np.log(p))
    assert engine.run("nn.packed_sequences.bestTags([])") == []


@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("name", ["numbers", "sentences", "attention"])
def test_translation(engine, name, width):
    pairs, _, _, source_words, target_words, parts = tasks.translation_task(
        "sentences" if name == "attention" else name)
    kind, dim, hidden, _ = TRANSLATORS[name]
    model = kind(len(source_words), len(target_words), dim, hidden, rng=np.random.default_rng(0))
    model.load(tasks.trained_sequence(name))
    for source, _ in pairs[parts.test][:2]:
        got = engine.run("""(() => {
            const { unpackTranslator, ids, translate } = nn.packed_sequences;
            return translate(unpackTranslator(p), ids(source, vocabulary).reverse(), width); })()""",
                         p=as_json(pack_translator(model)), source=source, vocabulary=source_words.tokens, width=width)
        codes = source_words.encode(source[::-1])
        said, p, weights = decode(model, codes, width)
        assert [step["output"] for step in got[0]["steps"]] == said
        np.testing.assert_allclose([step["p"] for step in got[0]["steps"]], p, **CLOSE)
        if weights is not None:
            np.testing.assert_allclose([step["weights"] for step in got[0]["steps"]], weights, **CLOSE)
        ways = beam_search(model, codes, width)
        assert [[s["output"] for s in way["steps"] if s["output"] != 3] for way in got] == [ids for _, ids in ways]
        np.testing.assert_allclose([way["log"] for way in got], [log_p for log_p, _ in ways], **CLOSE)


def test_what_is_typed_is_read_as_it_is_meant():
    engine = Engine("translator")
    known = ["<pad>", "<unk>", "<bos>", "<eos>", "we", "I", "buy", "cars"]
    for text, tokens in (("We buy cars.", ["we", "buy", "cars"]), ("i  BUY bikes!", ["I", "buy", "bikes"]),
                         ("ｗｅ buy", ["we", "buy"])):
        assert engine.run("nn.translator.tokensOf(text, ' ', known)", text=text, known=known) == tokens
    for text in ("40,500", "４０５００", " 40 500 ", "40，500"):
        assert engine.run("nn.translator.tokensOf(text, '', known)", text=text, known=known) == list("40500")
    for n in (0, 7, 10, 12, 110, 1001, 10_000, 10_203, 40_500, 110_000, 99_999_999):
        assert engine.run("nn.translator.numeral(n)", n=n) == data.chinese_number(n)


def test_full_width_letters_and_curly_apostrophes_are_known(engine):
    for text in ("It wasn’t good", "Ｉｔ wasn't ｇｏｏｄ"):
        assert engine.run("nn.packed_sequences.words(nn.packed_sequences.plain(text))", text=text) == [
            "it", "wasn't", "good"]


def test_the_font_holds_the_characters_of_the_examples():
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(base64.b64decode(han_font(["我鍾意 abc", "香港"])))) as font:
        assert {"我", "鍾", "意", "香", "港"} <= set(map(chr, font.getBestCmap()))
    assert han_font(["abc"]) == ""


def test_cells_that_the_page_cannot_run_are_refused():
    with pytest.raises(TypeError, match="RNN and GRU"):
        pack_cell(data)
    assert pack_cell(GRU(2, 3, rng=np.random.default_rng(0)))["kind"] == "gru"
