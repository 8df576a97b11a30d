"""Modules that were handed in beside an answer: what the answer imports becomes a part of it.

An answer finds the modules that Python would find where it lies: in its own folder, and in packages below. In a form that
keeps no folders these are the files of the same student. Nothing of another student, another attempt's folder or another
zip is looked at.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from grader.answers.cells import read_cell
from grader.answers.file import read_file, read_source
from grader.answers.helpers import (
    imported_helpers,
    imported_names,
    is_installed,
    read_module,
    write_bundle,
)
from grader.answers.notebook import is_notebook
from grader.answers.untouched import bound_functions
from grader.course.names import parse_exercise_name
from grader.errors import RequestError, SubmissionError, file_errors_as
from grader.handin.names import PACKAGE_FILE, module_file, stem_of
from grader.handin.records import Candidate, Intake
from grader.handin.students import Students
from grader.model import Course, Exercise, Explanation, Source
from grader.runner.inside.helpers import files_of_module

_FOLDER = "helpers"
"""The bundles' folder, below the one that zips are unpacked to."""
_MOST_READ = 2 << 20
"""Characters of one student's code in which imports are looked for: seconds, and many times what anybody writes."""

_Place = tuple[str, Path]
"""A student, and a folder with files of theirs."""


class Helpers:
    """The modules that each answer of a class may import."""

    def __init__(self, intake: Intake, students: Students) -> None:
        self._intake = intake
        self._students = students
        self._functions = {name for exercise in intake.course.exercises for name in exercise.functions}
        self._files: dict[_Place, dict[str, list[tuple[int, Candidate]]]] = defaultdict(dict)
        """The Python files in a place by their own names, each with its copy's number."""
        self._roots: dict[_Place, set[str]] = defaultdict(set)
        """What an answer in a place may import."""
        self._left: dict[str, int] = defaultdict(lambda: _MOST_READ)
        """Student -> how many characters may still be looked through."""
        self._imported: dict[Path, set[Path]] = defaultdict(set)
        """The files that other files of their student's import, and these."""
        self._hidden: set[Path] = set()
        """Those among them whose name is that of an installed module."""
        self._noted: list[Explanation] = []
        for candidate in intake.candidates:
            if not is_notebook(candidate.own_name):
                self._add(candidate)
        # What is named for an exercise and lies on top is looked through first.
        order = sorted(intake.candidates, key=lambda item: (item.exercise is None, item.origin.depth))
        self._importing = {item.item.shown for item in order if self._imports_any(item)}
        """The files that import another one of their student's."""

    def is_only_helper(self, candidate: Candidate) -> bool:
        """Return whether a file whose name is no exercise's is a module of others, and no answer itself."""
        path = candidate.item.path
        if candidate.own_name == PACKAGE_FILE or path in self._hidden:
            return True
        if not candidate.may_answer:
            if path not in self._imported:
                self._intake.note("submissions.passed_over", file=candidate.item.shown)
            return True
        if path not in self._imported:
            return False
        try:
            return (
                not self._functions
                & read_cell(read_file(path, self._intake.below(path)).decode("utf-8", "replace")).bound
            )
        except (SubmissionError, OSError):
            return False

    def without_parts(self, exercise: Exercise, candidates: list[Candidate]) -> list[Candidate]:
        """Return an exercise's candidates without those that are no more than modules of others among them.

        What is called as the exercise is, is an attempt even so.
        """
        return [
            item for item in candidates if not any(self._is_part(exercise, item, of) for of in candidates)
        ]

    def _is_part(self, exercise: Exercise, candidate: Candidate, of: Candidate) -> bool:
        """Return whether another candidate imports this one, and is the answer by its name or by having its functions."""
        path, other = candidate.item.path, of.item.path
        if other not in self._imported.get(path, ()) or path in self._imported.get(other, ()):
            return False
        is_named, is_other_named = (
            parse_exercise_name(self._intake.course, stem_of(item.name)) is not None
            for item in (candidate, of)
        )
        own, others = bound_functions(exercise, path), bound_functions(exercise, other)
        has_all = own is not None and others is not None and own <= others
        return not is_named and (is_other_named or has_all)

    def with_helpers(self, candidate: Candidate) -> Candidate:
        """Return a candidate whose file holds the modules that it imports too; itself, where it imports none."""
        path = candidate.item.path
        if candidate.item.shown not in self._importing:
            return candidate
        try:
            raw, source = self._read(candidate)
            files = imported_helpers(source, lambda file: self._content(candidate, file)) if source else {}
        except OSError as error:
            # It is not the student's fault: this path cannot be read either, and leaves the exercise ungraded.
            unread = Path(error.filename or path / "unread")
            return replace(candidate, item=replace(candidate.item, path=unread))
        except Exception:
            # Whatever is wrong with the file, or with this program: the judge meets the same, and says it.
            return candidate
        if not files:
            return candidate
        bundle = _write_bundle(self._intake.unpack_into / _FOLDER, path.name, write_bundle(raw, files))
        return replace(candidate, item=replace(candidate.item, path=bundle))

    def _add(self, candidate: Candidate) -> None:
        student, path = self._students.names[candidate.origin.person], candidate.item.path
        file, number = _module_file(candidate)
        self._files[student, path.parent].setdefault(file, []).append((number, candidate))
        self._roots[student, path.parent].add(file.removesuffix(".py"))
        above = path.parents[1 : 1 + candidate.origin.depth]
        for below, folder in zip(path.parents, above, strict=False):
            self._roots[student, folder].add(below.name)

    def _place(self, candidate: Candidate) -> _Place:
        return self._students.names[candidate.origin.person], candidate.folder

    def _read(self, candidate: Candidate) -> tuple[bytes, Source | None]:
        """Return a file's content and its source; no source where it cannot import any of its student's modules."""
        place, (own, _) = self._place(candidate), _module_file(candidate)
        roots = self._roots.get(place, set()) - {own.removesuffix(".py")}
        if not roots:
            return b"", None
        raw = read_file(candidate.item.path, self._intake.below(candidate.item.path))
        if not roots & set(re.findall(r"\w+", raw.decode("utf-8", "replace"))):
            return raw, None
        if self._left[place[0]] < 0:
            self._note("submissions.helpers_unread", student=place[0])
            return raw, None
        source = read_source(raw, candidate.item.path.name)
        self._left[place[0]] -= sum(len(unit.code) for unit in source.units)
        return raw, source

    def _imports_any(self, candidate: Candidate) -> bool:
        """Note which files of its student's a file imports itself; return whether it may import any."""
        try:
            _, source = self._read(candidate)
        except Exception:
            # It is read again, and told, when it is graded.
            return True
        names = {name for unit in source.units for name in imported_names(unit.code)} if source else set()
        for file in sorted({file for name in names for file in files_of_module(name)}):
            self._find(candidate, file)
        return source is not None

    def _find(self, candidate: Candidate, file: str) -> Candidate | None:
        """Return the module's file that a candidate imports: that of its own copy's number, else of the highest."""
        student, folder = self._place(candidate)
        path = folder / file
        there = self._files.get((student, path.parent), {}).get(path.name, [])
        others = [(number, item) for number, item in there if item.item.path != candidate.item.path]
        if not others:
            return None
        _, own = _module_file(candidate)
        _, found = max(others, key=lambda other: (other[0] == own, other[0]))
        if (root := _hiding(self._intake.course, file)) is None:
            self._imported[found.item.path].add(candidate.item.path)
            return found
        self._hidden.add(found.item.path)
        self._note("submission.helper_installed", file=found.item.shown, module=root)
        return None

    def _note(self, key: str, **values: str) -> None:
        """Add a note, once."""
        if (note := Explanation(key, values)) not in self._noted:
            self._noted.append(note)
            self._intake.notes.append(note)

    def _content(self, candidate: Candidate, file: str) -> bytes | None:
        found = self._find(candidate, file)
        if found is None:
            return None
        content = read_module(found.item.path, self._intake.below(found.item.path))
        self._left[self._place(candidate)[0]] -= len(content)
        return content


