"""JUnit XML: a test suite for each student's exercise, a test case for each check.

The elements and attributes are those of the schema that Jenkins and pytest hold to
(https://github.com/pytest-dev/pytest/blob/main/testing/example_scripts/junit-10.xsd).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from grader.messages.sentences import points_text
from grader.model import Grade, Language, Text
from grader.reports.markdown import check_markdown
from grader.reports.signs import grade_text
from grader.reports.views import CheckView, notes_of, student_view

# What XML 1.0 has no place for.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(grades: Sequence[Grade], language: Language) -> str:
    """Return the results as JUnit XML, with what a student may read: such files lie open in many places.

    A wrong value is a failure; code that raised or died is an error; what is skipped or ungraded is skipped. An exercise
    for which no check was run is one case of that kind, so that nobody is missing. The points that count are properties
    of the suite; there are none where it is ungraded.
    """
    root = ElementTree.Element("testsuites", name="grader")
    for grade in grades:
        _add_suite(root, grade, language)
    ElementTree.indent(root, " ")
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _add_suite(root: ElementTree.Element, grade: Grade, language: Language) -> None:
    notes = notes_of(grade)
    views = list(student_view(grade.checks, notes)) or [_nothing(grade)]
    kinds = [_kind(view) for view in views]
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=_text(f"{grade.shown_student} {grade.exercise}"),
        tests=str(len(views)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
    )
    _add_points(suite, grade)
    names: Counter[str] = Counter()
    for view in views:
        title = _text(view.title.in_language(language))
        # Readers take two cases of one name for one test.
        names[title] += 1
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=_text(f"{grade.student}.{grade.exercise}"),
            name=title if names[title] == 1 else f"{title} ({names[title]})",
        )
        if view.seconds is not None:
            case.set("time", f"{view.seconds:.3f}")
        _add_outcome(case, view, language)
        if not grade.checks and case:
            case[0].set("message", grade_text(grade).in_language(language))
    if notes:
        said = [part for note in notes for part in (note.text.in_language(language), note.code) if part]
        ElementTree.SubElement(suite, "system-out").text = _text("\n".join(said))


def _add_points(suite: ElementTree.Element, grade: Grade) -> None:
    properties = ElementTree.SubElement(suite, "properties")
    points = [] if grade.is_open else [("points", points_text(grade.points))]
    for name, value in (*points, ("possible", points_text(grade.possible))):
        ElementTree.SubElement(properties, "property", name=name, value=value)


def _nothing(grade: Grade) -> CheckView:
    """Return what stands for the checks that were not run."""
    title = Text({"en": grade.exercise})
    return CheckView("", title, False, grade.verdict, 0.0, grade.possible)


def _kind(view: CheckView) -> str:
    """Return what a check came to; a bonus that was missed fails nobody."""
    return "skipped" if view.kind == "bonus" and view.sign.junit else view.sign.junit


def _add_outcome(case: ElementTree.Element, view: CheckView, language: Language) -> None:
    kind = _kind(view)
    if not kind:
        return
    outcome = ElementTree.SubElement(case, kind, message=view.verdict_text.in_language(language))
    if kind != "skipped":
        outcome.set("type", view.verdict.value)
    outcome.text = _text("\n".join(check_markdown(view, language)))


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)
