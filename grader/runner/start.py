"""Start the runner of a course: the sandbox, or where a system has none and an answer is the student's own, a plain process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import Course, Isolation
from grader.platforms import has_sandbox, require_sandbox
from grader.runner.plain import PlainRunner

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner


def start_runner(course: Course, isolation: Isolation, slot: int) -> SandboxedRunner:
    """Start a runner that preloads what the course names, and in which its exercises' data can be read.

    Raises:
        RunnerError: this system has no sandbox, or what the level of isolation needs is missing.
    """
    require_sandbox()
    from grader.runner.process import SandboxedRunner

    return SandboxedRunner(
        course.runner,
        _data(course),
        isolation=isolation,
        slot=slot,
        banned=banned_in(course),
        course=course.root,
    )


def start_plain_runner(course: Course, *, keeps_spare: bool = False) -> PlainRunner:
    """Start a runner without a sandbox, for an answer of which `runs_plainly` says so."""
    return PlainRunner(course.runner, _data(course), banned=banned_in(course), keeps_spare=keeps_spare)


def runs_plainly(course: Course, answer: Path) -> bool:
    """Return whether an answer is checked in a plain process: its system has no sandbox, and it is the student's own.

    It lies in the student's version of the course then. Of any other answer nobody knows who wrote it, and where the
    solutions are, they would be in its reach.
    """
    is_students = all(exercise.solution_folder is None for exercise in course.exercises)
    return not has_sandbox() and is_students and answer.resolve().is_relative_to(course.root.resolve())


def _data(course: Course) -> dict[str, Path]:
    return {item.id: item.data_folder for item in course.exercises if item.data_folder is not None}


def banned_in(course: Course) -> list[tuple[str, ...]]:
    """Return the lists of patterns that the exercises of a course ban."""
    return sorted({patterns for item in course.exercises for patterns in item.banned.values()})
