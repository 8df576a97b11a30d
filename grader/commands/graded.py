"""What the commands that read a gradebook share: the newest grades, and what counts beside the checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.gradebook.store import Gradebook
from grader.model import Course, Grade
from grader.reports.adjustments import Adjustments, adjustments_of
from grader.reports.lms import Roster, read_roster

__all__ = ["Graded", "read_graded", "read_roster_file"]


@dataclass(frozen=True)
class Graded:
    """A class that was graded."""

    grades: tuple[Grade, ...]
    run: Mapping[str, Any] | None = None
    """What is known of the last run."""
    adjustments: Adjustments = field(default_factory=dict)


def read_graded(course: Course, folder: Path) -> Graded:
    """Return the newest grades of a gradebook's folder.

    Raises:
        RequestError: there is no gradebook, or nothing in it.
        GradebookError: it cannot be opened, or is another course's.

    """
    path = folder / "gradebook.db"
    if not path.is_file():
        raise RequestError("export.no_gradebook", {"file": str(path)})
    with Gradebook(path, course.id) as gradebook:
        grades = gradebook.grades(course)
    if not grades:
        raise RequestError("export.no_grades", {"file": str(path)})
    return Graded(grades, _run(folder / "results.json"), adjustments_of(grades))


def _run(path: Path) -> Mapping[str, Any] | None:
    """Return what the last run wrote of itself; nothing where its file is gone or was changed."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if isinstance(run, dict) else None


def read_roster_file(path: Path | None) -> Roster | None:
    """Read a roster that another system exported.

    Raises:
        RequestError: it cannot be read as a table.

    """
    if path is None:
        return None
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RequestError("request.unreadable", {"file": str(path), "error": why}) from error
    return read_roster(content, str(path))
