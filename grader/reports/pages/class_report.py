"""The class report: an overview, a page for each exercise and one for each student, for the instructor."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.files.write import write_file
from grader.messages.sentences import bilingual, in_every_language, time_text
from grader.model import Course, Exercise, Explanation, Grade
from grader.reports.pages.markup import render
from grader.reports.pages.student import Cell, cell_of, shade, student_page
from grader.reports.pages.written import page_name, remove_others
from grader.reports.patterns import mistake_figures, same_outputs
from grader.reports.standing import Remark, is_remarkable, remarks
from grader.reports.statistics import check_figures, histogram, item_figures, score_figures, verdict_counts
from grader.reports.students import by_student, shown_names, total_text, totals
from grader.reports.views import instructor_view

MOST_MISTAKES = 15
MOST_GROUPS = 10

_SECTIONS = (
    ("scores", "report.scores"),
    ("heat", "report.heat"),
    ("class", "report.class_table"),
    ("decisions", "report.decisions"),
    ("mistakes", "report.mistakes"),
    ("items", "report.items"),
    ("same", "report.same"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    student: str
    group: str
    total: str
    share: float
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class _Decision:
    student: str
    exercise: str
    cell: Cell
    remarks: tuple[Remark, ...]


def write_class_report(
    folder: Path, course: Course, grades: Sequence[Grade], run: Mapping[str, Any] | None
) -> None:
    """Write the whole report; pages of students who are gone are removed.

    Raises:
        RequestError: a file cannot be written.
    """
    written = set()
    for name, page in class_report(course, grades, run):
        write_file(folder / name, page)
        written.add(name)
    remove_others(folder, written)


def class_report(
    course: Course,
    grades: Sequence[Grade],
    run: Mapping[str, Any] | None,
    wanted: Container[str] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield each page of the report with its path, or those that are wanted; the overview first.

    Each is one file that loads nothing. Names, code and output are untrusted: everything is escaped.
    """
    rows = by_student(grades)
    exercises = [item for item in course.exercises if any(item.id in row for row in rows.values())]
    pages = {f"exercises/{exercise.id}.html": exercise for exercise in exercises}
    chosen = {name: exercise for name, exercise in pages.items() if wanted is None or name in wanted}
    has_overview = wanted is None or "index.html" in wanted
    if has_overview or chosen:
        data = _Data(course, grades, rows, exercises)
        if has_overview:
            yield "index.html", _index(data, run)
        for name, exercise in chosen.items():
            yield name, _exercise_page(data, exercise)
    for student, row in rows.items():
        name = page_name(student)
        if wanted is None or name in wanted:
            yield name, student_page(course, student, row, instructor_view, language=course.language)


class _Data:
    """What several pages need, computed once."""

    def __init__(
        self,
        course: Course,
        grades: Sequence[Grade],
        rows: dict[str, dict[str, Grade]],
        exercises: list[Exercise],
    ) -> None:
        self.course, self.grades = course, grades
        self.by_student = rows
        self.exercises = exercises
        self.possible = sum(exercise.points for exercise in self.exercises)
        self.links = {student: page_name(student) for student in rows}
        self.names = shown_names(grades)
        self.checks = check_figures(grades)
        self.items = {item.exercise: item for item in item_figures(grades)}
        self.mistakes = mistake_figures(grades)
        self.same = same_outputs(grades)


def _index(data: _Data, run: Mapping[str, Any] | None) -> str:
    sums = totals(data.grades)
    rows = []
    for student, row in data.by_student.items():
        cells = tuple(cell_of(row[item.id]) if item.id in row else None for item in data.exercises)
        share = min(1.0, sums[student] / data.possible) if data.possible else 0.0
        group = next(grade.group for grade in row.values())
        rows.append(_Row(student, group, total_text(row), share, cells))
    # A total that lacks something ungraded says nothing of how the class did.
    known = [
        sums[student]
        for student, row in data.by_student.items()
        if not any(grade.is_open for grade in row.values())
    ]
    course = data.course
    return render(
        "index.html",
        course=course,
        page_title=bilingual("report.title", course=course.title),
        shade=shade,
        language=course.language,
        run=run,
        landlock=_landlock(run),
        finished_at="" if run is None else _finished(run, course),
        sections=_SECTIONS,
        figures=score_figures(known),
        bins=histogram(known, data.possible),
        possible=data.possible,
        handed_in=sum(bool(grade.path) for grade in data.grades),
        ungraded=sum(grade.is_open for grade in data.grades),
        waiting=sum(grade.waiting for grade in data.grades),
        verdicts=verdict_counts(data.grades),
        exercises=data.exercises,
        checks=data.checks,
        widest=max((len(rows) for rows in data.checks.values()), default=0),
        rows=rows,
        links=data.links,
        labels=data.names,
        decisions=_decisions(data),
        mistakes=data.mistakes[:MOST_MISTAKES],
        items=[data.items[exercise.id] for exercise in data.exercises],
        same=data.same[:MOST_GROUPS],
    )


def _landlock(run: Mapping[str, Any] | None) -> Explanation:
    version = run["landlock"] if run else 0
    return Explanation("cli.landlock", {"version": version}) if version else Explanation("cli.no_landlock")


def _finished(run: Mapping[str, Any], course: Course) -> str:
    return time_text(datetime.fromisoformat(str(run["finished_at"])), course.timezone)


def _decisions(data: _Data) -> list[_Decision]:
    """Return what was late or decided by hand, student by student."""
    return [
        _Decision(student, exercise.id, cell_of(grade), remarks(grade, exercise, instructor=True))
        for student, row in data.by_student.items()
        for exercise in data.exercises
        if (grade := row.get(exercise.id)) is not None and is_remarkable(grade)
    ]


def _exercise_page(data: _Data, exercise: Exercise) -> str:
    grades = [row[exercise.id] for row in data.by_student.values() if exercise.id in row]
    points = [grade.points for grade in grades if grade.path and not grade.is_open]
    return render(
        "exercise.html",
        course=data.course,
        page_title=in_every_language(
            lambda language: f"{exercise.id} · {exercise.title.in_language(language)}"
        ),
        language=data.course.language,
        exercise=exercise,
        item=data.items[exercise.id],
        bins=histogram(points, exercise.points),
        checks=data.checks[exercise.id],
        mistakes=[item for item in data.mistakes if item.exercise == exercise.id],
        same=[group for group in data.same if group.exercise == exercise.id],
        links=data.links,
        labels=data.names,
        students=[(grade.student, cell_of(grade), grade) for grade in grades],
    )
