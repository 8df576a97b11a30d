from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.model import Course
from tests.support.handin import Class, hand_in


def found(course: Course, folder: Path, text: str = "", **options: object) -> Class:
    """Find submissions; `text` is what stands in the roster."""
    if text:
        (folder / "roster.csv").write_text(text, encoding="utf-8")
    return Class(course, folder, folder.parent / "work", **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


SAME = {
    "composition": ("김민준", unicodedata.normalize("NFD", "김민준")),
    "case": ("Ann", "ann"),
    "spaces-around": ("ann", "ann "),
    "spaces-within": ("ann kim", "ann  kim"),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
def test_these_are_one_student(first: str, second: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"{first}/ex01.py", f"{second}/ex02.py")
    result = found(tiny, folder)
    assert len(result.students) == 1
    assert len(result.taken) == 2
    assert [kind for kind, _ in result.notes] == ["merged"]
    assert result.sentences


def test_folders_and_files_of_one_student_are_merged_without_a_note(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "ann_ex02.py")
    result = found(tiny, folder)
    assert set(result.taken) == {"ann ex01", "ann ex02"}
    assert result.notes == []


def test_the_name_of_a_student_is_composed(tiny: Course, folder: Path) -> None:
    hand_in(folder, f"{unicodedata.normalize('NFD', '이서연')}/ex01.py")
    assert found(tiny, folder).students == ("이서연",)


def test_names_that_look_alike_in_print_stay_two_students(tiny: Course, folder: Path) -> None:
    hand_in(folder, "a\x1bb/ex01.py", "a\\x1bb/ex01.py")
    result = found(tiny, folder)
    assert len(result.students) == 2
    assert [kind for kind, _ in result.notes] == ["same_name", "same_name"]


ROSTER = """student,name,email,lms_id,section
s1,Ann Kim,ann@example.org,1201,A
s2,"Lee, Bob",bob@example.org,1202,A
s3,김민준,,,B

s4,Never There,,,B
"""


@pytest.mark.parametrize(
    "name", ["s1/ex01.py", "Ann Kim/ex01.py", "ann  kim/ex01.py", "ann@example.org/ex01.py", "ann_ex01.py"]
)
def test_a_roster_knows_a_student_by_any_name(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, name, "s2/ex02.py")
    result = found(tiny, folder, ROSTER)
    assert set(result.taken) == {"s1 ex01", "s2 ex02"}
    assert result.students == ("s1", "s2", "s3", "s4")
    assert result.notes == []


def test_who_handed_in_nothing_is_there_with_nothing(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "s2/ex01.py")
    result = found(tiny, folder, ROSTER)
    assert [(item.exercise, item.path) for item in result.found.submissions if item.student == "s4"] == [
        ("ex01", None),
        ("ex02", None),
        ("ex03", None),
    ]


@pytest.mark.parametrize(
    "name", ["kimann_1201_5_ex01.py", "someoneelse_1201_5_ex01.py", "annkim_7777_5_ex01.py"]
)
def test_a_roster_knows_a_student_of_canvas_by_id_or_name(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, name, "leebob_1202_6_ex01.py")
    assert set(found(tiny, folder, ROSTER).taken) == {"s1 ex01", "s2 ex01"}


def test_a_roster_knows_a_student_of_moodle_by_name(tiny: Course, folder: Path) -> None:
    hand_in(folder, "Ann Kim_95_assignsubmission_file/ex01.py", "김민준_96_assignsubmission_file/ex01.py")
    assert set(found(tiny, folder, ROSTER).taken) == {"s1 ex01", "s3 ex01"}


def test_who_is_not_on_the_roster_is_kept_and_noted(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "guest/ex01.py")
    result = found(tiny, folder, ROSTER)
    assert set(result.taken) == {"s1 ex01", "guest ex01"}
    assert result.sentences == ["guest: not on the roster, graded under this name"]


@pytest.mark.parametrize(
    ("name", "near"),
    [("김민중", "s3 김민준"), ("An Kim", "s1 Ann Kim"), ("Kim, Anne", ""), ("이서연", ""), ("20231235", "")],
)
def test_a_stranger_with_a_name_like_a_members_is_noted_with_it(
    name: str, near: str, tiny: Course, folder: Path
) -> None:
    hand_in(folder, f"{name}/ex01.py")
    result = found(tiny, folder, "student,name\ns1,Ann Kim\ns3,김민준\n20231234,Bo Lee\n")
    assert f"{name} ex01" in result.taken
    (sentence,) = result.sentences
    assert sentence.endswith(f"the roster has a name like it: {near}" if near else "graded under this name")


def test_several_folders_of_one_on_the_roster_are_merged(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "Ann Kim/ex02.py", "s2/ex01.py")
    result = found(tiny, folder, ROSTER)
    assert set(result.taken) == {"s1 ex01", "s1 ex02", "s2 ex01"}
    assert result.sentences == ['s1: one student under several names: "Ann Kim", "s1"']


def test_who_may_be_two_on_the_roster_is_neither(tiny: Course, folder: Path) -> None:
    hand_in(folder, "Ann Kim/ex01.py", "s3/ex01.py")
    result = found(tiny, folder, "student,name\ns1,Ann Kim\ns2,ann kim\ns3,\n")
    assert set(result.taken) == {"Ann Kim ex01", "s3 ex01"}
    assert [kind for kind, _ in result.notes] == ["roster_many", "not_on_roster"]


def test_two_ids_of_an_lms_are_two_students_whatever_the_roster_says(tiny: Course, folder: Path) -> None:
    hand_in(folder, "kimann_1_5_ex01.py", "kimann_2_6_ex01.py")
    result = found(tiny, folder, "student,name\ns1,Ann Kim\n")
    assert set(result.taken) == {"kimann_1 ex01", "kimann_2 ex01"}
    assert "roster_many" in [kind for kind, _ in result.notes]


def test_an_id_on_the_roster_decides_between_two_of_one_name(tiny: Course, folder: Path) -> None:
    hand_in(folder, "kimann_1_5_ex01.py", "kimann_2_6_ex01.py", "kimann_3_7_ex01.py")
    result = found(tiny, folder, "student,name,lms id\ns1,Ann Kim,1\ns2,Ann Kim,2\n")
    assert set(result.taken) == {"s1 ex01", "s2 ex01", "kimann ex01"}


def test_a_guest_does_not_get_the_name_of_one_on_the_roster(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1_77_5_ex01.py", "s1_1201_6_ex01.py")
    result = found(tiny, folder, ROSTER)
    assert set(result.taken) == {"s1 ex01", "s1_77 ex01"}


def test_a_roster_may_be_named(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "s2/ex02.py")
    (folder.parent / "class.csv").write_bytes("학번;이름\ns1;김민준\ns2;\n".encode("cp949"))
    result = found(tiny, folder, roster=folder.parent / "class.csv")
    assert result.students == ("s1", "s2")
    assert result.notes == []


BAD = {
    "no-student": ("name\nAnn\n", [("line 1", "table.no_column")]),
    "nothing": ("", [("line 1", "table.no_column")]),
    "empty-cell": ("student,name\ns1,Ann\n,Bob\n", [("line 3", "table.no_cell")]),
    "twice": ("student\ns1\ns2\nS1\n", [("line 4", "table.twice")]),
    "id-twice": ("student,lms_id\ns1,5\ns2,5\n", [("line 3", "table.twice")]),
    "all-at-once": ("student,name\ns1,\ns1,\n,x\n", [("line 3", "table.twice"), ("line 4", "table.no_cell")]),
    "no-csv": ('student\n"s1\n', [("line 2", "table.no_csv")]),
}


@pytest.mark.parametrize(("text", "faults"), BAD.values(), ids=BAD)
def test_a_bad_roster_is_reported_with_file_and_line(
    text: str, faults: list[tuple[str, str]], tiny: Course, folder: Path
) -> None:
    hand_in(folder, "s1/ex01.py")
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        found(tiny, folder)
    assert [(fault.place, fault.explanation.key) for fault in caught.value.faults] == faults
    assert {fault.file for fault in caught.value.faults} == {"roster.csv"}


@pytest.mark.parametrize("raw", [b"student\n\xff\xfe\n", b"student\n" + b"\x80" * 3], ids=["bytes", "more"])
def test_a_roster_in_no_encoding_is_reported(raw: bytes, tiny: Course, folder: Path) -> None:
    (folder / "roster.csv").write_bytes(raw)
    with pytest.raises(CourseError) as caught:
        found(tiny, folder)
    (fault,) = caught.value.faults
    assert (fault.place, fault.explanation.key) == ("line 2", "table.encoding")


def test_a_roster_that_is_not_there_is_reported(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py")
    with pytest.raises(CourseError) as caught:
        found(tiny, folder, roster=folder / "nowhere.csv")
    assert caught.value.faults[0].file == "nowhere.csv"
