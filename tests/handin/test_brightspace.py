from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from grader.handin.brightspace import parse_date
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

FOLDERS = [
    "101-900 - Ann Kim - Mar 2, 2026 1011 AM/ex03.py",
    "101-900 - Ann Kim - Mar 3, 2026 905 PM/ex03.py",
    "102-900 - Mary-Jane O'Neil - Lee - Mar 2, 2026 1201 AM/src/ex03.py",
    "103-900 - 김 민준 - 2 March, 2026 1011 PM/my - answer.ipynb",
]


@pytest.mark.parametrize("form", ["auto", "brightspace"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_each_folder_is_a_submission_at_its_time(
    form: str, is_zip: bool, tiny: Course, tmp_path: Path
) -> None:
    names = [*FOLDERS, "index.html"]
    source = tmp_path / "download"
    if is_zip:
        source = make_zip(tmp_path / "download.zip", {name: name for name in names})
    else:
        hand_in(source, *names)
    result = Class(tiny, source, tmp_path / "work", form=form, exercises=["ex03"])
    assert result.times == {
        "Ann Kim ex03": ["2026-03-02T10:11:00+00:00", "2026-03-03T21:05:00+00:00"],
        "Mary-Jane O'Neil - Lee ex03": ["2026-03-02T00:01:00+00:00"],
        "김 민준 ex03": ["2026-03-02T22:11:00+00:00"],
    }
    assert "no_times" not in {kind for kind, _ in result.notes}


@pytest.mark.parametrize(
    "text",
    [
        "Mar 2, 2026 1011 PM",
        "March 2, 2026 10:11 PM",
        "Mar 2, 2026 10:11pm",
        "2 March, 2026 2211",
        "2 mars 2026 22 h 11",
        "02 mar 2026 10:11 p. m.",
        "2. März 2026 2211",
        "2026년 3월 2일 오후 10시 11분",
        "2026년 3월 2일 1011 오후",
        "3월 2, 2026 10:11 오후",
    ],
)
def test_dates_are_in_the_sites_language(text: str) -> None:
    assert parse_date(text) == datetime(2026, 3, 2, 22, 11)


@pytest.mark.parametrize(
    "text", ["", "Mar 2026 1011 AM", "Mar 2, 2026", "Foo 2, 2026 1011 AM", "Mar 32, 2026 1011 AM"]
)
def test_these_are_no_dates(text: str) -> None:
    assert parse_date(text) is None


def test_students_of_one_name_are_told_apart_by_their_ids(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        "101-900 - Ann Kim - Mar 2, 2026 1011 AM/ex01.py",
        "102-900 - Ann Kim - Mar 2, 2026 1011 AM/ex01.py",
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("Ann Kim_101", "Ann Kim_102")


def test_without_folders_the_file_follows_the_date(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        "101-900 - Group 3 - Mar 2, 2026 1011 AM - ex01.py",
        "102-900 - Group 4- Mar 2, 2026 1012 AM - my work - answer.py",
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex01"])
    assert result.times["Group 3 ex01"] == ["2026-03-02T10:11:00+00:00"]
    assert result.times["Group 4 ex01"] == ["2026-03-02T10:12:00+00:00"]


def test_what_a_student_wrote_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    folder = "101-900 - Ann - Mar 2, 2026 1011 AM"
    hand_in(tmp_path / "in", f"{folder}/2020-01-01T00-00-00Z/ex01.py", f"{folder}/timestamp.txt")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times == {"Ann ex01": ["2026-03-02T10:11:00+00:00"]}
    hand_in(tmp_path / "class", f"kim/{folder}/ex01.py", "lee/ex01.py")
    result = Class(tiny, tmp_path / "class", tmp_path / "work")
    assert result.times["kim ex01"] == ["2026-03-02T10:00:00+00:00"]


def test_folders_that_an_instructor_added_are_read_as_usual(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FOLDERS, "late-lee/ex03.py", "bo_ex03.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"])
    assert {"late-lee ex03", "bo ex03", "Ann Kim ex03"} <= set(result.taken)
    # Of what is mostly something else nothing is certain.
    hand_in(tmp_path / "mixed", FOLDERS[0], "lee/ex03.py", "bo/ex03.py")
    mixed = Class(tiny, tmp_path / "mixed", tmp_path / "work")
    assert "Ann Kim ex03" not in mixed.taken
