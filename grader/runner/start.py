"""Start the runner of a course."""

from __future__ import annotations

from grader.model import Course, Isolation
from grader.runner.process import SandboxedRunner


def start_runner(course: Course, isolation: Isolation, slot: int) -> SandboxedRunner:
    """Start a runner that preloads what the course names, and in which its exercises' data can be read."""
    data = {item.id: item.data_folder for item in course.exercises if item.data_folder is not None}
    banned = banned_in(course)
    return SandboxedRunner(
        course.runner, data, isolation=isolation, slot=slot, banned=banned, course=course.root
    )


def banned_in(course: Course) -> list[tuple[str, ...]]:
    """Return the lists of patterns that the exercises of a course ban."""
    return sorted({patterns for item in course.exercises for patterns in item.banned.values()})
