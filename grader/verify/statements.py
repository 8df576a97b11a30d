"""What can be said of an exercise's files without running them: languages, numbered tasks, stray files."""

from __future__ import annotations

import re
from pathlib import Path

from grader.course.files import files_of
from grader.errors import Fault
from grader.model import Course, Exercise, Explanation, Language

__all__ = ["file_faults"]

_HEADINGS: dict[Language, str] = {"en": "Tasks", "ko": "과제"}
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
    faults, tasks = [], {}
    statements = files_of(exercise).statements
    for language, heading in _HEADINGS.items():
        path = statements[language]
        text = path.read_text(encoding="utf-8")
        section = re.search(rf"^## {heading}\s*$(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
        if section is None:
            explanation = Explanation("verify.no_tasks", {"heading": f"## {heading}"})
            faults.append(Fault(_relative(course, path), "", explanation))
            continue
        tasks[language] = re.findall(r"^(\d+)\.\s", section[1], flags=re.MULTILINE)
        if language == "ko" and not re.search(r"[가-힣]", text):
            faults.append(Fault(_relative(course, path), "", Explanation("verify.not_korean")))
    if len(tasks) == 2 and tasks["en"] != tasks["ko"]:
        values = {"en": len(tasks["en"]), "ko": len(tasks["ko"])}
        faults.append(
            Fault(_relative(course, statements["ko"]), "", Explanation("verify.tasks_differ", values))
        )
    return faults


def _relative(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
