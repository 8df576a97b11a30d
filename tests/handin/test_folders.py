from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path

import pytest

from grader.errors import RequestError
from grader.handin.form_names import FORM_NAMES
from grader.handin.forms import FORMS
from grader.handin.times import time_on_disk
from grader.model import Course, Explanation, Submission
from tests.support.handin import FIRST, Class, hand_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


def found(course: Course, folder: Path, **options: object) -> Class:
    return Class(course, folder, folder.parent / "work", **options)


def test_every_student_has_a_submission_for_every_exercise(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex02.ipynb", "이서연/ex01.py")
    result = found(tiny, folder)
    assert result.students == ("ann", "이서연")
    second = FIRST.replace(minute=1)
    assert result.found.submissions == (
        Submission("ann", "ex01", None),
        Submission("ann", "ex02", folder / "ann" / "ex02.ipynb", FIRST),
        Submission("ann", "ex03", None),
        Submission("이서연", "ex01", folder / "이서연" / "ex01.py", second),
        Submission("이서연", "ex02", None),
        Submission("이서연", "ex03", None),
    )
    assert result.notes == []


@pytest.mark.parametrize(
    "name", ["ex3.py", "3.ipynb", "maxpool-2.py", "ex03_maxpool_2.py", "Ex03.py", "EX03.PY", " ex03 .py"]
)
def test_a_file_may_have_any_name_of_its_exercise(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"ann/{name}")
    assert found(tiny, folder).taken == {"ann ex03": [name]}


@pytest.mark.parametrize(
    "name",
    [
        "ex03 (1).py",
        "ex03(2).ipynb",
        "ex03 - Copy.py",
        "ex03 - 복사본.py",
        "ex03 - 복사본 (2).py",
        "ex03 copy 2.py",
    ],
)
def test_the_mark_of_a_copy_does_not_change_the_exercise(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"ann/{name}")
    assert found(tiny, folder).taken == {"ann ex03": [name]}


@pytest.mark.parametrize("name", ["ex01.py.txt", "ex01.ipynb.txt", "EX01.IPYNB.TXT", "ex01.ipynb.json"])
def test_an_ending_that_a_browser_adds_is_no_part_of_the_name(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"ann/{name}", "ann/ex02.py")
    assert found(tiny, folder).taken["ann ex01"] == [name]


def test_what_is_passed_over_is_noted(tiny: Course, folder: Path) -> None:
    hand_in(
        folder, "ann/ex01.py", "ann/notes.txt", "ann/ex77.py", "ann/ex01.txt", "grades.csv", "bob/readme.md"
    )
    (folder / "ann" / "ex02.py").mkdir()
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert result.students == ("ann", "bob")
    assert result.notes == [
        ("passed_over", "ann/ex01.txt"),
        ("empty", "ann/ex02.py"),
        ("passed_over", "ann/notes.txt"),
        ("passed_over", "bob/readme.md"),
        ("passed_over", "grades.csv"),
        ("passed_over", "ann/ex77.py"),
    ]


def test_links_are_not_followed(tiny: Course, folder: Path) -> None:
    hand_in(folder.parent, "secret.py", "submissions/ann/ex01.py", "elsewhere/ex01.py")
    (folder / "ann" / "ex02.py").symlink_to(folder.parent / "secret.py")
    (folder / "ann" / "ex03.py").symlink_to(folder.parent / "nowhere.py")
    (folder / "ann" / "more").symlink_to(folder.parent / "elsewhere")
    (folder / "bob").symlink_to(folder.parent / "elsewhere")
    (folder / "roster.csv").symlink_to(folder.parent / "secret.py")
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert [kind for kind, _ in result.notes] == ["link"] * 5
    assert {file for _, file in result.notes} == {
        "ann/ex02.py",
        "ann/ex03.py",
        "ann/more",
        "bob",
        "roster.csv",
    }


def test_hidden_files_and_caches_are_nothing(tiny: Course, folder: Path) -> None:
    hand_in(
        folder,
        "ann/ex01.py",
        "ann/.ex02.py",
        "ann/.ipynb_checkpoints/ex03.ipynb",
        "ann/__pycache__/ex01.pyc",
        "ann/Thumbs.db",
        ".git/config",
        ".DS_Store",
        "__MACOSX/ex01.py",
    )
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert result.notes == []


def test_an_empty_folder_is_a_student_who_handed_in_nothing(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py")
    (folder / "bob").mkdir()
    result = found(tiny, folder)
    assert result.students == ("ann", "bob")
    assert result.notes == [("empty", "bob")]


@pytest.mark.parametrize("modified", [1e18, -1e18, float("inf"), float("nan")])
def test_a_date_that_no_calendar_has_tells_nothing(modified: float) -> None:
    assert time_on_disk(modified, UTC) is None


def test_what_is_neither_file_nor_folder_is_noted(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py")
    os.mkfifo(folder / "ann" / "ex02.py")
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert result.notes == [("no_file", "ann/ex02.py")]


def test_a_folder_that_cannot_be_read_is_not_nothing_handed_in(
    tiny: Course, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(folder, "ann/ex01.py", "bob/ex01.py")
    scan = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "bob":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("grader.handin.student_files.os.scandir", refuse)
    result = found(tiny, folder)
    assert result.notes == [("unreadable_folder", "bob")]
    # A path that cannot be read leaves the exercise ungraded; without a path it would be a zero.
    assert [item.path for item in result.found.submissions if item.student == "bob"] == [folder / "bob"] * 3


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (None, "request.no_folder"),
        ((), "request.no_submissions"),
        (("ann/a.txt",), "request.nothing_usable"),
        ((".ann/ex01.py",), "request.no_submissions"),
    ],
    ids=["no-folder", "empty", "no-exercise", "hidden"],
)
def test_nothing_to_grade_is_the_users_error(
    names: tuple[str, ...] | None, key: str, tiny: Course, tmp_path: Path
) -> None:
    folder = tmp_path / "class"
    if names is not None:
        folder.mkdir()
        hand_in(folder, *names)
    with pytest.raises(RequestError) as caught:
        found(tiny, folder)
    assert caught.value.explanation.key == key
    assert caught.value.explanation.values["folder"] == str(folder)


def test_where_nothing_can_be_used_the_error_says_what_is_there(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/a.txt", "ann/b.txt", "ann/c.txt")
    with pytest.raises(RequestError) as caught:
        found(tiny, folder)
    values = caught.value.explanation.values
    assert values["first"] == Explanation("submissions.passed_over", {"file": "ann/a.txt"})
    assert values["more"] == 2


def test_folders_below_a_students_are_looked_into(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/homework/week 1/ex01.py", "ann/ex02.py", "bob/ex01.py")
    assert found(tiny, folder).taken == {
        "ann ex01": ["ex01.py"],
        "ann ex02": ["ex02.py"],
        "bob ex01": ["ex01.py"],
    }


def test_installed_packages_and_very_deep_folders_are_passed_over(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "ann/venv/lib/3.py", "ann/1/2/3/4/5/6/7/ex02.py")
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"]}
    assert sorted(result.notes) == [("library", "ann/venv"), ("too_deep", "ann/1/2/3/4/5/6/7")]


@pytest.mark.parametrize("wrapped", ["class", "class/2026"])
def test_an_only_folder_around_the_class_is_no_student(wrapped: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"{wrapped}/ann/ex01.py", f"{wrapped}/bob/ex01.py")
    result = found(tiny, folder)
    assert result.students == ("ann", "bob")
    assert result.notes == []


@pytest.mark.parametrize(
    "name", ["ann/ex01.py", "ann/2/ex01.py", "ann/ex01/homework.ipynb", "ann/homework.py"]
)
def test_an_only_student_is_no_folder_around_the_class(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, name)
    (folder / "roster.csv").write_text("student\nann\n")
    result = found(tiny, folder, exercises=["ex01"])
    assert result.students == ("ann",)
    assert list(result.taken) == ["ann ex01"]


FLAT = {
    "kim_ex03.py": "kim",
    "kim-ex03.ipynb": "kim",
    "ex03_kim.py": "kim",
    "kim_maxpool-2.py": "kim",
    "kim-maxpool_2.py": "kim",
    "ex03_maxpool_2_kim.py": "kim",
    "kim_minjun_ex3.py": "kim_minjun",
    "20231234-ex03.py": "20231234",
    "김민준 ex03.py": "김민준",
    "kim_ex03 (1).py": "kim",
    "Kim_EX03.PY": "Kim",
}


@pytest.mark.parametrize("name", FLAT)
def test_a_file_may_be_named_by_student_and_exercise(name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, name)
    result = found(tiny, folder)
    assert result.taken == {f"{FLAT[name]} ex03": [name]}
    assert result.notes == []


@pytest.mark.parametrize(
    "name", ["ex03.py", "kim_3.py", "2026-03-02.py", "_ex03.py", "ex03_.py", "kim_ex77.py", "kim.py"]
)
def test_a_file_without_student_and_exercise_in_its_name_is_noted(
    name: str, tiny: Course, folder: Path
) -> None:
    hand_in(folder, name, "ann/ex01.py", "bob/ex01.py")
    result = found(tiny, folder)
    assert result.students == ("ann", "bob")
    assert result.notes == [("passed_over", name)]


def test_folders_files_and_zips_may_lie_beside_each_other(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "bob_ex01.py", "ann_ex02.py")
    result = found(tiny, folder)
    assert result.taken == {"ann ex01": ["ex01.py"], "ann ex02": ["ann_ex02.py"], "bob ex01": ["bob_ex01.py"]}


@pytest.mark.parametrize(
    ("form", "student", "left"), [("folders", "ann", "bob_ex01.py"), ("flat", "bob", "ann")]
)
def test_a_form_that_is_asked_for_is_kept_to(
    form: str, student: str, left: str, tiny: Course, folder: Path
) -> None:
    hand_in(folder, "ann/ex01.py", "bob_ex01.py")
    result = found(tiny, folder, form=form)
    assert result.students == (student,)
    assert result.notes == [("not_of_form", left)]


NAMELESS = ["homework.ipynb", "정답.py", "final (1).py"]


@pytest.mark.parametrize("name", NAMELESS)
def test_an_only_file_is_taken_for_the_one_exercise_that_is_asked_for(
    name: str, tiny: Course, folder: Path
) -> None:
    hand_in(folder, f"ann/{name}", "bob/ex02.py")
    result = found(tiny, folder, exercises=["ex02"])
    assert result.taken == {"ann ex02": [name], "bob ex02": ["ex02.py"]}
    assert result.notes == [("taken_as", f"ann/{name}")]


@pytest.mark.parametrize("exercises", [[], ["ex01", "ex02"]])
def test_it_is_not_where_several_exercises_could_be_meant(
    exercises: list[str], tiny: Course, folder: Path
) -> None:
    hand_in(folder, "ann/homework.ipynb", "bob/ex02.py")
    result = found(tiny, folder, exercises=exercises)
    assert result.taken == {"bob ex02": ["ex02.py"]}
    assert result.notes == [("notebook_unread", "ann/homework.ipynb")]


@pytest.mark.parametrize("other", ["helpers.py", "homework.py", "ex02.py"])
def test_it_is_not_where_the_student_has_another_file(other: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/homework.ipynb", f"ann/{other}", "bob/ex02.py")
    result = found(tiny, folder, exercises=["ex02"])
    assert "homework.ipynb" not in result.taken.get("ann ex02", [])
    assert ("one_of_several", "ann/homework.ipynb") in result.notes


def test_a_folder_may_be_one_students(tiny: Course, folder: Path) -> None:
    """What is in it is the student's to name: no folder is another student, a time, or the class."""
    hand_in(folder, "hw/ex01.py", "2020-01-01T00:00:00/ex02.py", "lee_ex03.py", "roster.csv", "timestamp.txt")
    result = found(tiny, folder, student="kim")
    assert result.taken == {"kim ex01": ["ex01.py"], "kim ex02": ["ex02.py"], "kim ex03": ["lee_ex03.py"]}
    assert result.times["kim ex02"] != ["2020-01-01T00:00:00+00:00"]
    assert {note.values["file"] for note in result.found.notes} == {
        "roster.csv",
        "timestamp.txt",
    }


def test_one_student_may_have_handed_in_nothing(tiny: Course, folder: Path) -> None:
    result = found(tiny, folder, student="kim").found
    assert [item.path for item in result.submissions] == [None, None, None]
    assert result.notes == (Explanation("submissions.empty", {"folder": "kim"}),)


def test_every_form_that_help_lists_has_a_reader() -> None:
    assert tuple(FORMS) == FORM_NAMES
