"""What can be said of an exercise's files without running them: languages, numbered tasks, stray files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import numpy as np

from grader.checks.remote import Observed
from grader.course.files import files_of
from grader.course.languages import is_written_in
from grader.course.statements import TASKS, tasks_of
from grader.errors import Fault
from grader.model import Course, Exercise, Explanation, Language

_RULES: dict[str, dict[Language, tuple[str, ...]]] = {
    "unchanged": {
        "en": ("as they are", "as it is", "unchanged", "same after the call"),
        "ko": ("바꾸지 않", "바뀌지 않", "호출하기 전과 같"),
    },
    "dtype": {"en": ("dtype",), "ko": ("dtype",)},
    "array": {"en": ("no list", "not a list", "or a list"), "ko": ("리스트는 안", "리스트도")},
}
"""What a check may hold -> the words by which a statement says it; in any language `<!-- unchanged -->` does too."""
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


def rules_of(observed: Iterable[Observed]) -> frozenset[str]:
    """Return which rules checks hold, as the calls tell that they make of a right answer."""
    rules = set()
    for item in observed:
        is_array = isinstance(item.outcome, np.ndarray) and item.outcome.ndim > 0 and item.call.target is None
        rules |= {"unchanged"} if item.is_unchanged_asked else set()
        rules |= {"dtype"} if item.has_dtype else set()
        rules |= {"array"} if is_array and item.tolerance is not None else set()
    return frozenset(rules)


def unsaid_rules(course: Course, exercise: Exercise, rules: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each rule that a check holds and a statement does not say."""
    for language, path in files_of(exercise).statements.items():
        text = " ".join(path.read_text(encoding="utf-8-sig").split())
        for rule in sorted(rules):
            mark, words = f"<!-- {rule} -->", _RULES[rule].get(language, ())
            if not any(word in text for word in (mark, *words)):
                values = {"words": ", ".join(repr(word) for word in words) or "-", "mark": mark}
                yield Fault(_relative(course, path), "", Explanation(f"verify.unsaid_{rule}", values))


def _statement_faults(course: Course, exercise: Exercise) -> list[Fault]:
    faults: list[Fault] = []
    first: tuple[str, list[str]] | None = None
    for language, path in files_of(exercise).statements.items():
        file = _relative(course, path)
        text = path.read_text(encoding="utf-8-sig")
        tasks = tasks_of(text, language)
        if not is_written_in(text, language):
            faults.append(Fault(file, "", Explanation("verify.other_language", {"language": language})))
        number = re.match(r"\s*#\s+ex0*(\d+)\b", text)
        if number is not None and int(number[1]) != int(exercise.id.removeprefix("ex")):
            faults.append(Fault(file, "", Explanation("verify.other_number", {"exercise": exercise.id})))
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
