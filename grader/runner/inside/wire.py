"""Turn values into frames on the pipe between the judge and the runner, and back: both sides share this file.

A frame is a head (magic, length of the text, length of the body), a JSON text and a body of raw bytes (`blocks`).
Nothing is ever unpickled: the JSON holds plain values and those of `kinds`, and a tensor is its dtype, its shape and a
place in the body. Both lengths are capped before anything is read, and every field is checked before it is used.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from grader.runner.inside import kinds
from grader.runner.inside.blocks import (
    Body,
    Packed,
    ProtocolFault,
    pack_array,
    pack_bytes,
    read_bytes,
    read_tensor,
    read_texts,
    whole,
)

MAGIC = b"GRD1"
HEAD = struct.Struct("<4sIQ")
HEAD_SIZE = HEAD.size
ERRORS_BEGIN, ERRORS_END = b"\x1b_errors\x1b\\", b"\x1b_output\x1b\\"
"""Stand around what is written to standard error, among what is printed."""
MAX_TEXT = 8 << 20
"""Bytes of JSON in one frame, at most."""
MAX_NODES = 200_000
"""Values in one frame, at most: a small text can hold millions, each of which takes a hundred bytes when it is read."""
MAX_DEPTH = 64
_PLAIN = frozenset([type(None), bool, int, float, str])
KEYED = frozenset([dict, set, frozenset])
_COMPOSED = frozenset([list, dict, str])
"""What JSON text is read as and is not a value yet."""
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)


Kind = Literal["layer", "object", "method"]
_KINDS: dict[Any, Kind] = {"layer": "layer", "object": "object", "method": "method"}


@dataclass(frozen=True, slots=True)
class Handle:
    """Stands for an object that stays in the runner."""

    number: int
    type_name: str
    kind: Kind = "layer"
    """A layer can be described; a method is one of the object that has the number; an object is anything else."""

    def __repr__(self) -> str:
        """Return what a reader may see of it: it stands in a table's column, too."""
        return f"<{self.type_name}>"


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stands for an array of what is no number: only its type is known."""

    type_name: str


@dataclass(frozen=True, slots=True)
class Code:
    """Holds a function of the author's for the runner to make; nothing that comes out of a runner is one."""

    source: str
    """A definition, or an import."""
    name: str
    """What the source binds it to."""
    names: dict[str, Any]
    """What it uses beside Python's own names."""


Convert = Callable[[object], object]


