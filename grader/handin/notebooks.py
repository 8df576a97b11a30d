"""Files that are not named for an exercise: which exercises they answer, and whose they are."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.answers.file import decode_notebook, read_file, read_source
from grader.answers.notebook import is_notebook
from grader.answers.split import Split, split_notebook, split_script
from grader.answers.untouched import is_untouched
from grader.errors import RequestError, SubmissionError, reason
from grader.handin.names import is_answer, key_of, parse_file_name, without_general
from grader.handin.records import Candidate, Intake, Item
from grader.model import Course, Exercise, Explanation

_FOLDER = "notebooks"
"""The parts' folder, below the one that zips are unpacked to."""
_BETWEEN = r"[_\-\s]+"
"""What stands between the words of a name."""


def split_of(intake: Intake, path: Path, asked: str | None = None) -> Split | Explanation | OSError:
    """Return what a file answers, where one exercise may be `asked` for; why it cannot be told, or what kept us from it."""
    split = intake.splits.get((path, asked))
    if split is None:
        try:
            split = _split_file(intake.course, path, asked, intake.below(path))
        except SubmissionError as error:
            split = error.explanation
        except OSError as error:
            split = error
        except Exception as error:
            # This program is at fault, and no student's file (see `read_cells`).
            split = OSError(f"{type(error).__name__}: {error}"[:300])
        intake.splits[path, asked] = split
    return split


def _split_file(course: Course, path: Path, asked: str | None, below: Path | None = None) -> Split:
    raw = read_file(path, below)
    if is_notebook(path.name):
        return split_notebook(course, decode_notebook(raw), asked)
    return split_script(course, read_source(raw, path.name).units[0].code)


def take_parts(
    intake: Intake,
    candidate: Candidate,
    named: Collection[str],
    others: Collection[str],
    begun: Collection[str],
) -> tuple[dict[str, Candidate], list[str]] | None:
    """Return exercise -> a file's part for it, as candidates, and which of them the student's other files alone tell.

    None where it is to be treated as any other file: it answers nothing, or a folder, a zip or `--exercise` says which one
    exercise it is for and no heading another. Headings are taken at their word. A function that one exercise alone has is
    that exercise's, where the student has `named` no file for it. One that several exercises have is taken where `others`,
    the exercises that the student's other files answer, are all of them but one, or of the rest the student has `begun` one
    alone: a file that is named for it is the stub as it was given out.
    """
    item, asked = candidate.item, candidate.origin.hint or intake.wanted
    split = split_of(intake, item.path, asked)
    if isinstance(split, OSError):
        _unread(intake, candidate, split)
        return {}, []
    if isinstance(split, Explanation):
        if asked is not None or intake.is_lms:
            # The one exercise that it is for gets what is wrong with it as its verdict.
            return None
        intake.note("submissions.notebook_unread", file=item.shown, why=split)
        return {}, []
    if not split.parts or (asked is not None and not split.headed.intersection(split.parts)):
        return None
    chosen = {id for id in split.certain if id in split.headed or (asked is None and id not in named)}
    unclear_ids = {id for ids in split.unclear.values() for id in ids}
    stubs = {
        exercise.id
        for exercise in intake.course.exercises
        if exercise.id in unclear_ids and is_untouched(exercise, item.path)
    }
    possible = {
        function: [id for id in ids if id not in others and id not in stubs]
        for function, ids in split.unclear.items()
        if asked is None
    }
    for function, ids in possible.items():
        possible[function] = [id for id in ids if id in begun] if len(set(ids) & set(begun)) == 1 else ids
    only = {ids[0] for ids in possible.values() if len(ids) == 1}
    try:
        parts = {
            id: replace(candidate, item=write_part(intake, item, part))
            for id, part in split.parts.items()
            if id in chosen | only
        }
    except OSError as error:
        _unread(intake, candidate, error)
        return {}, []
    unclear = {function: ids for function, ids in possible.items() if not only.intersection(ids)}
    left_out = set(split.certain) - chosen
    left_out.update(id for function, ids in unclear.items() if not ids for id in split.unclear[function])
    left_out -= stubs
    # What is the stub as it was given out is told to be no answer, where there is one.
    begun_again = {
        exercise.id
        for exercise in intake.course.exercises
        if exercise.id in chosen & set(named) and is_untouched(exercise, parts[exercise.id].item.path)
    }
    if names := ", ".join(id for id in parts if id in chosen - begun_again):
        intake.note("submissions.notebook_taken", file=item.shown, exercises=names)
    if left_out:
        intake.note("submissions.notebook_named", file=item.shown, exercises=", ".join(sorted(left_out)))
    if stubs and asked is None:
        intake.note("submissions.untouched", file=item.shown, exercise=", ".join(sorted(stubs)))
    for function, ids in unclear.items():
        if ids:
            intake.note("submissions.unclear", file=item.shown, function=function, exercises=", ".join(ids))
    intake.notes += [Explanation(note.key, {"file": item.shown, **note.values}) for note in split.notes]
    return parts, sorted(only)


