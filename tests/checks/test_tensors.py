from __future__ import annotations

import numpy as np
import pytest

from grader.checks.tensors import as_tensor, compare, format_number, view
from grader.model import Difference, TensorView, WrongPlace
from grader.runner.inside.wire import Handle, Opaque


def difference(actual: object, expected: object, **options: object) -> Difference:
    found = compare(actual, expected, **options)  # type: ignore[arg-type]  # options by name
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.array([1, 2]), np.array([1, 2])),
        (np.array([1, 2]), [1, 2]),
        (np.array([1.0, 2.0], np.float32), np.array([1, 2])),
        (np.array([1e-6]), np.array([0.0])),
        (np.array([1000.0]), np.array([1000.009])),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        (np.array(3), 3),
        (3, np.array(3)),
        (True, np.array(1)),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        (np.array([1 + 2j]), np.array([1 + 2j])),
    ],
    ids=[
        "same",
        "list",
        "float-for-int",
        "absolute",
        "relative",
        "nan",
        "number",
        "plain",
        "bool",
        "empty",
        "complex",
    ],
)
def test_what_is_equal_has_no_difference(actual: object, expected: object) -> None:
    assert compare(actual, expected) is None


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.array([3e-5]), np.array([0.0])),
        (np.array([1000.0]), np.array([1000.1])),
        (np.array([10**9 + 1]), np.array([10**9])),
        (np.array([2**63], np.uint64), np.array([-(2**63)])),
        (np.array([np.nan]), np.array([1.0])),
        (np.array([np.inf]), np.array([-np.inf])),
        (np.array([1 + 2j]), np.array([1.0])),
        (np.array([False]), np.array([1])),
    ],
    ids=["absolute", "relative", "large-integers", "signs", "nan", "infinities", "complex", "bool"],
)
def test_what_differs_is_found(actual: np.ndarray, expected: np.ndarray) -> None:
    found = difference(actual, expected)
    assert (found.aspect, found.wrong, found.wrong_count, found.total) == ("values", (0,), 1, 1)


def test_a_wrong_value_is_told_with_its_place() -> None:
    expected = np.array([[5, 7], [13, 15]]).reshape(1, 2, 2, 1)
    actual = np.array([[5, 7], [13, 0]]).reshape(1, 2, 2, 1)
    assert difference(actual, expected) == Difference(
        "values",
        TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "0")),
        TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "15")),
        wrong=(3,),
        wrong_count=1,
        total=4,
        first=(WrongPlace((0, 1, 1, 0), "0", "15"),),
        largest_error="15",
        largest_at=(0, 1, 1, 0),
        largest_relative="100",
        relative_at=(0, 1, 1, 0),
    )


def test_of_large_tensors_the_first_wrong_places_are_told() -> None:
    expected = np.arange(300).reshape(3, 100)
    found = difference(expected + (expected >= 290), expected)
    assert (found.wrong, found.wrong_count, found.total) == ((), 10, 300)
    assert [place.index for place in found.first] == [(2, 90), (2, 91), (2, 92), (2, 93), (2, 94)]
    assert found.actual == TensorView("tensor", (3, 100), "int64", None)


def test_a_shape_goes_before_values() -> None:
    found = difference(np.zeros((1, 4)), np.ones((4,)))
    assert (found.aspect, found.actual.shape, found.expected.shape) == ("shape", (1, 4), (4,))
    assert (found.wrong, found.first, found.largest_error) == ((), (), "")


@pytest.mark.parametrize(("wanted", "named"), [("same", "float32"), ("int8", "int8")])
def test_a_dtype_is_looked_at_only_when_it_is_asked_for(wanted: str, named: str) -> None:
    actual, expected = np.array([1, 2]), np.array([1, 2], np.float32)
    assert compare(actual, expected) is None
    found = difference(actual, expected, dtype=wanted)
    assert (found.aspect, found.actual.dtype, found.expected.dtype) == ("dtype", "int64", named)
    assert compare(actual.astype(named), expected, dtype=wanted) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "NoneType"),
        ([1, 2], "list"),
        ("[1 2]", "str"),
        (Opaque("Equal"), "Equal"),
        (Handle(0, "Dense"), "Dense"),
    ],
    ids=["none", "list", "text", "opaque", "layer"],
)
def test_what_is_no_tensor_is_named(value: object, kind: str) -> None:
    found = difference(value, np.array([1, 2]))
    assert (found.aspect, found.actual) == ("kind", TensorView(kind))


def test_the_tolerance_can_be_chosen() -> None:
    assert compare(np.array([1.1]), np.array([1.0]), atol=0.2) is None
    assert compare(np.array([1 + 1e-7]), np.array([1.0]), rtol=0, atol=0) is not None


def test_the_largest_errors_are_told_with_their_places() -> None:
    found = difference(np.array([[1.5, 2.0], [9.0, 0.5]]), np.array([[1.0, 2.0], [5.0, 0.1]]))
    assert (found.largest_error, found.largest_at) == ("4", (1, 0))
    assert (found.largest_relative, found.relative_at) == ("400", (1, 1))


def test_a_wrong_zero_has_no_relative_error() -> None:
    found = difference(np.array([3.0, 1.0]), np.array([0.0, 1.0]))
    assert (found.largest_error, found.largest_relative, found.relative_at) == ("3", "", ())


def test_nan_and_infinity_are_counted_and_not_measured() -> None:
    found = difference(np.array([np.nan, np.inf, -np.inf, 4.0, 1.0]), np.array([5.0, 1.0, 1.0, 5.0, 1.0]))
    assert (found.nan_count, found.infinite_count, found.wrong_count) == (1, 2, 4)
    assert (found.largest_error, found.largest_at, found.largest_relative) == ("1", (3,), "20")
    nothing = difference(np.array([np.nan]), np.array([5.0]))
    assert (nothing.nan_count, nothing.largest_error, nothing.largest_relative) == (1, "", "")


def test_an_expected_value_that_is_no_tensor_is_the_checks_own_mistake() -> None:
    with pytest.raises(TypeError, match="no tensor: str"):
        compare(np.array([1]), "abc")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.float32(0.1), "0.1"),
        (1 / 3, "0.3333333"),
        (1e9, "1e+09"),
        (7, "7"),
        (np.True_, "True"),
        (np.nan, "nan"),
    ],
    ids=str,
)
def test_a_number_has_the_digits_that_float32_holds(value: object, shown: str) -> None:
    assert format_number(value) == shown


@pytest.mark.parametrize("size", [256, 257])
def test_only_small_tensors_are_shown_whole(size: int) -> None:
    cells = view(np.zeros(size)).cells
    assert (cells is None) == (size > 256)


@pytest.mark.parametrize("value", ["a", None, [1], {1: 2}, Opaque("X")], ids=str)
def test_only_numbers_and_arrays_are_tensors(value: object) -> None:
    assert as_tensor(value) is None
