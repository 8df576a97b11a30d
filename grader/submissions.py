"""What was handed in: find the files of a class, and read one."""

from __future__ import annotations

import io
import stat
import tokenize
from dataclasses import dataclass
from pathlib import Path

from grader.course import parse_exercise_name
from grader.errors import RequestError, SubmissionError
from grader.messages import printable
from grader.model import Course, Explanation, Source, Submission, Unit, Verdict
from grader.notebooks import MOST_CODE, read_notebook

__all__ = ["SUFFIXES", "Found", "find_submissions", "read_file", "read_source", "read_submission"]

SUFFIXES = (".py", ".ipynb")
MOST_BYTES = 20 << 20
_NO_ENCODINGS = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Python's names for what is no encoding of a text; punycode takes minutes for a small file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A class's submissions, one for every student and exercise, and what was passed over."""

    submissions: tuple[Submission, ...]
    notes: tuple[Explanation, ...]

    @property
    def students(self) -> tuple[str, ...]:
        """Return the students, sorted."""
        return tuple(sorted({submission.student for submission in self.submissions}))


def find_submissions(course: Course, folder: Path) -> Found:
    """Return what lies in `folder/<student>/exNN.py|.ipynb`; a missing file is a submission without a path.

    A file's name is any name of its exercise. Of two files for one exercise the newer one is taken, and that is
    noted, as is everything that is passed over: other files, links (they could lead anywhere), empty folders.

    Raises:
        RequestError: the folder is not there, or holds no student's file at all.

    """
    if not folder.is_dir():
        raise RequestError("request.no_folder", {"folder": str(folder)})
    submissions: list[Submission] = []
    notes: list[Explanation] = []
    for student in sorted(folder.iterdir()):
        if student.name.startswith((".", "__")):
            continue
        name = printable(student.name)
        if not student.is_dir() or student.is_symlink():
            notes.append(Explanation("submissions.passed_over", {"file": name}))
            continue
        chosen: dict[str, Path] = {}
        for path in sorted(student.iterdir()):
            exercise = parse_exercise_name(course, path.stem) if path.suffix in SUFFIXES else None
            shown = f"{name}/{printable(path.name)}"
            if path.name.startswith((".", "__")):
                continue
            if path.is_symlink():
                notes.append(Explanation("submissions.link", {"file": shown}))
            elif exercise is None or not path.is_file():
                notes.append(Explanation("submissions.passed_over", {"file": shown}))
            elif exercise.id in chosen:
                newer, older = sorted((chosen[exercise.id], path), key=_modified, reverse=True)
                chosen[exercise.id] = newer
                values = {
                    "taken": f"{name}/{printable(newer.name)}",
                    "left": f"{name}/{printable(older.name)}",
                }
                notes.append(Explanation("submissions.two_files", values))
            else:
                chosen[exercise.id] = path
        if not chosen:
            notes.append(Explanation("submissions.empty", {"folder": name}))
        submissions += [
            Submission(name, exercise.id, chosen.get(exercise.id)) for exercise in course.exercises
        ]
    if not any(submission.path for submission in submissions):
        raise RequestError("request.no_submissions", {"folder": str(folder)})
    return Found(tuple(submissions), tuple(notes))


def _modified(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.suffix


def read_submission(path: Path) -> Source:
    """Return a submission's source.

    Raises:
        SubmissionError: it is no text, no notebook, or larger than 20 MiB.
        OSError: the file cannot be read.

    """
    return read_source(read_file(path), path.name)


def read_file(path: Path) -> bytes:
    """Return a submission's bytes.

    Raises:
        SubmissionError: it is larger than 20 MiB.
        OSError: the file cannot be read.

    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{path.name} is not a file")
    if status.st_size > MOST_BYTES:
        explanation = Explanation("submission.too_large", {"mib": MOST_BYTES >> 20})
        raise SubmissionError(Verdict.ERROR, explanation)
    return path.read_bytes()


def read_source(raw: bytes, name: str) -> Source:
    """Return the source in a file's bytes.

    Raises:
        SubmissionError: it is no text or no notebook, or holds more code than is read.

    """
    if not name.endswith(".ipynb") and len(raw) > MOST_CODE:
        raise SubmissionError(
            Verdict.ERROR, Explanation("submission.too_much_code", {"kib": MOST_CODE >> 10})
        )
    try:
        if name.endswith(".ipynb"):
            return read_notebook(raw.decode("utf-8-sig"), name)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        if encoding in _NO_ENCODINGS:
            raise LookupError(f"unknown encoding: {encoding}")
        text = raw.decode(encoding)
    except (SyntaxError, ValueError, LookupError) as error:
        explanation = Explanation("submission.not_text", {"error": str(error)[:200]})
        raise SubmissionError(Verdict.ERROR, explanation) from error
    return Source((Unit(name, text.replace("\r\n", "\n").replace("\r", "\n")),))
