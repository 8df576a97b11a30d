from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.model import Course
from tests.handin.test_git import repository
from tests.support.handin import Class, hand_in, make_zip

COMMITTED = "2026-10-30T16:00:00+00:00"


def clone(folder: Path, *names: str) -> None:
    hand_in(folder, *names)
    repository(folder)


@pytest.mark.parametrize("form", ["auto", "git"])
def test_a_clone_has_no_time_and_a_note(form: str, tiny: Course, tmp_path: Path) -> None:
    for name in ("hw-kim", "hw-이서연"):
        clone(tmp_path / "in" / name, "src/ex03.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", form=form)
    assert result.times == {"hw-kim ex03": [None], "hw-이서연 ex03": [None]}
    assert "last commit says 2026-10-30 16:00 UTC" in result.sentences[0]
    assert [kind for kind, _ in result.notes] == ["clone_committed", "clone_committed", "no_times"]


def test_the_last_commit_counts_where_that_is_asked_for(tiny: Course, tmp_path: Path) -> None:
    clone(tmp_path / "in" / "kim", "ex03.py")
    clone(tmp_path / "in" / "lee", "ex03.py")
    (tmp_path / "in" / "lee" / ".git" / "HEAD").unlink()
    hand_in(tmp_path / "in", "bo/ex03.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", commit_times=True)
    assert result.times == {
        "bo ex03": ["2026-03-02T10:00:00+00:00"],
        "kim ex03": [COMMITTED],
        "lee ex03": [None],
    }
    assert [kind for kind, _ in result.notes] == ["clone_counted", "clone", "no_time"]


def test_what_is_in_a_clone_is_the_students_to_write(tiny: Course, tmp_path: Path) -> None:
    names = ["2020-01-01T00-00-00Z/ex01.py", "timestamp.txt", "ex02.py"]
    hand_in(tmp_path / "in" / "kim", *names, **{"timestamp.txt": "2020-01-01 00:00:00 UTC"})
    repository(tmp_path / "in" / "kim")
    hand_in(tmp_path / "in", "lee/ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert (result.times["kim ex01"], result.times["kim ex02"]) == ([None], [None])


def test_a_clone_may_lie_in_a_students_or_a_timed_folder(tiny: Course, tmp_path: Path) -> None:
    clone(tmp_path / "in" / "kim" / "homework", "ex01.py")
    clone(tmp_path / "in" / "lee" / "2026-03-02T10-11-12Z", "ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", commit_times=True)
    assert result.times == {"kim ex01": [COMMITTED], "lee ex01": ["2026-03-02T10:11:12+00:00"]}


@pytest.mark.parametrize("form", ["auto", "nbgrader"])
def test_nbgraders_timestamp_counts_whatever_lies_beside_it(form: str, tiny: Course, tmp_path: Path) -> None:
    names = ["kim/hw1/ex01.ipynb", "kim/hw1/timestamp.txt"]
    hand_in(tmp_path / "in" / "submitted", *names, **{names[1]: "2026-03-02 10:11:12 UTC"})
    repository(tmp_path / "in" / "submitted" / "kim" / "hw1")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", form=form)
    assert result.times == {"kim ex01": ["2026-03-02T10:11:12+00:00"]}


def test_a_worktrees_file_is_not_followed(tiny: Course, tmp_path: Path) -> None:
    git = repository(tmp_path / "elsewhere")
    hand_in(tmp_path / "in", "kim/ex01.py", "kim/.git", "lee/ex01.py", **{"kim/.git": f"gitdir: {git}"})
    result = Class(tiny, tmp_path / "in", tmp_path / "work", commit_times=True)
    assert result.times["kim ex01"] == [None]
    assert ("clone", "kim") in result.notes


def test_a_manifest_tells_when(tiny: Course, tmp_path: Path) -> None:
    clone(tmp_path / "in" / "kim", "ex01.py")
    (tmp_path / "in" / "manifest.csv").write_text(
        "student,exercise,submitted_at\nkim,ex01,2026-03-02T00:00:00Z\n"
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work", commit_times=True)
    assert result.times == {"kim ex01": ["2026-03-02T00:00:00+00:00"]}


def test_with_git_asked_for_other_folders_are_noted(tiny: Course, tmp_path: Path) -> None:
    clone(tmp_path / "in" / "kim", "src/ex01.py")
    assert Class(tiny, tmp_path / "in", tmp_path / "work", form="git").students == ("kim",)
    hand_in(tmp_path / "in", "lee/ex01.py", "bo_ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", form="git")
    assert result.students == ("kim",)
    assert {("not_of_form", "lee"), ("not_of_form", "bo_ex01.py")} <= set(result.notes)


def test_of_a_zip_of_clones_only_what_tells_the_commit_is_unpacked(tiny: Course, tmp_path: Path) -> None:
    clone(tmp_path / "in" / "kim", "ex01.py")
    git = tmp_path / "in" / "kim" / ".git"
    (git / "config").write_text("[core]\n\tfsmonitor = false\n")
    files = {
        str(path.relative_to(tmp_path / "in")): path.read_bytes() for path in git.rglob("*") if path.is_file()
    }
    path = make_zip(tmp_path / "class.zip", {**files, "kim/ex01.py": "a", "lee/ex01.py": "b"})
    result = Class(tiny, path, tmp_path / "work", commit_times=True)
    assert result.times == {"kim ex01": [COMMITTED], "lee ex01": ["2026-03-02T09:00:00+00:00"]}
    assert not list((tmp_path / "work").rglob("config"))


def test_a_students_own_zip_is_no_clone(tiny: Course, tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "kim.zip", "w") as archive:
        archive.writestr("ex01.py", "a")
        archive.write(tmp_path / ".git" / "HEAD", ".git/HEAD")
    hand_in(tmp_path / "in", "lee/ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", commit_times=True)
    assert result.times["kim ex01"] not in ([None], [COMMITTED])
    assert not list((tmp_path / "work").rglob(".git"))


def test_a_folder_of_one_student_is_as_it_was(tiny: Course, tmp_path: Path) -> None:
    """An autograder's checkout was made when the student pushed."""
    clone(tmp_path / "in", "ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", student="kim")
    assert result.times == {"kim ex01": ["2026-03-02T10:00:00+00:00"]}
