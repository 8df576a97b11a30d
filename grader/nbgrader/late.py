"""The course's late policy as a plugin of nbgrader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Unicode

from grader.course.load import load_course
from grader.model import Exercise
from grader.scoring import late_by

__all__ = ["CourseLatePolicy", "due_of"]


def due_of(exercises: list[Exercise]) -> datetime | None:
    """Return when an assignment of these exercises is due, as nbgrader keeps it: in UTC, without a zone."""
    dues = [exercise.due for exercise in exercises]
    if not dues or any(due is None for due in dues):
        return None
    return max(due for due in dues if due is not None).astimezone(UTC).replace(tzinfo=None)


class CourseLatePolicy(BasePlugin):  # type: ignore[misc]  # nbgrader is untyped
    """Takes off what course.yml says."""

    course = Unicode("", help="The course's folder.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return what a notebook loses."""
        late = late_by(total_seconds_late, load_course(Path(self.course)).late_policy)
        return score * late.percent / 100 or None
