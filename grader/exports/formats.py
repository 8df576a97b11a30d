"""The formats that `grader export` writes: one row for each. What makes a format is imported when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.exports.request import Export, ExportRequest


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


def _csv(asked: ExportRequest) -> Export:
    from grader.exports.grades_csv import grades_csv

    return Export(grades_csv(asked.part, asked.grades))


def _csv_checks(asked: ExportRequest) -> Export:
    from grader.exports.grades_csv import checks_csv

    return Export(checks_csv(asked.grades))


def _json(asked: ExportRequest) -> Export:
    from grader.exports.results import results_json

    return Export(results_json(asked.part, asked.grades, asked.run))


def _junit(asked: ExportRequest) -> Export:
    from grader.exports.junit import junit_xml

    return Export(junit_xml(asked.grades, asked.language))


def _canvas(asked: ExportRequest) -> Export:
    from grader.exports.canvas import canvas_csv

    return canvas_csv(asked.part, asked.grades, asked.lms_class)


def _moodle(asked: ExportRequest) -> Export:
    from grader.exports.moodle import moodle_csv

    feedback = asked.language if asked.has_feedback else None
    return moodle_csv(asked.part, asked.grades, asked.lms_class, feedback=feedback)


def _gradescope(asked: ExportRequest) -> Export:
    from grader.exports.gradescope import gradescope_export

    return gradescope_export(asked)


def _gradescope_autograder(asked: ExportRequest) -> Export:
    from grader.exports.gradescope_autograder import autograder_zip

    names = [exercise.id for exercise in asked.exercises]
    return Export(autograder_zip(asked.course, names, language=asked.language, isolation=asked.isolation))


def _github_actions(asked: ExportRequest) -> Export:
    from grader.exports.github_classroom import classroom_workflow

    return Export(
        classroom_workflow(
            asked.exercises, language=asked.language, isolation=asked.isolation, source=asked.source
        )
    )


FORMATS = {
    "csv": Format("export.about_csv", _csv, may_be_marked=True),
    "csv-checks": Format("export.about_csv_checks", _csv_checks, may_be_marked=True),
    "json": Format("export.about_json", _json),
    "junit": Format("export.about_junit", _junit),
    # No mark: Canvas compares its first heading letter by letter.
    "canvas": Format("export.about_canvas", _canvas),
    "moodle": Format("export.about_moodle", _moodle, may_be_marked=True),
    "gradescope": Format("export.about_gradescope", _gradescope),
    "gradescope-autograder": Format(
        "export.about_gradescope_autograder",
        _gradescope_autograder,
        reads_grades=False,
        file="autograder.zip",
    ),
    "github-actions": Format("export.about_github_actions", _github_actions, reads_grades=False),
}
