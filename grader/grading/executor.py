"""What came of grading a class: apart from what grades it, which takes half a second to import."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model import Grade
from grader.runner.sandbox import Protections

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading a class gave."""

    grades: tuple[Grade, ...]
    protections: Protections | None
    seconds: float
    """From the first submission handed out to the last grade."""
