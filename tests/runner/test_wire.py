from __future__ import annotations

import json
import struct
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from grader.runner.inside import wire
from grader.runner.inside.wire import Handle, Opaque, ProtocolFault, copied, handles_in, map_values

PLAIN = [
    None,
    True,
    0,
    -(2**70),
    1.5,
    float("inf"),
    "",
    "텐서 \x00",
    [],
    [1, [2, [3]]],
    (),
    (1, (2, [3])),
    {},
    {"a": {1: [None]}, None: (True,), 2.5: ""},
    {"$": "tensor", "v": [1]},
    Handle(3, "Dense"),
    Opaque("ndarray of object"),
    b"bytes",
    b"",
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_comes_back_the_same_and_of_the_same_type(value: object) -> None:
    back = copied(value)
    assert back == value
    assert type(back) is type(value)


def test_half_a_character_which_no_file_takes_becomes_a_question_mark() -> None:
    assert copied(["강 \ud800", {"\udfff": 1}]) == ["강 ?", {"?": 1}]


def test_not_a_number_comes_back() -> None:
    assert np.isnan(copied(float("nan")))


@pytest.mark.parametrize("name", sorted(wire.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3), (1, 2, 2, 1)], ids=str)
def test_a_tensor_comes_back_bit_for_bit(name: str, shape: tuple[int, ...]) -> None:
    tensor = (np.arange(np.prod(shape, dtype=int)) % 2 - 0.5).reshape(shape).astype(name)
    back = copied(tensor)
    assert back.dtype == tensor.dtype
    assert back.shape == tensor.shape
    assert back.tobytes() == tensor.tobytes()


def test_tensors_inside_of_values_keep_their_places() -> None:
    first, second = np.arange(3, dtype=np.int8), np.arange(4.0)
    back = copied({"a": [first, (second,)], "b": second[::-1]})
    assert back["a"][0].tolist() == [0, 1, 2]
    assert back["a"][1][0].tolist() == [0, 1, 2, 3]
    assert back["b"].tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize(
    "tensor",
    [
        np.arange(6).reshape(2, 3).T,
        np.asfortranarray(np.ones((2, 3))),
        np.arange(4, dtype=">i4"),
        np.arange(9)[::-2],
    ],
    ids=["transposed", "fortran", "big-endian", "backwards"],
)
def test_the_order_in_memory_does_not_matter(tensor: np.ndarray) -> None:
    assert np.array_equal(copied(tensor), tensor)


def test_a_received_tensor_may_be_written_to_and_is_aligned() -> None:
    back = copied([np.zeros(1, np.int8), np.arange(3.0)])[1]
    back[0] = 7
    assert back.flags.aligned


@pytest.mark.parametrize(
    ("scalar", "name"),
    [(np.float32(2.5), "float32"), (np.int64(7), "int64"), (np.bool_(True), "bool")],
    ids=str,
)
def test_a_numpy_scalar_becomes_a_tensor_without_dimensions(scalar: np.generic, name: str) -> None:
    back = copied(scalar)
    assert (back.shape, back.dtype.name, back.item()) == ((), name, scalar.item())


@pytest.mark.parametrize(
    "tensor", [np.array([object()]), np.array(["a"]), np.array([1], "M8[s]")], ids=["object", "text", "date"]
)
def test_a_tensor_of_anything_else_is_only_named(tensor: np.ndarray) -> None:
    assert copied(tensor) == Opaque(f"ndarray of {tensor.dtype.name}")


def test_a_foreign_object_is_converted_wherever_it_is() -> None:
    assert copied({"a": [{1, 2}]}, lambda value: Opaque(type(value).__name__)) == {"a": [Opaque("set")]}


@pytest.mark.parametrize("value", [{1}, object(), [1, {2}]], ids=["set", "object", "inside"])
def test_without_a_conversion_a_foreign_object_is_refused(value: object) -> None:
    with pytest.raises(ProtocolFault, match="cannot be sent"):
        wire.encode(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ProtocolFault, match="64 deep"):
        wire.encode(endless)


