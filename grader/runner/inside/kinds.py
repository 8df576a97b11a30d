"""List the kinds of values that are sent as a few others: sets, dates, tables. Both sides of the sandbox use them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from grader.runner.inside.blocks import ProtocolFault
from grader.runner.inside.values import Column, Frame, Series, Tensor, plain_name

_HASHABLE = (type(None), bool, int, float, complex, str, bytes, date, timedelta)
"""What may be a key or in a set, beside tuples and frozen sets of it."""
_MOST_ALIKE = 100
"""Keys with the same hash, at most. Whoever makes them up can have thousands, which take hours to be told apart."""


def keys(values: list[Any]) -> list[Any]:
    """Return values that can be keys, and are told apart in no time."""
    if not all(map(_is_hashable, values)):
        raise ProtocolFault("a key that is not plain")
    if len(values) > _MOST_ALIKE and Counter(map(hash, values)).most_common(1)[0][1] > _MOST_ALIKE:
        raise ProtocolFault("keys that are made to be alike")
    return values


def as_keys(values: Collection[Any]) -> list[Any] | None:
    """Return what is in a set, or a dictionary's keys, with NumPy's scalars as Python's; None where one cannot be sent."""
    found = [_as_key(value) for value in values]
    return found if all(map(_is_hashable, found)) else None


def _as_key(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | frozenset):
        return (tuple if isinstance(value, tuple) else frozenset)(map(_as_key, value))
    return value


def _is_hashable(value: Any) -> bool:
    if isinstance(value, tuple | frozenset):
        return all(map(_is_hashable, value))
    return isinstance(value, _HASHABLE)


def as_list(value: Any) -> list[Any]:
    """Return a value that has to be a list."""
    if not isinstance(value, list):
        raise ProtocolFault("a list was announced")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise ProtocolFault("a number was announced")
    return float(value)


def as_name(value: Any) -> str:
    """Return a value that has to be the name of a class."""
    if not isinstance(value, str):
        raise ProtocolFault("a name that is not text")
    return plain_name(value)


def _in_order(values: Collection[object]) -> list[object]:
    """Return what is in a set in an order that is the same in each process: a call is known by what is sent."""
    return sorted(values, key=repr)


def _complex(parts: list[Any]) -> complex:
    real, imaginary = map(_number, parts)
    return complex(real, imaginary)


def _duration(parts: list[Any]) -> timedelta:
    days, seconds, microseconds = map(_number, parts)
    return timedelta(days, seconds, microseconds)


def _moment(kind: type[date]) -> Callable[[list[Any]], date]:
    def read(parts: list[Any]) -> date:
        (text,) = parts
        return kind.fromisoformat(text)

    return read


def _table(kind: type[Frame] | type[Series]) -> Callable[[list[Any]], Frame | Series]:
    """Return what makes a table of its columns, and of the levels of its index."""

    def read(parts: list[Any]) -> Frame | Series:
        contents, levels = ([_column(item) for item in as_list(items)] for items in parts)
        if kind is Series and len(contents) != 1:
            raise ProtocolFault("a series has one column")
        return kind(contents, levels)

    return read


def _column(parts: Any) -> Column:
    name, dtype, values = as_list(parts)
    is_array = isinstance(values, np.ndarray) and values.ndim == 1
    if not _is_hashable(name) or not (is_array or type(values) is list):
        raise ProtocolFault("a column")
    return Column(name, as_name(dtype), values)


def _parts_of_table(table: Frame | Series) -> list[Any]:
    return [[list(column) for column in part] for part in (table.contents, table.levels)]


def _tensor(parts: list[Any]) -> Tensor:
    array, library = parts
    if not isinstance(array, np.ndarray):
        raise ProtocolFault("an array was announced")
    return Tensor(array, as_name(library))


Kind = tuple[str, Callable[[Any], Collection[object]], Callable[[list[Any]], Any]]

KINDS: dict[type, Kind] = {
    tuple: ("tuple", lambda value: value, tuple),
    set: ("set", _in_order, lambda items: set(keys(items))),
    frozenset: ("frozenset", _in_order, lambda items: frozenset(keys(items))),
    complex: ("complex", lambda value: (value.real, value.imag), _complex),
    date: ("date", lambda value: (value.isoformat(),), _moment(date)),
    datetime: ("datetime", lambda value: (value.isoformat(),), _moment(datetime)),
    timedelta: (
        "timedelta",
        lambda value: (value.days, value.seconds, value.microseconds),
        _duration,
    ),
    Frame: ("frame", _parts_of_table, _table(Frame)),
    Series: ("series", _parts_of_table, _table(Series)),
    Tensor: ("library", lambda value: (value.array, value.library), _tensor),
}
"""Type -> its tag, the values that it is sent as, and what makes one of those again."""
READERS = {tag: read for tag, _, read in KINDS.values()}
