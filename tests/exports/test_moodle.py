"""Whose feedback is whose in Moodle's upload: from what Moodle's own download was called, or from its worksheet."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.exports.lms_class import read_lms_class
from grader.exports.moodle_feedback import moodle_names
from grader.gradebook.store import Gradebook
from grader.grading.plan import plan_class
from grader.handin.find import find_submissions
from grader.model import Attempt, Course
from tests.support.handin import hand_in, make_zip
from tests.support.places import TINY
from tests.support.records import GRADE

WORKSHEET = "Identifier,Full name,Email address\nParticipant 77,Ann Lee,ann@example.org\n"


def moodle_reads(name: str) -> tuple[int, str, str, str]:
    """Return what Moodle's import takes a name in the zip for: the number, the plugin's type and name, the file."""
    assert not name.startswith((".", "~"))
    assert "/" not in name
    _, number, kind, plugin, rest = name.split("_", 4)
    return int(number), kind, plugin, rest


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("../../etc/passwd_5_assignsubmission_file_", "etc passwd_5_assignfeedback_file_"),
        ("..\\..\\x_5_assignsubmission_file_", "x_5_assignfeedback_file_"),
        ("C:\\nul_5_assignsubmission_file_", "C nul_5_assignfeedback_file_"),
        ("~ann_5_assignsubmission_file_", "ann_5_assignfeedback_file_"),
        ("._5_assignsubmission_file_", "5_5_assignfeedback_file_"),
    ],
)
def test_no_name_in_moodles_zip_is_a_path_or_hidden(student: str, name: str) -> None:
    """Moodle passes over names that begin with a point or a tilde."""
    assert moodle_names({student: []}, None) == {student: name}


@pytest.mark.parametrize(
    ("student", "name"),
    [
        ("Ann Lee_77_assignsubmission_file_", "Ann Lee_77_assignfeedback_file_"),
        ("Ann_Lee_77_assignsubmission_file", "Ann Lee_77_assignfeedback_file_"),
        ("ann", "Ann Lee_77_assignfeedback_file_"),
        ("Ann Lee", "Ann Lee_77_assignfeedback_file_"),
        ("bob", None),
        ("Ann Lee_123_assignsubmission_file_", None),
    ],
)
def test_moodles_name_comes_from_its_folder_or_its_worksheet(student: str, name: str | None) -> None:
    """A number that the worksheet does not have is of another assignment."""
    assert moodle_names({student: []}, read_lms_class(WORKSHEET, "w.csv")).get(student) == name


@pytest.mark.parametrize("student", ["김 민준", "minjun", "minjun@example.org"])
def test_a_worksheet_in_any_language_is_read(student: str) -> None:
    worksheet = (
        "식별자,성명,이메일 주소,상태,성적\n"
        "참여자 41,김 민준,minjun@example.org,채점을 위해 제출됨,-\n참여자 42,이 서연,seoyeon@example.org,제출 없음,\n"
    )
    assert moodle_names({student: []}, read_lms_class(worksheet, "w.csv")) == {
        student: "김 민준_41_assignfeedback_file_"
    }


def test_another_table_keeps_its_headings() -> None:
    table = "이름,학번,메일\nAnn,7,a@b.c\nBo,8,b@b.c\n"
    assert read_lms_class(table, "w.csv").columns == ("이름", "학번", "메일")
    same = "Group,Name,Mail\nA 1,Ann,a@b.c\nB 2,Bo,b@b.c\n"
    assert read_lms_class(same, "w.csv").columns == ("Group", "Name", "Mail")


def test_two_students_of_one_number_get_nothing_of_each_other() -> None:
    worksheet = read_lms_class("Identifier,Full name\nParticipant 77,Ann Lee\nParticipant 8,Bo Ko\n", "w.csv")
    students = ["Ann Lee", "Someone_077_assignsubmission_file_", "Bo Ko", "bo  ko"]
    assert moodle_names(dict.fromkeys(students, ()), worksheet) == {}


CLASS = {
    "Ann Kim": "Ann Kim_4021_assignsubmission_file",
    "Mary-Jane O'Neil": "Mary-Jane O'Neil_4023_assignsubmission_file",
    "김 민준": "김 민준_4022_assignsubmission_file",
    "Same Name_7": "Same Name_7_assignsubmission_file",
    "Same Name_8": "Same Name_8_assignsubmission_file",
}
NUMBERS = {"Ann Kim": 4021, "Mary-Jane O'Neil": 4023, "김 민준": 4022, "Same Name_7": 7, "Same Name_8": 8}


def numbers(names: dict[str, str]) -> dict[str, int]:
    return {student: moodle_reads(f"{name}x.html")[0] for student, name in names.items()}


@pytest.mark.parametrize("style", ["4", "before 4", "flat"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_the_numbers_of_a_download_are_those_of_its_students(
    style: str, is_zip: bool, tiny: Course, tmp_path: Path
) -> None:
    between = {"4": "/", "before 4": "_/", "flat": "_"}[style]
    files = [f"{folder}{between}ex02.py" for folder in CLASS.values()]
    if is_zip:
        source = make_zip(tmp_path / "CNN-77.zip", {name: name for name in files})
    else:
        source = tmp_path / "CNN-77"
        hand_in(source, *files)
    found = find_submissions(tiny, source, unpack_into=tmp_path / "work")
    paths: dict[str, list[str]] = {}
    for submission in found.submissions:
        paths.setdefault(submission.student, []).append(str(submission.path or ""))
    assert numbers(moodle_names(paths, None)) == NUMBERS


def test_students_whom_a_roster_names_otherwise_keep_their_numbers() -> None:
    paths = {name: [f"/in/{folder}/ex02.py"] for name, folder in zip("abcde", CLASS.values(), strict=True)}
    assert sorted(numbers(moodle_names(paths, None)).values()) == sorted(NUMBERS.values())


def test_a_student_cannot_take_anothers_number_by_a_folder_of_that_name() -> None:
    paths = {
        "eve": ["/in/eve/Ann Kim_4021_assignsubmission_file/ex02.py"],
        "mallory": ["/in/Mallory_9_assignsubmission_file/Ann Kim_4021_assignsubmission_file/ex02.py"],
        "Mallory": ["/in/Mallory_9_assignsubmission_file/Ann Kim_4021_assignsubmission_file/ex02.py"],
    }
    assert moodle_names({"eve": paths["eve"]}, None) == {}
    assert numbers(moodle_names({"Mallory": paths["Mallory"]}, None)) == {"Mallory": 9}


def test_two_assignments_have_two_numbers_for_one_student_and_none_for_both() -> None:
    first, second = "/a/Ann_4_assignsubmission_file/ex01.py", "/b/Ann_9_assignsubmission_file/ex02.py"
    assert moodle_names({"Ann": [first, second]}, None) == {}
    assert numbers(moodle_names({"Ann": [second]}, None)) == {"Ann": 9}
    worksheet = read_lms_class("Identifier,Full name\nParticipant 9,Ann\n", "w.csv")
    assert numbers(moodle_names({"Ann": [first, second]}, worksheet)) == {"Ann": 9}


def feedback(*arguments: str | Path) -> Result:
    words = ["feedback", *map(str, arguments), "--course", str(TINY), "--lang", "en"]
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """Return the folder of a gradebook of a class that came in two downloads, one for each exercise."""
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        run = gradebook.begin_run({})
        for exercise, offset in (("ex01", 0), ("ex02", 1000)):
            for student, number in NUMBERS.items():
                name = f"{student.partition('_')[0]}_{number + offset}_assignsubmission_file"
                path, digest = f"/in/{exercise}/{name}/x.py", f"{student} {exercise}"
                gradebook.hand_in([(Attempt(student, exercise, digest, path, None), b"x")])
                gradebook.add(
                    run,
                    replace(GRADE, student=student, exercise=exercise, digest=digest, path="/elsewhere/x.py"),
                )
    return tmp_path


def test_each_assignment_has_a_zip_of_its_own(graded: Path, tmp_path: Path) -> None:
    result = feedback("--output", graded, "--zip", graded / "f.zip", "--exercise", "ex2")
    assert result.stderr == ""
    assert result.exit_code == 0
    with zipfile.ZipFile(graded / "f.zip") as archive:
        read = {moodle_reads(name): archive.read(name).decode() for name in archive.namelist()}
    wanted = {number + 1000 for number in NUMBERS.values()}
    assert {number for number, *_ in read} == wanted
    assert {(kind, plugin) for _, kind, plugin, _ in read} == {("assignfeedback", "file")}
    assert {rest for *_, rest in read} == {"tiny-ex02.html", "tiny-ex02.md"}
    assert "김 민준" in read[5022, "assignfeedback", "file", "tiny-ex02.md"]
    assert not any("ex01" in content for content in read.values())


def test_who_hands_in_one_notebook_for_several_exercises_gets_feedback(tiny: Course, tmp_path: Path) -> None:
    # Beside who did the same in a zip, and who handed in a file for one.
    inner = make_zip(tmp_path / "zip", {"inner/answers.ipynb": notebook_for_two("Bo Ko")})
    download: dict[str, str | bytes] = {
        "Ann Kim_7_assignsubmission_file/answers.ipynb": notebook_for_two("Ann Kim"),
        "김 민준_8_assignsubmission_file/ex01.py": "row_sums = None",
        "Bo Ko_9_assignsubmission_file/work.zip": inner.read_bytes(),
    }
    make_zip(tmp_path / "download.zip", download)
    (tmp_path / "roster.csv").write_text("student,name\na1,Ann Kim\nm1,김 민준\nb1,Bo Ko\n", encoding="utf-8")
    found = find_submissions(
        tiny, tmp_path / "download.zip", unpack_into=tmp_path / "in", roster=tmp_path / "roster.csv"
    )
    assert {item.exercise for item in found.submissions if item.path} == {"ex01", "ex02"}
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        run = gradebook.begin_run({})
        for work in plan_class(tiny, found.submissions, gradebook).work:
            student, exercise = work.submission.student, work.submission.exercise
            grade = replace(GRADE, student=student, exercise=exercise, digest=work.digest, path=work.path)
            gradebook.add(run, grade)
    result = feedback("--output", tmp_path, "--zip", tmp_path / "f.zip")
    assert (result.exit_code, result.stderr) == (0, "")
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        assert {moodle_reads(name)[0] for name in archive.namelist()} == {7, 8, 9}


def notebook_for_two(name: str) -> str:
    """Return a notebook with a heading for each of two exercises."""
    cells: list[dict[str, Any]] = []
    for heading, function in (("## ex01", "row_sums"), ("## ex02", "max_pool")):
        cells.append({"cell_type": "markdown", "metadata": {}, "source": heading})
        code = f"def {function}(x):\n    return {name!r}\n"
        cells.append({"cell_type": "code", "metadata": {}, "source": code, "outputs": []})
        cells[-1]["execution_count"] = None
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_of_two_assignments_at_once_moodle_could_not_tell_which_is_meant(graded: Path) -> None:
    result = feedback("--output", graded, "--zip", graded / "f.zip")
    assert result.exit_code == 2
    assert "--exercise" in result.stderr
    assert "Ann Kim" in result.stderr
    assert f"{graded / 'f.zip'} was not written" in result.stderr
    assert not (graded / "f.zip").exists()


def test_people_who_are_called_by_numbers_are_not_taken_for_a_worksheet() -> None:
    canvas = read_lms_class("Student,ID,SIS Login ID\nStudent 1,101,ann\nStudent 2,102,ben\n", "canvas.csv")
    assert canvas.columns == ("Student", "ID", "SIS Login ID")
    assert canvas.find("ann") == {"Student": "Student 1", "ID": "101", "SIS Login ID": "ann"}
