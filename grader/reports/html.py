"""The class report: one self-contained HTML page, for the instructor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.messages import CATALOGUE, VERDICTS, explain, text
from grader.model import CheckResult, Course, Explanation, Grade, Text, Verdict
from grader.reports.feedback import grid_rows
from grader.reports.tables import cell_text, totals

__all__ = ["class_report"]


def class_report(course: Course, grades: Sequence[Grade], run: dict[str, Any]) -> str:
    """Return the report's page. Names, code and output are untrusted: everything is escaped."""
    environment = Environment(
        loader=PackageLoader("grader.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(
        t=_both, title=_title, verdict=_verdict, why=_why, cell=cell_text, grid=grid_rows, Verdict=Verdict
    )
    by_student: dict[str, dict[str, Grade]] = {}
    for grade in grades:
        by_student.setdefault(grade.student, {})[grade.exercise] = grade
    exercises = [
        exercise for exercise in course.exercises if any(exercise.id in row for row in by_student.values())
    ]
    possible = sum(exercise.points for exercise in exercises)
    return environment.get_template("class.html").render(
        course=course,
        exercises=exercises,
        students=sorted(by_student.items()),
        totals=totals(grades),
        possible=possible,
        checks={exercise.id: _check_rows(grades, exercise.id) for exercise in exercises},
        run=run,
    )


def _check_rows(grades: Sequence[Grade], exercise: str) -> list[tuple[CheckResult, int, int]]:
    """Return each check of an exercise with how many passed it, of how many who handed something in."""
    counts: dict[str, tuple[CheckResult, int, int]] = {}
    for grade in grades:
        if grade.exercise != exercise or not grade.path:
            continue
        for result in grade.checks:
            if result.verdict is Verdict.UNGRADED:
                continue
            _, passed, total = counts.get(result.name, (result, 0, 0))
            counts[result.name] = (result, passed + (result.verdict is Verdict.PASSED), total + 1)
    return list(counts.values())


def _spans(en: str, ko: str) -> Markup:
    return Markup('<span lang="en">{}</span><span lang="ko">{}</span>').format(en, ko)


def _both(key: str, **values: Any) -> Markup:
    assert key in CATALOGUE
    return _spans(text(key, "en", **values), text(key, "ko", **values))


def _title(value: Text) -> Markup:
    return _spans(value.en, value.ko)


def _verdict(value: Verdict) -> Markup:
    return _spans(*VERDICTS[value])


def _why(explanation: Explanation | None) -> Markup:
    if explanation is None:
        return Markup("")
    return _spans(explain(explanation, "en"), explain(explanation, "ko"))
