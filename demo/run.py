"""Grade the demo class and compare every score with the one that class.yml says it must get.

Also held here: what the spying students of the class print and raise reaches no student's feedback.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from grader.gradebook.store import Gradebook
from grader.model import Course, Grade, Language, Verdict
from grader.reports.markdown import feedback_files
from grader.reports.terminal import render_grade

# Ruff would sort this among the project's modules once there is a folder build/, and elsewhere before.
from build import ROOT, SUBMISSIONS, ClassError, DemoClass, demo_course, load_class, write_class  # isort: skip

GRADED = SUBMISSIONS.with_name("graded")

# What the class's spies write before a hidden input, and before a stolen solution.
SPIED = "HIDDEN-INPUT"
STOLEN = "STOLEN"

Place = tuple[str, str]
Score = tuple[float | None, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A score that is not what class.yml says."""

    place: Place
    expected: Score | None
    actual: Score | None
    checks: str
    """The checks that did not pass, with their verdicts."""


def main() -> int:
    """Build, grade, compare; return 0 when every score is as expected."""
    started = time.monotonic()
    console = Console(highlight=False, soft_wrap=True)
    try:
        demo = load_class(demo_course())
    except ClassError as error:
        print(error, file=sys.stderr)
        return 2
    _write_anew(demo)
    console.print(
        f"{len(demo.students)} students handed in {len(demo.answers)} files: {_relative(SUBMISSIONS)}/"
    )
    code = _grade()
    if not (GRADED / "results.json").is_file():
        console.print(f"grader grade ended with exit code {code} and wrote no results")
        return 1
    results: dict[str, Any] = json.loads((GRADED / "results.json").read_text(encoding="utf-8"))
    wrong = differences(expected_scores(demo, demo_course()), results["grades"])
    leaks = find_leaks(demo_course(), GRADED)
    _print_findings(console, wrong, leaks, len(results["grades"]))
    seconds = time.monotonic() - started
    console.print(f"grading took {results['run']['seconds']:.1f} s, everything {seconds:.1f} s")
    console.print(f"report: {_relative(GRADED / 'reports' / 'index.html')}", style="bold")
    return 1 if wrong or leaks or code else 0


def _write_anew(demo: DemoClass) -> None:
    """Write the class's files; nothing of an earlier run stays."""
    for folder in (SUBMISSIONS, GRADED):
        shutil.rmtree(folder, ignore_errors=True)
    write_class(demo, SUBMISSIONS)


def _grade() -> int:
    """Run the command that an instructor runs; return its exit code."""
    arguments = ["grade", _relative(SUBMISSIONS), "--output", _relative(GRADED)]
    print(f"$ grader {' '.join(arguments)}", flush=True)
    command = Path(sys.executable).with_name("grader")
    return subprocess.run([command, *arguments], cwd=ROOT, check=False).returncode


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def expected_scores(demo: DemoClass, course: Course) -> dict[Place, Score]:
    """Return the score of every student's every exercise; without a file it is nothing, not attempted."""
    nothing: Score = (0.0, Verdict.NOT_ATTEMPTED.value)
    scores = {(student, exercise.id): nothing for student in demo.students for exercise in course.exercises}
    for answer in demo.answers:
        scores[answer.student, answer.exercise] = (answer.points, answer.verdict.value)
    return scores


def differences(expected: dict[Place, Score], grades: list[dict[str, Any]]) -> list[Wrong]:
    """Return every score that is not as expected, that is missing, or that nobody expects."""
    given = {(grade["student"], grade["exercise"]): grade for grade in grades}
    wrong = []
    for place in sorted(expected.keys() | given.keys()):
        grade = given.get(place)
        actual = None if grade is None else (grade["points"], grade["verdict"])
        if actual != expected.get(place):
            wrong.append(Wrong(place, expected.get(place), actual, _missed(grade)))
    return wrong


def _missed(grade: dict[str, Any] | None) -> str:
    checks = [] if grade is None else grade["checks"]
    missed = [check for check in checks if check["verdict"] != Verdict.PASSED.value]
    return ", ".join(f"{check['name'].removeprefix('test_')} {check['verdict']}" for check in missed)


def find_leaks(course: Course, graded: Path) -> list[str]:
    """Return where a spied input or a stolen solution comes out.

    A student reads the terminal, a page and Markdown, and nothing spied may be in them. The instructor's files do hold what
    was spied: otherwise the spies had seen nothing, and this would prove nothing.
    """
    with Gradebook(graded / "gradebook.db", course.id) as gradebook:
        grades = gradebook.grades(course)
    leaks = [
        f"{grade.student} {grade.exercise}: a student reads a hidden input"
        for grade in grades
        if SPIED in _feedback(course, grade)
    ]
    if SPIED in (graded / "grades.csv").read_text(encoding="utf-8"):
        leaks.append("grades.csv: a hidden input")
    results = (graded / "results.json").read_text(encoding="utf-8")
    if STOLEN in results:
        leaks.append("results.json: a solution was stolen")
    if SPIED not in results:
        leaks.append("results.json: the spies have seen no hidden input, so their test tests nothing")
    return leaks


def _feedback(course: Course, grade: Grade) -> str:
    """Return all that a student reads of a grade, in both languages."""
    text = StringIO()
    console = Console(file=text, width=200, color_system=None)
    languages: tuple[Language, ...] = ("en", "ko")
    for language in languages:
        console.print(render_grade(grade, language))
        for _, page, markdown in feedback_files(course, [grade], language):
            text.write(page + markdown)
    return text.getvalue()


def _print_findings(console: Console, wrong: list[Wrong], leaks: list[str], total: int) -> None:
    console.print()
    if wrong:
        console.print(table_of(wrong))
        console.print(f"{len(wrong)} of {total} scores are not as expected", style="bold red")
    else:
        console.print(f"all {total} scores are as expected", style="bold green")
    for leak in leaks:
        console.print(leak, style="bold red")


def table_of(wrong: list[Wrong]) -> Table:
    table = Table("student", "exercise", "expected", "got", "not passed")
    for item in wrong:
        table.add_row(*item.place, _score(item.expected), _score(item.actual), item.checks)
    return table


def _score(score: Score | None) -> str:
    return "-" if score is None else f"{'-' if score[0] is None else f'{score[0]:g}'} {score[1]}"


if __name__ == "__main__":
    sys.exit(main())
