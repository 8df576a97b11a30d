"""The formats that `grader export` writes: one row for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.exports.canvas import canvas_csv
from grader.exports.github_classroom import classroom_workflow
from grader.exports.grades_csv import checks_csv, grades_csv
from grader.exports.gradescope import gradescope_export
from grader.exports.gradescope_autograder import autograder_zip
from grader.exports.junit import junit_xml
from grader.exports.moodle import moodle_csv
from grader.exports.request import Export, ExportRequest
from grader.exports.results import results_json

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True)
class Format:
    """A format that another system takes."""

    about: str
    """The sentence of the catalogue that says what it is."""
    make: Callable[[ExportRequest], Export]
    reads_grades: bool = True
    """Whether it is made of a gradebook's grades, and not of the course alone."""
    may_be_marked: bool = False
    """Whether the mark by which Excel knows UTF-8 may stand before it."""
    file: str | None = None
    """Where it is written when nothing else is said, if not to the terminal."""


FORMATS = {
    "csv": Format(
        "export.about_csv", lambda asked: Export(grades_csv(asked.part, asked.grades)), may_be_marked=True
    ),
    "csv-checks": Format(
        "export.about_csv_checks", lambda asked: Export(checks_csv(asked.grades)), may_be_marked=True
    ),
    "json": Format(
        "export.about_json", lambda asked: Export(results_json(asked.part, asked.grades, asked.run))
    ),
    "junit": Format("export.about_junit", lambda asked: Export(junit_xml(asked.grades, asked.language))),
    # No mark: Canvas compares its first heading letter by letter.
    "canvas": Format(
        "export.about_canvas", lambda asked: canvas_csv(asked.part, asked.grades, asked.lms_class)
    ),
    "moodle": Format(
        "export.about_moodle",
        lambda asked: moodle_csv(
            asked.part,
            asked.grades,
            asked.lms_class,
            feedback=asked.language if asked.has_feedback else None,
        ),
        may_be_marked=True,
    ),
    "gradescope": Format("export.about_gradescope", gradescope_export),
    "gradescope-autograder": Format(
        "export.about_gradescope_autograder",
        lambda asked: Export(
            autograder_zip(
                asked.course,
                [exercise.id for exercise in asked.exercises],
                language=asked.language,
                isolation=asked.isolation,
            )
        ),
        reads_grades=False,
        file="autograder.zip",
    ),
    "github-actions": Format(
        "export.about_github_actions",
        lambda asked: Export(
            classroom_workflow(
                asked.exercises, language=asked.language, isolation=asked.isolation, source=asked.source
            )
        ),
        reads_grades=False,
    ),
}
