"""What can be said of an exercise's files without running them: languages, numbered tasks, stray files."""

from __future__ import annotations

from pathlib import Path

from grader.course.files import files_of
from grader.course.languages import is_written_in
from grader.course.statements import TASKS, tasks_of
from grader.errors import Fault
from grader.model import Course, Exercise, Explanation

_IGNORED = {"__pycache__", ".pytest_cache", ".ipynb_checkpoints"}


def file_faults(course: Course, exercise: Exercise) -> tuple[Fault, ...]:
    """Return what is wrong with an exercise's statements and which files do not belong there."""
    faults = _statement_faults(course, exercise)
    files = files_of(exercise)
    for folder, expected in (
        (exercise.exercise_folder, files.given),
        (exercise.solution_folder, files.hidden),
    ):
        for path in sorted(folder.iterdir()) if folder is not None else ():
            if path not in expected and path.name not in _IGNORED:
                names = ", ".join(sorted(item.name for item in expected))
                explanation = Explanation("verify.stray_file", {"expected": names})
                faults.append(Fault(_relative(course, path), "", explanation))
    return tuple(faults)


def _statement_faults(course: Course, exercise: Exercise) -> list[Fault]:
    faults: list[Fault] = []
    first: tuple[str, list[str]] | None = None
    for language, path in files_of(exercise).statements.items():
        file = _relative(course, path)
        text = path.read_text(encoding="utf-8")
        tasks = tasks_of(text, language)
        if not is_written_in(text, language):
            faults.append(Fault(file, "", Explanation("verify.other_language", {"language": language})))
        if tasks is None:
            heading = TASKS.get(language)
            key = "verify.no_tasks" if heading else "verify.no_task"
            faults.append(Fault(file, "", Explanation(key, {"heading": f"## {heading}"})))
        elif first is None:
            first = path.name, tasks
        elif tasks != first[1]:
            values = {"count": len(tasks), "other": first[0], "wanted": len(first[1])}
            faults.append(Fault(file, "", Explanation("verify.tasks_differ", values)))
    return faults


def _relative(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
