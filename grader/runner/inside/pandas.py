"""Answer what is asked of pandas (see `libraries.Library`)."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module
from typing import Any

import numpy as np

from grader.runner.inside.loaded import loaded
from grader.runner.inside.values import Column, Frame, Series

NAME = "pandas"


def to_plain(value: Any) -> Any:
    """Return a frame, a series, an index, an array or a moment of pandas's."""
    if isinstance(value, loaded(NAME, "DataFrame")):
        return Frame(
            [_column(value.iloc[:, place], name) for place, name in enumerate(value)], _levels(value.index)
        )
    if isinstance(value, loaded(NAME, "Series")):
        return Series([_column(value, value.name)], _levels(value.index))
    if isinstance(value, loaded(NAME, "MultiIndex")):
        return value.tolist()
    if isinstance(value, loaded(NAME, "Index")):
        return _column(value, None).values
    if isinstance(value, loaded("pandas.api.extensions", "ExtensionArray")):
        return _column(import_module(NAME).Series(value), None).values
    if isinstance(value, loaded(NAME, "Timestamp")):
        return value.to_pydatetime(warn=False) if value.nanosecond == 0 else value.to_datetime64()
    if isinstance(value, loaded(NAME, "Timedelta")):
        return value.to_pytimedelta() if value.nanoseconds == 0 else value.to_timedelta64()
    pandas: Any = sys.modules.get(NAME)
    if pandas is not None and value is getattr(pandas, "NaT", None):
        return np.datetime64("NaT", "ns")
    if pandas is not None and value is getattr(pandas, "NA", None):
        return float("nan")
    if isinstance(
        value, loaded(NAME, "Period", "Interval") + loaded("pandas.api.extensions", "ExtensionDtype")
    ):
        return str(value)
    return None


def _levels(index: Any) -> list[Column]:
    return [_column(index.get_level_values(place), name) for place, name in enumerate(index.names)]


def _column(values: Any, name: Any) -> Column:
    """Return a column or an index, of dates in UTC; what is missing in whole numbers makes them float64."""
    name = name if name is None or isinstance(name, str | int | float | tuple) else str(name)
    return Column(name, str(values.dtype), _values(values))


def _values(values: Any) -> Any:
    kind = getattr(values.dtype, "kind", "O")
    if isinstance(values.dtype, np.dtype) and kind in "biufcmM":
        return values.to_numpy()
    if kind == "M":
        return values.to_numpy(dtype=f"datetime64[{getattr(values.dtype, 'unit', 'ns')}]")
    if kind in "biuf":
        missing = bool(values.isna().any())
        exact = np.dtype(getattr(values.dtype, "numpy_dtype", np.float64))
        return values.to_numpy(dtype=np.float64 if missing else exact, na_value=np.nan if missing else None)
    items = np.array(values.astype(object), object)
    items[np.asarray(values.isna(), bool)] = None
    if all(item is None or type(item) is str for item in items):
        return items
    plain = [type(item) for item in items]
    if set(plain) <= {int, bool, float} and len(set(plain)) == 1:
        return np.array(items.tolist())
    is_text = type(values.dtype).__name__ in ("PeriodDtype", "IntervalDtype")
    return np.array([str(item) for item in items], object) if is_text else items.tolist()


def from_plain(value: Any) -> Any:
    """Return a frame or series of pandas's; a dtype that cannot be had again stays what NumPy made of it."""
    pandas: Any = import_module(NAME)
    index = _index(value.levels)
    if isinstance(value, Series):
        return _series(value.contents[0], index)
    columns = [_series(column, index) for column in value.contents]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame(index=index)
    if columns:
        frame.columns = pandas.Index(list(value.columns))
    return frame


def _series(column: Column, index: Any) -> Any:
    pandas: Any = import_module(NAME)
    series = pandas.Series(column.values, index=index, name=column.name)
    with contextlib.suppress(Exception):
        if ", " in column.dtype and column.dtype.startswith("datetime64"):
            return series.dt.tz_localize("UTC").astype(column.dtype)
        return series.astype(column.dtype)
    return series


def _index(levels: tuple[Column, ...]) -> Any:
    pandas: Any = import_module(NAME)
    if len(levels) > 1:
        arrays = [pandas.Index(level.values) for level in levels]
        return pandas.MultiIndex.from_arrays(arrays, names=[level.name for level in levels])
    values = levels[0].values
    if levels[0].dtype == "int64" and np.array_equal(values, np.arange(len(values))):
        return pandas.RangeIndex(len(values), name=levels[0].name)
    index = pandas.Index(values, name=levels[0].name)
    with contextlib.suppress(Exception):
        return index.astype(levels[0].dtype)
    return index
