"""A folder for each student, a zip for each student, and files that are named by student and exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from grader.answers.helpers import module_of
from grader.answers.split import Split
from grader.handin.names import (
    is_answer,
    is_general,
    split_flat,
    stem_of,
    text_of,
    without_copy,
    without_exercise,
)
from grader.handin.notebooks import owners, split_of
from grader.handin.records import Candidate, Intake, Item, Origin
from grader.handin.student_files import take_file, take_folder


def read_folders(intake: Intake, items: Sequence[Item], *, only: str | None = None) -> Iterator[Item]:
    """Take what lies in the class's folder; yield what is not of the `only` kind: `folders`, `zip` or `flat` files.

    A file whose name does not part into student and exercise is taken where its name or content tells both; any other is
    noted.
    """
    nameless = []
    for item in items:
        name = text_of(item.path.name)
        kind = "folders" if item.is_folder else "zip" if name.lower().endswith(".zip") else "flat"
        split = split_flat(intake.course, stem_of(name)) if kind == "zip" or is_answer(name) else None
        if only not in (None, kind):
            yield item
        elif kind == "folders":
            take_folder(intake, item, Origin(intake.add_person(item.path.name)))
        elif kind == "zip":
            student, exercise = split or (stem_of(name), None)
            take_file(intake, item, Origin(intake.add_person(student), hint=exercise, is_trusted=False))
        elif split is not None:
            student, exercise = split
            origin = Origin(intake.add_person(student), attempt=without_copy(stem_of(name))[1])
            take_file(intake, item, origin, f"{exercise}{PurePath(name).suffix}")
        else:
            nameless.append(item)
    _take_others(intake, nameless)


def _take_others(intake: Intake, items: Sequence[Item]) -> None:
    """Take files that say whose they are, and the exercise in another way: `kim_midterm.ipynb`, `kim_ex03_final.py`."""
    stems = {}
    for item in items:
        name = item.path.name
        rest, exercises = without_exercise(intake.course, without_copy(stem_of(name))[0])
        if is_answer(name) and rest and not is_general(rest) and (exercises or _is_answer(intake, item)):
            stems[name] = rest
    known = [*intake.roster_names, *(text_of(person.name) for person in intake.people)]
    owner_of = owners(stems, known)
    for item in items:
        name = item.path.name
        if name in owner_of:
            origin = Origin(intake.add_person(owner_of[name]), attempt=without_copy(stem_of(name))[1])
            take_file(intake, item, origin)
        elif (module := _module(intake, item)) is not None:
            intake.candidates.append(module)
        else:
            intake.note("submissions.passed_over", file=item.shown)


def _module(intake: Intake, item: Item) -> Candidate | None:
    """Return a file as a module that a student's answers may import: `kim_helper.py` beside `kim_ex03.py`."""
    stem = stem_of(item.path.name)
    splits = [
        (len(person.name), person, rest)
        for person in intake.people
        for rest in (stem.removeprefix(f"{person.name}_"), stem.removesuffix(f"_{person.name}"))
        if rest != stem and module_of(f"{rest}.py")
    ]
    if not splits or not item.path.name.lower().endswith(".py"):
        return None
    _, person, rest = max(splits, key=lambda split: split[0])
    file = f"{rest}.py"
    return Candidate(item, Origin(person), file, None, file, item.path.parent, may_answer=False)


def _is_answer(intake: Intake, item: Item) -> bool:
    """Return whether a file answers an exercise, or cannot be read."""
    split = split_of(intake, item.path, intake.wanted)
    return bool(split.parts) if isinstance(split, Split) else isinstance(split, OSError)
