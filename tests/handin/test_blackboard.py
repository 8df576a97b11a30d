from __future__ import annotations

from pathlib import Path

import pytest

from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

SUMMARY = """\
Name: {name} ({user})
Assignment: {assignment}
Date Submitted: Monday, March 2, 2026 10:11:12 AM KST
Current Grade: Not Yet Graded

Submission Field:
{typed}

Comments:
{comments}

Files:
\tOriginal filename: {original}
\tFilename: {file}
"""
NOTHING_TYPED = "There is no student submission text data for this assignment."


def summary(name: str, user: str, file: str, original: str, **values: str) -> str:
    values = {"assignment": "HW3", "typed": NOTHING_TYPED, "comments": "There are no comments.", **values}
    return SUMMARY.format(name=name, user=user, file=file, original=original, **values)


@pytest.mark.parametrize("form", ["auto", "blackboard"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("assignment", ["HW3", "Home work_3", "HW_3_2026", "과제 3"])
def test_attempts_are_at_the_times_in_the_names(
    assignment: str, form: str, is_zip: bool, tiny: Course, tmp_path: Path
) -> None:
    names = [
        f"{assignment}_{head}_ex03.py"
        for head in (
            "20231234_attempt_2026-03-03-10-11-12",
            "20231235_attempt_2026-03-02-09-00-00",
            "20231234_attempt_2026-03-02-10-11-12",
        )
    ]
    source = tmp_path / "gradebook"
    if is_zip:
        source = make_zip(tmp_path / "gradebook.zip", {name: name for name in names})
    else:
        hand_in(source, *names)
    result = Class(tiny, source, tmp_path / "work", form=form)
    assert result.taken == {"20231234 ex03": [names[2], names[0]], "20231235 ex03": [names[1]]}
    assert result.times == {
        "20231234 ex03": ["2026-03-02T10:11:12+00:00", "2026-03-03T10:11:12+00:00"],
        "20231235 ex03": ["2026-03-02T09:00:00+00:00"],
    }
    assert [kind for kind, _ in result.notes] == ["attempts"]


@pytest.mark.parametrize("user", ["kim_min.jun", "kim@example.org", "st_1"])
def test_a_summary_tells_the_user_and_the_files_own_name(user: str, tiny: Course, tmp_path: Path) -> None:
    head = f"HW_3_{user}_attempt_2026-03-02-10-11-12"
    other = "HW_3_st_2_attempt_2026-03-02-10-11-12"
    typed = f"\tOriginal filename: ex01.py\n\tFilename: {head}_answer__1_.py"
    (tmp_path / "in").mkdir()
    files = {
        f"{head}_answer__1_.py": "answer",
        f"{other}_ex_02.py": "other",
        f"{head}.txt": summary("Kim Minjun", user, f"{head}_answer__1_.py", "ex02 (1).py", comments=typed),
        f"{other}.txt": summary("이 서연", "st_2", f"{other}_ex_02.py", "ex02.py"),
    }
    for name, content in files.items():
        (tmp_path / "in" / name).write_text(content, encoding="utf-8-sig")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {f"{user} ex02": [f"{head}_answer__1_.py"], "st_2 ex02": [f"{other}_ex_02.py"]}
    assert result.notes == []


def test_a_roster_finds_the_user_or_the_full_name(tiny: Course, tmp_path: Path) -> None:
    head = "HW3_st_kim_attempt_2026-03-02-10-11-12"
    file = "HW3_st_lee_attempt_2026-03-03-10-11-12_ex01.py"
    hand_in(
        tmp_path / "in",
        f"{head}_ex01.py",
        f"{head}.txt",
        file,
        **{f"{head}.txt": summary("Kim, Ann", "st_kim", f"{head}_ex01.py", "ex01.py")},
    )
    (tmp_path / "roster.csv").write_text(
        'student,name,lms_id\n1,"Kim, Ann",\n2,Bo,st_lee\n', encoding="utf-8"
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work", roster=tmp_path / "roster.csv")
    assert set(result.taken) == {"1 ex01", "2 ex01"}


def test_what_was_typed_is_a_note(tiny: Course, tmp_path: Path) -> None:
    head = "HW3_kim1_attempt_2026-03-02-10-11-12"
    other = "HW3_lee2_attempt_2026-03-02-10-11-12"
    hand_in(
        tmp_path / "in",
        f"{head}.txt",
        f"{other}_ex01.py",
        f"{other}.txt",
        **{
            f"{head}.txt": summary("Kim", "kim1", "", "", typed="def f(): ..."),
            f"{other}.txt": summary("Lee", "lee2", f"{other}_ex01.py", "ex01.py"),
        },
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("kim1", "lee2")
    assert result.notes == [("online_text", f"{head}.txt")]


def test_a_zip_is_looked_into_and_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    make_zip(
        tmp_path / "in" / "HW3_kim1_attempt_2026-03-02-10-11-12_my_work.zip",
        {"2020-01-01T00-00-00Z/ex01.py": "a", "ex02.py": "b"},
    )
    hand_in(tmp_path / "in", "HW3_lee2_attempt_2026-03-02-10-11-12_ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times["kim1 ex01"] == result.times["kim1 ex02"] == ["2026-03-02T10:11:12+00:00"]


def test_folders_that_an_instructor_added_are_read_as_usual(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        "HW3_kim1_attempt_2026-03-02-10-11-12_ex03.py",
        "HW3_lee2_attempt_2026-03-02-10-11-12_ex03.py",
        "kim1/ex02.py",
        "late/ex02.py",
        "more/ex02.py",
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("kim1", "late", "lee2", "more")
    assert result.notes == []


def test_canvas_files_that_students_named_alike_are_canvas_files(tiny: Course, tmp_path: Path) -> None:
    names = [
        "kimann_1201_88_HW_x_attempt_2020-01-01-00-00-00_ex03.py",
        "leebob_1202_89_HW_y_attempt_2020-01-01-00-00-00_ex03.py",
    ]
    hand_in(tmp_path / "in", *names)
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"])
    assert result.students == ("kimann", "leebob")
    assert all(times == [None] for times in result.times.values())


@pytest.mark.parametrize(
    "name",
    [
        "kim_attempt_2020-01-01-00-00-00_ex03.py",
        "HW3_kim_attempt_2020-13-01-00-00-00_ex03.py",
        "HW3_kim_attempt_2020-01-01_ex03.py",
        "HW3_kim_ex03.py",
    ],
)
def test_these_are_no_names_of_blackboard(name: str, tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", name)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert list(result.times.values()) == [["2026-03-02T10:00:00+00:00"]]


def test_a_students_folder_that_is_called_so_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim/HW3_kim_attempt_2020-01-01-00-00-00/ex03.py", "lee/ex03.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times["kim ex03"] == ["2026-03-02T10:00:00+00:00"]
