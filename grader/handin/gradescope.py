"""Gradescope's "Export Submissions": a folder for each submission, and whose they are in submission_metadata.yml.

    assignment_<id>_export/submission_<id>/<file>
    assignment_<id>_export/submission_metadata.yml

    submission_<id>:
      :submitters:
      - :name: Ann Kim
        :sid: '20231234'
        :email: ann@example.org
      :created_at: 2026-03-02 01:11:12.000000000 Z
      :results: ...       what its tests printed, and :history: with the same of earlier submissions

The keys are Ruby's symbols, values may be tagged as its objects; a group's submission has several submitters. The export holds
what is active: earlier submissions are in `:history:` without their files. docs/handing-in.md names the sources of these rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from grader.course.yaml import parse_texts
from grader.errors import CourseError, Fault, reason
from grader.handin.names import text_of
from grader.handin.records import Intake, Item, Origin, Person
from grader.handin.student_files import take_file, take_folder
from grader.handin.times import parse_time
from grader.model import Explanation

METADATA = "submission_metadata.yml"
_MOST_MIB = 64
_EXPORT = re.compile(r"assignment_\d+_export", re.ASCII)
_FOLDER = re.compile(r"submission_\d{4,}", re.ASCII)
"""Shorter numbers are those of a student's attempts."""
_SECTION = re.compile(r"  (?P<quote>[\"']?):?(?P<name>\w+)(?P=quote):(?:\s|$)", re.ASCII)
_SECTIONS = {"submitters", "created_at"}


@dataclass(frozen=True, slots=True)
class _Submission:
    """What the metadata say of a submission."""

    submitters: tuple[tuple[str, ...], ...]
    """The number, address and name of each, as far as they are there."""
    created_at: datetime | None


def is_gradescope_export(_intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether the metadata lie beside submissions, or these are submissions whose metadata are lost."""
    folders = [item for item in items if item.is_folder]
    named = [item for item in folders if _FOLDER.fullmatch(item.path.name)]
    if any(item.path.name == METADATA and not item.is_folder for item in items):
        return any(item.path.name.startswith("submission_") for item in folders)
    is_export = bool(named) and _EXPORT.fullmatch(named[0].path.parent.name) is not None
    return is_export or (len(named) > 1 and len(named) == len(folders))


def read_gradescope(intake: Intake, items: Sequence[Item]) -> Iterator[Item]:
    """Take the submissions; yield the other items.

    Raises:
        CourseError: the metadata cannot be read.
    """
    metadata = next((item for item in items if item.path.name == METADATA and not item.is_folder), None)
    submissions = {} if metadata is None else _read_metadata(intake, metadata)
    if metadata is None:
        intake.note("submissions.no_metadata", file=METADATA)
    for item in items:
        name = text_of(item.path.name)
        if name in submissions:
            _take(intake, item, submissions.pop(name))
        elif item.is_folder and _FOLDER.fullmatch(name):
            if metadata is not None:
                intake.note("submissions.not_in_metadata", folder=item.shown, file=METADATA)
            _take(intake, item, _Submission((), None))
        elif item is not metadata:
            yield item
    for name, submission in submissions.items():
        # What the export says and does not hold is nobody's zero.
        intake.note("submissions.only_in_metadata", file=METADATA, folder=name)
        intake.unreadable += [
            (person, item.path.parent / name) for person in _people(intake, name, submission)
        ]


def _people(intake: Intake, name: str, submission: _Submission) -> list[Person]:
    """Return who handed in; nobody known is known by the submission's name."""
    return [intake.add_account(*names) for names in submission.submitters or ((name,),)]


def _take(intake: Intake, item: Item, submission: _Submission) -> None:
    """Take a submission for each of those who handed it in together."""
    first, *others = _people(intake, item.path.name, submission)
    candidates, unreadable = len(intake.candidates), len(intake.unreadable)
    origin = Origin(first, stated_at=submission.created_at, is_trusted=False, is_timed=False)
    if item.is_folder:
        take_folder(intake, item, origin)
    else:
        take_file(intake, item, origin)
    taken, unread = intake.candidates[candidates:], intake.unreadable[unreadable:]
    for person in others:
        intake.candidates += [replace(found, origin=replace(found.origin, person=person)) for found in taken]
        intake.unreadable += [(person, path) for _, path in unread]
    if others:
        names = ", ".join(person.name for person in (first, *others))
        intake.note("submissions.handed_in_together", folder=item.shown, students=names)


def _read_metadata(intake: Intake, item: Item) -> dict[str, _Submission]:
    """Return name of folder -> submission; what is not as it should be is as if it were not there.

    Raises:
        CourseError: the file cannot be read, is too large, or is no YAML.
    """
    try:
        with intake.open(item.path) as file:
            raw = file.read((_MOST_MIB << 20) + 1)
        content = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(item.shown, "", Explanation("course.unreadable", {"error": reason(error)}))
        raise CourseError((fault,)) from error
    if len(raw) > _MOST_MIB << 20:
        raise CourseError((Fault(item.shown, "", Explanation("table.too_large", {"mib": str(_MOST_MIB)})),))
    document = _plain(parse_texts(_wanted_lines(content), item.shown))
    return {
        name: _Submission(
            tuple(filter(None, map(_names, _list(values.get("submitters"))))), _time(values.get("created_at"))
        )
        for name, found in document.items()
        if (values := _plain(found))
    }


def _wanted_lines(content: str) -> str:
    """Return the file without what the tests of each submission printed, which can be most of it; lines keep their numbers.

    A line that is indented by two blanks and has a key begins a section; all of its other lines are indented further,
    or are items of its list.
    """
    lines, is_wanted = [], True
    for line in content.split("\n"):
        section = _SECTION.match(line)
        if section is not None:
            is_wanted = section["name"] in _SECTIONS
        elif line[:1].strip():
            is_wanted = True
        lines.append(line if is_wanted else "")
    return "\n".join(lines)


def _plain(found: Any) -> Mapping[str, Any]:
    """Return a mapping by its keys without the colon of a symbol; an empty one for anything else."""
    return {key.lstrip(":"): value for key, value in found.items()} if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _names(submitter: Any) -> tuple[str, ...]:
    values = _plain(submitter)
    names = (values.get(key) for key in ("sid", "email", "name"))
    return tuple(
        name.strip() for name in names if isinstance(name, str) and name.strip() not in ("", "~", "null")
    )


def _time(found: Any) -> datetime | None:
    """Return a time; Rails writes its own as an object that has it in UTC."""
    text = _plain(found).get("utc", found)
    return parse_time(text, None) if isinstance(text, str) else None
