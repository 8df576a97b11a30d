"""Find what a class handed in: a folder or a zip, in any of the forms of docs/handing-in.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.errors import RequestError
from grader.handin.attempts import make_submissions, settle_exercises
from grader.handin.canvas import read_canvas
from grader.handin.folders import read_folders, read_nbgrader
from grader.handin.manifest import apply_manifest, read_manifest
from grader.handin.moodle import read_moodle
from grader.handin.opening import class_folder, class_items, form_of, open_source
from grader.handin.records import Form, Found, Intake, Item
from grader.handin.roster import read_roster
from grader.handin.student_files import Where, take_folder
from grader.handin.students import settle_students
from grader.model import Course, zone_of

__all__ = ["find_submissions"]


def find_submissions(
    course: Course,
    source: Path,
    *,
    unpack_into: Path,
    form: Form = "auto",
    exercises: Sequence[str] = (),
    roster: Path | None = None,
    manifest: Path | None = None,
    student: str | None = None,
) -> Found:
    """Return what a class handed in: attempts by student and exercise, and notes on everything else.

    Zips are unpacked below `unpack_into`. `exercises` are the ids that were asked for: where it is one, an only file is
    taken for it whatever its name. `roster` and `manifest` are files in place of the class folder's own. With `student`
    all of it is that student's, who may have handed in nothing.

    Raises:
        RequestError: there is no such folder or zip, or it holds no submission at all.
        CourseError: the roster or the manifest has faults.

    """
    zone = zone_of(course.timezone)
    intake = Intake(course, zone, unpack_into, exercises[0] if len(exercises) == 1 else None)
    root = open_source(intake, source)
    if form == "zip" and not source.is_dir():
        # What is in the class's zip may be of any form.
        form = "auto"
    if student is not None:
        return _one_student(intake, root, student)
    folder = class_folder(intake, root, form)
    roster_file = roster or _table("roster.csv", folder, root)
    manifest_file = manifest or _table("manifest.csv", folder, root)
    members = read_roster(roster_file) if roster_file else None
    entries = read_manifest(intake, manifest_file) if manifest_file else ()
    if members is not None:
        intake.known = tuple(name for member in members.members for name in sorted(member.names))
    _read(intake, folder, form)
    students = settle_students(intake, members)
    apply_manifest(intake, entries, students.names, students.aliases)
    settled = settle_exercises(intake, students.names)
    submissions = make_submissions(intake, students.everybody, settled, students.names)
    if not any(submission.path for submission in submissions):
        values = {"folder": str(source)}
        if not intake.notes:
            raise RequestError("request.no_submissions", values)
        more = {"first": intake.notes[0], "more": len(intake.notes) - 1}
        raise RequestError("request.nothing_usable", {**values, **more})
    if intake.is_lms and not entries:
        intake.note("submissions.no_times")
    return Found(submissions, tuple(intake.notes))


def _one_student(intake: Intake, folder: Item, student: str) -> Found:
    """Take a folder that one student filled: nothing in it tells whose it is, or when it was handed in."""
    take_folder(intake, folder, Where(intake.meet(student), is_trusted=False))
    students = settle_students(intake, None)
    settled = settle_exercises(intake, students.names)
    submissions = make_submissions(intake, students.everybody, settled, students.names)
    return Found(submissions, tuple(intake.notes))


def _table(name: str, *folders: Item) -> Path | None:
    paths = (folder.path / name for folder in folders)
    return next((path for path in paths if path.is_file() and not path.is_symlink()), None)


def _read(intake: Intake, folder: Item, form: Form) -> None:
    """Take everything in the class's folder, in the form asked for or the one that its names are of."""
    items = class_items(intake, folder)
    chosen = form_of(items) if form == "auto" else form
    intake.is_lms = chosen in ("moodle", "canvas")
    if chosen == "nbgrader":
        read_nbgrader(intake, items)
    elif not intake.is_lms:
        read_folders(intake, items, chosen)
    else:
        others = read_moodle(intake, items) if chosen == "moodle" else read_canvas(intake, items)
        if form == "auto":
            read_folders(intake, others, "auto")
        else:
            for item in others:
                intake.note("submissions.not_of_form", file=item.shown, form=form)
