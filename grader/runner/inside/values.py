"""Define the values on the pipe that Python and NumPy have no type for; both sides of the sandbox use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

SMALL_FLOATS = frozenset(
    "bfloat16 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu".split()
)
"""Names of dtypes that NumPy has not: each of their numbers is one of float32's too, and travels as that."""
DATES = frozenset(
    f"{kind}[{unit}]" for kind in ("datetime64", "timedelta64") for unit in "Y M W D h m s ms us ns".split()
)
"""Names of dtypes whose elements are whole numbers of a unit of time."""

_LONGEST_NAME = 200


def plain_name(value: str) -> str:
    """Return the name of a class, which is a student's to choose, as one that can be shown."""
    value = value[:_LONGEST_NAME]
    return value if value.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in value)


def named(array: np.ndarray, name: str) -> np.ndarray:
    """Return an array that says which dtype its library calls its own, `bfloat16`, where NumPy has only float32."""
    single = array.astype(np.float32)
    return single.view(np.dtype(np.float32, metadata={"name": name})) if name in SMALL_FLOATS else single


def own_name(dtype: np.dtype) -> str | None:
    """Return the name that was given to a dtype by `named`."""
    name = dtype.metadata["name"] if dtype.metadata and "name" in dtype.metadata else None
    return str(name) if name in SMALL_FLOATS else None


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """Asks for an array to be made a tensor of a library's before it is handed to a function."""

    array: np.ndarray
    library: str
    """`numpy`, `torch`, `jax` or `tensorflow`."""


class Column(NamedTuple):
    """Holds what stands in a column of a table, or in one level of its index."""

    name: Any
    dtype: str
    """As its library calls it: `int64`, `category`, `str`."""
    values: Any
    """An array; of texts one of Python's own, with None where one is missing. A list where they are of several kinds."""


class Table:
    """Holds columns that are equally long, and an index of one or more levels."""

    __slots__ = ("contents", "levels")

    def __init__(self, contents: Sequence[Column], levels: Sequence[Column]) -> None:
        self.contents, self.levels = tuple(contents), tuple(levels)
        if not self.levels or len({len(column.values) for column in (*self.contents, *self.levels)}) != 1:
            raise ValueError("columns of different lengths")

    @property
    def plain(self) -> dict[str, Any]:
        """Return all that it holds, as a dictionary."""
        parts = (("contents", self.contents), ("levels", self.levels))
        return {part: [column._asdict() for column in columns] for part, columns in parts}

    @property
    def index(self) -> Any:
        """Return the index's values; of one with several levels a tuple of them."""
        values = tuple(level.values for level in self.levels)
        return values[0] if len(values) == 1 else values

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.levels[0].values)


class Series(Table):
    """Stands for a series of pandas."""

    __slots__ = ()

    @property
    def name(self) -> Any:
        """Return its name."""
        return self.contents[0].name

    @property
    def dtype(self) -> str:
        """Return the name of its dtype."""
        return self.contents[0].dtype

    @property
    def values(self) -> Any:
        """Return its values."""
        return self.contents[0].values

    def __repr__(self) -> str:
        """Return what it is, and none of its values."""
        return f"Series({self.name!r}, {self.dtype}, {len(self)} rows)"


class Frame(Table):
    """Stands for a data frame of pandas: `frame["price"]` are a column's values."""

    __slots__ = ()

    @property
    def columns(self) -> tuple[Any, ...]:
        """Return the names of its columns."""
        return tuple(column.name for column in self.contents)

    @property
    def dtypes(self) -> dict[Any, str]:
        """Return the name of each column's dtype."""
        return {column.name: column.dtype for column in self.contents}

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        return len(self), len(self.contents)

    def __getitem__(self, name: Any) -> Any:
        """Return the values of the first column of this name."""
        values = [column.values for column in self.contents if column.name == name]
        if not values:
            raise KeyError(name)
        return values[0]

    def __contains__(self, name: object) -> bool:
        """Return whether it has a column of this name."""
        return name in self.columns

    def __iter__(self) -> Iterator[Any]:
        """Yield the names of its columns."""
        return iter(self.columns)

    def __repr__(self) -> str:
        """Return what it is, and none of its values."""
        return f"DataFrame({list(self.columns)!r}, {len(self)} rows)"
