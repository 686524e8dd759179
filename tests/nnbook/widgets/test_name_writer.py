"""The language model in the page against nnlib, with the stored weights."""

import numpy as np
import pytest

from nnbook.data import names
from nnbook.widgets.core.packed_sequences import pack_cell, pack_linear
from nnbook.widgets.name_writer.name_writer import name_writer, next_letter
from nnlib import GRU
from tests.support.engine import Engine

from .test_sequences import as_json


@pytest.fixture(scope="module")
def engine():
    return Engine("name_writer", "packed_sequences")


@pytest.fixture(scope="module")
def model():
    return names.name_model(GRU, np.random.default_rng(0)).load(names.trained_names())


NETWORK = "{cell: nn.packed_sequences.unpackCell(cell), head: nn.packed_sequences.unpackLinear(head)}"


def packed(model):
    return {"cell": as_json(pack_cell(model[0])), "head": as_json(pack_linear(model[1]))}


@pytest.mark.parametrize(("text", "temperature"), [("", 1.0), ("mar", 1.0), ("christophe", 0.3), ("zq", 2.0)])
def test_probabilities_of_the_next_letter(engine, model, text, temperature):
    got = engine.run(f"Array.from(nn.name_writer.read({NETWORK}, nn.name_writer.tokens(text), t).p)", text=text,
                     t=temperature, **packed(model))
    np.testing.assert_allclose(got, next_letter(model, text, temperature), atol=2e-5)  # the page counts in float64


def test_names_are_drawn_letter_by_letter(engine, model):
    """The same numbers from 0 to 1 make the same name here, where nnlib reads the whole text for each letter."""
    run = f"""(() => {{ const dice = nn.packed_sequences.dice(7), shares = Array.from({{length: 30}}, dice);
        let k = 0; const letters = nn.name_writer.write({NETWORK}, nn.name_writer.tokens("ma"), 1, () => shares[k++]);
        return [shares, letters.map(([token]) => token)] }})()"""
    shares, got = engine.run(run, **packed(model))
    text = "ma"
    for share in shares:
        token = int(np.searchsorted(np.cumsum(next_letter(model, text)), share, side="right"))
        if token == 0 or len(text) >= 14:
            break
        text += names.LETTERS[token]
    assert "".join(names.LETTERS[k] for k in got) == text
    assert 0.3 < np.mean(shares) < 0.7 and len(set(shares)) == 30


def test_text_of_a_reader(engine):
    assert engine.run('nn.name_writer.tokens("Ève 3.b")') == [0, 22, 5, 2]
    assert engine.run('nn.name_writer.tokens("Ｅｖａ　ｂ")') == [0, 5, 22, 1, 2]
    assert len(engine.run('nn.name_writer.tokens("a".repeat(99))')) == 14


def test_the_model_beats_the_tables_of_counts(model):
    scores = names.load_name_scores()
    assert scores["GRU"].max() < min(bits.min() for name, bits in scores.items() if name.startswith("counts"))
    x, y, real = names.name_task(names.load_names()[-200:])
    p = np.array([next_letter(model, "".join(names.LETTERS[k] for k in row[1 : t + 1]))[y[n, t]]
                  for n, row in enumerate(x[:40]) for t in np.flatnonzero(real[n])])
    assert -np.log2(p).mean() == pytest.approx(scores["GRU"][0], abs=0.25)


def test_name_task():
    x, y, real = names.name_task(["eve", "al"])
    assert x.tolist() == [[0, 5, 22, 5], [0, 1, 12, 0]] and y[0].tolist() == [5, 22, 5, 0]
    assert real.tolist() == [[True] * 4, [True] * 3 + [False]]


@pytest.mark.parametrize("arguments", [{"text": "É"}, {"temperature": 0}, {"unit": 65}, {"unit": 0}])
def test_refuses(model, arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        name_writer(model, **arguments)


def test_the_colour_is_told_in_words(open_html, model):
    """Each letter of the first name with its unit's state, as in nnlib; another unit, other numbers."""
    page = open_html(name_writer(model, unit=5).html)
    page.wait_for_selector(".nnlib-ready")

    def told():
        text = page.text_content(".nnlib-readout").split("in the first name")[1].replace("−", "-").split(",")
        return [part.split() for part in text]

    def states(letters, unit):
        ids = [0, *(names.LETTERS.index(letter) for letter in letters)]
        return model[0](np.eye(27, dtype=np.float32)[[ids]])[0, 1:, unit - 1]

    first = told()
    letters = [letter for letter, _ in first]
    np.testing.assert_allclose([float(v) for _, v in first], states(letters, 5), atol=0.06)
    page.locator("input[type=range]").nth(1).fill("9")
    np.testing.assert_allclose([float(v) for _, v in told()], states(letters, 9), atol=0.06)
