"""Notebooks that are not named for an exercise: which exercises they answer, and whose they are."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.answers.file import decode_notebook, read_file
from grader.answers.notebook import is_notebook
from grader.answers.split import Split, split_notebook
from grader.errors import RequestError, SubmissionError, reason
from grader.handin.names import key_of, parse_file_name, stem_of, without_copy
from grader.handin.records import Candidate, Intake, Item
from grader.model import Course, Exercise, Explanation

_FOLDER = "notebooks"
"""The parts' folder, below the one that zips are unpacked to."""
_BETWEEN = r"[_\-\s]+"
"""What stands between the words of a name."""


def split_of(intake: Intake, path: Path) -> Split | Explanation | OSError:
    """Return what a notebook answers; why it cannot be told, or what kept us from reading it."""
    split = intake.splits.get(path)
    if split is None:
        try:
            split = split_notebook(intake.course, decode_notebook(read_file(path, intake.below(path))))
        except SubmissionError as error:
            split = error.explanation
        except OSError as error:
            split = error
        except Exception as error:
            # This program is at fault, and no student's file (see `read_cells`).
            split = OSError(f"{type(error).__name__}: {error}"[:300])
        intake.splits[path] = split
    return split


def take_parts(intake: Intake, candidate: Candidate, named: set[str]) -> dict[str, Candidate] | None:
    """Return exercise -> a notebook's part for it, as candidates; None where it is to be treated as any other file.

    Its headings are taken at their word. What only the names of functions tell is not taken where a folder, a zip or
    `--exercise` says which one exercise it is for, nor for those that the student has `named` a file for.
    """
    item, asked = candidate.item, candidate.origin.hint or intake.wanted
    split = split_of(intake, item.path)
    if isinstance(split, OSError):
        return _unread(intake, candidate, split)
    if isinstance(split, Explanation):
        if asked is not None or intake.is_lms:
            # The one exercise that it is for gets what is wrong with it as its verdict.
            return None
        intake.note("submissions.notebook_unread", file=item.shown, why=split)
        return {}
    chosen = [id for id in split.parts if id in split.headed or (asked is None and id not in named)]
    left_out = [id for id in split.parts if id not in chosen]
    if not chosen and (asked is not None or not left_out):
        return None
    if chosen:
        intake.note("submissions.notebook_taken", file=item.shown, exercises=", ".join(chosen))
    if left_out:
        intake.note("submissions.notebook_named", file=item.shown, exercises=", ".join(left_out))
    if chosen and (asked is None or split.headed):
        intake.notes += [Explanation(note.key, {"file": item.shown, **note.values}) for note in split.notes]
    try:
        return {id: replace(candidate, item=_write_part(intake, item, split.parts[id])) for id in chosen}
    except OSError as error:
        return _unread(intake, candidate, error)


def _unread(intake: Intake, candidate: Candidate, error: OSError) -> dict[str, Candidate]:
    """Note that what a notebook may hold is ungraded."""
    intake.note("submissions.notebook_unreadable", file=candidate.item.shown, error=reason(error))
    # This path cannot be read either: the notebook, read as a whole, would be an answer to everything.
    intake.cannot_read(candidate.origin.person, candidate.item.path / "unread", error)
    return {}


def _write_part(intake: Intake, item: Item, part: str) -> Item:
    """Return a part as a file, in a folder that is named by its content: the same part is the same file in every run."""
    content = part.encode()
    folder = intake.unpack_into / _FOLDER / hashlib.sha256(content).hexdigest()[:16]
    path = folder / item.path.name
    if not path.is_file() or path.read_bytes() != content:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return replace(item, path=path)


def owners(names: Sequence[str], known: Sequence[str]) -> Mapping[str, str]:
    """Return file -> whose it is, for a class's files that only a student's name tells apart: `kim_midterm.ipynb`.

    A known name at the beginning or the end is the student's. In the other files the student's name is what is left
    without the words that all of them begin or end with.
    """
    stems = {name: without_copy(stem_of(name))[0] for name in names}
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
    return {name: "".join(part).strip(" _-") or stems[name] for name, part in parts.items()}


@contextmanager
def part_for(
    course: Course, exercise: Exercise, path: Path
) -> Iterator[tuple[Path, tuple[Explanation, ...]]]:
    """Yield the file that holds an exercise's part of a notebook for several, and notes on what is not certain of it.

    A file that is named for an exercise, and one without a heading that names another, is yielded as it is.

    Raises:
        RequestError: its headings name other exercises, and none of them is this one.
    """
    split = _split(course, path)
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
        part.write_text(split.parts[exercise.id], encoding="utf-8")
        yield part, tuple(Explanation(note.key, {"file": path.name, **note.values}) for note in notes)


def notebooks_with(course: Course, exercise: Exercise, folder: Path) -> list[Path]:
    """Return the notebooks in a folder that answer an exercise, and whose names are no other one."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file())
    return [path for path in files if (split := _split(course, path)) and exercise.id in split.parts]


def _split(course: Course, path: Path) -> Split | None:
    """Return what a notebook answers; None for any other file, and for one that the judge has to refuse."""
    if not is_notebook(path.name) or parse_file_name(course, path.name)[0] is not None:
        return None
    try:
        return split_notebook(course, decode_notebook(read_file(path)))
    except (SubmissionError, OSError):
        return None
