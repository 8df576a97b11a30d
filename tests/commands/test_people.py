"""A class with a roster: names, groups, and who has left."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.model import Grade, Submission, Verdict
from tests.support.executor import FakeExecutor
from tests.support.handin import hand_in
from tests.support.places import TINY

ROSTER = """student,name,email,group,status
s1,김민준,minjun@x.org,A,
s2,"Lee, Ann",ann@x.org,A,
s3,Bo Park,bo@x.org,,{status}
s4,Bo Park,bo2@x.org,,
"""


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Submission]:
    """Go to a copy of the tiny course with a class; return what is graded, whose points are its file's length."""

    def grade_of(submission: Submission) -> Grade:
        assert submission.path is not None
        content = submission.path.read_bytes()
        grade = Grade(submission.student, submission.exercise, len(content), 6, Verdict.PASSED, ())
        return replace(grade, path=str(submission.path), digest=sha256(content).hexdigest())

    executor = FakeExecutor(grade_of)
    monkeypatch.setattr("grader.grading.local.LocalSlots", lambda jobs, isolation: executor)
    folder = tmp_path / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    write("s1", "12345")
    write("s3", "123")
    return executor.submissions


def write(student: str, content: str) -> None:
    hand_in(Path("in"), f"{student}/ex01.py", **{f"{student}/ex01.py": content})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--lang", "en"], catch_exceptions=False)


def grade(status: str = "", **encoding: str) -> Result:
    Path("class.csv").write_text(ROSTER.format(status=status), **{"encoding": "utf-16", **encoding})
    result = run("grade", "in", "--roster", "class.csv", "--exercise", "ex1")
    assert result.exit_code == 0
    return result


def points() -> dict[str, str]:
    rows = [line.split(",") for line in run("export", "csv", "--exercise", "ex1").stdout.splitlines()]
    return {row[0]: row[-3] for row in rows[1:]}


def test_a_groups_file_is_graded_once_and_every_member_has_the_grade(graded: list[Submission]) -> None:
    result = grade()
    assert [item.student for item in graded] == ["s1", "s3"]
    assert "s1 김민준" in result.stdout
    assert points() == {"s1": "5", "s2": "5", "s3": "3", "s4": "0"}
    assert "To grade: 0" in grade().stderr


def test_a_decision_is_one_members_alone(graded: list[Submission]) -> None:
    grade()
    result = run("override", "Lee, Ann", "ex1", "--points", "2", "--why", "did less")
    assert "s2 Lee, Ann ex01: points set to 2" in result.stdout
    assert points() == {"s1": "5", "s2": "2", "s3": "3", "s4": "0"}


def test_the_next_attempt_of_any_member_is_graded_for_all(graded: list[Submission]) -> None:
    grade()
    write("s2", "1")
    grade()
    assert [item.student for item in graded] == ["s1", "s3", "s1"]
    assert points()["s1"] == points()["s2"]


def test_a_group_made_afterwards_has_the_grade_too(graded: list[Submission]) -> None:
    assert run("grade", "in", "--exercise", "ex1").exit_code == 0
    grade()
    assert points() == {"s1": "5", "s2": "5", "s3": "3", "s4": "0"}


def test_who_has_left_is_not_shown_and_comes_back_without_being_graded(graded: list[Submission]) -> None:
    grade()
    before = len(graded)
    assert "s3" not in grade("철회").stdout
    assert points() == {"s1": "5", "s2": "5", "s4": "0"}
    document = json.loads(Path("graded/results.json").read_text(encoding="utf-8"))
    assert {item["student"] for item in document["grades"]} == {"s1", "s2", "s4"}
    assert "Bo Park" in run("history", "s3").stdout
    grade()
    assert points()["s3"] == "3"
    assert len(graded) == before


def test_a_roster_without_the_column_leaves_who_has_left_as_it_was(graded: list[Submission]) -> None:
    grade("dropped")
    Path("class.csv").write_text("student,name\ns1,김민준\ns3,Bo Park\n", encoding="utf-8")
    assert run("grade", "in", "--roster", "class.csv", "--exercise", "ex1").exit_code == 0
    assert set(points()) == {"s1", "s2", "s4"}


