"""What a student's value costs whoever compares it: no more memory and time than the value itself."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import assert_equal, assert_tensor
from grader.checks.remote import format_value, shortened
from grader.checks.tensors import compare, from_rows
from grader.errors import CheckFailed
from grader.judge.agreement import agree
from grader.model import Explanation
from grader.runner.inside import wire

LONG = "x" * 1_000_000
TEXTS = [LONG] + [""] * 750
"""NumPy makes an array of 3 GB of them."""
MOST = 64 << 20


def failure(compared: Callable[[], None]) -> Explanation:
    """Return how a comparison failed, which takes no more memory than is to be had."""
    tracemalloc.start()
    try:
        with pytest.raises(CheckFailed) as caught:
            compared()
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()
    return caught.value.explanation


SHAPES: dict[str, Any] = {
    "list": TEXTS,
    "tuple": (*TEXTS,),
    "rows": [[LONG]] + [[""]] * 750,
    "number-first": [1.0, *TEXTS],
    "number-last": [*TEXTS, 1.0],
    "surrogates": ["\ud800" * 1_000_000] + [""] * 750,
    "in-a-dictionary": {"a": TEXTS},
    "arrays-between": [np.zeros(2), *TEXTS],
}


@pytest.mark.parametrize("value", SHAPES.values(), ids=SHAPES.keys())
def test_texts_are_never_made_into_an_array(value: Any) -> None:
    assert failure(lambda: assert_tensor(value, np.zeros(751))).key == "tensor.kind"
    for expected in (np.int64(3), np.array(3), np.zeros(751), [np.int64(3)], 3, {"a": np.int64(3)}, "x"):
        found = failure(partial(assert_equal, value, expected))
        assert found.key in ("check.equal", "check.equal_at")
        assert all(len(text) <= 200 for text in (found.values["actual"], found.values["expected"]))


def test_a_students_value_may_be_what_another_is_compared_with() -> None:
    tracemalloc.start()
    with pytest.raises(TypeError):
        compare(np.zeros(751), TEXTS)
    assert not agree(TEXTS, np.zeros(751))
    assert tracemalloc.get_traced_memory()[1] < MOST
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("rows", "array"),
    [
        ([1, 2.5], np.array([1, 2.5])),
        ([[1, 2], (3, 4)], np.array([[1, 2], [3, 4]])),
        ([True, 2], np.array([1, 2])),
        ([np.ones((2, 2)), np.zeros((2, 2))], np.stack([np.ones((2, 2)), np.zeros((2, 2))])),
        ([[np.array(1), 2]], np.array([[1, 2]])),
        ([[], []], np.zeros((2, 0))),
        ([1j, 2], np.array([1j, 2])),
        ([], np.zeros(0)),
    ],
)
def test_rows_of_numbers_are_an_array(rows: Any, array: np.ndarray) -> None:
    made = from_rows(rows)
    assert made is not None
    assert (made.shape, made.dtype) == (array.shape, array.dtype)
    assert (made == array).all()
    assert from_rows(rows, array.shape) is not None
    assert from_rows(rows, (*array.shape, 1)) is None


DEEP: Any = 1.0
for _ in range(60):
    DEEP = [DEEP]
NO_ROWS: dict[str, Any] = {
    "ragged": [[1, 2], [3]],
    "mixed": [[1], 2],
    "mixed-the-other-way": [2, [1]],
    "text": [1, "a"],
    "nothing": [1, None],
    "large": [1, 10**400],
    "dictionary": [{}],
    "handle": [wire.Handle(0, "Dense")],
    "opaque": [1, wire.Opaque("Foo")],
    "arrays": [np.ones(2), np.ones(3)],
    "texts": [np.array(["a"])],
    "deep": DEEP,
}


@pytest.mark.parametrize("value", NO_ROWS.values(), ids=NO_ROWS.keys())
def test_what_is_not_all_numbers_is_no_array(value: Any) -> None:
    assert from_rows(value) is None


EQUAL: list[tuple[Any, Any]] = [
    ([1, 2], [1.0, np.int64(2)]),
    ((1, (2, "a")), (1, (2, "a"))),
    ({"a": [1, None]}, {"a": [1, None]}),
    (np.array(3), 3),
    ([np.array(3), np.array([4])], [3, np.int32(4)]),
    (3, np.float64(3)),
    ([], []),
]
UNEQUAL: list[tuple[Any, Any]] = [
    ([1, 2], (1, 2)),
    ([1, 2], [1, 2, 3]),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, {"a": 1, "b": 2}),
    (np.array([3]), [3]),
    ([np.zeros((30_000, 1))], [np.zeros((1, 30_000))]),
    (float("nan"), float("nan")),
    ([1], 1),
    (10**4000, 1.5),
    ("1", 1),
]


@pytest.mark.parametrize(("actual", "expected"), EQUAL)
def test_equal_values_are_equal(actual: Any, expected: Any) -> None:
    assert_equal(actual, expected)


@pytest.mark.parametrize(("actual", "expected"), UNEQUAL)
def test_values_that_differ_are_not_equal(actual: Any, expected: Any) -> None:
    assert failure(lambda: assert_equal(actual, expected)).key == "check.equal"


WRITTEN: list[Any] = [
    [],
    (),
    {},
    (1,),
    [1, (2, [3, {}])],
    {"a": [1.5], 2: None, None: {"b": (True,)}},
    ["it's", 'a "b"', "c\n"],
    [np.zeros(2), np.float32(1)],
    wire.Handle(1, "Dense"),
    -(10**30),
]


@pytest.mark.parametrize("value", WRITTEN)
def test_a_short_value_is_written_as_python_writes_it(value: Any) -> None:
    assert shortened(value, 200) == repr(value)


def test_a_long_value_is_cut() -> None:
    value = ["abc"] * 1000
    assert shortened(value, 60) == f"{repr(value)[:57]}..." == format_value(value)
    assert shortened(LONG, 200) == f"'{'x' * 196}..."


def test_no_more_is_written_than_is_shown() -> None:
    class Counted:
        written = 0

        def __repr__(self) -> str:
            Counted.written += 1
            return "counted"

    shortened([[{"a": Counted()}] for _ in range(100_000)], 200)
    assert Counted.written < 50


def test_an_element_that_is_no_number_is_shown_cut() -> None:
    difference = compare(
        np.array([LONG, "b"], dtype=object), np.array(["a", "b"], dtype=object), dtype="int64"
    )
    assert difference is not None
    assert max(map(len, difference.actual.cells or ())) <= 60
