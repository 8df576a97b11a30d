"""Gradescope: a student's results.json, as its autograders write it.

Published: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader.exports.request import Export, ExportRequest
from grader.messages.sentences import points_text, text
from grader.model import Course, Exercise, Grade, Language, Verdict
from grader.reports.files import file_stem
from grader.reports.markdown import check_markdown
from grader.reports.signs import grade_text
from grader.reports.standing import remarks
from grader.reports.students import by_student
from grader.reports.views import CheckView, notes_of, student_grade, student_view

_MOST_NOTES = 20


def gradescope_export(asked: ExportRequest) -> Export:
    """Return a results.json for each student, or that of the only one who is asked for."""
    results = {
        student: gradescope_results(asked.course, row, asked.language, asked.notes)
        for student, row in by_student(asked.grades).items()
    }
    missing = tuple(student for student, content in results.items() if content is None)
    if asked.student is not None:
        return Export(results[asked.student], missing)
    taken: set[str] = set()
    known = {student: content for student, content in results.items() if content is not None}
    return Export({f"{file_stem(student, taken)}.json": known[student] for student in known}, missing)


def gradescope_results(
    course: Course, row: Mapping[str, Grade], language: Language, notes: Sequence[str] = ()
) -> str | None:
    """Return one student's results; None where an exercise is ungraded, because a score is then not known.

    All tests are visible: what a student may not know of a hidden check is not in the file at all. Neither is the time
    it took, which a submission can choose by what it was given. (Tests that Gradescope hides would also hide the score.)
    `notes` are sentences for the student: which files were not taken, and why.
    """
    exercises = [exercise for exercise in course.exercises if exercise.id in row]
    grades = [row[exercise.id] for exercise in exercises]
    if not grades or any(grade.is_open for grade in grades):
        return None
    lines, tests = [], []
    for exercise, grade in zip(exercises, map(student_grade, grades), strict=True):
        verdict = grade_text(grade).in_language(language)
        lines.append(
            f"{grade.exercise}: {verdict}, {points_text(grade.points)} / {points_text(grade.possible)}"
        )
        said = remarks(grade, exercise, instructor=False)
        lines += [f"  {remark.text.in_language(language)}" for remark in said]
        about = notes_of(grade)
        for note in about:
            lines.append(f"  {' '.join(note.text.in_language(language).split())}")
            lines += [f"      {line}" for line in note.code.splitlines()]
        views = list(student_view(grade.checks, about))
        tests += [_test(exercise, number, view, language) for number, view in enumerate(views, start=1)]
        if not views:
            tests.append(_nothing(exercise, grade, language))
    if notes:
        lines += ["", text("cli.notes", language), *(f"  {note}" for note in notes[:_MOST_NOTES])]
    if len(notes) > _MOST_NOTES:
        lines.append("  ...")
    document = {
        # A sum of fractions has digits that nobody gave.
        "score": round(sum(grade.points for grade in grades), 6),
        "output": "\n".join(lines),
        "output_format": "text",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _test(exercise: Exercise, number: int, view: CheckView, language: Language) -> dict[str, Any]:
    hidden = f" ({text('cli.hidden', language)})" if view.hidden else ""
    hidden += f" ({text('cli.bonus', language)})" if view.kind == "bonus" else ""
    score: dict[str, Any] = {
        "score": view.earned,
        # What a bonus earns is beyond the points that can be reached.
        "max_score": 0 if view.kind == "bonus" else view.points,
        "status": "passed" if view.verdict.is_fine else "failed",
    }
    if view.verdict is Verdict.WAITING:
        # A zero would be a verdict.
        score = {"status": "passed"}
        hidden += f" [{view.verdict_text.in_language(language)}: {points_text(view.points)}]"
    return {
        "name": f"{exercise.id} · {view.title.in_language(language)}{hidden}",
        "number": f"{exercise.number}.{number}",
        **score,
        "output": "\n".join(check_markdown(view, language)),
        "output_format": "md",
        "visibility": "visible",
    }


def _nothing(exercise: Exercise, grade: Grade, language: Language) -> dict[str, Any]:
    """Return the one test of an exercise that no check was run for: nobody overlooks a file that is not there."""
    name = (
        f"{exercise.id} · {exercise.title.in_language(language)}: {grade_text(grade).in_language(language)}"
    )
    return {
        "name": name,
        "number": str(exercise.number),
        "score": grade.points,
        "max_score": grade.possible,
        "status": "passed" if grade.points >= grade.possible else "failed",
        "output": "" if grade.path else text("export.hand_in", language, files=f"{exercise.id}.py"),
        "output_format": "text",
        "visibility": "visible",
    }
