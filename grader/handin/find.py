"""Find what a class handed in: a folder or a zip, in any of the forms of docs/handing-in.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grader.errors import RequestError
from grader.handin.attempts import make_submissions, settle_exercises
from grader.handin.forms import FORMS, form_of
from grader.handin.groups import find_groups, for_each_member, read_class
from grader.handin.manifest import Entry, apply_manifest, apply_worksheet, read_manifest
from grader.handin.names import key_of, stem_of, without_copy
from grader.handin.opening import class_folder, class_items, open_source, packed_item
from grader.handin.records import ClassSubmissions, Intake, Item, Origin
from grader.handin.repositories import CLASSROOM_ROSTER
from grader.handin.roster import Roster
from grader.handin.student_files import take_folder
from grader.model import Course, zone_of

_MOST_SHOWN = 6
"""Files that a note names."""
_MANY_COPIES = 2
"""So many numbered copies of an only student's answer may be other students' answers, which a download numbered."""


def find_submissions(
    course: Course,
    source: Path,
    *,
    unpack_into: Path,
    form: str = "auto",
    exercises: Sequence[str] = (),
    roster: Path | None = None,
    groups: Path | None = None,
    manifest: Path | None = None,
    student: str | None = None,
    commit_times: bool = False,
) -> ClassSubmissions:
    """Return what a class handed in: attempts by student and exercise, and notes on everything else.

    Zips are unpacked below `unpack_into`. `form` is one of `FORMS`. `exercises` are the ids that were asked for: where it
    is one, an only file is taken for it whatever its name. `roster`, `groups` and `manifest` are files in place of the
    class folder's own. With `commit_times` a clone was handed in when its last commit says so. With `student` all of it
    is that student's, who may have handed in nothing.

    Raises:
        RequestError: there is no such folder or zip, or it holds no submission at all.
        CourseError: the roster or the manifest has faults.
    """
    intake = Intake(course, zone_of(course.timezone), unpack_into, commit_times=commit_times)
    intake.wanted = exercises[0] if len(exercises) == 1 else None
    # One student's own zip is no class's, whose dates would be believed.
    own_zip = packed_item(intake, source) if student is None else None
    root = own_zip or open_source(intake, source)
    intake.root = source.parent if own_zip else root.path
    members: Roster | None = None
    entries: tuple[Entry, ...] = ()
    if student is not None:
        # Nothing in a folder that one student filled tells whose it is, or when it was handed in.
        take_folder(intake, root, Origin(intake.add_person(student), is_trusted=False))
    else:
        # What is in the class's zip may be of any form.
        form = "auto" if form == "zip" and not source.is_dir() else form
        # A student whom the roster names is no folder around a class, whatever that student has put into it.
        _know(intake, read_class(roster or _roster(root), groups or _table("groups.csv", root)))
        folder = own_zip or class_folder(intake, root, form, source)
        members = read_class(roster or _roster(folder, root), groups or _table("groups.csv", folder, root))
        _know(intake, members)
        intake.notes += members.notes if members is not None else ()
        if (manifest := manifest or _table("manifest.csv", folder, root)) is not None:
            entries = read_manifest(intake, manifest)
        _take_class(intake, folder, form)
    teams = find_groups(intake, members, entries)
    students = teams.settle(intake, members)
    is_timed = members is not None and apply_worksheet(intake, members, students)
    apply_manifest(intake, entries, students)
    candidates = settle_exercises(intake, students)
    submissions = for_each_member(
        intake, students, candidates, make_submissions(intake, students, candidates)
    )
    if student is None and not any(submission.path for submission in submissions):
        if not intake.notes:
            raise RequestError("request.no_submissions", {"folder": str(source)})
        values = {"folder": str(source), "first": intake.notes[0], "more": len(intake.notes) - 1}
        raise RequestError("request.nothing_usable", values)
    untimed = [item for item in intake.candidates if not item.origin.is_timed and item.submitted_at is None]
    if untimed and not entries and not is_timed:
        files = [item.item.shown for item in untimed]
        if len(files) == len(intake.candidates):
            intake.note("submissions.no_times")
        else:
            shown = ", ".join(files[:_MOST_SHOWN]) + (", ..." if files[_MOST_SHOWN:] else "")
            intake.note("submissions.no_time", count=len(files), files=shown)
    if student is None and members is None and len(students.everybody) == 1:
        copies = Counter(
            item.exercise for item in submissions if item.path and without_copy(stem_of(item.path.name))[1]
        )
        if max(copies.values(), default=0) >= _MANY_COPIES:
            intake.note("submissions.only_student", student=students.everybody[0])
    fields = frozenset(["group"] if teams.said else []) | (members.fields if members else frozenset())
    return ClassSubmissions(submissions, tuple(intake.notes), teams.known(members, students), fields)


def _know(intake: Intake, members: Roster | None) -> None:
    """Let the intake know what the students of a roster are called."""
    if members is not None:
        names = (name for item in members.members for name in (*item.names, item.group))
        intake.roster_names = tuple(key_of(name) for name in names if name)


def _roster(*folders: Item) -> Path | None:
    return _table("roster.csv", *folders) or _table(CLASSROOM_ROSTER, *folders)


def _table(name: str, *folders: Item) -> Path | None:
    paths = (folder.path / name for folder in folders)
    return next((path for path in paths if path.is_file() and not path.is_symlink()), None)


def _take_class(intake: Intake, folder: Item, form: str) -> None:
    """Take everything in the class's folder, in the form asked for or the one that its names are of."""
    items = class_items(intake, folder) if folder.is_folder else [folder]
    reader = FORMS[form_of(intake, items) if form == "auto" else form]
    intake.is_lms = reader.is_lms
    intake.is_nbgrader = form == "nbgrader" or folder.path.name == "submitted"
    others = reader.read(intake, items)
    if form == "auto" and reader is not FORMS["auto"]:
        others = FORMS["auto"].read(intake, tuple(others))
    for item in others:
        intake.note("submissions.not_of_form", file=item.shown, form=form)
