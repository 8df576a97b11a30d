"""Write an nbgrader course: the notebooks in `source/` and `nbgrader_config.py`. All is made before anything is written."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from grader.errors import CourseError, RequestError
from grader.files.write import write_file
from grader.judge.collect import collected
from grader.model import Course, Exercise, Isolation, Language
from grader.nbgrader.notebook import checks_of, notebook_name, source_notebook, written_by_us
from grader.release.leaks import find_leaks

CONFIG = "nbgrader_config.py"
_MARK = "# Written by `grader nbgrader build`."
_CONFIG = """{mark}
# digest: {digest}
# nbgrader's commands run in this folder. What differs from nbgrader's defaults: submissions are executed in grader's
# sandbox, with the checks outside of it; grade cells and their metadata are restored from the gradebook first.
from pathlib import Path

from grader.nbgrader.late import CourseLatePolicy
from grader.nbgrader.preprocessor import AUTOGRADE, SANITIZE, SubmittedNotebook

HERE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course!r}
c.CourseDirectory.root = str(HERE)
c.JudgeCells.course = str(HERE / {path!r})
c.JudgeCells.language = {language!r}
c.JudgeCells.isolation = {isolation!r}

c.Autograde.exporter_class = SubmittedNotebook
c.Autograde.sanitize_preprocessors = SANITIZE
c.Autograde.autograde_preprocessors = AUTOGRADE

# The course's late policy. Take this line out for nbgrader's own, which takes nothing off.
c.AssignLatePenalties.plugin_class = CourseLatePolicy
c.CourseLatePolicy.course = c.JudgeCells.course

# For `nbgrader validate`, which executes notebooks in a kernel of its own.
c.Execute.timeout = {timeout}
"""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written."""

    assignments: dict[str, tuple[str, ...]]
    """Assignment -> its notebooks."""
    files: tuple[str, ...]
    """Relative to the folder."""
    unchanged: frozenset[str] = frozenset()
    """The files that were there as they are."""
    replaced: frozenset[str] = frozenset()
    """The files that were there in another version."""

    @property
    def outdated(self) -> tuple[str, ...]:
        """The assignments of replaced notebooks."""
        return tuple(
            home
            for home, names in self.assignments.items()
            if any(f"source/{home}/{name}.ipynb" in self.replaced for name in names)
        )


def build_course(
    course: Course,
    exercises: Sequence[Exercise],
    folder: Path,
    language: Language,
    *,
    assignment: str | None = None,
    isolation: Isolation = "full",
    force: bool = False,
) -> Built:
    """Write the notebooks of these exercises, one assignment each or all in one.

    Raises:
        CourseError: an exercise cannot be made a notebook, or a released notebook would hold what is hidden.
        RequestError: a file that is not ours, or that was changed since, would be overwritten; nothing was written.
    """
    if assignment is not None and not re.fullmatch(r"\w([\w .-]*\w)?", assignment):
        raise RequestError("nbgrader.bad_assignment", {"name": assignment})
    for given in ("exercises", "solutions"):
        # What is in there is released, or is taken for an exercise.
        if folder.resolve().is_relative_to((course.root / given).resolve()):
            raise RequestError("nbgrader.inside_course", {"folder": str(folder), "given": given})
    files: dict[str, bytes] = {}
    released: dict[str, bytes] = {}
    assignments: dict[str, tuple[str, ...]] = {}
    with collected(course, exercises) as checks:
        for exercise in exercises:
            name = notebook_name(exercise)
            home = assignment or name
            content = source_notebook(course, exercise, checks_of(checks, exercise), language)
            files[f"source/{home}/{name}.ipynb"] = content.encode()
            # Under the exercise's name, as a release has it: that is where a leak is looked for first.
            released[f"exercises/{name}/{name}.ipynb"] = _as_released(content).encode()
            assignments[home] = (*assignments.get(home, ()), name)
            _add_data(exercise, f"source/{home}/data", files)
    leaks = find_leaks(course, released)
    if leaks:
        raise CourseError(leaks)
    files[CONFIG] = _config(course, folder, language, isolation).encode()
    if not force:
        for name, data in files.items():
            _refuse_to_lose(folder / name, data)
    there = {name: (folder / name).read_bytes() for name in files if (folder / name).is_file()}
    unchanged = frozenset(name for name, data in there.items() if data == files[name])
    for name in [name for name in files if name not in unchanged]:
        write_file(folder / name, files[name], "nbgrader.cannot_write")
    return Built(assignments, tuple(files), unchanged, frozenset(there) - unchanged)


def _as_released(content: str) -> str:
    notebook = nbformat.reads(content, as_version=4)
    resources: dict[str, Any] = {}
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, resources = step.preprocess(notebook, resources)
    return str(nbformat.writes(notebook))


def _add_data(exercise: Exercise, home: str, files: dict[str, bytes]) -> None:
    if exercise.data_folder is None:
        return
    for path in sorted(exercise.data_folder.rglob("*")):
        name = f"{home}/{path.relative_to(exercise.data_folder).as_posix()}"
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if files.get(name, data) != data:
                raise RequestError("nbgrader.data_twice", {"file": name})
            files[name] = data


def _config(course: Course, folder: Path, language: Language, isolation: Isolation) -> str:
    values = {
        "course": course.id,
        "path": Path(os.path.relpath(course.root, folder.resolve())).as_posix(),
        "language": language,
        "isolation": isolation,
        # Of all exercises: the file is the same whichever of them are built.
        "timeout": max(30, *(int(exercise.limits.check_seconds) for exercise in course.exercises)),
    }
    plain = _CONFIG.format(mark=_MARK, digest="", **values)
    return _CONFIG.format(mark=_MARK, digest=hashlib.sha256(plain.encode()).hexdigest(), **values)


def _is_our_config(content: str) -> bool:
    """Return whether a configuration is as it was written."""
    found = re.search(r"^# digest: ([0-9a-f]{64})$", content, flags=re.MULTILINE)
    if found is None or not content.startswith(_MARK):
        return False
    plain = content.replace(found[1], "", 1)
    return hashlib.sha256(plain.encode()).hexdigest() == found[1]


def _refuse_to_lose(path: Path, data: bytes) -> None:
    """Raise `RequestError` where a file would be overwritten that is not as it was written."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise RequestError("nbgrader.not_ours", {"file": str(path)})
    if not path.exists():
        return
    there = path.read_bytes()
    if there == data:
        return
    content = there.decode("utf-8", "replace")
    is_ours = _is_our_config(content) if path.name == CONFIG else written_by_us(content)
    if not is_ours:
        raise RequestError("nbgrader.not_ours", {"file": str(path)})