def test_a_conversion_that_never_ends_is_refused() -> None:
    with pytest.raises(ProtocolFault, match="64 deep"):
        wire.encode({1}, lambda value: value)


def test_a_text_above_the_cap_is_refused() -> None:
    with pytest.raises(ProtocolFault, match="text of"):
        wire.encode("x" * wire.MAX_TEXT)


def test_every_value_is_changed_where_it_stands_and_the_rest_stays_as_it_is() -> None:
    foreign, array = OrderedDict(a=Handle(1, "A")), np.zeros(2)
    value = {"a": [Handle(1, "A"), (Handle(2, "B"), 5)], 2: foreign, "b": array}
    changed = map_values(value, lambda item: item.number if isinstance(item, Handle) else item)
    assert changed == {"a": [1, (2, 5)], 2: foreign, "b": array}
    assert changed[2] is foreign
    assert changed["b"] is array
    assert value["a"] == [Handle(1, "A"), (Handle(2, "B"), 5)]


def test_what_stands_in_place_of_a_value_is_not_looked_into() -> None:
    assert map_values([1, 2], lambda item: [item, item] if isinstance(item, int) else item) == [
        [1, 1],
        [2, 2],
    ]


def test_handles_are_found_in_the_order_in_which_they_stand() -> None:
    handles = [Handle(number, "Dense") for number in (3, 1, 2, 1)]
    value = {"z": [handles[0], (handles[1],)], "a": {"b": handles[2]}, "c": handles[3]}
    assert handles_in(value) == handles


