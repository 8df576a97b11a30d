from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import RequestError
from grader.handin import archives
from grader.handin.archives import ZipLimits, ZipRefused, unpack
from grader.handin.zipnames import decoded_names, member_date, safe_parts
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

LIMITS = ZipLimits(packed_mib=1, members=20, member_mib=2, total_mib=3, ratio=50, small_mib=1)


def notes_of(path: Path, into: Path) -> list[tuple[str, str]]:
    notes = unpack(path, into, LIMITS).notes
    return [(note.key.removeprefix("submissions."), note.values["file"]) for note in notes]


def files_of(path: Path, into: Path) -> list[str]:
    folder = unpack(path, into, LIMITS).folder
    return sorted(item.relative_to(folder).as_posix() for item in folder.rglob("*") if item.is_file())


def reason(path: Path, into: Path) -> str:
    with pytest.raises(ZipRefused) as caught:
        unpack(path, into, LIMITS)
    assert list(into.iterdir()) == [], "something of a refused zip was kept"
    return caught.value.explanation.key.removeprefix("submissions.")


@pytest.fixture
def into(tmp_path: Path) -> Path:
    path = tmp_path / "handed-in"
    path.mkdir()
    return path


# --- a class's zip, and students' zips


FORMS = {
    "folders": (["ann/ex01.py", "bob/ex02.ipynb"], {"ann ex01", "bob ex02"}),
    "wrapped": (["class/ann/ex01.py", "class/bob/ex02.ipynb"], {"ann ex01", "bob ex02"}),
    "flat": (["ann_ex01.py", "ex02_bob.ipynb"], {"ann ex01", "bob ex02"}),
    "attempts": (["ann/1/ex01.py", "ann/2/ex02.py"], {"ann ex01", "ann ex02"}),
    "moodle": (
        ["Ann Kim_12_assignsubmission_file/ex01.py", "Bob_13_assignsubmission_file/ex02.py"],
        {"Ann Kim ex01", "Bob ex02"},
    ),
    "canvas": (["kimann_12_345_ex01.py", "leebob_13_346_ex02.py"], {"kimann ex01", "leebob ex02"}),
    "nbgrader": (["submitted/ann/ex01/a.ipynb", "submitted/bob/ps/ex02.ipynb"], {"ann ex01", "bob ex02"}),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("asked", ["auto", "zip"])
def test_a_zip_may_hold_any_form(form: str, asked: str, tiny: Course, tmp_path: Path) -> None:
    names, taken = FORMS[form]
    path = make_zip(tmp_path / "class.zip", {name: name for name in names})
    assert set(Class(tiny, path, tmp_path / "work", form=asked).taken) == taken


def test_a_member_is_handed_in_at_its_date_in_the_courses_zone(tiny_copy: Path, tmp_path: Path) -> None:
    text = (tiny_copy / "course.yml").read_text(encoding="utf-8")
    (tiny_copy / "course.yml").write_text(f"{text}\ntimezone: Asia/Seoul\n", encoding="utf-8")
    path = make_zip(tmp_path / "class.zip", {"ann/ex01.py": "", "bob/ex01.py": ""})
    result = Class(load_course(tiny_copy), path, tmp_path / "work")
    assert result.times["ann ex01"] == ["2026-03-02T09:00:00+09:00"]


def test_a_date_with_a_zone_goes_before_the_one_without(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    member = zipfile.ZipInfo("ann/ex01.py", (2026, 3, 2, 9, 0, 0))
    member.extra = struct.pack("<HHBl", 0x5455, 5, 1, 1_772_413_200)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "")
    assert Class(tiny, path, tmp_path / "work").times["ann ex01"] == ["2026-03-02T01:00:00+00:00"]


@pytest.mark.parametrize(
    "extra", [b"UT\x05\x00\x01", b"UT\x01\x00\x00", b"UT\x05\x00\x00abcd", b"xx\xff\xff", b"U", b""]
)
def test_a_broken_extra_field_is_not_believed(extra: bytes) -> None:
    member = zipfile.ZipInfo("ann/ex01.py", (2026, 3, 2, 9, 0, 0))
    member.extra = extra
    assert member_date(member) == "2026-03-02T09:00:00"


@pytest.mark.parametrize("date", [(1980, 1, 1, 0, 0, 0), (2026, 0, 0, 0, 0, 0)], ids=["none", "impossible"])
def test_a_date_that_is_none_tells_nothing(date: tuple[int, ...], tiny: Course, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "class.zip", {"ann/ex01.py": ""}, date=date)
    assert Class(tiny, path, tmp_path / "work").times["ann ex01"] == [None]


def test_there_may_be_a_zip_for_each_student(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    make_zip(folder / "ann.zip", {"ex01.py": "a", "homework/ex02.py": "b"})
    make_zip(folder / "이서연.zip", {"이서연/ex01.py": "c"})
    make_zip(folder / "bob_ex03.ZIP", {"answer.py": "d"})
    result = Class(tiny, folder, tmp_path / "work")
    assert result.texts == {"ann ex01": ["a"], "ann ex02": ["b"], "bob ex03": ["d"], "이서연 ex01": ["c"]}
    assert result.notes == [("taken_as", "bob_ex03.ZIP/answer.py")]
    assert Class(tiny, folder, tmp_path / "work", form="zip").texts == result.texts


def test_a_student_may_put_a_zip_into_the_folder(tiny: Course, tmp_path: Path) -> None:
    make_zip(tmp_path / "in/ann/ex02.zip", {"answer.ipynb": "b"})
    make_zip(tmp_path / "in/ann/all.zip", {"ex01.py": "a"})
    hand_in(tmp_path / "in", "bob/ex01.py")
    assert Class(tiny, tmp_path / "in", tmp_path / "work").texts == {
        "ann ex01": ["a"],
        "ann ex02": ["b"],
        "bob ex01": ["# bob/ex01.py"],
    }


def test_the_inside_of_a_students_zip_does_not_say_when_it_was_handed_in(
    tiny: Course, tmp_path: Path
) -> None:
    early = {"2020-01-01T00-00-00Z/ex01.py": "a", "ex02.py": "b", "timestamp.txt": "2020-01-01 00:00:00 UTC"}
    path = make_zip(tmp_path / "in/ann.zip", early, date=(2020, 1, 1, 0, 0, 0))
    os.utime(path, (1_772_413_200, 1_772_413_200))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times == {
        "ann ex01": ["2026-03-02T01:00:00+00:00"],
        "ann ex02": ["2026-03-02T01:00:00+00:00"],
    }


def test_of_two_files_in_a_students_zip_the_newer_one_is_the_last(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "in" / "ann.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("ex01.py", (2026, 3, 2, 9, 0, 0)), "new")
        archive.writestr(zipfile.ZipInfo("row-sums.py", (2026, 3, 1, 9, 0, 0)), "old")
    assert Class(tiny, tmp_path / "in", tmp_path / "work").texts == {"ann ex01": ["old", "new"]}


def test_zips_in_zips_are_unpacked_twice_and_no_further(tiny: Course, tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "3.zip", {"ex03.py": ""}).read_bytes()
    middle = make_zip(tmp_path / "2.zip", {"ex02.py": "", "3.zip": inner}).read_bytes()
    make_zip(tmp_path / "in/ann.zip", {"ex01.py": "", "2.zip": middle})
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"ann ex01", "ann ex02"}
    assert result.notes == [("zip_nested", "ann.zip/2.zip/3.zip")]


# --- what a zip must not do


OUTSIDE = [
    "/etc/passwd",
    "../ex01.py",
    "ann/../../ex01.py",
    "C:\\ex01.py",
    "c:/ex01.py",
    "..\\ex01.py",
    "\\\\pc\\ex01.py",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_is_written_outside(name: str, into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {name: "evil", "ann/ex01.py": ""})
    before = sorted(tmp_path.rglob("*"))
    assert files_of(path, into) == ["ann/ex01.py"]
    assert [kind for kind, _ in notes_of(path, into)] == ["zip_outside"]
    assert [item for item in sorted(tmp_path.rglob("*")) if into not in item.parents] == before


def test_links_in_a_zip_are_not_made(into: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("ann/ex01.py")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert files_of(path, into) == []
    assert notes_of(path, into) == [("link", "ann/ex01.py")]


def test_an_encrypted_member_is_noted(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": "a", "ann/ex02.py": "b"})
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    path.write_bytes(raw)
    assert files_of(path, into) == ["ann/ex02.py"]
    assert notes_of(path, into) == [("zip_encrypted", "ann/ex01.py")]


def test_a_member_that_is_packed_in_an_unknown_way_is_noted(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": "a"})
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        raw[raw.index(signature) + offset] = 9
    path.write_bytes(raw)
    assert notes_of(path, into) == [("zip_member_damaged", "ann/ex01.py")]


def test_a_damaged_member_is_noted_and_the_others_are_kept(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": os.urandom(1000), "ann/ex02.py": "b"})
    raw = bytearray(path.read_bytes())
    raw[500] ^= 0xFF
    path.write_bytes(raw)
    assert files_of(path, into) == ["ann/ex02.py"]
    assert notes_of(path, into) == [("zip_member_damaged", "ann/ex01.py")]


@pytest.mark.parametrize("raw", [b"", b"no zip", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(raw: bytes, into: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(raw)
    assert reason(tmp_path / "a.zip", into) == "zip_damaged"


def test_a_zip_cut_short_is_refused(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": os.urandom(1000)})
    path.write_bytes(path.read_bytes()[:-30])
    assert reason(path, into) == "zip_damaged"


def test_a_large_member_is_passed_over_and_the_others_are_kept(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/data.bin": bytes(3 << 20), "ann/ex01.py": ""})
    assert files_of(path, into) == ["ann/ex01.py"]
    assert notes_of(path, into) == [("zip_member_large", "ann/data.bin")]


def test_a_member_that_grows_out_of_nothing_is_passed_over(into: Path, tmp_path: Path) -> None:
    # 1.5 MiB of zeros: below the size of a member, above the ratio.
    path = make_zip(tmp_path / "a.zip", {"ann/data.bin": bytes(3 << 19), "ann/ex01.py": ""})
    assert notes_of(path, into) == [("zip_member_large", "ann/data.bin")]


def test_what_a_header_says_of_a_size_is_not_believed(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/data.bin": bytes(3 << 20)})
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.index(signature) + offset
        raw[place : place + 4] = struct.pack("<L", 5)
    path.write_bytes(raw)
    assert files_of(path, into) == []
    assert len(notes_of(path, into)) == 1


def test_a_zip_that_holds_too_much_is_refused(into: Path, tmp_path: Path) -> None:
    members = {f"{number}.bin": os.urandom(1 << 10) * 1000 for number in range(4)}
    assert reason(make_zip(tmp_path / "a.zip", members), into) == "zip_bomb"


def test_a_zip_of_too_many_members_is_refused(into: Path, tmp_path: Path) -> None:
    assert reason(make_zip(tmp_path / "a.zip", {f"{n}.py": "" for n in range(21)}), into) == "zip_many"


def test_a_zip_that_is_too_large_is_not_even_opened(into: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").touch()
    os.truncate(tmp_path / "a.zip", (1 << 20) + 1)
    assert reason(tmp_path / "a.zip", into) == "zip_too_large"


@pytest.mark.parametrize("raw", [b"no zip", b""])
def test_a_bad_zip_of_one_student_does_not_stop_the_class(raw: bytes, tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "bob/ex01.py")
    (tmp_path / "in/ann.zip").write_bytes(raw)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"bob ex01": ["ex01.py"]}
    assert result.students == ("ann", "bob")
    assert result.notes == [("zip_damaged", "ann.zip")]
    assert result.sentences[0].startswith("ann.zip: not unpacked, no zip or damaged")


def test_a_zip_that_we_cannot_unpack_is_not_nothing_handed_in(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path / "in", "bob/ex01.py")
    path = make_zip(tmp_path / "in/ann.zip", {"ex01.py": ""})

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.handin.student_files.unpack", fail)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.notes == [("zip_unreadable", "ann.zip")]
    assert [item.path for item in result.found.submissions if item.student == "ann"] == [path] * 3


def test_a_bad_zip_of_the_class_is_the_users_error(tiny: Course, tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(b"no zip")
    with pytest.raises(RequestError) as caught:
        Class(tiny, tmp_path / "class.zip", tmp_path / "work")
    assert caught.value.explanation.key == "request.zip_refused"


# --- names


KOREAN = "김민준/ex01.py"


def test_names_of_korean_windows_are_read() -> None:
    members = [zipfile.ZipInfo(name.encode("cp949").decode("cp437")) for name in (KOREAN, "한글/똠방각하.py")]
    assert decoded_names(members) == [KOREAN, "한글/똠방각하.py"]


def test_names_in_utf8_are_read_with_and_without_the_flag() -> None:
    with_flag = zipfile.ZipInfo(KOREAN)
    with_flag.flag_bits = 0x800
    assert decoded_names([with_flag]) == [KOREAN]
    assert decoded_names([zipfile.ZipInfo(KOREAN.encode().decode("cp437"))]) == [KOREAN]


def test_one_name_that_is_no_utf8_decides_for_all_without_the_flag() -> None:
    # These two bytes are a letter in UTF-8 and another in CP949.
    both = b"\xc3\xa9.py"
    assert decoded_names([zipfile.ZipInfo(both.decode("cp437"))]) == ["é.py"]
    names = decoded_names([zipfile.ZipInfo(raw.decode("cp437")) for raw in (both, "김".encode("cp949"))])
    assert names == [both.decode("cp949"), "김"]


def test_what_is_neither_is_read_as_the_format_has_it() -> None:
    assert decoded_names([zipfile.ZipInfo("Zo\x89.py".encode("latin-1").decode("cp437"))]) == ["Zoë.py"]


def test_names_of_macos_are_composed_and_its_own_files_left_out(tiny: Course, tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", KOREAN)
    members = {
        apart: "a",
        f"__MACOSX/{apart}": "x",
        "__MACOSX/._김": "x",
        "김민준/.DS_Store": "x",
        "bob/ex01.py": "",
    }
    result = Class(tiny, make_zip(tmp_path / "a.zip", members), tmp_path / "work")
    assert result.taken == {"김민준 ex01": ["ex01.py"], "bob ex01": ["ex01.py"]}
    assert result.notes == []


def test_backslashes_part_folders(tiny: Course, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann\\ex01.py": "", "bob\\": "", "bob\\ex02.py": ""})
    assert set(Class(tiny, path, tmp_path / "work").taken) == {"ann ex01", "bob ex02"}


def test_long_names_are_cut_and_stay_apart() -> None:
    first, second = safe_parts("가" * 200 + "1.py"), safe_parts("가" * 200 + "2.py")
    assert first != second
    for parts in (first, second):
        assert parts is not None
        assert len(parts[0].encode()) <= 255
        assert parts[0].endswith(".py")


def test_a_name_twice_is_two_files(into: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ann/ex01.py", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ann/ex01.py", "2")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ann/ex01.py", "3")
    assert files_of(path, into) == ["ann/ex01 (2).py", "ann/ex01 (3).py", "ann/ex01.py"]


def test_a_file_and_a_folder_of_one_name_are_noted(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann": "", "ann/ex01.py": "", "bob/ex01.py": "", "bob": ""})
    assert notes_of(path, into) == [("zip_member_clash", "ann/ex01.py"), ("zip_member_clash", "bob")]


# --- unpacked once


def test_a_zip_is_unpacked_once_under_its_digest(
    into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": "", "../evil.py": ""})
    first = unpack(path, into, LIMITS)
    assert sorted(item.name for item in into.iterdir()) == [first.folder.name, f"{first.folder.name}.json"]
    assert len(first.folder.name) == 16
    monkeypatch.setattr(archives, "_unpack_anew", None)
    path.rename(tmp_path / "another name.zip")
    assert unpack(tmp_path / "another name.zip", into, LIMITS) == first


@pytest.mark.parametrize("damage", ["no-index", "bad-index", "other-format", "no-folder"])
def test_what_was_not_unpacked_whole_is_unpacked_anew(damage: str, into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": "a"})
    first = unpack(path, into, LIMITS)
    index = first.folder.with_name(f"{first.folder.name}.json")
    (first.folder / "ann" / "ex01.py").write_text("changed")
    if damage == "no-index":
        index.unlink()
    elif damage == "bad-index":
        index.write_text("{")
    elif damage == "other-format":
        index.write_text(index.read_text().replace('"format": 2', '"format": 0'))
    else:
        first.folder.rename(into / "elsewhere")
    assert unpack(path, into, LIMITS) == first
    assert (first.folder / "ann" / "ex01.py").read_text() == "a"


def test_two_zips_that_begin_alike_in_their_digest_stay_apart(into: Path, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"ann/ex01.py": "a"})
    first = unpack(path, into, LIMITS)
    index = first.folder.with_name(f"{first.folder.name}.json")
    index.write_text(
        index.read_text()
        .replace(first.folder.name, first.folder.name, 1)
        .replace('"digest": "', '"digest": "0')
    )
    second = unpack(path, into, LIMITS)
    assert len(second.folder.name) == 64
    assert unpack(path, into, LIMITS) == second
