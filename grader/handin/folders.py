"""A folder for each student, files named by student and exercise, a zip for each student, nbgrader's `submitted/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from grader.answers.split import Split
from grader.course.names import parse_exercise_name
from grader.handin.names import is_answer, split_flat, text_of, without_copy
from grader.handin.notebooks import is_notebook, owners, split_of
from grader.handin.records import Form, Intake, Item
from grader.handin.student_files import Where, list_folder, take_file, take_folder

__all__ = ["read_folders", "read_nbgrader"]


def read_folders(intake: Intake, items: Sequence[Item], form: Form) -> None:
    """Take what lies in the class's folder; `form` narrows it to folders, files or zips."""
    nameless = []
    for item in items:
        name = text_of(item.path.name)
        kind = "folders" if item.is_folder else "zip" if name.lower().endswith(".zip") else "flat"
        if form not in ("auto", kind):
            intake.note("submissions.not_of_form", file=item.shown, form=form)
        elif kind == "folders":
            take_folder(intake, item, Where(intake.meet(item.path.name)))
        elif kind == "zip":
            _take_student_zip(intake, item, name)
        elif not _take_flat(intake, item, name):
            nameless.append(item)
    _take_notebooks(intake, nameless)


def _take_student_zip(intake: Intake, item: Item, name: str) -> None:
    """Take `<student>.zip`, or `<student>_<exercise>.zip`."""
    stem = PurePath(name).stem
    split = split_flat(intake.course, stem)
    student, hint = split if split is not None else (stem, None)
    take_file(intake, item, Where(intake.meet(student), hint=hint, is_trusted=False))


def _take_flat(intake: Intake, item: Item, name: str) -> bool:
    """Take `<student>_<exercise>.py`; return whether its name is that."""
    split = split_flat(intake.course, PurePath(name).stem) if is_answer(name) else None
    if split is None:
        return False
    student, exercise = split
    _, copy = without_copy(PurePath(name).stem)
    where = Where(intake.meet(student), number=copy)
    take_file(intake, item, where, f"{exercise}{PurePath(name).suffix}")
    return True


def _take_notebooks(intake: Intake, items: Sequence[Item]) -> None:
    """Take notebooks that say whose they are and not for which exercise: `kim_midterm.ipynb`."""
    answers = {item.path.name: item for item in items if _is_answer(intake, item)}
    known = [*intake.known, *(text_of(person.name) for person in intake.people)]
    whose = owners(list(answers), known)
    for item in items:
        name = item.path.name
        if name in answers:
            _, copy = without_copy(PurePath(text_of(name)).stem)
            take_file(intake, item, Where(intake.meet(whose[name]), number=copy))
        else:
            intake.note("submissions.passed_over", file=item.shown)


def _is_answer(intake: Intake, item: Item) -> bool:
    """Return whether a file is a notebook that answers an exercise, or that cannot be read."""
    if not is_notebook(item.path.name):
        return False
    split = split_of(intake, item.path)
    return bool(split.parts) if isinstance(split, Split) else isinstance(split, OSError)


def read_nbgrader(intake: Intake, items: Sequence[Item]) -> None:
    """Take `<student>/<assignment>/<notebook>`; files that lie elsewhere are noted."""
    for item in items:
        if not item.is_folder:
            intake.note("submissions.not_of_form", file=item.shown, form="nbgrader")
            continue
        person = intake.meet(item.path.name)
        for below in list_folder(intake, item, person):
            if below.is_folder:
                assignment = parse_exercise_name(intake.course, text_of(below.path.name))
                take_folder(intake, below, Where(person, hint=assignment.id if assignment else None, depth=1))
            else:
                intake.note("submissions.not_of_form", file=below.shown, form="nbgrader")
