from __future__ import annotations

import json
import struct
import time
from collections import OrderedDict
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from grader.runner.inside import blocks, wire
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.inside.values import Column, Frame, Series, Tensor, named, own_name
from grader.runner.inside.wire import Handle, Opaque, copied, handles_in, map_values

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
    b"",
    b"\x00\xff",
    2 - 3j,
    set(),
    {1, "a", (2, frozenset({3j}))},
    frozenset({b"a", None}),
    {(1, 2): {"b": {3.5: [1]}}, b"c": {date(2024, 2, 29)}},
    date(2024, 2, 29),
    datetime(2024, 2, 29, 1, 2, 3, 456),
    datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=9))),
    timedelta(-1, 5, 7),
    Handle(3, "Dense"),
    Opaque("ndarray of object"),
]


# A set is written in another order by each process.
@pytest.mark.parametrize("value", PLAIN, ids=[str(number) for number in range(len(PLAIN))])
def test_a_plain_value_comes_back_the_same_and_of_the_same_type(value: object) -> None:
    back = copied(value)
    assert back == value
    assert type(back) is type(value)


def test_half_a_character_which_no_file_takes_becomes_a_question_mark() -> None:
    assert copied(["강 \ud800", {"\udfff": 1}]) == ["강 ?", {"?": 1}]


def test_not_a_number_comes_back() -> None:
    assert np.isnan(copied(float("nan")))


@pytest.mark.parametrize("name", sorted(blocks.DTYPES))
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
    "dates",
    [
        np.array(["2024-02-29", "NaT"], "M8[D]"),
        np.array([[1, 2]], "m8[ns]"),
        np.array("2024-02-29T01", "M8[us]"),
    ],
    ids=["days", "durations", "moment"],
)
def test_an_array_of_dates_comes_back(dates: np.ndarray) -> None:
    back = copied(dates)
    assert (back.dtype, back.shape, back.tobytes()) == (dates.dtype, dates.shape, dates.tobytes())


@pytest.mark.parametrize(
    "texts",
    [np.array([["a", ""], ["강 \U0001f600", "\x00b"]]), np.array(["a", None], object), np.array([], str)],
    ids=["numpy", "missing", "empty"],
)
def test_an_array_of_texts_comes_back_as_pythons_own_texts(texts: np.ndarray) -> None:
    back = copied([texts, np.arange(2.0)])
    assert (back[0].dtype, back[0].tolist()) == (object, texts.tolist())
    assert back[1].tolist() == [0, 1]


def test_half_a_character_in_an_array_becomes_a_question_mark_and_moves_no_other_text() -> None:
    assert copied(np.array(["a\ud800", "b"], object)).tolist() == ["a?", "b"]


def test_sixty_thousand_texts_are_one_value() -> None:
    texts = np.array([f"number {number}" for number in range(60_000)], object)
    frame = wire.encode(texts)
    text, _ = wire.lengths(frame[: wire.HEAD_SIZE], len(frame))
    assert text < 200
    assert copied(texts).tolist() == texts.tolist()


@pytest.mark.parametrize("name", ["bfloat16", "float8_e4m3fn"])
def test_a_dtype_that_numpy_has_not_keeps_its_name(name: str) -> None:
    back = copied([named(np.array([[1, 0.5]]), name), np.float32(1)])
    assert (back[0].dtype, own_name(back[0].dtype), back[0].tolist()) == (np.float32, name, [[1, 0.5]])
    assert own_name(back[1].dtype) is None


def table() -> Frame:
    """Return a small table."""
    texts = np.array(["a", None], object)
    columns = [
        Column("n", "int64", np.array([1, 2])),
        Column(("x", 1), "str", texts),
        Column("any", "object", [1, "b"]),
    ]
    return Frame(columns, [Column(None, "int64", np.arange(2))])


def test_a_table_comes_back() -> None:
    back = copied(table())
    assert (back.columns, back.shape, back.dtypes["n"]) == (("n", ("x", 1), "any"), (2, 3), "int64")
    assert (back["n"].tolist(), back["x", 1].tolist(), back["any"]) == ([1, 2], ["a", None], [1, "b"])
    assert (back.index.tolist(), list(back), "n" in back) == ([0, 1], ["n", ("x", 1), "any"], True)
    with pytest.raises(KeyError):
        back["none"]
    levels = [Column("a", "int64", np.arange(2)), Column("b", "int64", np.arange(2))]
    series = copied(Series(table().contents[:1], levels))
    assert (series.name, series.dtype, series.values.tolist(), len(series)) == ("n", "int64", [1, 2], 2)
    assert [level.tolist() for level in series.index] == [[0, 1], [0, 1]]


def test_an_array_that_is_to_be_a_tensor_of_a_library_says_so() -> None:
    back = copied([Tensor(np.arange(2), "torch")])
    assert (back[0].library, back[0].array.tolist()) == ("torch", [0, 1])


TEXTS_TREE = {"$": "texts", "shape": [2], "at": 0, "size": 1}


