"""Which files a class's reports are, what each is made of, and which of them have to be made again.

Making pages is most of what a run costs that has nothing to grade. What a file is made of is kept beside it as a digest,
with the file's size and time: it is made again when either differs, so a file that was deleted or edited comes back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from grader.errors import RequestError, file_errors_as
from grader.files.write import write_file
from grader.grading.fingerprint import program_digest
from grader.model import Course, Grade
from grader.reports.students import by_student

STATE = Path("reports") / ".state.json"

_FORMAT = 1

Entry = tuple[str, int, int]
"""Digest of what went in, size, time of the last change."""


def page_name(student: str) -> str:
    """Return the path of a student's page: names are any text, and the same student keeps the same page."""
    return f"students/{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:12]}.html"


def report_digests(course: Course, grades: Sequence[Grade], run: Mapping[str, Any] | None) -> dict[str, str]:
    """Return every file of a class with the digest of all that goes into it.

    The grades come from a gradebook and need no checks: a grade's number and time stand for what was written with it
    once and for all.
    """
    base = f"{report_fingerprint()} {course!r}"
    found = {}
    everything = hashlib.sha256(f"{base} {json.dumps(run, sort_keys=True)}".encode())
    for student, row in by_student(grades).items():
        parts = [
            (grade.number, grade.graded_at, grade.digest, grade.points, grade.submitted_at, grade.standing)
            for grade in row.values()
        ]
        # Half a surrogate pair is a character of a name, and none of UTF-8.
        about = [(grade.name, grade.group) for grade in row.values()]
        digest = hashlib.sha256(f"{base} {student!r} {about} {parts!r}".encode("utf-8", "backslashreplace"))
        found[f"reports/{page_name(student)}"] = digest.hexdigest()
        everything.update(digest.digest())
    exercises = {grade.exercise for grade in grades}
    pages = [f"reports/exercises/{item.id}.html" for item in course.exercises if item.id in exercises]
    of_all = ("grades.csv", "results.json", "reports/index.html", *pages)
    return dict.fromkeys(of_all, everything.hexdigest()) | found


class Written:
    """What was written into a folder by earlier runs."""

    def __init__(self, folder: Path) -> None:
        """Read what is known; where nothing can be read, nothing is known and everything is made again."""
        self._folder = folder
        self._known = _read(folder / STATE)
        self._kept: dict[str, Entry] = {}

    def is_current(self, name: str, digest: str) -> bool:
        """Return whether a file is there as it was written, from what it would be made of now."""
        entry = self._known.get(name)
        if entry is None or entry[0] != digest or entry != _entry(self._folder / name, digest):
            return False
        self._kept[name] = entry
        return True

    def write(self, name: str, content: str, digest: str) -> None:
        """Write a file that is made of what has this digest.

        Raises:
            RequestError: it cannot be written.
        """
        write_file(self._folder / name, content)
        entry = _entry(self._folder / name, digest)
        if entry is not None:
            self._kept[name] = entry

    def save(self) -> None:
        """Keep what is known now; last of all, so that a run that is killed before has not said too much."""
        if self._kept != self._known:
            write_file(self._folder / STATE, json.dumps({"format": _FORMAT, "files": self._kept}) + "\n")


def _entry(path: Path, digest: str) -> Entry | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return digest, status.st_size, status.st_mtime_ns


def _read(path: Path) -> dict[str, Entry]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            return {}
        return {
            str(name): (str(digest), int(size), int(time))
            for name, (digest, size, time) in document["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def remove_others(folder: Path, names: Sequence[str] | set[str]) -> None:
    """Remove the pages of a report of which `names` is not: those of students and exercises who are gone.

    Raises:
        RequestError: one cannot be removed.
    """
    for path in [*folder.glob("students/*.html"), *folder.glob("exercises/*.html")]:
        if path.relative_to(folder).as_posix() not in names:
            with file_errors_as(RequestError, "request.unwritable", path):
                path.unlink()


@cache
def report_fingerprint() -> str:
    """Return what a report depends on besides the class: this program, its texts and templates, and what fills them."""
    return f"{program_digest()} {version('jinja2')}"
