"""Zips that are made to cost something: nobody but their student is to notice."""

from __future__ import annotations

import bz2
import errno
import io
import lzma
import os
import random
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.answers.file import read_submitted
from grader.handin import archives, student_files
from grader.handin.archives import CLASS_LIMITS, STUDENT_LIMITS, Spent, ZipLimits, ZipRefused, unpack
from grader.handin.zipmembers import PIECE, Damaged, list_members, read_member
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

LIMITS = ZipLimits(packed_mib=1, members=50, member_mib=2, total_mib=3, ratio=50, small_mib=1, notes=5)
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def zip_of_all_methods(size: int = 1000) -> bytes:
    """Return a zip with a member of each method, and one with the fields of a large zip."""
    random_text = random.Random(1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for method in METHODS:
            member = zipfile.ZipInfo(f"김/{method}.py", (2026, 3, 2, 9, 0, 0))
            member.compress_type = method
            archive.writestr(member, bytes(random_text.choices(b"abcdef\n", k=size)))
        with archive.open(zipfile.ZipInfo("large.py"), "w", force_zip64=True) as file:
            file.write(b"x = 1\n" * 100)
    return buffer.getvalue()


def repeated(name: str, content: bytes, count: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip whose directory has one member many times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, method)
        start = archive.start_dir
    raw = buffer.getvalue()
    entry = raw[start : raw.index(b"PK\5\6")]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entry) * count, start, 0)
    return raw[:start] + entry * count + end


def refusal(raw: bytes, folder: Path, limits: ZipLimits = LIMITS, spent: Spent | None = None) -> str:
    (folder / "a.zip").write_bytes(raw)
    with pytest.raises(ZipRefused) as caught:
        unpack(folder / "a.zip", folder / "into", limits, spent)
    assert list((folder / "into").iterdir()) == [], "something of a refused zip was kept"
    return caught.value.explanation.key.removeprefix("submissions.")


# --- damage


def test_members_of_every_method_are_read_as_zipfile_reads_them(tmp_path: Path) -> None:
    for start in (b"", b"#!/usr/bin/python\n"):
        (tmp_path / "a.zip").write_bytes(start + zip_of_all_methods(300_000))
        with zipfile.ZipFile(tmp_path / "a.zip") as archive, (tmp_path / "a.zip").open("rb") as file:
            members = list_members(file, 5)
            assert [item.info.orig_filename for item in members] == archive.namelist()
            for member, name in zip(members, archive.namelist(), strict=True):
                assert b"".join(read_member(file, member)) == archive.read(name)


