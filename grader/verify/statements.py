"""What can be said of an exercise's files without running them: languages, numbered tasks, stray files."""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import Fault
from grader.model import Course, Exercise, Explanation

__all__ = ["file_faults"]

_HEADINGS = {"README.md": "Tasks", "README.ko.md": "과제"}
_IGNORED = {"__pycache__", ".pytest_cache", ".ipynb_checkpoints"}


def file_faults(course: Course, exercise: Exercise) -> tuple[Fault, ...]:
    """Return what is wrong with an exercise's statements and which files do not belong there."""
    faults = _statement_faults(course, exercise)
    number = exercise.id
    given = {"README.md", "README.ko.md", "stub.py", f"test_{number}.py", "data"}
    hidden = {"solution.py", "misconceptions.py", f"test_{number}_hidden.py", "waivers.yml"}
    for folder, expected in ((exercise.exercise_folder, given), (exercise.solution_folder, hidden)):
        if folder is None:
            continue
        for path in sorted(folder.iterdir()):
            if path.name not in expected | _IGNORED:
                explanation = Explanation("verify.stray_file", {"expected": ", ".join(sorted(expected))})
                faults.append(Fault(_relative(course, path), "", explanation))
    return tuple(faults)


def _statement_faults(course: Course, exercise: Exercise) -> list[Fault]:
    faults, tasks = [], {}
    for name, heading in _HEADINGS.items():
        path = exercise.exercise_folder / name
        text = path.read_text(encoding="utf-8")
        section = re.search(rf"^## {heading}\s*$(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
        if section is None:
            explanation = Explanation("verify.no_tasks", {"heading": f"## {heading}"})
            faults.append(Fault(_relative(course, path), "", explanation))
            continue
        tasks[name] = re.findall(r"^(\d+)\.\s", section[1], flags=re.MULTILINE)
        if name == "README.ko.md" and not re.search(r"[가-힣]", text):
            faults.append(Fault(_relative(course, path), "", Explanation("verify.not_korean")))
    if len(tasks) == 2 and tasks["README.md"] != tasks["README.ko.md"]:
        values = {"en": len(tasks["README.md"]), "ko": len(tasks["README.ko.md"])}
        path = exercise.exercise_folder / "README.ko.md"
        faults.append(Fault(_relative(course, path), "", Explanation("verify.tasks_differ", values)))
    return faults


def _relative(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