def nested(depth: int) -> Any:
    """Return a list in a list in a list."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_what_can_be_sent_can_be_read_and_nothing_deeper() -> None:
    deepest = nested(wire.MAX_DEPTH)
    assert copied(deepest) == deepest
    assert copied({1: (nested(wire.MAX_DEPTH - 2),)}) == {1: (nested(wire.MAX_DEPTH - 2),)}
    with pytest.raises(ProtocolFault, match="64 deep"):
        wire.encode([deepest])
    with pytest.raises(ProtocolFault, match="64 deep"):
        wire.decode(json.dumps([deepest]).encode(), b"")


def test_more_values_than_anybody_returns_are_refused_on_both_sides() -> None:
    most = [0] * (wire.MAX_NODES - 1)
    assert copied(most) == most
    with pytest.raises(ProtocolFault, match="more than 200000 values"):
        wire.encode([0, *most])
    with pytest.raises(ProtocolFault, match="more than 200000 values"):
        wire.decode(json.dumps([0, *most]).encode(), b"")


def test_millions_of_values_are_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("json.loads", lambda text: pytest.fail("it was parsed"))
    with pytest.raises(ProtocolFault, match="more than 200000 values"):
        wire.decode(b"[" + b"[]," * 2_500_000 + b"0]", b"")


def test_a_frame_that_does_not_fit_in_memory_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr("json.loads", fail)
    with pytest.raises(ProtocolFault, match="MemoryError"):
        wire.decode(b"[]", b"")


@pytest.mark.parametrize("name", ["De\x1b[2Jnse", "\u202eesneD", "a\nb", "\ud800"], ids=ascii)
@pytest.mark.parametrize(
    "tag", [{"$": "opaque"}, {"$": "handle", "number": 1, "kind": "object"}], ids=["opaque", "handle"]
)
def test_the_name_of_a_class_can_be_shown(tag: dict[str, Any], name: str) -> None:
    back = wire.decode(json.dumps({**tag, "type": name}).encode(), b"")
    assert back.type_name.isprintable()
    assert "\ufffd" in back.type_name


def test_a_frame_is_head_text_and_raw_bytes_and_nothing_else() -> None:
    frame = wire.encode([np.array([1], "<i2")])
    text = b'[{"$":"tensor","dtype":"int16","shape":[1],"at":0}]'
    assert frame == struct.pack("<4sIQ", b"GRD1", len(text), 2) + text + b"\x01\x00"
    assert wire.lengths(frame[: wire.HEAD_SIZE], 2) == (len(text), 2)


@pytest.mark.parametrize(
    ("magic", "text", "body"),
    [(b"GRD2", 2, 0), (b"GRD1", wire.MAX_TEXT + 1, 0), (b"GRD1", 2, 101), (b"GRD1", 2, 2**63)],
    ids=["magic", "text", "body", "huge"],
)
def test_a_head_that_lies_is_refused_before_anything_is_read(magic: bytes, text: int, body: int) -> None:
    with pytest.raises(ProtocolFault):
        wire.lengths(struct.pack("<4sIQ", magic, text, body), 100)


TENSOR = {"$": "tensor", "dtype": "int16", "shape": [2], "at": 0}
LIES: dict[str, object] = {
    "no-tag": {"v": []},
    "unknown-tag": {"$": "pickle", "v": "gASVBAAAAAAAAABLAS4="},
    "tag-that-is-a-list": {"$": []},
    "dtype-object": {**TENSOR, "dtype": "object"},
    "dtype-list": {**TENSOR, "dtype": ["int16"]},
    "shape-missing": {"$": "tensor", "dtype": "int16", "at": 0},
    "shape-number": {**TENSOR, "shape": 2},
    "shape-negative": {**TENSOR, "shape": [-1]},
    "shape-fraction": {**TENSOR, "shape": [2.0]},
    "shape-true": {**TENSOR, "shape": [True]},
    "shape-too-large": {**TENSOR, "shape": [3]},
    "shape-huge": {**TENSOR, "shape": [2**62, 2**62]},
    "shape-empty-and-huge": {**TENSOR, "shape": [0, 2**70]},
    "shape-too-many": {**TENSOR, "shape": [1] * 33},
    "place-negative": {**TENSOR, "at": -2},
    "place-outside": {**TENSOR, "at": 1},
    "place-far-outside": {**TENSOR, "shape": [0], "at": 100},
    "place-text": {**TENSOR, "at": "0"},
    "tuple-of-nothing": {"$": "tuple", "v": None},
    "tuple-of-mapping": {"$": "tuple", "v": {"$": "tuple", "v": []}},
    "key-list": {"$": "dict", "v": [[[1]], [2]]},
    "keys-alone": {"$": "dict", "v": [["a"]]},
    "three-lists": {"$": "dict", "v": [["a"], [1], [2]]},
    "keys-of-text": {"$": "dict", "v": ["a", [1]]},
    "more-keys-than-values": {"$": "dict", "v": [["a", "b"], [1]]},
    "handle-negative": {"$": "handle", "number": -1, "type": "Dense"},
    "handle-text": {"$": "handle", "number": "1", "type": "Dense"},
    "name-number": {"$": "opaque", "type": 7},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_in_a_frame_is_a_fault_and_never_another_error(lie: object) -> None:
    with pytest.raises(ProtocolFault):
        wire.decode(json.dumps([lie]).encode(), b"\x01\x00\x02\x00")


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff\xfe", b"[" * 5000, b"9" * 5000, b"[1] [2]"],
    ids=["empty", "broken", "no-utf8", "deep", "long-number", "two"],
)
def test_text_that_is_no_json_is_a_fault(text: bytes) -> None:
    with pytest.raises(ProtocolFault):
        wire.decode(text, b"")


def test_a_long_type_name_is_cut() -> None:
    assert wire.decode(b'{"$":"opaque","type":"' + b"x" * 1000 + b'"}', b"") == Opaque("x" * 200)


def test_any_byte_of_a_tensor_of_truths_is_a_truth() -> None:
    back = wire.decode(b'{"$":"tensor","dtype":"bool","shape":[3],"at":0}', b"\x00\x01\xfe")
    assert back.tobytes() == b"\x00\x01\x01"


def test_many_tensors_in_the_same_place_do_not_fill_the_readers_memory() -> None:
    one = '{"$":"tensor","dtype":"uint8","shape":[1000],"at":0}'
    with pytest.raises(wire.ProtocolFault, match="where it should"):
        wire.decode(f"[{one},{one}]".encode(), bytes(1000))
