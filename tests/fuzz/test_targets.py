"""What reads what a student wrote: whatever the bytes are, it answers or refuses in its own words, and soon."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import struct
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as some

from grader.answers.file import read_source
from grader.answers.split import split_notebook, split_script
from grader.bans.search import find_forbidden
from grader.course.load import load_course
from grader.errors import CourseError, GraderError, RequestError, SubmissionError
from grader.files.csv import TableError, csv_rows
from grader.files.encoding import decoded
from grader.files.png import remade_png
from grader.handin.find import find_submissions
from grader.handin.packed import packed_json, read_packed
from grader.handin.roster import read_roster, with_groups
from grader.handin.worksheet import worksheet_time
from grader.messages.printable import printable
from grader.messages.sentences import explain, languages
from grader.model import Explanation, Source
from grader.runner.call import Call
from grader.runner.inside import blocks, kinds, wire
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.replies import UNREADABLE, as_mapping, read_error, read_loaded, read_reply, read_statement
from tests.files.test_png import plain_png
from tests.fuzz.fuzzing import fuzzed
from tests.support.places import TINY

COURSE = load_course(TINY)
LONGEST = 10.0
"""Seconds that one input may take, on a busy machine."""

TEXTS = some.text(max_size=40) | some.text(some.characters(codec=None), max_size=10)
SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | TEXTS
KEYS = (
    SCALARS
    | some.complex_numbers()
    | some.binary(max_size=5)
    | some.dates()
    | some.datetimes()
    | some.timedeltas()
)
ARRAYS = some.builds(
    lambda name, shape: np.ones(shape, name),
    some.sampled_from(sorted(blocks.DTYPES)),
    some.lists(some.integers(0, 3), max_size=4),
)
VALUES = some.recursive(
    KEYS | ARRAYS | some.frozensets(KEYS, max_size=3) | some.sets(KEYS, max_size=3),
    lambda inner: (
        some.lists(inner, max_size=5)
        | some.lists(inner, max_size=5).map(tuple)
        | some.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=20,
)
TAGS = ["tensor", "texts", "bytes", "dict", "handle", "opaque", "other", *sorted(kinds.READERS)]
COUNTS = some.integers(-2, 1 << 70)
TREES = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=5)
        | some.dictionaries(some.sampled_from(["$", "v", "at", "type", "x"]), inner, max_size=4)
        | some.fixed_dictionaries(
            {"$": some.sampled_from(TAGS)},
            optional={
                "dtype": some.sampled_from(sorted(blocks.DTYPES)) | inner,
                "size": COUNTS | some.integers(0, 64) | inner,
                "name": some.just("bfloat16") | inner,
                "shape": some.lists(COUNTS | some.integers(0, 3), max_size=40) | inner,
                "at": some.just(0) | COUNTS | inner,
                "v": some.lists(some.lists(inner, max_size=3), min_size=2, max_size=2) | inner,
                "number": COUNTS | inner,
                "type": TEXTS | inner,
            },
        )
    ),
    max_leaves=20,
)


@contextlib.contextmanager
def soon() -> Iterator[None]:
    """Hold that what is done takes no long time."""
    started = time.process_time()
    yield
    assert time.process_time() - started < LONGEST


@fuzzed(VALUES)
def test_a_value_arrives_as_it_was_sent(value: Any) -> None:
    try:
        arrived = wire.copied(value)
    except ProtocolFault:
        return
    # What is sent once more is the same: half surrogate pairs alone were replaced the first time.
    assert wire.encode(wire.copied(arrived)) == wire.encode(arrived)


@fuzzed(some.tuples(TREES | some.recursive(SCALARS, lambda x: some.lists(x)), some.binary(max_size=64)))
def test_a_frame_is_read_or_refused(frame: tuple[Any, bytes]) -> None:
    tree, body = frame
    with contextlib.suppress(ProtocolFault):
        wire.encode(wire.decode(json.dumps(tree).encode("utf-8", "surrogatepass"), body))


@fuzzed(
    some.tuples(VALUES, some.lists(some.tuples(some.integers(0, 400), some.integers(0, 255)), max_size=6))
)
def test_a_damaged_frame_is_read_or_refused(damaged: tuple[Any, list[tuple[int, int]]]) -> None:
    value, changes = damaged
    try:
        frame = bytearray(wire.encode(value))
    except ProtocolFault:
        return
    for place, byte in changes:
        frame[place % len(frame)] = byte
    with contextlib.suppress(ProtocolFault):
        text, body = wire.lengths(bytes(frame[: wire.HEAD_SIZE]), 1 << 16)
        rest = bytes(frame[wire.HEAD_SIZE :])
        wire.decode(rest[:text], rest[text : text + body])


ANSWERS = some.fixed_dictionaries(
    {},
    optional={
        "functions": some.lists(TEXTS) | VALUES,
        "failures": some.lists(
            some.fixed_dictionaries(
                {},
                optional={
                    "unit": VALUES,
                    "line": VALUES,
                    "types": some.lists(TEXTS | some.just("SystemExit")) | VALUES,
                    "message": VALUES,
                    "places": some.lists(some.tuples(VALUES, VALUES, VALUES)) | VALUES,
                    "columns": VALUES,
                    "module": TEXTS | some.from_regex(r"\w+(\.\w+)*") | VALUES,
                },
            )
            | VALUES
        ),
        "misconceptions": some.lists(
            some.fixed_dictionaries(
                {}, optional={"id": VALUES, "texts": VALUES, "functions": VALUES, "line": VALUES}
            )
        )
        | VALUES,
        "value": VALUES,
        "changed": VALUES,
        "seconds": VALUES,
        "at": some.tuples(VALUES, VALUES) | VALUES,
    },
)


def say(explanation: Explanation | None) -> None:
    """Hold that a sentence can be said in every language, and printed."""
    for language in languages() if explanation else ():
        assert explanation is not None
        said = explain(explanation, language)
        assert said == printable(said)
        said.encode()


@fuzzed(ANSWERS)
def test_an_answer_is_read_or_refused(answer: dict[str, Any]) -> None:
    with contextlib.suppress(*UNREADABLE):
        loaded = read_loaded(wire.copied(answer))
        for failure in loaded.failures:
            say(failure.explanation)
    with contextlib.suppress(*UNREADABLE):
        for item in as_mapping(wire.copied(answer)).get("failures", []):
            say(read_error(as_mapping(item)).explanation)
    with contextlib.suppress(*UNREADABLE):
        read_reply(wire.copied(answer), Call("f"))
        read_statement(wire.copied(answer).get("at"))


CODE = some.lists(
    some.sampled_from(
        """def f(x):|    return x|import numpy as np|%matplotlib inline|!ls|%%time|class A:|    pass|x = f(1)?|# ex01|## ex02
        get_ipython().system('x')|f'{x!r:>{3}}'|'''|\"\"\"|\\|lambda: 0|from a import *|@check|async def g(): await x|In [1]: x
        >>> y|x = y = z|del f|global q|match x:|    case {"a": 1, **r}: pass|%%writefile a.py|# %%|#%% [markdown]|type X = int""".split(
            "|"
        )
    )
    | TEXTS,
    max_size=12,
).map("\n".join)
CELLS = some.fixed_dictionaries(
    {"cell_type": some.sampled_from(["code", "markdown", "raw", "heading"]) | TREES},
    optional={
        "source": CODE | some.lists(CODE, max_size=3) | TREES,
        "input": CODE | TREES,
        "metadata": some.fixed_dictionaries({}, optional={"nbgrader": TREES}) | TREES,
        "outputs": TREES,
        "id": TREES,
        "execution_count": TREES,
        "level": TREES,
    },
)
NOTEBOOKS = some.fixed_dictionaries(
    {},
    optional={
        "nbformat": some.sampled_from([1, 2, 3, 4, 5, "4"]) | TREES,
        "nbformat_minor": some.integers(-1, 9) | TREES,
        "metadata": TREES,
        "cells": some.lists(CELLS, max_size=4) | TREES,
        "worksheets": some.lists(
            some.fixed_dictionaries({}, optional={"cells": some.lists(CELLS, max_size=3)})
        )
        | TREES,
    },
)


def search(source: Source) -> None:
    """Hold that what is read can be looked through."""
    for note in source.notes:
        say(note)
    try:
        for use in find_forbidden(source, {"f": ["numpy.*", "*.linalg.*"]}).values():
            say(use)
    except SubmissionError as error:
        say(error.explanation)


@fuzzed(some.tuples(NOTEBOOKS | TREES, some.binary(max_size=3)))
def test_a_notebook_is_read_or_refused(handed_in: tuple[Any, bytes]) -> None:
    document, before = handed_in
    raw = json.dumps(document).encode("utf-8", "surrogatepass")
    for content in (raw, before + raw, raw[: len(raw) // 2]):
        with soon():
            try:
                search(read_source(content, "answer.ipynb"))
                split_notebook(COURSE, content.decode())
            except SubmissionError as error:
                say(error.explanation)
            except UnicodeDecodeError:
                continue


@fuzzed(CODE.map(lambda code: code.encode("utf-8", "surrogatepass")) | some.binary(max_size=200))
def test_a_script_is_read_or_refused(raw: bytes) -> None:
    with soon():
        try:
            search(read_source(raw, "answer.py"))
            split_script(COURSE, raw.decode())
        except SubmissionError as error:
            say(error.explanation)
        except UnicodeDecodeError:
            return


HEADINGS = "student,name,email,group,status,Username,First name,Last name,Identifier,ID,SIS User ID,OrgDefinedId,학번,이름,identifier"
CELL_TEXTS = TEXTS | some.sampled_from(
    ["ann", "김하나", "=1+1", '"', "dropped", "Group 1", ";", "2026-03-02 10:00", "a@b.c"]
)
TABLES = some.tuples(
    some.lists(some.sampled_from(HEADINGS.split(",")) | TEXTS, max_size=6),
    some.lists(some.lists(CELL_TEXTS, max_size=6), max_size=5),
    some.sampled_from([",", ";", "\t"]),
    some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949", "cp1252", "cp1250"]),
    some.sampled_from(["", "sep=;\n", '"sep=,"\r\n', "\n"]),
)


def table(parts: tuple[list[str], list[list[str]], str, str, str]) -> bytes:
    """Return a table as some program might write it."""
    head, rows, separator, encoding, before = parts
    text = before + "\r\n".join(separator.join(cells) for cells in [head, *rows])
    return text.encode(encoding, "replace")


@fuzzed(TABLES.map(table) | some.binary(max_size=120))
def test_a_table_is_read_or_refused(raw: bytes) -> None:
    with soon():
        text = decoded(raw)
        assert text is None or text.isascii() or not raw.isascii()
        try:
            lines = [line for line, _ in csv_rows(raw)]
            assert all(first < second for first, second in pairwise(lines))
        except TableError as error:
            say(error.why)
        for cell in (text or "").split(","):
            moment = worksheet_time(cell, UTC)
            assert moment is None or moment.tzinfo is not None


@fuzzed(some.tuples(TABLES.map(table) | some.binary(max_size=120), TABLES.map(table)))
def test_a_roster_is_read_or_refused(tables: tuple[bytes, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, soon():
        rosters = []
        for number, raw in enumerate(tables):
            path = Path(folder, f"roster{number}.csv")
            path.write_bytes(raw)
            with contextlib.suppress(CourseError, RequestError):
                rosters.append(read_roster(path))
        for roster in rosters:
            for note in roster.notes:
                say(note)
            for member in roster.members:
                assert member.student == printable(member.student)
        if len(rosters) == 2:
            with contextlib.suppress(GraderError):
                with_groups(*rosters)


PACKED = some.fixed_dictionaries(
    {
        "course": TEXTS,
        "student": TEXTS,
        "packed_at": some.datetimes().map(lambda at: f"{at.isoformat()}Z") | TEXTS,
    },
    optional={
        "versions": some.dictionaries(some.just("grader") | TEXTS, TEXTS, max_size=3) | TREES,
        "files": some.lists(
            some.fixed_dictionaries({"path": TEXTS, "sha256": TEXTS, "bytes": COUNTS | some.floats()}),
            max_size=3,
        ),
        "format": COUNTS,
    },
)


@fuzzed(PACKED.map(lambda packed: json.dumps(packed).encode()) | some.binary(max_size=100))
def test_what_a_zip_says_of_itself_is_read_or_refused(raw: bytes) -> None:
    with soon():
        packed = read_packed(raw)
    if packed is not None:
        assert read_packed(packed_json(packed)) == packed


NAMES = some.lists(
    some.sampled_from(
        [
            "ann",
            "ex01.py",
            "ex02.ipynb",
            "..",
            "",
            "/",
            "a\\b",
            "김하나_12_assignsubmission_file",
            "__MACOSX",
            ".git",
        ]
    )
    | some.text(max_size=12),
    min_size=1,
    max_size=4,
).map("/".join)
MEMBERS = some.lists(some.tuples(NAMES, CODE.map(lambda code: code.encode("utf-8", "replace"))), max_size=5)
WAYS = [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2]
FIELDS = some.lists(
    some.tuples(some.integers(0, 4000), some.sampled_from([0, 1, 0xFF, 0x50, 0x80])), max_size=5
)


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    """Return a zip of these members, the first of each name, each compressed in another way."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for (name, content), way in zip(dict(members).items(), itertools.cycle(WAYS), strict=False):
            with contextlib.suppress(ValueError, UnicodeEncodeError, struct.error):
                archive.writestr(zipfile.ZipInfo(name), content, way)
    return file.getvalue()


@fuzzed(some.tuples(MEMBERS, MEMBERS, FIELDS, some.booleans()))
def test_a_zip_is_read_or_refused(
    handed_in: tuple[list[tuple[str, bytes]], list[tuple[str, bytes]], list[tuple[int, int]], bool],
) -> None:
    members, inner, changes, is_inner_damaged = handed_in
    raws = [bytearray(zipped(inner)), bytearray()]
    raws[1] = bytearray(zipped([*members, ("bob/hw.zip", bytes(raws[0]))]))
    damaged = raws[0 if is_inner_damaged else 1]
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    outer = zipped([*members, ("bob/hw.zip", bytes(raws[0]))]) if is_inner_damaged else bytes(raws[1])
    with tempfile.TemporaryDirectory() as folder, soon():
        path = Path(folder, "class.zip")
        path.write_bytes(outer)
        before = set(os.listdir(folder))
        try:
            found = find_submissions(COURSE, path, unpack_into=Path(folder, "unpacked"))
        except GraderError:
            return
        for note in found.notes:
            say(note)
        assert set(os.listdir(folder)) - before <= {"unpacked"}
        for submission in found.submissions:
            assert submission.path is None or submission.path.resolve().is_relative_to(Path(folder).resolve())


PNG = plain_png(b"\x00abcdef\x01ghijkl")
"""Of two rows of two pixels."""


@fuzzed(
    some.binary(max_size=40)
    | some.lists(some.tuples(some.integers(0, 400), some.integers(0, 255)), max_size=4)
)
def test_a_picture_is_written_anew_or_refused(damaged: bytes | list[tuple[int, int]]) -> None:
    data = bytearray(PNG)
    if isinstance(damaged, bytes):
        data = bytearray(plain_png(damaged))
    else:
        for place, byte in damaged:
            data[place % len(data)] = byte
    remade = remade_png(bytes(data))
    assert remade is None or remade_png(remade) == remade
