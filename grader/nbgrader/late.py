"""The course's late policy as a plugin of nbgrader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.plugins import BasePlugin
from traitlets import Unicode

from grader.course.load import load_course
from grader.model import Course, Exercise, Late, zone_of
from grader.scoring import lateness


def due_of(exercises: list[Exercise]) -> datetime | None:
    """Return when an assignment of these exercises is due, in UTC without a zone, as nbgrader keeps it.

    That is when the last of them is due; None where one of them has no due date.
    """
    dues = [exercise.due for exercise in exercises if exercise.due is not None]
    if not dues or len(dues) < len(exercises):
        return None
    return max(dues).astimezone(UTC).replace(tzinfo=None)


def late_of(submission: Any, course: Course) -> Late | None:
    """Return how late nbgrader's submission of an assignment was, with nbgrader's extensions."""
    moments = (submission.timestamp, submission.duedate)
    submitted_at, due = (None if moment is None else moment.replace(tzinfo=UTC) for moment in moments)
    return lateness(submitted_at, due, course.late_policy, zone_of(course.timezone))


class CourseLatePolicy(BasePlugin):  # type: ignore[misc]  # nbgrader is untyped
    """The plugin that `nbgrader_config.py` names: it takes off what course.yml says."""

    course = Unicode("", help="The course's folder.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that a notebook loses; None for none."""
        # Seconds tell no days of a calendar: nbgrader's preprocessor, which asks, knows the times themselves.
        asked = self.parent
        submission = asked.gradebook.find_submission(asked.assignment_id, student_id)
        late = late_of(submission, load_course(Path(self.course)))
        return None if late is None else score * late.percent / 100 or None
