"""Class lists as the systems that teachers use write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.handin.records import Person
from grader.handin.roster import Roster, read_roster
from grader.model import Course, Member
from tests.support.handin import Class, hand_in


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


LISTS = {
    "own": ("student,name,email,lms_id\n7,Minjun Kim,kim@x.org,101\n", "7", "Minjun Kim"),
    "own-korean": ("학번,이름,이메일\n7,김민준,kim@x.org\n", "7", "김민준"),
    "moodle-worksheet": (
        "Identifier,Full name,ID number,Email address,Status,Grade\nParticipant 101,Minjun Kim,7,kim@x.org,No submission,\n",
        "7",
        "Minjun Kim",
    ),
    "moodle-worksheet-without-numbers": (
        "Identifier,Full name,ID number,Email address\nParticipant 101,Minjun Kim,,kim@x.org\n",
        "kim@x.org",
        "Minjun Kim",
    ),
    "moodle-worksheet-in-korean": (
        "식별자,성명,학번,이메일 주소,상태\n참여자 101,김민준,7,kim@x.org,제출 없음\n",
        "7",
        "김민준",
    ),
    "moodle-worksheet-in-german": (
        "Nummer,Vollständiger Name,E-Mail-Adresse,Status\nTeilnehmer/in 101,Minjun Kim,kim@x.org,Keine Abgabe\n",
        "kim@x.org",
        "Minjun Kim",
    ),
    "moodle-participants": (
        "First name,Last name,ID number,Email address,Groups\nMinjun,Kim,7,kim@x.org,No groups\n",
        "7",
        "Minjun Kim",
    ),
    "moodle-participants-in-korean": ("이름,성,학번,이메일 주소\n민준,김,7,kim@x.org\n", "7", "김민준"),
    "canvas-gradebook": (
        'Student,ID,SIS User ID,SIS Login ID,Section,HW (12)\n    Points Possible,,,,,10\n"Kim, Minjun",101,7,kim,A,\n'
        '"Student, Test",102,,f00,A,\n',
        "7",
        "Kim, Minjun",
    ),
    "canvas-groups": (
        "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\nMinjun Kim,101,7,kim,A,T1,5,\n",
        "7",
        "Minjun Kim",
    ),
    "gradescope": (
        "First Name,Last Name,SID,Email,Role,Section\nMinjun,Kim,7,kim@x.org,Student,A\nAda,Lo,,a@x.org,Instructor,\n",
        "7",
        "Minjun Kim",
    ),
    "blackboard": (
        '"Last Name","First Name","Username","Student ID","Last Access","Availability"\n"Kim","Minjun","kim","7","","Yes"\n',
        "7",
        "Minjun Kim",
    ),
    "brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#7,#kim,Kim,Minjun,kim@x.org,#\n",
        "7",
        "Minjun Kim",
    ),
    "sakai": ('Student ID,Name,Section\n7,"Kim, Minjun",A\n', "7", "Kim, Minjun"),
    "github-classroom": (
        '"identifier","github_username","github_id","name"\n"7","octo-kim","111","Minjun Kim"\n',
        "7",
        "Minjun Kim",
    ),
    "nbgrader": (
        "id,first_name,last_name,email,lms_user_id\n7,Minjun,Kim,kim@x.org,101\n",
        "7",
        "Minjun Kim",
    ),
}


@pytest.mark.parametrize(("text", "student", "name"), LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_class_list_says_who_is_in_the_class(
    text: str, student: str, name: str, encoding: str, tmp_path: Path
) -> None:
    (member,) = roster(tmp_path, text, encoding).members
    assert (member.student, member.name) == (student, name)
    assert not member.is_dropped


@pytest.mark.parametrize("name", ["moodle-worksheet", "canvas-gradebook", "canvas-groups", "nbgrader", "own"])
def test_a_class_list_has_the_numbers_of_its_lms(name: str, tmp_path: Path) -> None:
    assert [member.lms_id for member in roster(tmp_path, LISTS[name][0]).members] == ["101"]


def test_a_roster_of_github_classroom_finds_its_repositories(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "octo-kim/ex01.py")
    (tmp_path / "in" / "roster.csv").write_text(LISTS["github-classroom"][0])
    assert set(Class(tiny, tmp_path / "in", tmp_path / "work").taken) == {"7 ex01"}


def test_two_of_one_name_on_a_worksheet_without_numbers_are_two(tmp_path: Path) -> None:
    members = roster(tmp_path, "Identifier,Full name\nParticipant 1,Ann Kim\nParticipant 2,Ann Kim\n").members
    assert [member.student for member in members] == ["Ann Kim_1", "Ann Kim_2"]


STATUS = {
    "active": ("Active", False),
    "empty": ("", False),
    "dropped": ("dropped", True),
    "with-a-date": ("Withdrawn (2026-03-02)", True),
    "suspended": ("Suspended", True),
    "not-current": ("Not current", True),
    "on-leave": ("휴학", True),
    "gave-up": ("수강 철회", True),
    "in-the-class": ("수강", False),
    "again": ("재수강", False),
    "enrolled": ("재학", False),
    "normal": ("Normal", False),
}


@pytest.mark.parametrize(("status", "is_dropped"), STATUS.values(), ids=STATUS)
def test_a_status_says_who_has_left_the_class(status: str, is_dropped: bool, tmp_path: Path) -> None:
    found = roster(tmp_path, f"student,status\n7,{status}\n")
    assert [member.is_dropped for member in found.members] == [is_dropped]
    assert found.notes == ()


def test_a_status_that_is_not_known_is_noted(tmp_path: Path) -> None:
    found = roster(tmp_path, "student,status\n7,gone fishing\n")
    assert [(note.key, note.values["status"]) for note in found.notes] == [
        ("submissions.unknown_status", "gone fishing")
    ]
    assert not found.members[0].is_dropped


def test_a_worksheets_own_status_is_no_status_of_the_student(tmp_path: Path) -> None:
    found = roster(tmp_path, LISTS["moodle-worksheet"][0])
    assert ("status" in found.fields, found.notes) == (False, ())


def test_a_student_of_several_groups_is_in_none(tmp_path: Path) -> None:
    found = roster(tmp_path, 'student,groups\n7,"Team 1, Section A"\n8,Team 2\n')
    assert [member.group for member in found.members] == ["", "Team 2"]
    assert [note.key for note in found.notes] == ["submissions.several_groups"]


def test_a_member_is_known_by_every_order_of_the_name(tmp_path: Path) -> None:
    (member,) = roster(tmp_path, LISTS["moodle-participants"][0]).members
    assert {"Minjun Kim", "Kim Minjun", "Kim, Minjun", "kim", "kim@x.org", "7"} <= {*member.names}


@pytest.mark.parametrize(
    "name",
    [
        "20231005 정하은",
        "정하은 20231005",
        "정하은(20231005)",
        "20231005정하은",
        "haeun@x.org_20231005",
        "정하은-haeun",
    ],
)
def test_a_number_and_a_name_of_one_student_are_that_student(name: str, tmp_path: Path) -> None:
    known = roster(tmp_path, "학번,이름,이메일\n20231004,정하늘,sky@x.org\n20231005,정하은,haeun@x.org\n")
    assert [member.student for member in known.find(Person(name))] == ["20231005"]


@pytest.mark.parametrize(
    "name", ["정하은 20231004", "정하은 20231009", "20231005 정", "정하은 20231005 조교"]
)
def test_a_number_and_a_name_of_two_students_are_nobody(name: str, tmp_path: Path) -> None:
    known = roster(tmp_path, "학번,이름\n20231004,정하늘\n20231005,정하은\n")
    assert known.find(Person(name)) == []


def test_a_list_that_tells_nobody_apart_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        roster(tmp_path, "Full name,Section\nAnn,A\n")
    assert caught.value.faults[0].explanation.key == "table.no_column"


def test_a_roster_that_could_be_read_in_two_ways_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        roster(tmp_path, "student,name\n1,Kim\n2,Søren\n", "cp1252")
    assert [(fault.place, fault.explanation.key) for fault in caught.value.faults] == [
        ("line 3", "table.encoding")
    ]


def test_members_are_shown_with_their_names() -> None:
    assert [Member(*who).shown for who in (("7", "김민준"), ("ann",), ("ann", "ann"))] == [
        "7 김민준",
        "ann",
        "ann",
    ]
