"""The files beside a gradebook: grades.csv, results.json and the report; each is made again when it has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.gradebook.folder import last_run
from grader.gradebook.store import Gradebook
from grader.model import Course, Grade
from grader.reports.pages.written import Written, page_name, remove_others, report_digests
from grader.scoring import given_out

REPORT = Path("reports") / "index.html"


def write_reports(
    course: Course, gradebook: Gradebook, output: Path, now: datetime | None = None
) -> tuple[Grade, ...]:
    """Write those files and pages of what counts now that are not there yet; return the grades, without their checks.

    Exercises that are not given out are left out.

    Raises:
        RequestError: a file cannot be written.
    """
    course, grades = given_out(course, gradebook.standings(course), now or datetime.now(UTC))
    run = last_run(gradebook)
    digests = report_digests(course, grades, run)
    written = Written(output)
    stale = {name for name, digest in digests.items() if not written.is_current(name, digest)}
    for name, content in _files(course, gradebook, grades, run, stale) if stale else ():
        written.write(name, content, digests[name])
    reports = {name.removeprefix("reports/") for name in digests}
    remove_others(output / "reports", reports)
    written.save()
    return grades


def _files(
    course: Course,
    gradebook: Gradebook,
    grades: Sequence[Grade],
    run: Mapping[str, Any] | None,
    names: set[str],
) -> Iterator[tuple[str, str]]:
    # Most runs have no page to make: what makes them is not even imported then.
    from grader.exports.grades_csv import grades_csv
    from grader.exports.results import results_json
    from grader.reports.pages.class_report import class_report

    wanted = {name.removeprefix("reports/") for name in names}
    if all(name.startswith("students/") for name in wanted):
        # Pages of students alone: the rest of the class does not matter to them.
        grades = [grade for grade in grades if page_name(grade.student) in wanted]
    whole = gradebook.with_checks(course, grades)
    if "grades.csv" in names:
        yield "grades.csv", grades_csv(course, whole)
    if "results.json" in names:
        yield "results.json", results_json(course, whole, run)
    for name, page in class_report(course, whole, run, wanted):
        yield f"reports/{name}", page
