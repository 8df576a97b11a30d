"""Tables are compared as plain columns: no test here needs pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.frames import assert_frame
from grader.errors import CheckFailed
from grader.messages.sentences import explain, languages
from grader.model import Explanation
from grader.runner.inside.values import Column, Frame, Series


def column(name: Any, values: Any, dtype: str = "") -> Column:
    """Return a column of plain values: texts are Python's own."""
    is_text = any(isinstance(item, str) for item in values)
    array = np.array(values, object) if is_text else np.array(values)
    return Column(name, dtype or str(array.dtype), array)


def frame(index: Any = None, **columns: Any) -> Frame:
    """Return a frame."""
    rows = len(next(iter(columns.values())))
    levels = [column(None, np.arange(rows) if index is None else index)]
    return Frame([column(name, values) for name, values in columns.items()], levels)


def series(*values: Any, index: Any = None) -> Series:
    """Return a series."""
    return Series([column("s", values)], [column(None, np.arange(len(values)) if index is None else index)])


def why(actual: Any, expected: Any, **settings: Any) -> Explanation:
    """Return what is said of tables that differ; it can be said in every language."""
    with pytest.raises(CheckFailed) as caught:
        assert_frame(actual, expected, **settings)
    explanation = caught.value.explanation
    assert all(explain(explanation, language) for language in languages())
    return explanation


SALES = frame(city=["Seoul", "Busan", "Seoul"], price=[1.5, 2.0, 3.25])


@pytest.mark.parametrize(
    ("actual", "expected", "settings"),
    [
        (SALES, SALES, {}),
        (SALES, {"city": ["Seoul", "Busan", "Seoul"], "price": [1.5, 2, 3.25]}, {}),
        (frame(a=[1, 2]), frame(a=[1.0, 2.0]), {}),
        (frame(a=[0.1 + 0.2]), frame(a=[0.3]), {}),
        (frame(a=[float("nan"), 1]), frame(a=[float("nan"), 1]), {}),
        (frame(a=["x", None]), frame(a=["x", None]), {}),
        (frame(a=[1], index=[5]), frame(a=[1]), {"check_index": False}),
        (frame(b=[1], a=["x"]), frame(a=["x"], b=[1]), {"check_order": False}),
        (frame(a=[2.0, 1.0], index=[1, 0]), frame(a=[1.0, 2.0]), {"check_order": False}),
        (
            frame(a=[1.0, 1.0 + 1e-9, 2.0], b=[5, 4, 3]),
            frame(a=[1.0 + 1e-9, 1.0, 2.0], b=[5, 4, 3]),
            {"check_order": False, "check_index": False},
        ),
        (series(1, 2), series(1, 2), {}),
        (series(2, 1, index=["b", "a"]), series(1, 2, index=["a", "b"]), {"check_order": False}),
        (Frame([Column("a", "object", [1, "x"])], [column(None, [0, 1])]), {"a": [1, "x"]}, {}),
        (
            frame(a=np.array(["2024-01-01", "NaT"], "M8[s]")),
            frame(a=np.array(["2024-01-01", "NaT"], "M8[ns]")),
            {},
        ),
    ],
)
def test_what_is_equal_passes(actual: Any, expected: Any, settings: dict[str, Any]) -> None:
    assert_frame(actual, expected, **settings)


def test_many_rows_in_another_order_are_the_same() -> None:
    numbers = np.arange(5000) / 7
    order = np.random.default_rng(0).permutation(5000)
    texts = np.array([f"city {number % 50}" for number in range(5000)], object)
    actual = frame(city=texts[order], price=numbers[order], index=order)
    assert_frame(actual, frame(city=texts, price=numbers), check_order=False)
    other = frame(city=texts, price=numbers + (np.arange(5000) == 7))
    assert why(actual, other, check_order=False).key in ("frame.values", "frame.index")


@pytest.mark.parametrize(
    ("actual", "expected", "settings", "key", "values"),
    [
        (7, SALES, {}, "kind", {"actual": "int", "expected": "DataFrame"}),
        (series(1), frame(a=[1]), {}, "kind", {"actual": "Series", "expected": "DataFrame"}),
        (frame(a=[1]), series(1), {}, "kind", {"actual": "DataFrame", "expected": "Series"}),
        (frame(a=[1]), frame(b=[1]), {}, "columns", {"actual": "['a']", "expected": "['b']"}),
        (frame(a=[1], b=[2]), frame(a=[1]), {}, "columns", {"actual": "['a', 'b']", "expected": "['a']"}),
        (
            frame(b=[1], a=[2]),
            frame(a=[2], b=[1]),
            {},
            "column_order",
            {"actual": "['b', 'a']", "expected": "['a', 'b']"},
        ),
        (frame(a=[1]), frame(a=[1, 2]), {}, "rows", {"actual": 1, "expected": 2}),
        (
            frame(a=[1]),
            frame(a=[1.0]),
            {"check_dtype": True},
            "dtype",
            {"column": "'a'", "actual": "int64", "expected": "float64"},
        ),
        (
            frame(a=[1, 2], index=[0, 7]),
            frame(a=[1, 2]),
            {},
            "index",
            {"row": 1, "actual": "7", "expected": "1", "count": 1, "total": 2},
        ),
        (
            frame(city=["Seoul", None, "Jeju"]),
            frame(city=["Seoul", "Busan", "Ulsan"]),
            {},
            "values",
            {"column": "'city'", "row": 1, "actual": "None", "expected": "'Busan'", "count": 2, "total": 3},
        ),
        (
            frame(a=["1"]),
            frame(a=[1]),
            {},
            "values",
            {"column": "'a'", "row": 0, "actual": "'1'", "expected": "1", "count": 1, "total": 1},
        ),
        (
            frame(a=[3, 1], b=["x", "y"]),
            frame(a=[1, 2], b=["y", "x"]),
            {"check_order": False, "check_index": False},
            "values",
            {"column": "'a'", "row": 1, "actual": "3", "expected": "2", "count": 1, "total": 2},
        ),
    ],
)
def test_it_is_said_how_tables_differ(
    actual: Any, expected: Any, settings: dict[str, Any], key: str, values: dict[str, Any]
) -> None:
    assert why(actual, expected, **settings) == Explanation(f"frame.{key}", values)


def test_an_index_with_other_levels_is_another_index() -> None:
    levels = [column("a", [1]), column("b", [2])]
    explanation = why(Frame([column("n", [1])], levels), frame(n=[1]))
    assert explanation == Explanation("frame.levels", {"actual": 2, "expected": 1})


def test_what_an_author_expects_must_be_a_table() -> None:
    with pytest.raises(TypeError, match="no data frame or series: int"):
        assert_frame(frame(a=[1]), 5)
