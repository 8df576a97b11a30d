"""What goes into a gradebook and comes out of it besides the records of `grader.model`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

RunState = Literal["counted", "proposed", "cancelled"]
Key = tuple[str, str, str]
"""Student, exercise, digest of the file: an attempt."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the grader."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    """None where it was interrupted."""
    state: RunState
    settings: dict[str, Any]
    grades: int

    def as_object(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "run": self.number,
            "started_at": self.started_at.isoformat(),
            "finished_at": None if self.finished_at is None else self.finished_at.isoformat(),
            "state": self.state,
            "grades": self.grades,
            "settings": self.settings,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A regrade that nobody has decided on yet."""

    run: int
    grades: int
    is_whole: bool
    """Whether it graded all that it was to; one that was killed did not."""
