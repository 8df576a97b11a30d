"""Keep what of a frame lies in its body, as raw bytes: arrays of numbers, of dates and of texts, and bytes themselves.

Every field of a block is checked before it is used, and the blocks lie in the body in the order in which they are read,
each byte once: a text of a few bytes for each of a thousand arrays that all lie in the same place would fill the
reader's memory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from grader.runner.inside.values import DATES, SMALL_FLOATS, named, own_name

MAX_DIMENSIONS = 32
MAX_TEXTS = 2_000_000
"""Texts in the arrays of one frame, at most: each takes sixty bytes when it is read, and as few as five before."""
DTYPES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
)
_NAMES = {np.dtype(name): name for name in DTYPES}
"""dtype -> its name, which NumPy puts together anew each time."""


class ProtocolFault(ValueError):
    """Bytes that are not a frame of this protocol, or a value that has no place in one."""


def whole(value: Any) -> int:
    """Return a value that has to be a count."""
    if type(value) is not int or value < 0:
        raise ProtocolFault(f"{value!r} is not a count")
    return value


@dataclass
class Packed:
    """Holds what is packed so far: the bytes, and how many values and texts."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    nodes: int = 0
    texts: int = 0

    def add(self, raw: bytes) -> int:
        """Add bytes; return where they begin."""
        self.pieces.append(raw)
        self.size += len(raw)
        return self.size - len(raw)


@dataclass
class Body:
    """Holds a frame's body, and how far it has been read."""

    view: memoryview
    position: int = 0
    nodes: int = 0
    texts: int = 0
    is_request: bool = False

    def take(self, start: Any, size: int) -> int:
        """Return where the next bytes begin, of which there must be so many, and go on behind them."""
        if whole(start) != self.position or start + size > len(self.view):
            raise ProtocolFault("a block that does not lie where it should")
        self.position += size
        return int(start)


def _count_texts(counter: Packed | Body, count: int) -> None:
    counter.texts += count
    if counter.texts > MAX_TEXTS:
        raise ProtocolFault(f"more than {MAX_TEXTS} texts")


def pack_bytes(value: bytes, body: Packed) -> dict[str, Any]:
    """Return what is said of bytes that are put into the body."""
    return {"$": "bytes", "at": body.add(value), "size": len(value)}


def read_bytes(tree: dict[str, Any], body: Body) -> bytes:
    """Return bytes."""
    size = whole(tree["size"])
    start = body.take(tree["at"], size)
    return bytes(body.view[start : start + size])


def pack_array(array: np.ndarray, body: Packed) -> dict[str, Any]:
    """Return what is said of an array that is put into the body, or of one of anything else its dtype."""
    name = _NAMES.get(array.dtype) or array.dtype.name
    own = own_name(array.dtype)
    if name in SMALL_FLOATS:
        # A dtype of the package `ml_dtypes`.
        array, name, own = array.astype(np.float32), "float32", name
    shape = list(array.shape)
    if name in DTYPES or name in DATES:
        raw = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
        tree = {"$": "tensor", "dtype": name, "shape": shape, "at": body.add(raw)}
        return tree if own is None else {**tree, "name": own}
    texts: list[Any] = array.ravel().tolist() if array.dtype.kind in "UOT" else [0]
    if not all(type(item) is str or item is None for item in texts):
        return {"$": "opaque", "type": f"ndarray of {name}"}
    _count_texts(body, len(texts))
    sizes = np.array([-1 if item is None else len(item) for item in texts], "<i4")
    raw = "".join(filter(None, texts)).encode("utf-8", "replace")
    return {"$": "texts", "shape": shape, "at": body.add(sizes.tobytes() + raw), "size": len(raw)}


def _shape(tree: dict[str, Any]) -> tuple[list[int], int]:
    """Return a shape, and how many elements it has."""
    shape = tree["shape"]
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise ProtocolFault("a shape")
    return shape, math.prod(whole(length) for length in shape)


def read_tensor(tree: dict[str, Any], body: Body) -> np.ndarray:
    """Return an array of numbers or dates."""
    name, own = tree["dtype"], tree.get("name")
    if name not in DTYPES and name not in DATES:
        raise ProtocolFault("a dtype")
    if own is not None and (own not in SMALL_FLOATS or name != "float32"):
        raise ProtocolFault("a dtype's own name")
    shape, count = _shape(tree)
    dtype = np.dtype(name).newbyteorder("<")
    start = body.take(tree["at"], count * dtype.itemsize)
    # A copy: aligned, writable, and it does not keep the whole frame alive.
    flat = np.frombuffer(body.view, np.uint8 if name == "bool" else dtype, count, start).reshape(shape)
    if own is not None:
        return named(flat, own)
    return flat != 0 if name == "bool" else flat.astype(np.dtype(name))


def read_texts(tree: dict[str, Any], body: Body) -> np.ndarray:
    """Return an array of Python's texts, and of None where one is missing.

    NumPy's own arrays of texts give each the room of the longest.
    """
    shape, count = _shape(tree)
    size = whole(tree["size"])
    _count_texts(body, count)
    start = body.take(tree["at"], 4 * count + size)
    sizes: list[int] = np.frombuffer(body.view, "<i4", count, start).tolist()
    text = bytes(body.view[start + 4 * count : body.position]).decode("utf-8", "replace")
    places = list(accumulate((max(length, 0) for length in sizes), initial=0))
    if places[-1] != len(text):
        raise ProtocolFault("texts of other lengths")
    texts = np.empty(count, object)
    spans = zip(sizes, pairwise(places), strict=True)
    texts[:] = [text[begin:end] if length >= 0 else None for length, (begin, end) in spans]
    return texts.reshape(shape)
