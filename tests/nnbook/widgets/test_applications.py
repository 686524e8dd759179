"""Go in the page: its rules and its network are those of nnlib, and it can be played by mouse and by keyboard."""

import json

import numpy as np
import pytest

from nnbook.games import go
from nnbook.widgets import go_board
from nnbook.widgets.core.packed_layers import packed_layers
from nnbook.widgets.go_board.go_board import move_probabilities
from nnlib import Conv2d, Flatten, ReLU, Sequential
from tests.support.engine import Engine

from .test_digits import ATOB


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(5)
    return Sequential(Conv2d(3, 8, 3, padding="same", rng=rng), ReLU(),
                      Conv2d(8, 8, 3, padding="same", rng=rng), ReLU(),
                      Conv2d(8, 1, 1, rng=rng), Flatten()).astype(np.float32)


@pytest.fixture(scope="module")
def engine():
    made = Engine("go_board")
    made.engine.eval(ATOB)
    return made


@pytest.fixture(scope="module")
def positions():
    """(board, colour) from random games that go on after captures, so that all rules are met."""
    rng, found = np.random.default_rng(1), []
    for _ in range(12):
        board, colour = [0] * 25, 1
        while len(found) < 400 and (moves := go.legal_moves(board, colour)) and sum(map(abs, board)) < 24:
            found.append((board, colour))
            board, _ = go.play(board, int(rng.choice(moves)), colour)
            colour = -colour
    return found[::3]


def test_the_rules_are_those_of_nnlib(engine, positions):
    met = set()
    for board, colour in positions:
        got = engine.run("board.map((_, p) => nn.go_board.play(board, p, colour))", board=board, colour=colour)
        assert [p for p in range(25) if got[p]] == go.legal_moves(board, colour)
        for p in go.legal_moves(board, colour):
            new, captured = go.play(board, p, colour)
            assert got[p]["board"] == new and set(got[p]["captured"]) == captured
            met.add(len(captured))
    assert {0, 1, 2} <= met


def test_the_network_is_that_of_nnlib(engine, model, positions):
    layers = json.loads(json.dumps(packed_layers(model)))
    for board, colour in positions[:60]:
        got = engine.run("nn.go_board.probabilities(nn.packed_layers.unpacked(layers), board, colour)", layers=layers,
                         board=board, colour=colour)
        want = move_probabilities(model(go.planes(board, colour)[None])[0], board, colour)
        np.testing.assert_allclose(got, want, atol=1e-5, rtol=0)


def test_look_ahead_captures_then_avoids_atari(engine, model, positions):
    layers = json.loads(json.dumps(packed_layers(model)))
    for board, colour in positions[:60]:
        p = engine.run("nn.go_board.choose(nn.packed_layers.unpacked(layers), board, colour, true)", layers=layers,
                       board=board, colour=colour)
        after = {q: go.play(board, q, colour) for q in go.legal_moves(board, colour)}
        assert bool(after[p][1]) == any(captured for _, captured in after.values())
        if not after[p][1]:
            safe = [q for q, (new, _) in after.items() if all(len(free) > 1 for _, free in go.groups(new, colour))]
            assert p in safe or not safe


def test_replay_leaves_out_what_is_against_the_rules(engine):
    game = engine.run('nn.go_board.replay("12 12 x 7 99 1.5 -1", 5)')
    assert game["moves"] == [12, 7] and game["colour"] == 1 and game["winner"] == 0
    game = engine.run('nn.go_board.replay("1 0 5 24", 5)')
    assert game["moves"] == [1, 0, 5] and game["winner"] == 1 and game["captured"] == [0]


@pytest.fixture
def page(open_html, model, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(go_board(model, moves=[12, 7]).html)
    page.wait_for_selector(".nnlib-ready")
    return page


def moves(page):
    return [int(m) for m in json.loads(page.get_attribute("[data-nnlib-widget]", "data-state"))["moves"].split()]


def click(page, row, column):
    box = page.locator("[aria-roledescription='Go board']").bounding_box()
    unit = box["width"] / (2 * 40 + 4 * 56)
    page.mouse.click(box["x"] + unit * (40 + 56 * column), box["y"] + unit * (40 + 56 * row))


def test_a_click_is_answered_at_once(page, model):
    click(page, 3, 3)
    played = moves(page)
    assert played[:3] == [12, 7, 18] and len(played) == 4
    board = [0] * 25
    for k, p in enumerate([12, 7, 18]):
        board, _ = go.play(board, p, (-1) ** k)
    assert played[3] == move_probabilities(model(go.planes(board, -1)[None])[0], board, -1).argmax()
    click(page, 3, 3)
    assert "already" in page.inner_text(".nnlib-readout") and moves(page) == played


def test_by_keyboard(page):
    board = page.locator("[aria-roledescription='Go board']")
    board.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowDown", "Enter"):  # the third is held back by the edge
        board.press(key)
    assert moves(page)[:3] == [12, 7, 15]
    assert "At A2: a black stone" in board.get_attribute("aria-label")
    page.get_by_role("button", name="Take back").click()
    assert moves(page) == [12, 7]


def test_first_capture_ends_the_game(open_html, model, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    page = open_html(go_board(model, moves=[1, 0]).html)
    page.wait_for_selector(".nnlib-ready")
    click(page, 1, 0)
    assert "You capture and win" in page.inner_text(".nnlib-readout")
    click(page, 4, 4)
    assert "game is over" in page.inner_text(".nnlib-readout") and moves(page) == [1, 0, 5]
    page.get_by_role("button", name="New game").click()
    assert moves(page) == []
    page.select_option("select >> nth=2", "white")  # the network opens
    assert len(moves(page)) == 1


def test_bad_input(model):
    with pytest.raises(ValueError, match="opponent must be one of network, look-ahead, got 'me'"):
        go_board(model, opponent="me")
    with pytest.raises(ValueError, match="holds a stone"):
        go_board(model, moves=[3, 3])
    with pytest.raises(ValueError, match="one score for each point"):
        go_board(Sequential(Conv2d(3, 2, 3, rng=np.random.default_rng(0)), Flatten()))