def _module_file(candidate: Candidate) -> tuple[str, int]:
    return module_file(candidate.own_name, may_be_numbered=candidate.origin.may_be_numbered)


def _hiding(course: Course, file: str) -> str | None:
    """Return the installed module that a file's module would hide; one that may be absent counts as installed."""
    root = file.partition("/")[0].removesuffix(".py")
    optional = {name.partition(".")[0] for name in course.runner.optional_modules}
    return root if root in optional or is_installed(root) else None


def _write_bundle(folder: Path, name: str, content: bytes) -> Path:
    """Write a file into a folder that is named by its content: the same bundle is the same file in every run."""
    path = folder / hashlib.sha256(content).hexdigest()[:16] / name
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


@contextmanager
def helpers_beside(
    course: Course, answer: Path, folder: Path, *, handed_in: Path | None = None
) -> Iterator[tuple[Path, tuple[Explanation, ...]]]:
    """Yield an answer with the modules that it imports from a folder, as one file, and notes on what is not imported.

    Links are not followed, also those in the folder that was `handed_in`, where this one is a copy; and nothing of the
    course's solutions is read: what a student's code imports it can show.

    Raises:
        RequestError: a module cannot be read.
    """
    notes: list[Explanation] = []
    solutions = [item.solution_folder.parent.resolve() for item in course.exercises if item.solution_folder]

    def read(file: str) -> bytes | None:
        path = folder / file
        is_own = not any(_has_link(place, file) for place in (folder, handed_in or folder))
        if not path.is_file() or not is_own or any(map(path.resolve().is_relative_to, solutions)):
            return None
        if (root := _hiding(course, file)) is not None:
            notes.append(Explanation("submission.helper_installed", {"file": file, "module": root}))
            return None
        with file_errors_as(RequestError, "request.unreadable", path):
            return read_module(path)

    source = None
    # Whatever is wrong with the answer itself the judge says.
    with suppress(Exception):
        raw = read_file(answer)
        source = read_source(raw, answer.name)
    files = imported_helpers(source, read) if source is not None else {}
    if not files:
        yield answer, tuple(notes)
        return
    with TemporaryDirectory(prefix="grader-helpers-") as temporary:
        yield _write_bundle(Path(temporary), answer.name, write_bundle(raw, files)), tuple(notes)


def _has_link(folder: Path, file: str) -> bool:
    """Return whether a file below a folder is a link, or is reached by one."""
    parts = PurePosixPath(file).parts
    return any(folder.joinpath(*parts[: count + 1]).is_symlink() for count in range(len(parts)))
