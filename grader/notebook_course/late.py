"""The course's late policy as a plugin of nbgrader."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Unicode

from grader.course import load_course
from grader.model import Exercise, LatePolicy

__all__ = ["CourseLatePolicy", "due_of", "lost_share"]

_DAY = 24 * 60 * 60


def lost_share(policy: LatePolicy, seconds_late: float) -> float:
    """Return which share of the points a late submission loses, from 0 to 1: per started day after the due time."""
    if seconds_late <= policy.grace_minutes * 60:
        return 0.0
    percent = math.ceil(seconds_late / _DAY) * policy.percent_per_day
    return min(percent, policy.max_percent) / 100


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
        share = lost_share(load_course(Path(self.course)).late_policy, total_seconds_late)
        return score * share or None
