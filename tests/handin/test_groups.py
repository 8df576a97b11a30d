"""Groups: one hands in, and it counts for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.model import Course
from tests.support.handin import Class, hand_in

ROSTER = "student,name,group\ns1,Ann Kim,Team 1\ns2,Bo Lee,Team 1\ns3,Cy Park,\n"


def found(course: Course, folder: Path, **tables: str) -> Class:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return Class(course, folder, folder.parent / "work")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.mark.parametrize("name", ["s1/ex01.py", "Bo Lee/ex01.py", "Team 1/ex01.py", "team1_ex01.py"])
def test_what_one_hands_in_is_every_members(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, name, "s3/ex01.py")
    result = found(tiny, folder, roster=ROSTER)
    assert set(result.taken) == {"s1 ex01", "s2 ex01", "s3 ex01"}
    assert result.students == ("s1", "s2", "s3")
    assert result.notes == []


def test_a_group_that_handed_in_nothing_has_its_members(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s3/ex01.py")
    assert found(tiny, folder, roster=ROSTER).students == ("s1", "s2", "s3")


def test_of_several_members_the_last_attempt_is_every_members(tiny: Course, folder: Path) -> None:
    files = {"s1/2026-03-02T10:00:00Z/ex01.py": "later", "s2/2026-03-01T10:00:00Z/ex01.py": "first"}
    hand_in(folder, *files, **files)
    result = found(tiny, folder, roster=ROSTER)
    assert result.texts == {"s1 ex01": ["first", "later"], "s2 ex01": ["first", "later"]}
    assert ("group_several", "Team 1") in result.notes
    assert any("s1, s2" in sentence for sentence in result.sentences)


def test_a_list_of_groups_alone_makes_nobody_else_a_stranger(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "s9/ex01.py")
    result = found(tiny, folder, groups="student,group\ns1,Team 1\ns2,Team 1\n")
    assert set(result.taken) == {"s1 ex01", "s2 ex01", "s9 ex01"}
    assert result.notes == []


def test_a_student_called_as_a_group_is_that_student(tiny: Course, folder: Path) -> None:
    hand_in(folder, "1/ex01.py", "2/ex01.py")
    result = found(tiny, folder, roster="student,group\n1,2\n2,1\n3,2\n")
    assert set(result.taken) == {"1 ex01", "2 ex01", "3 ex01"}
    assert result.texts["1 ex01"] == result.texts["3 ex01"]


@pytest.mark.parametrize(
    "groups",
    ["student,group\nann kim,A\ns2,A\n", "name,canvas_user_id,user_id,group_name\nx,5,s1,A\ny,6,s2,A\n"],
    ids=["own", "canvas"],
)
def test_a_list_of_groups_is_laid_beside_a_roster(groups: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py")
    result = found(tiny, folder, roster="student,name\ns1,Ann Kim\ns2,Bo Lee\n", groups=groups)
    assert set(result.taken) == {"s1 ex01", "s2 ex01"}
    assert {member.student: member.group for member in result.found.members} == {"s1": "A", "s2": "A"}


def test_somebody_in_a_group_who_is_not_on_the_roster_is_noted(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py")
    result = found(tiny, folder, roster="student\ns1\n", groups="student,group\ns1,A\ns9,A\n")
    assert ("not_on_roster_group", "s9") in result.notes
    assert set(result.taken) == {"s1 ex01"}


def test_a_manifest_may_say_the_groups(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py")
    manifest = "student,exercise,submitted_at,group\nann,ex1,2026-03-02T10:00:00Z,A\nbob,ex1,2026-03-02T10:00:00Z,A\n"
    result = found(tiny, folder, manifest=manifest)
    assert result.times == {key: ["2026-03-02T10:00:00+00:00"] for key in ("ann ex01", "bob ex01")}


def test_a_student_of_two_groups_in_a_manifest_is_a_fault(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py")
    manifest = "student,exercise,submitted_at,group\nann,ex1,2026-03-02T10:00:00Z,A\nann,ex2,2026-03-02T10:00:00Z,B\n"
    with pytest.raises(CourseError) as caught:
        found(tiny, folder, manifest=manifest)
    assert [(fault.place, fault.explanation.key) for fault in caught.value.faults] == [
        ("line 3", "table.two_groups")
    ]


def test_groups_whose_names_differ_in_a_sign_are_two(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "s3/ex01.py", "a+/ex02.py")
    result = found(tiny, folder, roster="student,group\ns1,A+\ns2,A+\ns3,A-\ns4,A-\n")
    assert result.texts["s1 ex01"] == result.texts["s2 ex01"] == ["# s1/ex01.py"]
    assert result.texts["s3 ex01"] == result.texts["s4 ex01"] == ["# s3/ex01.py"]
    assert {"s1 ex02", "s2 ex02"} < {*result.taken}
    assert "s3 ex02" not in result.taken


def test_a_manifests_group_goes_before_the_rosters(tiny: Course, folder: Path) -> None:
    hand_in(folder, "s1/ex01.py", "s3/ex01.py")
    manifest = "student,exercise,submitted_at,group\nBo Lee,ex1,2026-03-02T10:00:00Z,B\ns3,ex1,2026-03-02T10:00:00Z,B\n"
    result = found(tiny, folder, roster=ROSTER, manifest=manifest)
    assert result.texts["s2 ex01"] == result.texts["s3 ex01"]
    assert result.texts["s1 ex01"] == ["# s1/ex01.py"]
    groups = {member.student: member.group for member in result.found.members}
    assert groups == {"s1": "Team 1", "s2": "B", "s3": "B"}
