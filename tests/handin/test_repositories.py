from __future__ import annotations

from pathlib import Path

import pytest

from grader.handin.prefixes import without_prefix
from grader.model import Course
from tests.handin.test_git import repository
from tests.support.handin import Class, hand_in, make_zip

ROSTER = (
    '"identifier","github_username","github_id","name"\n'
    '"20231234","octo-kim","111","Kim"\n"lee@example.org","octo-lee","112","Lee"\n"20231236","","",""\n'
)


@pytest.mark.parametrize("form", ["auto", "github-classroom"])
@pytest.mark.parametrize("source", ["around", "inside", "zip"])
@pytest.mark.parametrize("with_git", [False, True])
def test_the_roster_says_who_a_login_is(
    with_git: bool, source: str, form: str, tiny: Course, tmp_path: Path
) -> None:
    names = ["hw-cnn-submissions/hw-cnn-octo-kim/src/ex03.py", "hw-cnn-submissions/hw-cnn-octo-lee/ex03.py"]
    path, roster = tmp_path / "in", None
    if source == "zip":
        path = make_zip(tmp_path / "in.zip", {**dict.fromkeys(names, "a"), "classroom_roster.csv": ROSTER})
    else:
        hand_in(path, *names, "classroom_roster.csv", **{"classroom_roster.csv": ROSTER})
        if with_git:
            repository(path / "hw-cnn-submissions" / "hw-cnn-octo-kim")
    if source == "inside":
        path, roster = path / "hw-cnn-submissions", path / "classroom_roster.csv"
    result = Class(tiny, path, tmp_path / "work", form=form, roster=roster)
    assert result.times == {"20231234 ex03": [None], "lee@example.org ex03": [None]}
    assert result.students == ("20231234", "20231236", "lee@example.org")
    assert ("no_times", "") in result.notes


@pytest.mark.parametrize("source", ["in", "in/hw-1-submissions"])
@pytest.mark.parametrize("logins", [["octo-kim", "octo-lee"], ["octo-kim"], ["team-3", "팀"]])
def test_without_a_roster_a_student_is_called_by_the_login(
    logins: list[str], source: str, tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path / "in" / "hw-1-submissions", *(f"hw-1-{login}/src/ex03.py" for login in logins))
    result = Class(tiny, tmp_path / source, tmp_path / "work")
    assert result.students == tuple(sorted(logins))


def test_the_roster_tells_where_logins_begin(tiny: Course, tmp_path: Path) -> None:
    """In a folder of any other name the logins may begin alike, and clones are no other thing."""
    for name in ("hw-octo-kim", "hw-octo-lee"):
        hand_in(tmp_path / "repos" / name, "ex03.py")
        repository(tmp_path / "repos" / name)
    (tmp_path / "roster.csv").write_text(ROSTER)
    result = Class(tiny, tmp_path / "repos", tmp_path / "work", roster=tmp_path / "roster.csv")
    assert set(result.taken) == {"20231234 ex03", "lee@example.org ex03"}


def test_students_whose_names_begin_alike_keep_them(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim-ann/ex03.py", "kim-bo/ex03.py")
    assert Class(tiny, tmp_path / "in", tmp_path / "work").students == ("kim-ann", "kim-bo")
    (tmp_path / "roster.csv").write_text("student\nkim-ann\nkim-bo\n")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", roster=tmp_path / "roster.csv")
    assert result.students == ("kim-ann", "kim-bo")


def test_a_folder_that_was_added_is_read_as_usual(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "hw-submissions"
    hand_in(folder, "hw-kim/ex03.py", "hw-lee/ex03.py", "late-bo/ex03.py", "ann_ex03.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("ann", "kim", "late-bo", "lee")
    assert result.times["late-bo ex03"] == ["2026-03-02T10:02:00+00:00"]
    assert result.times["kim ex03"] == [None]


@pytest.mark.parametrize(
    ("names", "known", "left"),
    [
        (["hw-kim", "hw-lee"], [], ["kim", "lee"]),
        (["hw-o-kim", "hw-o-lee"], [], ["kim", "lee"]),
        (["hw-o-kim", "hw-o-lee"], ["o-kim"], ["o-kim", "o-lee"]),
        (["hw-kim", "hw-"], [], ["hw-kim", "hw-"]),
        (["kim", "lee"], [], ["kim", "lee"]),
        (["hw-kim"], [], ["kim"]),
        ([], [], []),
    ],
)
def test_what_all_names_begin_with_says_nothing(names: list[str], known: list[str], left: list[str]) -> None:
    assert without_prefix(names, "-", known) == dict(zip(names, left, strict=True))
