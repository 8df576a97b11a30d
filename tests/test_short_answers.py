"""Choices and numbers are read as students write them."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from grader.model import Question, Text
from grader.short_answers import is_right, read_short

LETTERS = (
    ("a", Text({"en": "underfitting", "ko": "과소적합"})),
    ("b", Text({"en": "overfitting", "ko": "과대적합"})),
    ("c", Text({"en": "valid padding", "ko": "패딩 없음"})),
)
KOREAN = (
    ("가", Text({"en": "ReLU", "ko": "ReLU"})),
    ("나", Text({"en": "x + 1", "ko": "x + 1"})),
    ("다", Text({"en": "x - 1", "ko": "x - 1"})),
    ("라", Text({"en": "Yes, always", "ko": "네, 항상"})),
    ("마", Text({"en": "(0, 1]", "ko": "(0, 1]"})),
    ("바", Text({"en": "[0, 1)", "ko": "[0, 1)"})),
)


def choice(options: Any = LETTERS, answer: Any = ("b",)) -> Question:
    return Question("name", Text({"en": "Name?"}), "choice", 1, options=options, answer=answer)


def number(answer: float, tolerance: float | None = None, unit: str = "") -> Question:
    return Question("rate", Text({"en": "Rate?"}), "number", 1, answer=answer, tolerance=tolerance, unit=unit)


@pytest.mark.parametrize(
    "answer",
    "b|B|b)|(b)| b. |Overfitting|OVERFITTING.|b) overfitting|(B) Overfitting|b: 과대적합|과대적합|"
    "과대적합|ｂ|['b']|('b',)|{'b'}|[b]|b, b".split("|"),
)
def test_an_option_may_be_written_in_several_ways(answer: str) -> None:
    assert set(read_short(choice(), answer) or ()) == {"b"}


@pytest.mark.parametrize(
    "answer", ["c, a", "a;c", "['c', 'a']", "A C", "a\nc", "valid padding, underfitting", "(a), (c)"]
)
def test_several_options_have_no_order(answer: str) -> None:
    question = choice(answer=("a", "c"))
    read = read_short(question, answer)
    assert read is not None
    assert is_right(question, read)
    assert not is_right(choice(answer=("a",)), read)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("나", "나"),
        ("나.", "나"),
        (unicodedata.normalize("NFD", "나)"), "나"),
        ("relu", "가"),
        ("x+1", None),
        ("x + 1", "나"),
        ("x - 1", "다"),
        ("yes,  always", "라"),
        ("(0, 1]", "마"),
        ("[0, 1)", "바"),
        ("0, 1", None),
        ("바) [0, 1)", "바"),
    ],
)
def test_options_are_matched_as_they_are_written(answer: str, expected: str | None) -> None:
    assert read_short(choice(KOREAN), answer) == (None if expected is None else (expected,))


@pytest.mark.parametrize("answer", ["e", "2", "a or b", "not b", "", "[]", "b" * 2000, "[" * 900, "{1: 2}"])
def test_what_names_no_option_is_not_read(answer: str) -> None:
    assert read_short(choice(), answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "3.5",
            "3,5",
            "3.5 ",
            "３．５",
            "+3.5",
            "7/2",
            "7 ÷ 2",
            "Fraction(7, 2)",
            "fractions.Fraction('7/2')",
            "float('3.5')",
        ),
        *(
            "0.35e1",
            "35 * 10**-1",
            "35×10^-1",
            "(3.5)",
            "= 3.5",
            "350 %",
            "np.float32(3.5)",
            "Decimal('3.5')",
        ),
        *("np.sqrt(12.25)", "1.75 + 1.75", "3.500001"),
    ],
)
def test_a_number_may_be_written_in_several_ways(answer: str) -> None:
    question = number(3.5)
    read = read_short(question, answer)
    assert read is not None
    assert is_right(question, read)


@pytest.mark.parametrize(
    "answer", ["1234567", "1,234,567", "1.234.567,0", "1 234 567", "1_234_567", "1'234'567"]
)
def test_thousands_may_be_kept_apart(answer: str) -> None:
    assert is_right(number(1234567), read_short(number(1234567), answer) or ())


def test_of_one_comma_either_reading_is_taken() -> None:
    assert read_short(number(1000), "1,000") == (1000.0, 1.0)


@pytest.mark.parametrize(
    ("unit", "answer"), [("ms", "12 ms"), ("ms", "12ms"), ("%", "12 %"), ("µs", "12 μs"), ("%", "12")]
)
def test_a_unit_may_stand_behind(unit: str, answer: str) -> None:
    question = number(12, unit=unit)
    assert is_right(question, read_short(question, answer) or ())


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "about 3.5",
            "3.5 s",
            "True",
            "None",
            "[3.5]",
            "3.5j",
            "nan",
            "float('inf')",
            "1e999",
            "3 5",
            "x",
            "x.mean()",
        ),
        *(
            "10 ** 10 ** 10",
            "1/0",
            "(-8) ** 0.5",
            "__import__('os').getcwd()",
            "sqrt(-1)",
            "f'{3}'",
            "(" * 900,
            "3, 5",
        ),
        *("float()", "Fraction(1, 2, 3)", "lambda: 3", "pi()", "math.pi.e()", "1 if True else 2"),
    ],
)
def test_what_is_no_number_is_not_read_and_nothing_is_executed(answer: str) -> None:
    assert read_short(number(3.5), answer) is None


@pytest.mark.parametrize(
    ("tolerance", "answer", "right"),
    [
        (0.005, "0.875", True),
        (0.005, "0.8751", False),
        (0, "0.87", True),
        (None, "0.870001", True),
        (None, "0.8701", False),
    ],
)
def test_a_number_is_right_within_its_tolerance(tolerance: float | None, answer: str, right: bool) -> None:
    question = number(0.87, tolerance)
    read = read_short(question, answer)
    assert read is not None
    assert is_right(question, read) is right
