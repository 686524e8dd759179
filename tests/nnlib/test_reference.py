"""The page about nnlib: its examples print what they say, and every public name has its place."""

import doctest
import re
from pathlib import Path

import nnlib as nn

PAGE = Path(__file__).parents[2] / "nnlib.md"


def test_the_examples_print_what_the_page_says():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf8",
                             optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
    assert found.attempted > 60 and found.failed == 0


def test_every_public_name_is_explained_once_and_followed_by_an_example():
    text = PAGE.read_text("utf8")
    names = re.findall(r"^<!-- nnlib: (\w+) -->\n\n```pycon\n>>> ", text, re.M)
    assert sorted(names) == sorted(nn.__all__)
    for name, example in re.findall(r"^<!-- nnlib: (\w+) -->\n\n```pycon\n(.*?)```", text, re.M | re.S):
        assert name in example or name in ("History", "Loss", "Optimizer", "NaNError"), name


def test_help_alone_says_shapes_and_states():
    for layer in (nn.RNN, nn.LSTM, nn.GRU):
        for what in ("(N, T, n_in)", "(N, T, n_hidden)", "h0 (N, n_hidden)", "mask (N, T)", "h_last", "dh0"):
            assert what in layer.__doc__
