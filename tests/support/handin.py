"""Handing in, in a test: trees and zips of small files, and what was found of them."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.handin.find import find_submissions
from grader.handin.records import ClassSubmissions
from grader.messages.sentences import explain
from grader.model import Course

__all__ = ["Class", "hand_in", "make_zip"]

FIRST = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When the first file of a tree was written; each further one a minute later."""


def hand_in(folder: Path, *names: str, **contents: str) -> None:
    """Write files, each a minute newer than the one before; a file's content is its path unless it is given."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents.get(name, f"# {name}\n"), encoding="utf-8", errors="surrogateescape")
        at = FIRST.timestamp() + 60 * number
        os.utime(path, (at, at))


def make_zip(
    path: Path, members: Mapping[str, str | bytes], *, date: tuple[int, ...] = (2026, 3, 2, 9, 0, 0)
) -> Path:
    """Write a zip whose members all have one date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
    return path


class Class:
    """What was found of what a class handed in."""

    def __init__(self, course: Course, source: Path, work: Path, **options: Any) -> None:
        self.found: ClassSubmissions = find_submissions(course, source, unpack_into=work, **options)

    @property
    def students(self) -> tuple[str, ...]:
        """Return the students, sorted."""
        return tuple(sorted({submission.student for submission in self.found.submissions}))

    @property
    def taken(self) -> dict[str, list[str]]:
        """Return the files by student and exercise."""
        files: dict[str, list[str]] = {}
        for item in self.found.submissions:
            if item.path is not None:
                files.setdefault(f"{item.student} {item.exercise}", []).append(item.path.name)
        return files

    @property
    def texts(self) -> dict[str, list[str]]:
        """Return the contents by student and exercise."""
        files: dict[str, list[str]] = {}
        for item in self.found.submissions:
            if item.path is not None:
                text = item.path.read_text(encoding="utf-8").strip()
                files.setdefault(f"{item.student} {item.exercise}", []).append(text)
        return files

    @property
    def times(self) -> dict[str, list[str | None]]:
        """Return when files were handed in, in ISO 8601, by student and exercise."""
        times: dict[str, list[str | None]] = {}
        for item in self.found.submissions:
            if item.path is not None:
                at = item.submitted_at
                times.setdefault(f"{item.student} {item.exercise}", []).append(at.isoformat() if at else None)
        return times

    @property
    def notes(self) -> list[tuple[str, str]]:
        """Return the notes: the kind and the first of its values."""
        return [
            (note.key.removeprefix("submissions."), str(next(iter(note.values.values()), "")))
            for note in self.found.notes
        ]

    @property
    def sentences(self) -> list[str]:
        """Return the notes as they are read; each of them in both languages, to see that it can be."""
        assert all(explain(note, "ko") for note in self.found.notes)
        return [explain(note, "en") for note in self.found.notes]