def test_an_exports_roster_says_who_has_left(graded: list[Submission]) -> None:
    grade()
    Path("now.csv").write_text("student,status\ns3,inactive\ns1,\n", encoding="utf-8")
    written = run("export", "csv", "--exercise", "ex1", "--roster", "now.csv").stdout
    assert "s3" not in written
    assert "s1" in written


NAMES: dict[str, tuple[str, str | None, str]] = {
    "id": ("s1", "s1", ""),
    "name": ("김민준", "s1", ""),
    "address": ("Minjun@x.org", "s1", ""),
    "before-the-at": ("minjun", "s1", ""),
    "first-name-first": ("ann lee", "s2", ""),
    "several": ("bo park", None, "several students: s3 Bo Park, s4 Bo Park"),
    "a-slip": ("김민존", None, "Did you mean: s1 김민준?"),
    "nobody-like-it": ("홍길동", None, "none of a name like it. The first that it knows: s1 김민준,"),
    "a-slip-in-latin": ("An Lee", None, "s2 Lee, Ann"),
}


@pytest.mark.parametrize(("given", "student", "message"), NAMES.values(), ids=NAMES)
@pytest.mark.parametrize(
    "command",
    [
        lambda name: ("history", name, "--json"),
        lambda name: ("comment", name, "ex1", "well done"),
        lambda name: ("extend", name, "ex1", "--until", "2026-12-05T00:00:00+09:00", "--why", "ill"),
        lambda name: ("export", "csv", "--student", name),
    ],
    ids=["history", "comment", "extend", "export"],
)
def test_a_student_is_named_in_any_way(
    command: Callable[[str], tuple[str, ...]],
    given: str,
    student: str | None,
    message: str,
    graded: list[Submission],
) -> None:
    grade()
    result = run(*command(given))
    assert result.exit_code == (0 if student else 2)
    assert (student or message) in (result.stdout if student else result.stderr)


def test_each_member_gets_the_groups_feedback(graded: list[Submission]) -> None:
    grade()
    worksheet = "Identifier,Full name,ID number\nParticipant 1,김민준,s1\nParticipant 2,Ann Lee,s2\nParticipant 3,Bo,s3\n"
    Path("worksheet.csv").write_text(worksheet, encoding="utf-16")
    run("feedback", "--zip", "f.zip", "--roster", "worksheet.csv", "--exercise", "ex1")
    with zipfile.ZipFile("f.zip") as archive:
        pages = {name for name in archive.namelist() if name.endswith(".md")}
        assert {name.partition("_")[0] for name in pages} == {"김민준", "Ann Lee", "Bo"}
        text = archive.read(min(name for name in pages if name.startswith("Ann"))).decode()
    assert "# s2 Ann Lee" in text
    assert "Handed in with the group A" in text


@pytest.mark.parametrize("command", [("export", "csv"), ("feedback",)])
def test_a_workbook_is_refused_with_the_way_out(command: tuple[str, ...], graded: list[Submission]) -> None:
    grade()
    Path("class.xlsx").write_bytes(b"PK\x03\x04rest")
    result = run(*command, "--roster", "class.xlsx")
    assert result.exit_code == 2
    assert 'class.xlsx: is a workbook of Excel or LibreOffice; save it as "CSV UTF-8" there' in result.stderr


def test_names_are_in_the_report(graded: list[Submission]) -> None:
    grade()
    page = Path("graded/reports/index.html").read_text(encoding="utf-8")
    assert ">s1 김민준</a>" in page
    assert ">s2 Lee, Ann</a>" in page


def test_a_groups_answer_is_not_alike_to_itself(graded: list[Submission]) -> None:
    answer = Path("solutions/ex01_row_sums/solution.py").read_text(encoding="utf-8")
    write("s1", answer)
    write("s3", answer)
    Path("class.csv").write_text(ROSTER.format(status=""), encoding="utf-8")
    arguments = ("in", "--exercise", "ex1", "--roster", "class.csv", "--json", "same.json", "--least", "1")
    assert run("similar", *arguments).exit_code == 0
    pairs = json.loads(Path("same.json").read_text(encoding="utf-8"))["pairs"]
    assert all({"s1", "s2"} != {*pair["students"]} for pair in pairs)