@pytest.mark.parametrize("method", METHODS)
def test_a_damaged_member_is_noted_whatever_it_is_packed_with(
    method: int, tiny: Course, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("ex01.py", random.Random(1).randbytes(2000))
        archive.writestr("ex02.py", "x = 1\n")
    raw = bytearray(buffer.getvalue())
    raw[60:90] = b"\xff" * 30
    hand_in(tmp_path / "in", "bob/ex01.py")
    (tmp_path / "in" / "ann.zip").write_bytes(raw)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex02": ["ex02.py"], "bob ex01": ["ex01.py"]}
    assert result.notes == [("zip_member_damaged", "ann.zip/ex01.py")]


def flipped(raw: bytearray, dice: random.Random) -> bytearray:
    for _ in range(dice.choice([1, 1, 2, 8, 50])):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return raw


def cut(raw: bytearray, dice: random.Random) -> bytearray:
    return raw[: dice.randrange(len(raw))]


def prefixed(raw: bytearray, dice: random.Random) -> bytearray:
    return bytearray(dice.randbytes(dice.randrange(1, 100))) + raw


def numbers_replaced(raw: bytearray, dice: random.Random) -> bytearray:
    for _ in range(dice.choice([1, 2, 4])):
        raw[dice.randrange(len(raw) - 500, len(raw))] = dice.choice([0, 1, 0x7F, 0x80, 0xFF])
    return raw


def overwritten(raw: bytearray, dice: random.Random) -> bytearray:
    place = dice.randrange(len(raw))
    raw[place : place + dice.randrange(200)] = dice.randbytes(dice.randrange(200))
    return raw


@pytest.mark.parametrize("damage", [flipped, cut, prefixed, numbers_replaced, overwritten])
def test_whatever_the_damage_it_is_a_note_or_a_refusal(
    damage: Callable[[bytearray, random.Random], bytearray], tmp_path: Path
) -> None:
    dice, whole = random.Random(5), zip_of_all_methods()
    kept = 0
    for _ in range(120):
        (tmp_path / "a.zip").write_bytes(damage(bytearray(whole), dice))
        shutil.rmtree(tmp_path / "into", ignore_errors=True)
        try:
            unpacked = unpack(tmp_path / "a.zip", tmp_path / "into", LIMITS)
        except ZipRefused:
            assert list((tmp_path / "into").iterdir()) == []
        else:
            assert unpack(tmp_path / "a.zip", tmp_path / "into", LIMITS) == unpacked
            kept += len(unpacked.dates)
    assert kept > 0 or damage is cut


def test_a_name_that_is_no_text_or_too_long_for_the_disk_costs_its_member(
    tiny: Course, tmp_path: Path
) -> None:
    long = "/".join(["d" * 250] * 30)
    path = make_zip(tmp_path / "in/ann.zip", {f"{long}/ex02.py": "", "김.py": "", "ex01.py": ""})
    path.write_bytes(path.read_bytes().replace("김".encode(), b"\xff\xfe\xfd"))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert [kind for kind, _ in result.notes] == ["zip_member_damaged", "too_deep", "passed_over"]


# --- more than it looks


def test_members_that_share_a_block_are_unpacked_once(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(repeated("a.bin", bytes(1 << 20), 40))
    unpacked = unpack(tmp_path / "a.zip", tmp_path / "into", LIMITS)
    assert list(unpacked.dates) == ["a.bin"]
    assert [note.key for note in unpacked.notes] == [
        *["submissions.zip_member_damaged"] * 5,
        "submissions.zip_more",
    ]
    assert unpacked.notes[-1].values["count"] == 34


def test_a_member_within_another_is_unpacked_and_the_other_is_not(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("outer.bin", make_zip(tmp_path / "b.zip", {"ex01.py": "x"}).read_bytes())
        archive.writestr("inner.py", "")
    raw = bytearray(buffer.getvalue())
    # The second entry means the member of the inner zip, with its sizes.
    inner, second = raw.index(b"PK\3\4", 10), raw.rindex(b"PK\1\2")
    raw[second + 10 : second + 12] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    raw[second + 16 : second + 28] = raw[inner + 14 : inner + 26]
    raw[second + 42 : second + 46] = struct.pack("<L", inner)
    (tmp_path / "a.zip").write_bytes(raw)
    unpacked = unpack(tmp_path / "a.zip", tmp_path / "into", LIMITS)
    assert list(unpacked.dates) == ["inner.py"]
    assert (unpacked.folder / "inner.py").read_text() == "x"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_no_piece_is_large_however_little_it_is_packed_to(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.bin", bytes(4 << 20))
    with (tmp_path / "a.zip").open("rb") as file:
        (member,) = list_members(file, 1)
        assert max(map(len, read_member(file, member))) <= PIECE


def test_what_lzma_asks_for_is_not_given(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.py", "x = 1\n")
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    place = 30 + len("a.py") + 5
    for window in (0, 0xFFFFFFFF):
        raw[place : place + 4] = struct.pack("<L", window)
        file = io.BytesIO(raw)
        assert b"".join(read_member(file, list_members(file, 1)[0])) == b"x = 1\n"
    raw[place - 1] = 255
    with pytest.raises(Damaged):
        list(read_member(io.BytesIO(raw), list_members(io.BytesIO(raw), 1)[0]))


def test_a_list_of_members_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    raw = bytearray(repeated("a", b"", 60))
    # Were it read whole, the damage at its end would be told.
    raw[raw.rindex(b"PK\1\2")] = 0
    assert refusal(bytes(raw), tmp_path) == "zip_many"


def test_folders_count_like_members(tmp_path: Path) -> None:
    names = ["/".join(f"{member}-{depth}" for depth in range(20)) + "/" for member in range(3)]
    assert (
        refusal(make_zip(tmp_path / "b.zip", dict.fromkeys(names, "")).read_bytes(), tmp_path) == "zip_many"
    )


# --- one student's zips together


def in_sum(tiny: Course, folder: Path, monkeypatch: pytest.MonkeyPatch, limits: ZipLimits) -> Class:
    monkeypatch.setattr(student_files, "STUDENT_LIMITS", limits)
    return Class(tiny, folder / "in", folder / "work")


def test_the_zips_of_a_student_share_what_they_may_take_and_nobody_elses_do(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        content = {f"ex0{number % 3 + 1}.py": b"x = 1\n", "a.bin": bytes([number]) * (1 << 20)}
        make_zip(tmp_path / f"in/ann/attempt-{number}.zip", content)
    # Those of both are the same, and are unpacked once: they count for both.
    shutil.copytree(tmp_path / "in/ann", tmp_path / "in/bob")
    for _ in range(2):
        result = in_sum(tiny, tmp_path, monkeypatch, ZipLimits(1, 50, 2, total_mib=4))
        refused = [name for kind, name in result.notes if kind == "zip_bomb"]
        assert refused == ["ann/attempt-3.zip", "bob/attempt-3.zip"]
        assert set(result.taken) == {f"{who} ex0{number}" for who in ("ann", "bob") for number in (1, 2, 3)}


def test_what_is_in_a_zip_in_a_zip_counts(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = {
        f"{number}.zip": make_zip(tmp_path / "b.zip", {"a.bin": bytes([number]) * (1 << 20)}).read_bytes()
        for number in range(9)
    }
    make_zip(tmp_path / "in/ann.zip", {"ex01.py": "", **inner})
    result = in_sum(tiny, tmp_path, monkeypatch, ZipLimits(1, 50, 2, total_mib=4))
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert sum(kind == "zip_bomb" for kind, _ in result.notes) == 6
    names = {f"{number}.txt": "" for number in range(4)}
    inner = {
        f"{number}.zip": make_zip(tmp_path / "b.zip", {**names, f"{number}": ""}).read_bytes()
        for number in range(9)
    }
    make_zip(tmp_path / "in/ann.zip", {"ex01.py": "", **inner})
    result = in_sum(tiny, tmp_path, monkeypatch, ZipLimits(1, 21, 2, total_mib=4))
    assert sum(kind == "zip_many" for kind, _ in result.notes) == 7


def test_the_time_of_a_students_zips_is_limited_and_not_that_of_the_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(1000))
    monkeypatch.setattr("time.thread_time", lambda: float(next(now)))
    raw = make_zip(tmp_path / "b.zip", {f"{number}.bin": b"x" * 100_000 for number in range(9)}).read_bytes()
    spent = Spent()
    limits = ZipLimits(1, 50, 2, 4, seconds=30)
    unpack(tmp_path / "b.zip", tmp_path / "into", limits, spent)
    assert 10 < spent.seconds < 30
    shutil.rmtree(tmp_path / "into")
    assert refusal(raw, tmp_path, limits, spent) == "zip_slow"
    assert refusal(raw, tmp_path, limits, spent) == "zip_slow"
    assert 30 <= spent.seconds < 60
    assert unpack(tmp_path / "b.zip", tmp_path / "into", limits).dates
    assert CLASS_LIMITS.seconds > STUDENT_LIMITS.seconds == 20


@pytest.mark.parametrize("pack", [zlib.compress, bz2.compress, lzma.compress])
def test_a_hostile_class_leaves_everybody_else_their_points(
    pack: Callable[[bytes], bytes], tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path / "in", "zoe/ex01.py")
    for number, raw in enumerate([b"PK\5\6" + bytes(18), pack(bytes(1000)), b"PK\3\4" * 50, b"PK\1\2" * 50]):
        (tmp_path / f"in/mallory{number}.zip").write_bytes(raw)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"zoe ex01": ["ex01.py"]}
    assert len(result.students) == 5


# --- our own faults


FAULTS: list[BaseException] = [
    *(OSError(number, os.strerror(number)) for number in (errno.ENOSPC, errno.EDQUOT, errno.EIO)),
    *(OSError(number, os.strerror(number)) for number in (errno.EMFILE, errno.ENOMEM, errno.EROFS)),
    MemoryError(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(getattr(fault, "errno", "memory")))
@pytest.mark.parametrize("place", ["list_members", "read_member", "_UNPACKED"])
def test_a_full_disk_is_ungraded_and_said(
    place: str, fault: BaseException, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise fault

    if place == "_UNPACKED":
        monkeypatch.setattr(archives, "asdict", fail)
    else:
        monkeypatch.setattr(archives, place, fail)
    hand_in(tmp_path / "in", "ann/ex02.py", "bob/ex01.py")
    path = make_zip(tmp_path / "in/ann/more.zip", {"ex01.py": "x = 1\n", "ex03.py": "x = 1\n"})
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.notes == [("zip_unreadable", "ann/more.zip")]
    said = getattr(fault, "strerror", None) or os.strerror(errno.ENOMEM)
    assert f"cannot be read or unpacked ({said})" in result.sentences[0]
    found = {(item.student, item.exercise): item for item in result.found.submissions}
    assert read_submitted(found["ann", "ex02"]) == read_submitted(found["ann", "ex02"])
    for exercise in ("ex01", "ex03"):
        submission = found["ann", exercise]
        assert submission.path == path
        with pytest.raises(OSError, match=said):
            # The zip itself can be read, and is no answer.
            read_submitted(submission)
    assert [item.name for item in (tmp_path / "work").iterdir()] == []


def test_parts_of_a_notebook_that_cannot_be_written_are_ungraded(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"cells": [{"cell_type": "code", "source": "def row_sums(x):\\n    return x"}]}'
    hand_in(tmp_path / "in", "ann/homework.ipynb", "bob/ex01.py", **{"ann/homework.ipynb": text})
    whole = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert [item for item in whole.taken if item.startswith("ann")]

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    result = Class(tiny, tmp_path / "in", tmp_path / "other")
    assert ("notebook_unreadable", "ann/homework.ipynb") in result.notes
    for item in result.found.submissions:
        if item.student == "ann":
            with pytest.raises(OSError, match="No space left"):
                read_submitted(item)
