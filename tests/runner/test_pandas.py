"""pandas, where it is installed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import assert_frame, assert_unchanged
from grader.checks.remote import RemoteCode
from grader.errors import CheckFailed
from grader.runner.inside import pandas as answers
from grader.runner.inside import wire
from grader.runner.inside.values import Frame, Series
from grader.runner.local import LocalCaller

pandas: Any = pytest.importorskip("pandas")


def code_of(**functions: Any) -> RemoteCode:
    """Return functions as a check meets them."""
    return RemoteCode(LocalCaller(functions))


def every_kind() -> Any:
    """Return a frame with a column of each kind."""
    return pandas.DataFrame(
        {
            "whole": [1, 2],
            "optional": pandas.array([1, None], "Int64"),
            "complete": pandas.array([1, 2], "Int16"),
            "real": [0.5, None],
            "text": ["서울", None],
            "category": pandas.Categorical(["x", "y"]),
            "day": pandas.to_datetime(["2024-02-29", None]),
            "zone": pandas.to_datetime(["2024-01-01", "2024-01-02"]).tz_localize("Asia/Seoul"),
            "time": pandas.to_timedelta(["1h", "2h"]),
            "any": [1, "x"],
            "flag": [True, False],
            "maybe": pandas.array([True, None], "boolean"),
            "month": pandas.period_range("2024-01", periods=2, freq="M"),
        }
    )


def test_a_frame_of_every_kind_of_column_arrives() -> None:
    frame = code_of(f=every_kind).f()
    assert isinstance(frame, Frame)
    assert (frame.shape, frame.index.tolist()) == ((2, 13), [0, 1])
    assert frame.dtypes["optional"] == "Int64"
    assert frame.dtypes["category"] == "category"
    shown = {name: np.asarray(frame[name]).astype(str).tolist() for name in frame}
    assert shown == {
        "whole": ["1", "2"],
        "optional": ["1.0", "nan"],
        "complete": ["1", "2"],
        "real": ["0.5", "nan"],
        "text": ["서울", "None"],
        "category": ["x", "y"],
        "day": np.array(["2024-02-29", "NaT"], frame["day"].dtype).astype(str).tolist(),
        "zone": [str(item) for item in np.array(["2023-12-31T15", "2024-01-01T15"], frame["zone"].dtype)],
        "time": np.array([1, 2], "m8[h]").astype(frame["time"].dtype).astype(str).tolist(),
        "any": ["1", "x"],
        "flag": ["True", "False"],
        "maybe": ["1.0", "nan"],
        "month": ["2024-01", "2024-02"],
    }


def test_what_an_author_hands_over_is_the_same_for_the_student() -> None:
    given = every_kind().drop(columns=["optional", "maybe", "month"])
    seen: list[Any] = []
    code_of(f=lambda frame: seen.append(frame)).f(given)
    pandas.testing.assert_frame_equal(seen[0], given)


@pytest.mark.parametrize(
    "table",
    [
        lambda: pandas.DataFrame({"a": [1.5, 2]}, index=["x", "y"]),
        lambda: pandas.DataFrame(
            {"a": [1, 2]}, index=pandas.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", "n"])
        ),
        lambda: pandas.DataFrame([[1, 2]], columns=["a", "a"]),
        lambda: pandas.DataFrame({"a": []}, dtype="float64"),
        lambda: pandas.Series([1, 2], name="s", index=pandas.Index([5, 7], name="i")),
        lambda: pandas.Series(["a", None]),
    ],
)
def test_a_table_comes_back_as_it_went(table: Any) -> None:
    given = table()
    seen: list[Any] = []
    arrived = code_of(f=lambda frame: seen.append(frame) or frame).f(given)  # type: ignore[func-returns-value]  # it is meant
    compare = (
        pandas.testing.assert_frame_equal
        if isinstance(given, pandas.DataFrame)
        else pandas.testing.assert_series_equal
    )
    compare(seen[0], given)
    assert_frame(arrived, given)


def test_a_call_is_written_without_the_rows() -> None:
    code = code_of(f=len)
    code.f(pandas.DataFrame({"city": ["Seoul"], "price": [1]}))
    assert code._last_call == "f(DataFrame(['city', 'price'], 1 rows))"


def test_a_series_an_index_and_moments_are_plain() -> None:
    made = [
        pandas.Series([1, 2]).groupby(["a", "b"]).sum(),
        pandas.Index(["a"]),
        pandas.MultiIndex.from_tuples([("a", 1)]),
        pandas.array([1, 2]),
        pandas.Timestamp("2024-01-02 03:04"),
        pandas.Timestamp(1),
        pandas.Timedelta("1h"),
        pandas.NaT,
        pandas.NA,
        pandas.Period("2024-01"),
        pandas.Series([1]).dtype,
        pandas.CategoricalDtype(["a"]),
    ]
    series, index, levels, array, moment, exact, hour, nat, missing, month, dtype, own = code_of(
        f=lambda: made
    ).f()
    assert isinstance(series, Series)
    assert (series.values.tolist(), series.index.tolist()) == ([1, 2], ["a", "b"])
    assert (index.tolist(), levels, array.tolist()) == (["a"], [("a", 1)], [1, 2])
    assert (moment, hour, month) == (datetime(2024, 1, 2, 3, 4), timedelta(hours=1), "2024-01")
    assert (exact.astype(int), np.isnat(nat), missing != missing) == (1, True, True)
    assert (dtype, own) == ("int64", "category")


def test_a_frame_that_is_changed_in_place_is_found() -> None:
    def bad(frame: Any) -> None:
        frame["new"] = 1

    code = code_of(good=lambda frame: frame.assign(new=1), bad=bad)
    given = pandas.DataFrame({"a": ["x", "y"]})
    code.good(given)
    assert_unchanged(code)
    code.bad(given)
    with pytest.raises(CheckFailed):
        assert_unchanged(code)
    assert list(given) == ["a"]


def test_sixty_thousand_rows_of_texts_are_a_few_values() -> None:
    texts = [f"city {number}" for number in range(60_000)]
    plain = answers.to_plain(pandas.DataFrame({"a": texts, "b": texts, "n": range(60_000)}))
    text, _ = wire.lengths(wire.encode(plain)[: wire.HEAD_SIZE], 1 << 30)
    assert text < 1000
    assert wire.copied(plain)["b"].tolist() == texts
