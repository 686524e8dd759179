"""Values on both sides of the thresholds by which quiz and check judge, and what must not enter a page."""

import json

import numpy as np
import pytest

from nnbook.exercises import check, quiz
from nnbook.exercises.check import grade
from nnbook.widgets.core import host


@pytest.mark.parametrize("answer", [8, 0.5, 1200])
def test_a_quiz_without_tolerance_wants_the_number_itself(answer):
    made = quiz("How many?", answer)
    for factor, right in ((1, True), (1 + 1e-12, True), (1 + 1e-6, False), (1 - 1e-6, False)):
        assert made.grade(repr(answer * factor))[0] is right


@pytest.mark.parametrize("power", [-3, -2, -1, 1, 2, 3])
def test_a_displaced_decimal_point_is_recognised(power):
    assert "decimal point" in quiz("How much?", 3.7).grade(repr(3.7 * 10.0**power))[1]
    assert "decimal point" not in quiz("How much?", 3.7).grade(repr(3.6 * 10.0**power))[1]


@pytest.mark.parametrize("expected", [1.4, np.array([1.4, -0.7])])
def test_check_takes_what_differs_by_less_than_a_millionth(expected, capsys):
    check("1.1", expected + 0.9e-6 * 1.4, expected)
    check("1.1", expected + 1.1e-6 * 1.4, expected)
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["✓", "✗"]
    assert grade(expected + 0.9e-6 * 1.4, expected)[0] and not grade(expected + 1.1e-6 * 1.4, expected)[0]
    assert grade(expected + 0.9e-2 * 1.4, expected, tolerance=1e-2)[0]


def test_numbers_of_very_different_sizes_are_compared_one_by_one():
    """The small one by itself; but not below the noise that the largest leaves in it: 1e-9 of that, or 1e-5 of the
    tolerance."""
    expected = np.array([1.0, 1e-5])
    for error, right in ((0.9e-9, True), (1.2e-9, False)):
        assert grade(expected + [0, error], expected)[0] is right
    for error, right in ((0.9e-7, True), (1.3e-7, False)):
        assert grade(np.array([1.0, 1e-7 + error]), np.array([1.0, 1e-7]), tolerance=1e-2)[0] is right


@pytest.mark.parametrize(("times", "told"), [(2, True), (9999, True), (10001, False), (2.5, False)])
def test_a_telling_factor_of_a_single_number(times, told):
    for answer in (3.7 * times, 3.7 / times):
        assert ("times the right value" in grade(answer, 3.7)[1]) is told


def test_two_numbers_are_enough_for_an_offset_or_a_first_wrong_one():
    assert "off by 0.5 everywhere" in grade([1.5, 3.5], [1.0, 3.0])[1]
    assert "1 of 2 values are right; the first wrong one, at index 1" in grade([1.0, 4.0], [1.0, 3.0])[1]


@pytest.mark.parametrize(("answer", "expected", "told"), [
    (np.ones(4), np.zeros((3, 4)), True),  # one example for three
    (np.ones(3), np.zeros((3, 4)), False),  # as many as there are examples: another fault
    (np.ones(4), np.zeros((2, 3, 4)), False), (np.ones((5, 5)), np.zeros((3, 4)), False)])
def test_when_the_axis_of_the_examples_may_be_missing(answer, expected, told):
    assert ("is the axis of the examples missing" in grade(answer, expected)[1]) is told


def test_the_first_thing_that_is_no_number_is_named():
    assert "this holds a text" in grade([1.0, "a", None], np.ones(3))[1]
    assert "this holds a NoneType" in grade([1.0, None, "a"], np.ones(3))[1]


@pytest.mark.parametrize("answer", [[1, 2], 3, "a", {1, 2}])
def test_what_is_no_dict_is_told_so(answer):
    assert grade(answer, {"a": 1})[1].endswith("a dict is expected.")


def test_half_of_the_values_right_is_worth_saying():
    expected = np.arange(1.0, 9.0)
    for wrong, told in ((4, True), (5, False)):
        answer = expected.copy()
        answer[:wrong] = [9, 7, 11, 2, 8][:wrong]
        assert ("values are right; the first wrong one, at index 0" in grade(answer, expected)[1]) is told


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_state_that_javascript_cannot_read_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        host.page_html("quiz", "quiz", {"x": float(value)}, "")


def test_no_text_of_a_state_can_end_its_script():
    text = "</script><script>alert(1)</script><!-- <"
    page = host.page_html("quiz", "quiz", {"x": text}, "")
    stored = page.split('<script type="application/json">')[1].split("</script>")[0]
    assert "<" not in stored and json.loads(stored) == {"x": text}
