import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import data
from nnbook.data import BOS, EOS, PAD, UNK
from nnlib import pad_sequences


def test_tokenize():
    assert data.tokenize("It's 5 o'clock — no_time, café!") == ["it's", "5", "o'clock", "no", "time", "café"]
    assert data.tokenize("  ...  ") == []


def test_vocabulary_gives_low_ids_to_frequent_tokens():
    vocabulary = data.Vocabulary([["b", "a", "c"], ["c", "b", "c"]])
    assert vocabulary.tokens[4:] == ["c", "b", "a"] and len(vocabulary) == 7
    assert vocabulary.encode(["a", "z", "c"], bos=True, eos=True).tolist() == [BOS, 6, UNK, 4, EOS]
    assert vocabulary.decode([BOS, 6, 4, EOS, 5, PAD]) == ["a", "c"]
    assert repr(vocabulary) == "Vocabulary(7 tokens: c b a …)"


def test_vocabulary_of_characters_and_rare_tokens():
    vocabulary = data.Vocabulary(["天天向上", "天"], min_count=2)
    assert vocabulary.tokens[4:] == ["天"]
    assert vocabulary.encode("天上").tolist() == [4, UNK]


def test_vocabulary_does_not_depend_on_the_order_of_the_texts():
    assert data.Vocabulary(["ab", "cd"]).tokens == data.Vocabulary(["dc", "ba"]).tokens


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), min_size=1))
def test_encoding_can_be_undone(sequences):
    vocabulary = data.Vocabulary(sequences)
    ids, mask = pad_sequences([vocabulary.encode(s, bos=True, eos=True) for s in sequences])
    assert [vocabulary.decode(row) for row in ids] == sequences
    assert mask.sum(axis=1).tolist() == [len(s) + 2 for s in sequences]


def test_tags_and_words():
    words = ["我", "喜欢", "图书馆", "电子计算机"]
    assert data.bmes_tags(words) == "SBEBMEBMMME"
    assert data.split_words("".join(words), data.bmes_tags(words)) == words
    assert data.bmes_tags([]) == "" and data.split_words("", "") == []


@pytest.mark.parametrize("tags, words", [
    ("MMM", ["abc"]), ("BBB", ["a", "b", "c"]), ("EEE", ["a", "b", "c"]), ("BSE", ["a", "b", "c"]),
    ("SMB", ["a", "b", "c"]), ("BEM", ["ab", "c"]),
])
def test_impossible_tags_still_give_words(tags, words):
    assert data.split_words("abc", tags) == words


@given(st.text(alphabet="BMES"))
def test_splitting_keeps_all_characters(tags):
    words = data.split_words("x" * len(tags), tags)
    assert "".join(words) == "x" * len(tags) and all(words)


def test_word_f1_by_hand():
    true, predicted = [["ab", "c", "de"]], [["ab", "cde"]]
    assert data.word_f1(true, predicted) == pytest.approx(2 * 1 / (3 + 2))
    assert data.word_f1(true, true) == 1
    assert data.word_f1([["a", "aa"]], [["aa", "a"]]) == 0  # equal words at other places are no hits


def test_segmentation_round_trip():
    for words in data.load_segmentation()[:500]:
        assert data.split_words("".join(words), data.bmes_tags(words)) == words


@pytest.mark.parametrize("call, error, message", [
    (lambda: data.tokenize(5), TypeError, "string, got 5"),
    (lambda: data.Vocabulary("abc"), TypeError, "put it in a list"),
    (lambda: data.Vocabulary([]), ValueError, "at least one token"),
    (lambda: data.Vocabulary([[]]), ValueError, "at least one token"),
    (lambda: data.Vocabulary(["a"], min_count=0), ValueError, "min_count must be at least 1"),
    (lambda: data.Vocabulary(["a"]).decode([[4]]), ValueError, r"got shape \(1, 1\)"),
    (lambda: data.Vocabulary(["a"]).decode([5]), ValueError, "0 … 4, got 5"),
    (lambda: data.Vocabulary(["a"]).decode([-1]), ValueError, "got -1"),
    (lambda: data.Vocabulary(["a"]).decode([0.5]), ValueError, "float64"),
    (lambda: data.bmes_tags("我们"), ValueError, "list of non-empty words"),
    (lambda: data.bmes_tags(["a", ""]), ValueError, "list of non-empty words"),
    (lambda: data.split_words("abc", "BE"), ValueError, "3 characters"),
    (lambda: data.split_words("abc", "BEX"), ValueError, "BEX"),
    (lambda: data.word_f1([], []), ValueError, "0 and 0"),
    (lambda: data.word_f1([["a"]], []), ValueError, "1 and 0"),
    (lambda: data.word_f1([["a"]], [["b"]]), ValueError, "same characters"),
])
def test_bad_calls(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_best_tags_are_the_best_of_all_legal_ones():
    legal = {tags: tags for n in range(1, 6) for tags in map("".join, itertools.product(data.TAGS, repeat=n))
             if data.bmes_tags(data.split_words("x" * n, tags)) == tags}
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 4, 5, 5):
        scores = 3 * rng.normal(size=(n, 4))
        best = max((tags for tags in legal if len(tags) == n),
                   key=lambda tags: sum(scores[t, data.TAGS.index(tag)] for t, tag in enumerate(tags)))
        assert data.best_tags(scores) == best
    with pytest.raises(ValueError, match=r"\(T, 4\), got \(3, 5\)"):
        data.best_tags(np.zeros((3, 5)))
