"""Notebooks whose names are no exercise: what they answer, and whose they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.answers.file import decode_notebook, read_file
from grader.answers.split import Split, split_notebook
from grader.errors import SubmissionError, reason
from grader.handin.names import key_of, text_of, without_copy
from grader.handin.records import Candidate, Intake, Item
from grader.model import Explanation

__all__ = ["are_of_a_class", "is_notebook", "owners", "split_of", "take_parts"]

FOLDER = "notebooks"
"""Below the folder to which zips are unpacked."""


def is_notebook(name: str) -> bool:
    """Return whether a file is a notebook by its name."""
    return name.lower().endswith(".ipynb")


def split_of(intake: Intake, path: Path) -> Split | Explanation | OSError:
    """Return what a notebook answers; why it cannot be told, or what kept us from reading it."""
    if path not in intake.splits:
        try:
            intake.splits[path] = split_notebook(intake.course, decode_notebook(read_file(path)))
        except SubmissionError as error:
            intake.splits[path] = error.explanation
        except OSError as error:
            intake.splits[path] = error
        except Exception as error:
            # This program's own: no student's file was at fault in it (see `read_cells`).
            intake.splits[path] = OSError(f"{type(error).__name__}: {error}"[:300])
    return intake.splits[path]


def take_parts(intake: Intake, candidate: Candidate, named: set[str]) -> list[Candidate] | None:
    """Return a notebook's parts as candidates, each for its exercise; None where it is to be treated as any other file.

    Its headings are taken at their word. What only the names of functions tell is not taken where a folder, a zip or
    `--exercise` says which one exercise it is for, nor for those that the student has `named` a file for.
    """
    item, asked = candidate.item, candidate.hint or intake.wanted
    split = split_of(intake, item.path)
    if isinstance(split, OSError):
        intake.note("submissions.notebook_unreadable", file=item.shown, error=reason(split))
        # A path that cannot be read either: read as a whole it would be an answer to everything.
        intake.unreadable.append((candidate.person, item.path / "unread"))
        return []
    if isinstance(split, Explanation):
        if asked is None and not intake.is_lms:
            intake.note("submissions.notebook_unread", file=item.shown, why=split)
            return []
        # The one exercise that it is for gets what is wrong with it as its verdict.
        return None
    guessed = [id for id in split.parts if id not in split.headed]
    chosen = [id for id in split.parts if id in split.headed or (asked is None and id not in named)]
    if not chosen:
        if asked is None and guessed:
            intake.note("submissions.notebook_named", file=item.shown, exercises=", ".join(guessed))
            return []
        return None
    intake.note("submissions.notebook_taken", file=item.shown, exercises=", ".join(chosen))
    passed = [id for id in guessed if id not in chosen]
    if passed:
        intake.note("submissions.notebook_named", file=item.shown, exercises=", ".join(passed))
    if asked is None or split.headed:
        intake.notes += [Explanation(note.key, {"file": item.shown, **note.values}) for note in split.notes]
    return [replace(candidate, exercise=id, item=_written(intake, item, split.parts[id])) for id in chosen]


def _written(intake: Intake, item: Item, part: str) -> Item:
    """Return a part as a file, in a folder that its content names: the same part is the same file in every run."""
    content = part.encode()
    folder = intake.unpack_into / FOLDER / hashlib.sha256(content).hexdigest()[:16]
    path = folder / item.path.name
    if not path.is_file() or path.read_bytes() != content:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return replace(item, path=path)


def owners(names: Sequence[str], known: Sequence[str]) -> Mapping[str, str]:
    """Return whose each of a class's files is that only a student's name can tell apart: `kim_midterm.ipynb`.

    A name that is known, at the beginning or the end, is the student's; else what is left without the words that all
    of these files begin or end with.
    """
    stems = {name: without_copy(text_of(name).rpartition(".")[0])[0] for name in names}
    spelled = {key_of(name).replace("_", " "): name for name in known}
    found: dict[str, str] = {}
    for name, stem in stems.items():
        words = key_of(re.sub(r"[_\-]", " ", stem)).split()
        ends = [words[:count] for count in range(len(words), 0, -1)]
        ends += [words[-count:] for count in range(len(words) - 1, 0, -1)]
        fitting = [spelled[key] for end in ends if (key := " ".join(end)) in spelled]
        if fitting:
            found[name] = max(fitting, key=len)
    left = [name for name in names if name not in found]
    return found | _without_common_words({name: stems[name] for name in left})


def are_of_a_class(stems: Sequence[str]) -> bool:
    """Return whether the names of notebooks are those of several students: `kim_midterm`, `lee_midterm`."""
    words = [re.split(r"[_\-\s]+", key_of(stem)) for stem in stems]
    if len(words) < 2 or any(len(item) < 2 for item in words):
        return False
    return len({item[-1] for item in words}) == 1 or len({item[0] for item in words}) == 1


def _without_common_words(stems: Mapping[str, str]) -> dict[str, str]:
    parts = {name: re.split(r"([_\-\s]+)", stem) for name, stem in stems.items()}
    if len(set(stems.values())) > 1:
        for place, cut in ((0, slice(2, None)), (-1, slice(None, -2))):
            while all(len(part) > 2 for part in parts.values()) and (
                len({key_of(part[place]) for part in parts.values()}) == 1
            ):
                parts = {name: part[cut] for name, part in parts.items()}
    return {name: "".join(part).strip(" _-") or stems[name] for name, part in parts.items()}
