from __future__ import annotations

from pathlib import Path

import pytest

from grader.handin.moodle import is_moodle
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

FOLDERS = [
    "Ann Kim_4021_assignsubmission_file/homework.ipynb",
    "김 민준_4022_assignsubmission_file/week 1/정답.py",
    "김 민준_4022_assignsubmission_onlinetext/onlinetext.html",
    "Mary-Jane O'Neil_4023_assignsubmission_file/ex02.py",
    "Default group_assignsubmission_file/a.py",
]
"""As Moodle 4 names them: no underscore at the end, and no id where there is no group."""
TAKEN = {
    "Ann Kim ex02": ["homework.ipynb"],
    "김 민준 ex02": ["정답.py"],
    "Mary-Jane O'Neil ex02": ["ex02.py"],
    "Default group ex02": ["a.py"],
}


def named(names: list[str], style: str) -> list[str]:
    """Return Moodle 4's names as another version or setting has them."""
    if style == "before 4":
        return [name.replace("/", "_/", 1) for name in names]
    if style == "flat":
        heads = [name.partition("/") for name in names]
        return [f"{head}_{tail.rpartition('/')[2]}" for head, _, tail in heads]
    return names


@pytest.mark.parametrize("style", ["4", "before 4", "flat"])
@pytest.mark.parametrize("form", ["auto", "moodle"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_a_download_for_an_assignment(
    style: str, form: str, is_zip: bool, tiny: Course, tmp_path: Path
) -> None:
    names = named(FOLDERS, style)
    source = tmp_path / "CNN-homework 2-77"
    if is_zip:
        source = make_zip(tmp_path / "CNN-homework 2-77.zip", {name: name for name in names})
    else:
        hand_in(source, *names)
    result = Class(tiny, source, tmp_path / "work", form=form, exercises=["ex02"])
    tails = {key: [f"{files[0]}"] for key, files in TAKEN.items()}
    taken = {
        key: [name.rpartition("assignsubmission_file_")[2] for name in files]
        for key, files in result.taken.items()
    }
    assert taken == tails
    kinds = sorted(kind for kind, _ in result.notes)
    assert kinds == ["no_times", "online_text", "taken_as", "taken_as", "taken_as"]
    assert result.sentences


def test_the_dates_of_a_download_are_no_times_of_handing_in(tiny: Course, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {FOLDERS[2]: "", FOLDERS[3]: ""})
    result = Class(tiny, path, tmp_path / "work")
    assert result.times == {"Mary-Jane O'Neil ex02": [None]}
    assert "docs/handing-in.md" in result.sentences[-1]


def test_without_an_exercise_a_nameless_file_is_noted_with_the_remedy(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FOLDERS)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"Mary-Jane O'Neil ex02": ["ex02.py"]}
    assert result.students == ("Ann Kim", "Default group", "Mary-Jane O'Neil", "김 민준")
    assert sum("--exercise" in sentence for sentence in result.sentences) == 3


def test_a_file_that_is_another_exercise_by_its_name_is_noted(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FOLDERS)
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex01"])
    assert "Mary-Jane O'Neil ex01" not in result.taken
    assert ("other_exercise", "Mary-Jane O'Neil_4023_assignsubmission_file/ex02.py") in result.notes


def test_where_names_are_hidden_the_ids_tell_participants_apart(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *(f"참여자_{number}_assignsubmission_file/a.py" for number in (7, 8)))
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex01"])
    assert result.students == ("참여자_7", "참여자_8")
    assert [kind for kind, _ in result.notes].count("same_name") == 2


def test_two_students_of_one_name_are_kept_apart(tiny: Course, tmp_path: Path) -> None:
    names = [f"Ann Kim_{number}_assignsubmission_file/ex01.py" for number in (7, 8)]
    hand_in(tmp_path / "in", *names, "Bob_9_assignsubmission_file/ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("Ann Kim_7", "Ann Kim_8", "Bob")
    assert all(len(files) == 1 for files in result.taken.values())


def test_a_student_may_upload_a_zip_or_several_attempts(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "Ann_7_assignsubmission_file"
    make_zip(folder / "homework.zip", {"homework/ex01.py": "a", "homework/ex02.ipynb": "b"})
    hand_in(tmp_path / "in", "Bob_8_assignsubmission_file/a.py", "Bob_8_assignsubmission_file/a (1).py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex02"])
    assert result.taken["Ann ex02"] == ["ex02.ipynb"]
    assert result.taken["Bob ex02"] == ["a.py", "a (1).py"]


def test_a_folder_that_a_student_made_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    inside = ["2020-01-01T00-00-00Z/ex01.py", "timestamp.txt", "1/ex02.py"]
    hand_in(tmp_path / "in", *(f"Ann_7_assignsubmission_file/{name}" for name in inside))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times == {"Ann ex01": [None], "Ann ex02": [None]}
    assert ("passed_over", "Ann_7_assignsubmission_file/timestamp.txt") in result.notes


def test_what_an_instructor_added_is_read_as_usual(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FOLDERS, "late-lee/ex02.py", "Grades-CNN.csv")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex02"])
    assert result.taken["late-lee ex02"] == ["ex02.py"]
    assert result.times["late-lee ex02"] == ["2026-03-02T10:05:00+00:00"]
    assert ("passed_over", "Grades-CNN.csv") in result.notes
    asked = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex02"], form="moodle")
    assert "late-lee ex02" not in asked.taken
    assert ("not_of_form", "late-lee") in asked.notes


@pytest.mark.parametrize(
    "name",
    ["ann", "Ann_7", "assignsubmission_file", "_assignsubmission_file_a.py", "Ann_assignsubmission.py"],
)
def test_these_are_no_names_of_moodle(name: str) -> None:
    assert not is_moodle(name)
