"""The course's late policy as a plugin of nbgrader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Unicode

from grader.course.load import load_course
from grader.model import Exercise
from grader.scoring import late_by


def due_of(exercises: list[Exercise]) -> datetime | None:
    """Return when an assignment of these exercises is due, in UTC without a zone, as nbgrader keeps it.

    That is when the last of them is due; None where one of them has no due date.
    """
    dues = [exercise.due for exercise in exercises if exercise.due is not None]
    if not dues or len(dues) < len(exercises):
        return None
    return max(dues).astimezone(UTC).replace(tzinfo=None)


class CourseLatePolicy(BasePlugin):  # type: ignore[misc]  # nbgrader is untyped
    """The plugin that `nbgrader_config.py` names: it takes off what course.yml says."""

    course = Unicode("", help="The course's folder.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that a notebook loses; None for none."""
        late = late_by(total_seconds_late, load_course(Path(self.course)).late_policy)
        return score * late.percent / 100 or None
