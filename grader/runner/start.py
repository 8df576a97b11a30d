"""Start the runner of a course: the sandbox, or where a system has none and an answer is the student's own, a plain process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import Course, Isolation
from grader.platforms import has_sandbox, require_sandbox
from grader.runner.plain import PlainRunner

if TYPE_CHECKING:
    import socket

    from grader.runner.process import SandboxedRunner
    from grader.runner.warm_process import WarmPlan, WarmProcess

_WARM: dict[str, WarmProcess] = {}
"""How it was started -> what has imported for all runners of this program that are started in the same way."""


def start_runner(course: Course, isolation: Isolation, slot: int) -> SandboxedRunner:
    """Start a runner that preloads what the course names, and in which its exercises' data can be read.

    Where others of the same course are open, it is forked from what these have imported.

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
        warm=_shared,
    )


@contextmanager
def warm_process(
    course: Course, isolation: Isolation, line: socket.socket | None = None, *, has_many: bool = False
) -> Iterator[WarmProcess | None]:
    """Hold what imports for all runners of a course; `line` leads to one that another program has started.

    There is None where each slot needs one of its own. `has_many` says that many submissions will come.
    """
    require_sandbox()
    from grader.runner.warm_process import WarmPlan

    if not _can_share(isolation):
        yield None
        return
    plan = WarmPlan(course.runner, _data(course), isolation, 0, banned_in(course), course.root)
    with closing(_shared(plan, line)) as warm:
        if has_many:
            warm.expect_many()
        yield warm


def _can_share(isolation: Isolation) -> bool:
    """Return whether a sandbox has namespaces, by which several slots are kept apart."""
    return isolation == "full"


def _shared(plan: WarmPlan, line: socket.socket | None = None) -> WarmProcess:
    from grader.runner.warm_process import WarmProcess

    if not _can_share(plan.isolation):
        return WarmProcess(plan)
    key = repr((replace(plan, slot=0), sys.path, os.environ.get("PATH")))
    warm = _WARM.get(key)
    if warm is None or warm.users == 0 or warm.is_dead:
        warm = _WARM[key] = WarmProcess(plan, line)
    else:
        warm.users += 1
    return warm


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
