"""Compare tables of pandas's, which reach a check as plain columns, and say in which column and row they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.remote import note_comparison, shortened
from grader.errors import CheckFailed
from grader.model import Explanation
from grader.runner.inside.libraries import to_plain
from grader.runner.inside.values import Column, Frame, Series, Table

_MOST_MATCHED = 1000
"""Rows that are matched one by one where their order does not matter; more are compared in the order of their values."""


def assert_frame(
    actual: Any,
    expected: Any,
    *,
    check_index: bool = True,
    check_order: bool = True,
    check_dtype: bool = False,
    rtol: float = 1e-5,
    atol: float = 1e-5,
) -> None:
    """Fail unless `actual` is a data frame with these columns and rows, or a series with these values.

    `expected` is what the reference returned, a frame or series of pandas's, or for a frame a dictionary of columns,
    which says nothing about the index. Without `check_order` rows and columns may stand in any order. A number may
    differ within the tolerance from one of another dtype, unless `check_dtype` asks for that.
    """
    note_comparison(actual, rtol, atol, has_dtype=check_dtype)
    wanted = _table(expected)
    check_index = check_index and not isinstance(expected, Mapping)
    if type(actual) is not type(wanted):
        raise _failed("kind", actual=_kind(actual), expected=_kind(wanted))
    is_frame = isinstance(wanted, Frame)
    given = _columns(actual, wanted, check_order=check_order) if is_frame else actual.contents
    if len(actual) != len(wanted):
        raise _failed("rows", actual=len(actual), expected=len(wanted))
    for mine, theirs in zip(given, wanted.contents, strict=True):
        if check_dtype and mine.dtype != theirs.dtype:
            raise _failed("dtype", column=_name(theirs), actual=mine.dtype, expected=theirs.dtype)
    levels = (actual.levels, wanted.levels) if check_index else ((), ())
    if len(levels[0]) != len(levels[1]):
        raise _failed("levels", actual=len(levels[0]), expected=len(levels[1]))
    first, second = [*levels[0], *given], [*levels[1], *wanted.contents]
    if not check_order:
        first, second = _matched(first, second, rtol, atol)
    for place, (mine, theirs) in enumerate(zip(first, second, strict=True)):
        wrong = np.flatnonzero(~_equal(mine.values, theirs.values, rtol, atol))
        if wrong.size:
            values = {
                "row": int(wrong[0]),
                "actual": _shown(mine.values, int(wrong[0])),
                "expected": _shown(theirs.values, int(wrong[0])),
                "count": int(wrong.size),
                "total": len(theirs.values),
            }
            if place < len(levels[0]):
                raise _failed("index", **values)
            raise _failed("values", column=_name(theirs), **values)


def _failed(aspect: str, **values: Any) -> CheckFailed:
    return CheckFailed(Explanation(f"frame.{aspect}", values))


def _table(expected: Any) -> Frame | Series:
    """Return what is expected as a table."""
    if isinstance(expected, Mapping):
        columns = [Column(name, "", _array(values)) for name, values in expected.items()]
        rows = len(columns[0].values) if columns else 0
        return Frame(columns, [Column(None, "int64", np.arange(rows))])
    table = expected if isinstance(expected, Table) else to_plain(expected)
    if not isinstance(table, Frame | Series):
        raise TypeError(f"the expected value is no data frame or series: {type(expected).__name__}")
    return table


def _array(values: Any) -> Any:
    if isinstance(values, list | tuple) and any(item is None or isinstance(item, str) for item in values):
        return list(values)
    return np.asarray(values)


def _kind(value: Any) -> str:
    if isinstance(value, Table):
        return "DataFrame" if isinstance(value, Frame) else "Series"
    return str(getattr(value, "type_name", None) or type(value).__name__)


def _columns(actual: Any, expected: Any, *, check_order: bool) -> tuple[Column, ...]:
    """Return the columns of a frame in the expected order."""
    missing = [name for name in expected.columns if name not in actual.columns]
    extra = [name for name in actual.columns if name not in expected.columns]
    if missing or extra or len(actual.columns) != len(expected.columns):
        names = {"actual": actual.columns, "expected": expected.columns}
        raise _failed("columns", **{key: _names(value) for key, value in names.items()})
    if actual.columns == expected.columns:
        return tuple(actual.contents)
    if check_order:
        raise _failed("column_order", actual=_names(actual.columns), expected=_names(expected.columns))
    # Of several columns with one name the first is the first.
    left = list(actual.contents)
    ordered = []
    for name in expected.columns:
        place = next(index for index, column in enumerate(left) if column.name == name)
        ordered.append(left.pop(place))
    return tuple(ordered)


def _names(names: tuple[Any, ...]) -> str:
    return shortened(list(names), 200)


def _name(column: Column) -> str:
    return shortened(column.name, 60)


def _shown(values: Any, row: int) -> str:
    item = values[row]
    return shortened(item, 60) if item is None or isinstance(item, str) else tensors.format_number(item)


def _equal(actual: Any, expected: Any, rtol: float, atol: float) -> np.ndarray:
    """Return for each element of two columns whether it is equal; what is missing is equal to what is missing."""
    if isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray):
        return tensors.equal_elements(actual, expected, rtol, atol)
    pairs = zip(list(actual), list(expected), strict=True)
    return np.array([_is_equal(one, other, rtol, atol) for one, other in pairs], bool)


def _is_equal(one: Any, other: Any, rtol: float, atol: float) -> bool:
    first, second = tensors.as_tensor(one), tensors.as_tensor(other)
    if first is not None and second is not None and first.shape == second.shape == ():
        return bool(tensors.equal_elements(first, second, rtol, atol))
    return (_is_missing(one) and _is_missing(other)) or (type(one) is type(other) and bool(one == other))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _matched(
    actual: list[Column], expected: list[Column], rtol: float, atol: float
) -> tuple[list[Column], list[Column]]:
    """Return columns with the rows of `actual` in the order of the expected rows that they are equal to."""
    rows = len(expected[0].values) if expected else 0
    if rows > _MOST_MATCHED:
        return _sorted(actual), _sorted(expected)
    equal = np.ones((rows, rows), bool)
    for mine, theirs in zip(actual, expected, strict=True):
        for row in range(rows):
            # The row of all in `actual` that this expected element is compared with.
            repeated = _repeated(theirs.values, row, rows)
            equal[row] &= _equal(mine.values, repeated, rtol, atol)
    free, order = np.ones(rows, bool), np.full(rows, -1)
    for row in range(rows):
        candidates = np.flatnonzero(equal[row] & free)
        if candidates.size:
            order[row] = candidates[0]
            free[candidates[0]] = False
    # Those that are equal to none stand beside each other in the order in which they were.
    order[order < 0] = np.flatnonzero(free)
    return [_ordered(column, order) for column in actual], expected


def _repeated(values: Any, row: int, count: int) -> Any:
    if isinstance(values, np.ndarray):
        return np.repeat(values[row : row + 1], count)
    return [values[row]] * count


def _ordered(column: Column, order: np.ndarray) -> Column:
    values = column.values
    return column._replace(
        values=values[order] if isinstance(values, np.ndarray) else [values[index] for index in order]
    )


def _sorted(columns: list[Column]) -> list[Column]:
    """Return columns with their rows in order: by what is compared exactly first, for numbers may differ a little."""
    exact = sorted(
        columns, key=lambda column: getattr(getattr(column.values, "dtype", None), "kind", "O") in "fc"
    )
    keys = [[_key(item) for item in column.values] for column in exact]
    order = np.array(sorted(range(len(keys[0])), key=lambda row: [key[row] for key in keys]), int)
    return [_ordered(column, order) for column in columns]


def _key(item: Any) -> tuple[str, Any]:
    if isinstance(item, bool | int | float | np.bool_ | np.integer | np.floating):
        number = float(item)
        return ("missing", 0) if number != number else ("number", number)
    return ("missing", 0) if item is None else ("text", str(item))