@pytest.mark.parametrize(
    ("tree", "body"),
    [
        (TEXTS_TREE, struct.pack("<2i", 5, -4) + b"a"),
        (TEXTS_TREE | {"size": 2}, struct.pack("<2i", 2, 0) + b"\xc3\xa9"),
        (TEXTS_TREE | {"size": 9}, struct.pack("<2i", 1, 0) + b"a"),
        (TEXTS_TREE | {"shape": [1 << 62]}, b""),
        (TEXTS_TREE | {"at": 1}, struct.pack("<2i", 1, 0) + b"ab"),
        ({"$": "bytes", "at": 0, "size": 2}, b"a"),
        ({"$": "bytes", "at": 0, "size": -1}, b"a"),
        ({"$": "complex", "v": [1]}, b""),
        ({"$": "complex", "v": ["1", 2]}, b""),
        ({"$": "date", "v": ["2024-13-01"]}, b""),
        ({"$": "date", "v": [[1]]}, b""),
        ({"$": "datetime", "v": ["x"]}, b""),
        ({"$": "timedelta", "v": [1e300, 0, 0]}, b""),
        ({"$": "timedelta", "v": [{}, 0, 0]}, b""),
        ({"$": "set", "v": [[1]]}, b""),
        ({"$": "set", "v": {"a": 1}}, b""),
        ({"$": "set", "v": [{"$": "handle", "number": 1, "type": "A", "kind": "object"}]}, b""),
        ({"$": "frame", "v": [[], []]}, b""),
        ({"$": "frame", "v": [[["a", "int", [1, 2]]], [["i", "int", [1]]]]}, b""),
        ({"$": "frame", "v": [[["a", "int", 5]], [["i", "int", [1]]]]}, b""),
        ({"$": "frame", "v": [[[["a"], "int", [1]]], [["i", "int", [1]]]]}, b""),
        ({"$": "frame", "v": [[["a", 5, [1]]], [["i", "int", [1]]]]}, b""),
        ({"$": "frame", "v": [1, 2]}, b""),
        ({"$": "series", "v": [[], [["i", "int", [1]]]]}, b""),
        ({"$": "library", "v": [1, "torch"]}, b""),
        ({"$": "library", "v": []}, b""),
        ({"$": ["set"], "v": []}, b""),
        ({"$": "tensor", "dtype": "int32", "shape": [], "at": 0, "name": "bfloat16"}, b"aaaa"),
        ({"$": "tensor", "dtype": "float32", "shape": [], "at": 0, "name": "x"}, b"aaaa"),
        ({"$": "tensor", "dtype": "float32", "shape": [], "at": 0, "name": ["x"]}, b"aaaa"),
        ({"$": "tensor", "dtype": ["x"], "shape": [], "at": 0}, b"aaaa"),
        ({"$": "tensor", "dtype": "datetime64[x]", "shape": [], "at": 0}, b"aaaaaaaa"),
    ],
    ids=str,
)
def test_a_value_that_is_none_is_a_fault(tree: Any, body: bytes) -> None:
    with pytest.raises(ProtocolFault):
        wire.decode(json.dumps(tree).encode(), body)


def test_more_texts_than_anybody_returns_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MAX_TEXTS", 5)
    five = np.array([""] * 5, object)
    assert copied(five).tolist() == [""] * 5
    with pytest.raises(ProtocolFault, match="more than 5 texts"):
        wire.encode([five, five])
    twice = [TEXTS_TREE | {"shape": [3], "size": 0}, TEXTS_TREE | {"shape": [3], "size": 0, "at": 12}]
    with pytest.raises(ProtocolFault, match="more than 5 texts"):
        wire.decode(json.dumps(twice).encode(), bytes(24))


@pytest.mark.parametrize("tag", ["set", "dict"])
def test_keys_that_are_made_to_be_alike_take_nobodys_time(tag: str) -> None:
    alike = [number * (2**61 - 1) for number in range(50_000)]
    tree = {"$": tag, "v": alike if tag == "set" else [alike, alike]}
    started = time.process_time()
    with pytest.raises(ProtocolFault, match="made to be alike"):
        wire.decode(json.dumps(tree).encode(), b"")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "tensor",
    [np.array([object()]), np.array(["a", 1], object), np.zeros(1, [("x", int)])],
    ids=["object", "mixed", "record"],
)
def test_a_tensor_of_anything_else_is_only_named(tensor: np.ndarray) -> None:
    assert copied(tensor) == Opaque(f"ndarray of {tensor.dtype.name}")


def test_a_foreign_object_is_converted_wherever_it_is() -> None:
    assert copied({"a": [range(2)]}, lambda value: Opaque(type(value).__name__)) == {"a": [Opaque("range")]}


@pytest.mark.parametrize("value", [range(2), object(), [1, {2: range(2)}]], ids=["range", "object", "inside"])
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
        wire.encode(range(2), lambda value: value)


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


def test_a_handle_is_shown_as_what_it_stands_for() -> None:
    assert repr(Handle(3, "Dense")) == "<Dense>"


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
    with pytest.raises(ProtocolFault, match="where it should"):
        wire.decode(f"[{one},{one}]".encode(), bytes(1000))
