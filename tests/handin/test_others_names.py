"""What lies in a student's folder or zip is that student's, whatever it is called."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from grader.errors import RequestError
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

# What mallory handed in under the name of bob is mallory's; bob's own is bob's.
TREES = {
    "folder": ["mallory/bob/ex01.py", "bob/ex02.py"],
    "folders": ["mallory/bob/ex01.py", "mallory/ann/ex01.py", "bob/ex02.py"],
    "before": ["aa/bob/ex01.py", "aa/aa/ex01.py", "bob/ex02.py"],
    "deep": ["mallory/class/submitted/bob/ex01.py", "bob/ex02.py"],
    "flat": ["mallory/bob_ex01.py", "bob/ex02.py"],
    "nbgrader": ["submitted/mallory/ps/bob/ps/ex01.py", "submitted/bob/ps/ex02.py"],
    "nbgrader course": ["mallory/submitted/bob/ps/ex01.py", "bob/ps/ex02.py"],
    "moodle": [
        "Mallory_12_assignsubmission_file/bob_13_assignsubmission_file/ex01.py",
        "bob_13_assignsubmission_file/ex02.py",
    ],
    "moodle file": [
        "Mallory_12_assignsubmission_file_bob_13_assignsubmission_file_ex01.py",
        "bob_13_assignsubmission_file_ex02.py",
    ],
    "canvas": ["mallory_12_345_bob_13_346_ex01.py", "bob_13_347_ex02.py"],
    "gradescope": ["submission_100001/submission_100002/ex01.py", "submission_100002/ex02.py"],
    "classroom": ["hw-submissions/hw-mallory/hw-bob/ex01.py", "hw-submissions/hw-bob/ex02.py"],
    "alone on the roster": ["mallory/bob/ex01.py", "mallory/ann/ex01.py", "roster.csv"],
    "a roster of one's own": ["mallory/bob/ex01.py", "mallory/roster.csv", "bob/ex02.py"],
}
ROSTER = "student,name\nmallory,Mallory\nbob,bob\nann,ann\n"


@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("tree", TREES)
def test_a_folder_that_is_named_like_another_student_is_not_theirs(
    tree: str, tiny: Course, tmp_path: Path, *, is_zip: bool
) -> None:
    source = tmp_path / "in"
    contents = {name: ROSTER for name in TREES[tree] if name.endswith(".csv")}
    hand_in(source, *TREES[tree], **contents)
    if is_zip:
        members = {name: (source / name).read_bytes() for name in TREES[tree]}
        source = make_zip(tmp_path / "class.zip", members)
    taken = Class(tiny, source, tmp_path / "work").taken
    bobs = {name for name in taken if "bob" in name or name.startswith("submission_100002")}
    assert all(name.endswith(" ex02") for name in bobs), "bob is graded by what another handed in"
    assert not any(name.startswith("ann") for name in taken)


def test_a_students_zip_with_a_class_in_it_is_the_students(tiny: Course, tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "b.zip", {"ex02.py": ""}).read_bytes()
    members: dict[str, str | bytes] = {
        "ann/ex01.py": "",
        "bob.zip": inner,
        "submitted/bob/ex03.py": "",
        "roster.csv": ROSTER,
    }
    make_zip(tmp_path / "in/mallory.zip", members)
    hand_in(tmp_path / "in", "bob/ex01.py")
    taken = Class(tiny, tmp_path / "in", tmp_path / "work").taken
    assert set(taken) == {"bob ex01", "mallory ex01", "mallory ex02", "mallory ex03"}


def test_others_names_beside_empty_folders_are_not_theirs(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "mallory/ann/ex01.py", "mallory/bob/ex01.py")
    for name in ("ann", "bob"):
        (tmp_path / "in" / name).mkdir()
    # Nobody else handed in anything: that it is refused as not clear would do, too.
    with suppress(RequestError):
        assert set(Class(tiny, tmp_path / "in", tmp_path / "work").taken) == {"mallory ex01"}