def _unread(intake: Intake, candidate: Candidate, error: OSError) -> None:
    """Note that what a notebook may hold is ungraded."""
    intake.note("submissions.notebook_unreadable", file=candidate.item.shown, error=reason(error))
    # This path cannot be read either: the notebook, read as a whole, would be an answer to everything.
    intake.cannot_read(candidate.origin.person, candidate.item.path / "unread", error)


def write_part(intake: Intake, item: Item, part: str) -> Item:
    """Return a part as a file, in a folder that is named by its content: the same part is the same file in every run."""
    content = part.encode("utf-8", "replace")
    folder = intake.unpack_into / _FOLDER / hashlib.sha256(content).hexdigest()[:16]
    path = folder / item.path.name
    if not path.is_file() or path.read_bytes() != content:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return replace(item, path=path, whole=item.path)


def owners(stems: Mapping[str, str], known: Sequence[str]) -> Mapping[str, str]:
    """Return file -> whose it is, for a class's files that only a student's name tells apart: `kim_midterm.ipynb`.

    A known name at the beginning or the end is the student's. In the other files the student's name is what is left
    without the words that all of them begin or end with, and those like `final`.
    """
    known_names = {key_of(name).replace("_", " "): name for name in known}
    owner_of: dict[str, str] = {}
    for name, stem in stems.items():
        words = key_of(re.sub(r"[_\-]", " ", stem)).split()
        ends = [words[:count] for count in range(len(words), 0, -1)]
        ends += [words[-count:] for count in range(len(words) - 1, 0, -1)]
        fitting = [known_names[key] for end in ends if (key := " ".join(end)) in known_names]
        if fitting:
            owner_of[name] = max(fitting, key=len)
    unknown = {name: stem for name, stem in stems.items() if name not in owner_of}
    return owner_of | _without_common_words(unknown)


def are_of_a_class(stems: Sequence[str]) -> bool:
    """Return whether the names of notebooks are those of several students: `kim_midterm`, `lee_midterm`."""
    words = [re.split(_BETWEEN, key_of(stem)) for stem in stems]
    if len(words) < 2 or any(len(item) < 2 for item in words):
        return False
    return len({item[-1] for item in words}) == 1 or len({item[0] for item in words}) == 1


def _without_common_words(stems: Mapping[str, str]) -> dict[str, str]:
    """Return file -> its stem without the words that all stems begin or end with, as long as something is left."""
    parts = {name: re.split(f"({_BETWEEN})", stem) for name, stem in stems.items()}
    if len(set(stems.values())) > 1:
        for place, cut in ((0, slice(2, None)), (-1, slice(None, -2))):
            while all(len(part) > 2 for part in parts.values()) and (
                len({key_of(part[place]) for part in parts.values()}) == 1
            ):
                parts = {name: part[cut] for name, part in parts.items()}
    return {name: without_general("".join(part)) or stems[name] for name, part in parts.items()}


@contextmanager
def part_for(
    course: Course, exercise: Exercise, path: Path
) -> Iterator[tuple[Path, tuple[Explanation, ...]]]:
    """Yield the file that holds an exercise's part of a notebook for several, and notes on what is not certain of it.

    A file that is named for an exercise, and one without a heading that names another, is yielded as it is.

    Raises:
        RequestError: its headings name other exercises, and none of them is this one.
    """
    split = _split(course, path, exercise)
    if split is None or not split.headed:
        # The one exercise that was asked for has the whole notebook, and its last definitions.
        yield path, ()
        return
    if exercise.id not in split.parts:
        values = {"file": str(path), "exercise": exercise.id, "found": ", ".join(split.parts) or "-"}
        raise RequestError("request.not_in_notebook", values)
    notes = [note for note in split.notes if "taken" in note.values and exercise.id not in split.headed]
    with tempfile.TemporaryDirectory(prefix="grader-part-") as folder:
        part = Path(folder) / path.name
        part.write_text(split.parts[exercise.id], encoding="utf-8", errors="replace")
        yield part, tuple(Explanation(note.key, {"file": path.name, **note.values}) for note in notes)


def answers_in(course: Course, exercise: Exercise, folder: Path) -> list[Path]:
    """Return the files in a folder whose names have an exercise in them, else the notebooks that answer it."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and is_answer(path.name)]
    named = [path for path in files if parse_file_name(course, path.name)[0] == exercise.id]
    notebooks = (path for path in files if is_notebook(path.name))
    return named or [
        path for path in notebooks if (split := _split(course, path, exercise)) and exercise.id in split.parts
    ]


def exercises_in(course: Course, path: Path) -> list[Exercise]:
    """Return the exercises that a file answers for sure: that of its name, else those of its headings and functions."""
    named = parse_file_name(course, path.name)[0]
    split = None if named else _split(course, path)
    ids = [named] if named else split.certain if split else []
    return [exercise for exercise in course.exercises if exercise.id in ids]


def _split(course: Course, path: Path, exercise: Exercise | None = None) -> Split | None:
    """Return what a file answers; None for one that is named for an exercise, and for one that the judge has to refuse."""
    if not is_answer(path.name) or parse_file_name(course, path.name)[0] is not None:
        return None
    try:
        return _split_file(course, path, None if exercise is None else exercise.id)
    except (SubmissionError, OSError):
        return None
