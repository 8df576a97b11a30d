"""Answers without code: what is taken for a choice and a number, and that no sentence says what is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader import assert_choice, assert_number
from grader.errors import CheckFailed
from grader.messages.sentences import explain, languages


@pytest.mark.parametrize("actual", ["b", "B", " b ", "(b)", "b.", "'b'", ["b"], ("B",), {"b"}, np.array("b")])
def test_a_choice_may_be_written_in_several_ways(actual: Any) -> None:
    assert_choice(actual, "b", options="abcd")


@pytest.mark.parametrize("actual", ["c, a", "a;c", ["c", "a"], {"A", "C"}, "a),c)", ["a", "a", "c"]])
def test_several_options_have_no_order(actual: Any) -> None:
    assert_choice(actual, ["a", "c"])


def test_an_option_may_be_a_word() -> None:
    assert_choice("Same padding", "same padding", options=["valid", "same padding"])


@pytest.mark.parametrize(
    ("actual", "key"),
    [
        ("a", "choice.wrong"),
        (["b", "c"], "choice.wrong"),
        ("e", "choice.unknown"),
        ("", "choice.none"),
        ([], "choice.none"),
        (None, "choice.none"),
        (2, "choice.none"),
        (["b", 1], "choice.none"),
        ({"b": 1}, "choice.none"),
    ],
)
def test_a_wrong_choice_is_told_without_the_right_one(actual: Any, key: str) -> None:
    with pytest.raises(CheckFailed) as raised:
        assert_choice(actual, "b", options="abcd")
    assert raised.value.explanation.key == key
    assert raised.value.explanation.values.keys() <= {"actual", "options"}
    with pytest.raises(CheckFailed) as raised:
        assert_choice(actual, "secret4242")
    for language in languages():
        assert "4242" not in explain(raised.value.explanation, language)


@pytest.mark.parametrize(
    "actual",
    [0.25, np.float32(0.25), np.array([0.2500001]), 1 / 4, "0,25", " 0.25 ", "1/4", "25 %", np.array("0.25")],
)
def test_a_number_is_right_within_its_tolerance(actual: Any) -> None:
    assert_number(actual, 0.25)


def test_a_number_may_have_its_unit() -> None:
    assert_number("0,25 cm", 0.25, unit="cm")
    assert_number("1,000", 1000)
    assert_number("1,000", 1)


def test_an_option_is_read_as_in_a_question_of_the_course() -> None:
    options = {"a": "valid padding", "b": "same, with zeros", "c": "합성곱"}
    for one in ("b", "B) same, with zeros", "Same, with  zeros"):
        assert_choice(one, "b", options=options)
    # The letters of a word may be composed or not.
    several: tuple[Any, ...] = ("a c", "a, 합성곱", "['c', 'a']")
    for actual in (*several, {"valid padding", "\u1112\u1161\u11b8성곱"}):
        assert_choice(actual, {"a", "c"}, options=options)


def test_the_tolerances_are_relative_and_absolute() -> None:
    assert_number(102.0, 100, rtol=0.03)
    assert_number(0.009, 0, atol=0.01)
    assert_number(7, 7, rtol=0, atol=0)
    with pytest.raises(CheckFailed):
        assert_number(102.0, 100, rtol=0.01)


@pytest.mark.parametrize(
    ("actual", "key"),
    [
        (0.3, "number.wrong"),
        (float("nan"), "number.wrong"),
        (float("inf"), "number.wrong"),
        ("0.25 cm", "number.none"),
        ("a quarter", "number.none"),
        ("", "number.none"),
        (True, "number.none"),
        (None, "number.none"),
        (np.zeros(3), "number.none"),
        (10**400, "number.none"),
        (0.25j, "number.none"),
    ],
)
def test_a_wrong_number_is_told_without_the_right_one(actual: Any, key: str) -> None:
    with pytest.raises(CheckFailed) as raised:
        assert_number(actual, 0.25)
    assert raised.value.explanation.key == key
    assert raised.value.explanation.values.keys() <= {"actual"}
