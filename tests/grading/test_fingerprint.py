"""What a grade depends on: which rooms of this program, and what is said when it was changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.course.load import load_course
from grader.grading import fingerprint
from grader.grading.fingerprint import (
    DECIDING,
    check_fingerprints,
    environment,
    environment_of,
    exercise_fingerprint,
    program_digest,
    what_changed,
)
from grader.model import Course, RunnerSettings
from tests.test_rooms import INSIDE, modules_imported, room_of

WORDING = {
    "files": "It reads pictures and writes files whole; what is kept of a picture is shown, and no points come of it.",
    "messages": "It words what a room above has found, and makes text printable; no points come of it.",
}
"""Rooms that deciding ones import and no grade depends on, each with the reason."""


def top(module: str) -> str:
    return room_of(module).split(".")[0]


def test_every_room_that_a_deciding_room_imports_is_one_too_or_has_a_reason() -> None:
    imported = {top(other) for name in INSIDE if top(name) in DECIDING for other in modules_imported(name)}
    assert imported - set(DECIDING) == set(WORDING)
    assert set(DECIDING) <= {top(name) for name in INSIDE}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the package, of which the digests are made."""
    source = Path(grader.__file__).parent
    shutil.copytree(source, tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path / "grader")
    forget()
    yield tmp_path / "grader"
    forget()


def forget() -> None:
    environment.cache_clear()
    program_digest.cache_clear()


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("messages/catalogue.py", False),
        ("messages/locale/ko/LC_MESSAGES/messages.po", False),
        ("reports/terminal.py", False),
        ("reports/pages/templates/student.html", False),
        ("exports/junit.py", False),
        ("commands/grade.py", False),
        ("grading/queue.py", False),
        ("model.py", True),
        ("scoring.py", True),
        ("judge/diagnosis.py", True),
        ("judge/judge.ini", True),
        ("checks/tensors.py", True),
        ("runner/inside/worker.py", True),
        ("__init__.py", True),
    ],
)
def test_what_decides_no_grade_changes_none(file: str, decides: bool, package: Path, tiny: Course) -> None:
    before = exercise_fingerprint(tiny, tiny.exercises[0], "full"), program_digest()
    with (package / file).open("a", encoding="utf-8") as opened:
        opened.write("\n# mended\n")
    forget()
    after = exercise_fingerprint(tiny, tiny.exercises[0], "full"), program_digest()
    assert (after[0] != before[0]) is decides
    # Reports, and the workers of a cluster, depend on all of it.
    assert after[1] != before[1]


def changes(**before: object) -> list[tuple[str, dict[str, object]]]:
    """Return what differs from a run with these settings: keys and values."""
    settings = {"isolation": "full", "environment": environment()}
    return [(item.key, dict(item.values)) for item in what_changed(settings | before, "ex01", "full")]


def test_what_was_changed_is_told() -> None:
    older = environment() | {"source": "0123", "numpy": "1.0"}
    numpy = {"name": "numpy", "before": "1.0", "now": environment()["numpy"]}
    assert changes(environment=older) == [("again.version", numpy), ("again.source", {})]
    level = {"name": "--isolation", "before": "none", "now": "full"}
    assert changes(isolation="none") == [("again.version", level)]
    assert changes() == [("again.exercise", {"exercise": "ex01"})]


def test_grades_depend_on_the_libraries_that_a_course_imports_first(tiny: Course) -> None:
    preload = ("numpy", "yaml.nodes", "no_such_library")
    course = replace(tiny, runner=RunnerSettings(preload))
    here = environment_of(course)
    assert (here["yaml"], here["no_such_library"]) == (version("PyYAML"), "")
    assert exercise_fingerprint(course, course.exercises[0], "full") != exercise_fingerprint(
        tiny, tiny.exercises[0], "full"
    )
    yaml = {"name": "yaml", "before": "1.0", "now": here["yaml"]}
    assert changes(environment=here | {"yaml": "1.0"}) == [("again.version", yaml)]


def test_a_run_of_release_0_1_had_a_digest_of_the_whole_program() -> None:
    of_before = environment() | {"source": "0123", "grader": "0.1.0"}
    assert changes(environment=of_before) == [("again.source", {})]


def test_the_grades_of_an_exercise_depend_on_its_family_and_no_check_by_itself(tiny_copy: Path) -> None:
    def prints(function: Callable[..., Any]) -> list[Any]:
        course = load_course(tiny_copy)
        return [function(course, exercise, "full") for exercise in course.exercises]

    exercises, checks = prints(exercise_fingerprint), prints(check_fingerprints)
    family = tiny_copy / "solutions" / "families" / "pooling.py"
    family.write_text(family.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    changed = [before != now for before, now in zip(exercises, prints(exercise_fingerprint), strict=True)]
    assert changed == [False, False, True]
    assert prints(check_fingerprints) == checks