def map_values(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with every value in it changed, itself first.

    What `change` returns as it was is looked into when it is a list, a tuple or a dictionary, whose keys stay. What it
    returns in place of a value is not looked into.
    """
    changed = change(value)
    if changed is not value:
        return changed
    if isinstance(value, (list, tuple)):
        return type(value)([map_values(item, change) for item in value])
    # A mapping of a class of its own has no place on the wire, and is refused there.
    if type(value) is dict:
        return {key: map_values(item, change) for key, item in value.items()}
    return value


def for_handles(change: Callable[[Handle], Any]) -> Callable[[Any], Any]:
    """Return a change for `map_values` that is made of handles, and of nothing else."""
    return lambda item: change(item) if isinstance(item, Handle) else item


def handles_in(value: Any) -> list[Handle]:
    """Return the handles in a value, in the order in which they stand there."""
    if isinstance(value, Handle):
        return [value]
    parts = value.values() if type(value) is dict else value if isinstance(value, list | tuple) else ()
    return [handle for item in parts if type(item) not in _PLAIN for handle in handles_in(item)]


def encode(message: object, convert: Convert | None = None) -> bytes:
    """Return the frame that holds a message.

    `convert` turns an object of a foreign library into a plain value, a NumPy array, a `Handle` or an `Opaque`; a set or
    dictionary with keys that cannot be sent into a `Handle`.

    Raises:
        ProtocolFault: the text is longer than `MAX_TEXT`, there are too many values, or one has no place in JSON.
    """
    body = Packed(nodes=1)
    tree = _pack(message, body, convert, 0)
    try:
        text = _ENCODER.encode(tree).encode()
    except (ValueError, RecursionError) as error:
        raise ProtocolFault(str(error)) from error
    if len(text) > MAX_TEXT:
        raise ProtocolFault(f"text of {len(text)} bytes")
    raw = b"".join(body.pieces)
    return HEAD.pack(MAGIC, len(text), len(raw)) + text + raw


def _count(counter: Packed | Body, values: int, depth: int) -> None:
    """Count values that lie at this depth."""
    if values and depth > MAX_DEPTH:
        raise ProtocolFault(f"nested more than {MAX_DEPTH} deep")
    counter.nodes += values
    if counter.nodes > MAX_NODES:
        raise ProtocolFault(f"more than {MAX_NODES} values")


def _pack_all(values: Collection[object], body: Packed, convert: Convert | None, depth: int) -> list[object]:
    """Return values packed; the plain ones, which are most, take no call of a function."""
    _count(body, len(values), depth)
    return [item if type(item) in _PLAIN else _pack(item, body, convert, depth) for item in values]


def _pack(value: Any, body: Packed, convert: Convert | None, depth: int) -> object:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return _pack_all(value, body, convert, depth + 1)
    if kind in KEYED and not _PLAIN.issuperset(map(type, value)):
        keys = kinds.as_keys(value)
        if keys is None and convert is not None:
            return _pack(convert(value), body, convert, depth)
        if keys is not None:
            value = dict(zip(keys, value.values(), strict=True)) if kind is dict else kind(keys)
    if kind in kinds.KINDS:
        tag, parts, _ = kinds.KINDS[kind]
        return {"$": tag, "v": _pack_all(parts(value), body, convert, depth + 1)}
    if kind is dict:
        keys = _pack_all(value.keys(), body, convert, depth + 1)
        items = _pack_all(value.values(), body, convert, depth + 1)
        return {"$": "dict", "v": [keys, items]}
    if isinstance(value, np.ndarray | np.generic):
        return pack_array(np.asarray(value), body)
    if kind is bytes:
        return pack_bytes(value, body)
    if kind is Handle:
        return {"$": "handle", "number": value.number, "type": value.type_name, "kind": value.kind}
    if kind is Code:
        names = _pack(value.names, body, convert, depth + 1)
        return {"$": "code", "source": value.source, "name": value.name, "names": names}
    if kind is Opaque:
        return {"$": "opaque", "type": value.type_name}
    if convert is not None:
        _count(body, 1, depth + 1)
        return _pack(convert(value), body, convert, depth + 1)
    raise ProtocolFault(f"a {kind.__name__} cannot be sent")


def lengths(head: bytes, max_body: int) -> tuple[int, int]:
    """Return the lengths of text and body that a head announces.

    Raises:
        ProtocolFault: the magic is wrong, or a length is above its cap.
    """
    magic, text, body = HEAD.unpack(head)
    if magic != MAGIC:
        raise ProtocolFault("no frame begins here")
    if text > MAX_TEXT or body > max_body:
        raise ProtocolFault(f"{text + body} bytes announced")
    return text, body


def decode(text: bytes, body: bytes, *, is_request: bool = False) -> Any:
    """Return the message of a frame's text and body; a request to a runner alone may hold `Code`.

    Raises:
        ProtocolFault: a field is missing, of the wrong type, or points outside of the body.
    """
    # Before anything is made of it; what stands in texts is counted too, which are seldom long.
    if text.count(b",") + text.count(b"[") > 10 * MAX_NODES:
        raise ProtocolFault(f"more than {MAX_NODES} values")
    try:
        return _unpack(json.loads(text), Body(memoryview(body), nodes=1, is_request=is_request), 0)
    except ProtocolFault:
        raise
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError, MemoryError) as error:
        raise ProtocolFault(f"{type(error).__name__}: {error}") from error


def copied(message: object, convert: Convert | None = None, *, is_request: bool = False) -> Any:
    """Return what the other end of a pipe gets of a message (see `encode` and `decode`)."""
    frame = encode(message, convert)
    text, _ = lengths(frame[:HEAD_SIZE], len(frame))
    return decode(frame[HEAD_SIZE : HEAD_SIZE + text], frame[HEAD_SIZE + text :], is_request=is_request)


def _unpack_all(trees: list[Any], body: Body, depth: int) -> list[Any]:
    _count(body, len(trees), depth)
    return [_unpack(item, body, depth) if type(item) in _COMPOSED else item for item in trees]


def _unpack(tree: Any, body: Body, depth: int) -> Any:
    if isinstance(tree, list):
        return _unpack_all(tree, body, depth + 1)
    if isinstance(tree, str):
        return _text(tree)
    if not isinstance(tree, dict):
        return tree
    tag = tree["$"]
    if tag == "tensor":
        return read_tensor(tree, body)
    if tag == "dict":
        names, items = tree["v"]
        names = kinds.keys(_unpack_all(kinds.as_list(names), body, depth + 1))
        return dict(zip(names, _unpack_all(kinds.as_list(items), body, depth + 1), strict=True))
    if tag == "texts":
        return read_texts(tree, body)
    if tag == "bytes":
        return read_bytes(tree, body)
    if tag == "handle":
        return Handle(whole(tree["number"]), kinds.as_name(tree["type"]), _KINDS[tree["kind"]])
    if tag == "opaque":
        return Opaque(kinds.as_name(tree["type"]))
    if tag == "code" and body.is_request:
        return Code(tree["source"], tree["name"], _unpack(tree["names"], body, depth + 1))
    if isinstance(tag, str) and tag in kinds.READERS:
        return kinds.READERS[tag](_unpack_all(kinds.as_list(tree["v"]), body, depth + 1))
    raise ProtocolFault(f"unknown tag {tag!r}")


def _text(value: str) -> str:
    # JSON can spell half a surrogate pair, which no file and no database takes.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
