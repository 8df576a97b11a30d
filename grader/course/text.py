"""The text of a course's file, as it was saved: in UTF-8, with a byte order mark or without."""

from __future__ import annotations

from pathlib import Path

from grader.errors import CourseError, Fault, reason
from grader.model import Explanation


def read_text(path: Path, file: str) -> str:
    """Return the text of a file, which faults call `file`.

    Raises:
        CourseError: it cannot be read, or is no UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        fault = Fault(file, "", Explanation("course.unreadable", {"error": reason(error)}))
        raise CourseError((fault,)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CourseError((Fault(file, f"line {line}", Explanation("course.other_encoding")),)) from error
