"""Each export against its published format, and against a file that was looked at."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from grader.errors import RequestError
from grader.exports.canvas import canvas_csv
from grader.exports.formats import FORMATS
from grader.exports.github_classroom import classroom_workflow
from grader.exports.grades_csv import checks_csv, grades_csv
from grader.exports.gradescope import gradescope_results
from grader.exports.junit import junit_xml
from grader.exports.lms_class import LmsClass, read_lms_class
from grader.exports.moodle import moodle_csv
from grader.exports.request import Export
from grader.exports.results import Results, results_json, results_schema
from grader.messages.sentences import points_text
from grader.model import Explanation, Grade, Text, Verdict
from grader.reports.files import safe_cell
from grader.reports.markdown import feedback_markdown
from grader.reports.students import cell_text, total_text
from tests.golden import HERE, same_as_golden
from tests.support.places import ROOT
from tests.support.records import CLASS, COURSE, DECIDED, EVIL_NAME, EXERCISE, GRADE, RUN

DOCS = ROOT / "docs"
DECISIONS = (DECIDED, *CLASS[1:])


def roster(name: str) -> LmsClass:
    return read_lms_class((HERE / name).read_text(encoding="utf-8"), name)


def table(content: object) -> list[list[str]]:
    assert isinstance(content, str)
    return list(csv.reader(io.StringIO(content)))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_told_of_in_the_documents(name: str) -> None:
    assert f"`{name}`" in (DOCS / "reports.md").read_text(encoding="utf-8")


def test_csv() -> None:
    assert same_as_golden("grades.csv", grades_csv(COURSE, CLASS))
    assert table(grades_csv(COURSE, CLASS)) == [
        ["student", "ex01", "ex02", "total", "possible"],
        [EVIL_NAME, "2.5", "0", "2.5", "8"],
        ["'=1+1", "", "0", "", "8"],
        ["ann", "1", "4", "5", "8"],
    ]


def test_csv_counts_what_counts_in_the_end() -> None:
    assert table(grades_csv(COURSE, DECISIONS))[3] == ["ann", "2.5", "4", "6.5", "8"]


def test_csv_of_checks() -> None:
    assert same_as_golden("checks.csv", checks_csv(CLASS))


@pytest.mark.parametrize(
    ("points", "text"),
    [(0, "0"), (2.5, "2.5"), (2.700000000000001, "2.7"), (1234567.25, "1234567.25"), (100.0, "100")],
)
def test_points_are_written_out(points: float, text: str) -> None:
    assert points_text(points) == text


def test_no_student_is_left_out_of_the_checks() -> None:
    rows = {(row[0], row[1]): row[2:8] for row in table(checks_csv(CLASS)) if not row[2]}
    assert rows == {
        ("'=1+1", "ex01"): ["", "", "", "ungraded", "", "4"],
        ("'=1+1", "ex02"): ["", "", "", "not_attempted", "0", "4"],
        (EVIL_NAME, "ex02"): ["", "", "", "not_attempted", "0", "4"],
    }


def test_an_ungraded_check_has_no_points() -> None:
    ungraded = replace(GRADE, checks=(replace(GRADE.checks[0], verdict=Verdict.UNGRADED, earned=0),))
    assert table(checks_csv([ungraded]))[1][6] == ""


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_is_a_formula(sign: str) -> None:
    assert safe_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("value", ["ann", "", "1", "a=b", "김민준", "-", "-2.5", "+1"])
def test_other_cells_stay_as_they_are(value: str) -> None:
    assert safe_cell(value) == value


def test_json_is_what_its_schema_says() -> None:
    document = json.loads(results_json(COURSE, DECISIONS, RUN))
    schema = json.loads(results_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    assert TypeAdapter(Results).validate_python(document).format == 1
    points = {(grade["student"], grade["exercise"]): grade["points"] for grade in document["grades"]}
    assert points["=1+1", "ex01"] is None
    assert points["ann", "ex01"] == 2.5
    standing = document["grades"][0]["standing"]
    assert (standing["earned"], standing["attempt"], standing["late"]["percent"]) == (1, 2, 20)
    assert (standing["override"]["why"], standing["override"]["author"]) == ("looked <b>again", "kim")
    assert [item["why"] for item in standing["comments"]] == ["well <i>explained"]
    assert document["grades"][0]["submitted_at"] == "2026-11-23T14:00:00Z"
    assert document["grades"][1]["standing"] is None
    verdicts = [check["verdict"] for check in document["grades"][0]["checks"]]
    assert verdicts == ["passed", "failed", "failed", "error"]


def test_every_field_of_the_schema_is_described() -> None:
    schema = json.loads(results_schema())
    records = {"Results": schema, **schema["$defs"]}
    fields = {(name, field) for name, record in records.items() for field in record.get("properties", {})}
    without = {
        (name, field) for name, field in fields if not records[name]["properties"][field].get("description")
    }
    assert without == set()
    assert all(record.get("description") for record in records.values())


def test_a_reader_of_the_schema_takes_fields_that_came_later() -> None:
    document = json.loads(results_json(COURSE, DECISIONS, RUN))
    for record in (document, document["course"], document["grades"][0], document["grades"][0]["checks"][0]):
        record["a field of tomorrow"] = 1
    jsonschema.validate(document, json.loads(results_schema()))


def test_json_of_a_run_that_nobody_knows() -> None:
    document = json.loads(results_json(COURSE, CLASS, None))
    jsonschema.validate(document, json.loads(results_schema()))
    assert document["run"] is None


def test_json() -> None:
    assert same_as_golden("results.json", results_json(COURSE, CLASS, RUN))


def test_the_published_schema_is_the_models() -> None:
    path = DOCS / "results.schema.json"
    if os.environ.get("GRADER_GOLDEN") == "write":
        path.write_text(results_schema(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == results_schema()


def test_junit() -> None:
    grades = [replace(grade, graded_at=datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)) for grade in CLASS]
    content = junit_xml(grades, "en")
    # From when each was graded a student could tell how long a hidden check took.
    assert "01:02" not in content
    assert same_as_golden("junit.xml", content)
    hold_to_schema(ElementTree.fromstring(content))


# What https://github.com/jenkinsci/xunit-plugin's junit-10.xsd allows of what we write: element -> children, attributes.
_CASE = {"name", "classname", "time"}
_COUNTS = {"name", "tests", "failures", "errors"}
JUNIT = {
    "testsuites": ({"testsuite"}, {"name"}, set()),
    "testsuite": ({"properties", "testcase"}, {*_COUNTS, "skipped"}, _COUNTS),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, {"name", "value"}),
    "testcase": ({"failure", "error", "skipped"}, _CASE, {"name"}),
    "failure": (set(), {"message", "type"}, set()),
    "error": (set(), {"message", "type"}, set()),
    "skipped": (set(), {"message"}, set()),
}


def hold_to_schema(root: ElementTree.Element) -> None:
    """Hold a document to the schema, its counts to what is there, and its names to be single."""
    assert root.tag == "testsuites"
    for element in root.iter():
        children, allowed, required = JUNIT[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= allowed
    for suite in root.iter("testsuite"):
        counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
        for name, tag in counts.items():
            assert len(list(suite.iter(tag))) == int(suite.attrib[name])
        names = [case.attrib["name"] for case in suite.iter("testcase")]
        assert len(names) == len(set(names)) > 0


def test_junit_has_everybody_and_the_points_that_count() -> None:
    root = ElementTree.fromstring(junit_xml(DECISIONS, "en"))
    hold_to_schema(root)
    suites = {suite.attrib["name"]: suite for suite in root.iter("testsuite")}
    points = {
        name: [(item.attrib["name"], item.attrib["value"]) for item in suite.iter("property")]
        for name, suite in suites.items()
    }
    assert points["ann ex01"] == [("points", "2.5"), ("possible", "4")]
    assert points["=1+1 ex01"] == [("possible", "4")]
    (ungraded,) = suites["=1+1 ex01"].iter("testcase")
    assert [child.tag for child in ungraded] == ["skipped"]
    (missing,) = suites["=1+1 ex02"].iter("testcase")
    assert [child.attrib["message"] for child in missing] == ["nothing handed in"]


def test_junit_takes_any_name() -> None:
    content = junit_xml([replace(GRADE, student="a\x00\x1b\ufffe\ud800<&")], "en")
    suite = next(ElementTree.fromstring(content.encode()).iter("testsuite"))
    assert suite.attrib["name"] == "a\ufffd\ufffd\ufffd\ufffd<& ex01"


def test_canvas_merges_into_its_own_export() -> None:
    made = canvas_csv(COURSE, CLASS, roster("canvas_roster.csv"))
    assert same_as_golden("canvas.csv", str(made.content))
    rows = table(made.content)
    assert rows[0] == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        "Twice (301)",
        "ex02 Twice",
    ]
    assert rows[1][0].strip() == "Points Possible"
    assert ["Lee, Ann", "9001", "20260001", "ann", "CNN-01", "1", "4"] in rows
    assert made.missing == (EVIL_NAME,)


def test_canvas_keeps_its_own_value_where_ours_is_ungraded() -> None:
    rows = table(canvas_csv(COURSE, CLASS, roster("canvas_roster.csv")).content)
    assert ["'=1+1, Eve", "9002", "20260002", "'=1+1", "CNN-01", "2", "0"] in rows


def test_canvas_finds_a_student_by_number_name_or_address() -> None:
    known = roster("canvas_roster.csv")
    found = [known.find(name) for name in ("20260003", "Bo Park", "bo", "9003", "park, bo")]
    assert all(row is not None and row["ID"] == "9003" for row in found)
    assert known.find("Student") is None


def test_a_name_of_two_students_finds_neither() -> None:
    two = read_lms_class("Student,ID,Section\nKim,1,a\nKim,2,a\n", "r.csv")
    assert two.find("Kim") is None
    assert two.find("2") == {"Student": "Kim", "ID": "2", "Section": "a"}


def test_two_folders_of_one_student_are_not_guessed_between() -> None:
    grades = [replace(GRADE, student=name) for name in ("ann", "20260001")]
    made = canvas_csv(COURSE, grades, roster("canvas_roster.csv"))
    assert made.missing == ("20260001", "ann")
    assert len(table(made.content)) == 2


def test_a_roster_may_have_semicolons() -> None:
    known = read_lms_class("Student;ID;Section\nLee, Ann;1;a\n", "r.csv")
    assert known.find("1") == {"Student": "Lee, Ann", "ID": "1", "Section": "a"}


def refused(make: Callable[[], object]) -> Explanation:
    with pytest.raises(RequestError) as caught:
        make()
    return caught.value.explanation


def test_a_roster_without_its_columns_is_refused() -> None:
    known = read_lms_class("name,ID\nann,1\n", "r.csv")
    why = refused(lambda: canvas_csv(COURSE, CLASS, known))
    assert why == Explanation("export.no_column", {"file": "r.csv", "columns": "Student, Section"})
    why = refused(lambda: moodle_csv(COURSE, CLASS, known))
    assert why.key == "export.no_identity"
    assert refused(lambda: read_lms_class("", "r.csv")).key == "export.no_column"


CANVAS = "Student,ID,SIS Login ID,Section,Twice (301)\n"


def test_canvas_keeps_who_is_excused_or_was_not_assigned_it() -> None:
    known = read_lms_class(f'{CANVAS}"Lee, Ann",1,ann,a,EX\nx,2,=1+1,a,N/A\n', "r.csv")
    made = canvas_csv(COURSE, CLASS, known)
    assert [row[4] for row in table(made.content)[2:]] == ["N/A", "EX"]


def test_canvas_may_have_last_and_first_names() -> None:
    known = read_lms_class(
        "LastName,FirstName,ID,SIS Login ID,Section\nLee,Ann,1,al,a\n,Bo,2,bo,a\n", "r.csv"
    )
    grades = [replace(GRADE, student=name) for name in ("ann lee", "bo")]
    rows = table(canvas_csv(COURSE, grades, known).content)
    assert rows[0][:3] == ["LastName", "FirstName", "ID"]
    assert [row[:3] for row in rows[2:]] == [["Lee", "Ann", "1"], ["", "Bo", "2"]]


def test_canvas_columns_that_are_titled_alike_are_not_guessed_between() -> None:
    known = read_lms_class("Student,ID,Section,Twice (301),ex01 (302)\nann,1,a,,\n", "r.csv")
    why = refused(lambda: canvas_csv(COURSE, CLASS, known))
    assert why.key == "export.two_columns"
    assert why.values["columns"] == "Twice (301), ex01 (302)"


def test_canvas_columns_that_are_read_only_are_not_written() -> None:
    head = "Student,ID,Section,Twice\n    Points Possible,,,(read only)\nann,1,a,7\n"
    assert table(canvas_csv(COURSE, CLASS, read_lms_class(head, "r.csv")).content)[0][3] == "ex01 Twice"


def test_canvas_says_where_its_points_are_other_ones() -> None:
    known = read_lms_class(f"{CANVAS}    Points Possible,,,,10.00\nann,1,ann,a,\n", "r.csv")
    made = canvas_csv(COURSE, CLASS, known)
    assert table(made.content)[1][4] == "10.00"
    (note,) = made.notes
    assert note == Explanation(
        "export.other_points", {"column": "Twice (301)", "canvas": "10.00", "here": "4"}
    )
    assert canvas_csv(COURSE, CLASS, roster("canvas_roster.csv")).notes == ()


def test_a_new_canvas_assignment_is_no_other_ones_number() -> None:
    course = replace(
        COURSE, exercises=(replace(EXERCISE, title=Text({"en": "Twice (2)", "ko": "두 배 (2)"})),)
    )
    known = read_lms_class("Student,ID,Section\nann,1,a\n", "r.csv")
    assert table(canvas_csv(course, [GRADE], known).content)[0][3] == "ex01 Twice 2"


def test_who_has_no_points_at_all_is_in_no_import() -> None:
    grades = [replace(GRADE, verdict=Verdict.UNGRADED)]
    known = read_lms_class(f"{CANVAS}ann,1,ann,a,3\n", "r.csv")
    for made in (canvas_csv(COURSE, grades, known), moodle_csv(COURSE, grades, None)):
        assert made.missing == ("ann",)
        assert "ann" not in str(made.content)


def test_moodle() -> None:
    made = moodle_csv(COURSE, CLASS, None)
    assert same_as_golden("moodle.csv", str(made.content))
    assert made.missing == ()
    # Moodle stores an empty cell of a new grade item as 0.
    assert table(made.content)[2] == ["'=1+1", "-", "0"]


def test_moodle_with_a_roster_tells_users_by_number_and_address() -> None:
    grades = [replace(grade, student="20260003") if grade.student == "ann" else grade for grade in CLASS]
    made: Export = moodle_csv(COURSE, grades, roster("moodle_participants.csv"))
    rows = table(made.content)
    assert rows[0][:4] == ["First name", "Last name", "ID number", "Email address"]
    assert rows[1] == ["Bo", "Park", "20260003", "bo@example.org", "1", "4"]
    assert rows[2] == ["Eve", "'=Moore", "'=1+1", "eve@example.org", "-", "0"]
    assert made.missing == (EVIL_NAME,)


@pytest.mark.parametrize(
    ("emails", "heading", "written"),
    [
        (("a@x.org", "b@x.org"), "Email address", ["ann", "bo"]),
        (("", "b@x.org"), "ID number", ["ann"]),
    ],
)
def test_no_moodle_row_is_without_a_user(emails: tuple[str, str], heading: str, written: list[str]) -> None:
    """Moodle gives such a row to the user of the row above it."""
    text = f"First name,ID number,Email address\nann,1,{emails[0]}\nbo,,{emails[1]}\n"
    grades = [replace(GRADE, student=name) for name in ("ann", "bo")]
    made = moodle_csv(COURSE, grades, read_lms_class(text, "r.csv"))
    rows = table(made.content)
    assert rows[0][:2] == ["First name", heading]
    assert [row[0] for row in rows[1:]] == written
    assert made.missing == tuple(name for name in ("ann", "bo") if name not in written)


def test_moodles_own_export_keeps_its_headings_and_its_grades() -> None:
    text = (
        "First name,ID number,Email address,Assignment: Twice (Real),Assignment: Twice (Percentage)\n"
        "Eve,=1+1,eve@x.org,3.00,75 %\nAnn,ann,ann@x.org,-,-\n"
    )
    rows = table(moodle_csv(COURSE, CLASS, read_lms_class(text, "r.csv")).content)
    assert rows[0][3:] == ["Assignment: Twice (Real)", "ex02 Twice"]
    assert [row[3:] for row in rows[1:]] == [["3.00", "0"], ["1", "4"]]


def test_moodles_own_export_may_be_in_another_language() -> None:
    text = (
        "이름,ID 번호,이메일 주소,과제: Twice (실제),과제: Twice (백분율),과제: Twice (피드백)\n"
        'Eve,=1+1,eve@x.org,"3,00",75 %,\nAnn,ann,ann@x.org,-,-,good\n'
    )
    rows = table(moodle_csv(COURSE, CLASS, read_lms_class(text, "r.csv")).content)
    assert rows[0][3:] == ["과제: Twice (실제)", "ex02 Twice"]
    assert [row[3:] for row in rows[1:]] == [["3,00", "0"], ["1", "4"]]


def test_a_moodle_list_may_have_korean_headings() -> None:
    known = read_lms_class("이름,성,학번,이메일 주소\n민준,김,20260001,kim@x.org\n", "r.csv")
    rows = table(moodle_csv(COURSE, [replace(GRADE, student="김 민준")], known).content)
    assert rows[0][:4] == ["이름", "성", "학번", "이메일 주소"]
    assert rows[1] == ["민준", "김", "20260001", "kim@x.org", "1"]


def test_moodle_feedback_is_what_there_is_to_say_besides_the_checks() -> None:
    rows = table(moodle_csv(COURSE, DECISIONS, None, feedback="en").content)
    assert rows[0] == ["Username", "ex01 Twice", "ex01 Twice feedback", "ex02 Twice", "ex02 Twice feedback"]
    ann = rows[3]
    assert "Points set to 2.5 by kim: looked &lt;b&gt;again" in ann[2]
    assert ann[4] == ""


def test_moodle_says_what_it_will_refuse() -> None:
    assert moodle_csv(COURSE, CLASS, None).notes == ()
    (note,) = moodle_csv(COURSE, [replace(GRADE, points=100.5)], None).notes
    assert note.key == "export.moodle_points"


# The fields that Gradescope's specification names.
GRADESCOPE = {
    "score": float,
    "output": str,
    "output_format": str,
    "test_output_format": str,
    "test_name_format": str,
    "visibility": str,
    "stdout_visibility": str,
    "tests": list,
}
GRADESCOPE_TEST = {
    "name": str,
    "number": str,
    "score": float,
    "max_score": float,
    "status": str,
    "output": str,
    "output_format": str,
    "visibility": str,
}


def test_gradescope_says_what_was_decided() -> None:
    document = json.loads(gradescope_results(COURSE, {"ex01": DECIDED}, "en") or "")
    assert document["score"] == 2.5
    assert "  Points set to 2.5 by kim: looked <b>again\n" in document["output"]


def test_gradescope() -> None:
    row = {grade.exercise: grade for grade in CLASS if grade.student == "ann"}
    content = gradescope_results(COURSE, row, "en")
    assert content is not None
    assert same_as_golden("gradescope.json", content)
    document = json.loads(content)
    assert set(document) == set(GRADESCOPE)
    assert all(isinstance(document[name], kind | int) for name, kind in GRADESCOPE.items())
    for test in document["tests"]:
        assert set(test) == set(GRADESCOPE_TEST)
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
        assert test["output_format"] in ("text", "html", "simple_format", "md", "ansi")


def test_gradescope_shows_what_was_not_handed_in_and_what_was_not_taken() -> None:
    row = {grade.exercise: grade for grade in CLASS if grade.student == EVIL_NAME}
    row["ex01"] = replace(row["ex01"], notes=(Explanation("submissions.link", {"file": "x.py"}),))
    row["ex02"] = replace(row["ex02"], path="")
    document = json.loads(gradescope_results(COURSE, row, "en", ["hw.py: passed over"]) or "")
    assert document["output"].endswith("About what was handed in:\n  hw.py: passed over")
    assert "  x.py: passed over, links are not followed\nex02:" in document["output"]
    last = document["tests"][-1]
    assert (last["number"], last["score"], last["max_score"]) == ("2", 0, 4)
    assert last["name"] == "ex02 · Twice: nothing handed in"
    assert document["score"] == sum(test["score"] for test in document["tests"]) + 1.5  # by hand, say


def workflow() -> tuple[str, dict[str, Any]]:
    text = classroom_workflow(COURSE.exercises, language="en", isolation="full", source="grader")
    return text, YAML(typ="safe", pure=True).load(text)


def test_the_workflow_reports_each_exercise_under_its_runners_name() -> None:
    text, document = workflow()
    assert same_as_golden("classroom.yml", text)
    steps = document["jobs"]["grade"]["steps"]
    report = steps[-1]
    assert report["uses"] == "classroom-resources/autograding-grading-reporter@v1"
    runners = report["with"]["runners"].split(",")
    assert runners == ["ex01", "ex02"]
    assert {step.get("id") for step in steps} >= set(runners)
    assert set(report["env"]) == {f"{name.upper()}_RESULTS" for name in runners}


@dataclass
class Step:
    """What a step of the workflow left behind when it was executed as GitHub does."""

    code: int
    printed: str
    report: dict[str, Any] | None
    calls: list[str]


def run_step(folder: Path, *answers: Grade | None) -> Step:
    """Execute the step of ex01 with a `grader check` that prints these answers, one a call; None is a failure."""
    stub = folder / "exercises" / "ex01_double" / "stub.py"
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text("stub", encoding="utf-8")
    tools = folder / "tools"
    tools.mkdir()
    for number, grade in enumerate(answers, start=1):
        content = "" if grade is None else results_json(COURSE, [grade], RUN)
        (tools / f"answer{number}").write_text(content, encoding="utf-8")
        verdict = Verdict.UNGRADED if grade is None else grade.verdict
        code = {Verdict.PASSED: 0, Verdict.UNGRADED: 2}.get(verdict, 1)
        (tools / f"code{number}").write_text(str(code), encoding="utf-8")
    script = f'''#!/bin/sh
echo "$*" >> "{tools}/calls"
n=$(wc -l < "{tools}/calls")
cat "{tools}/answer$n"
exit "$(cat "{tools}/code$n")"
'''
    for name, text in (("grader", script), ("python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    step = next(step for step in workflow()[1]["jobs"]["grade"]["steps"] if step.get("id") == "ex01")
    given = {"GITHUB_OUTPUT": str(tools / "out"), "GITHUB_STEP_SUMMARY": str(tools / "summary")}
    answer = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **given, "RUNNER_TEMP": str(tools), "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    report = None
    if (tools / "out").is_file():
        name, _, encoded = (tools / "out").read_text(encoding="utf-8").strip().partition("=")
        assert name == "result"
        report = json.loads(base64.b64decode(encoded))
    calls = (tools / "calls").read_text(encoding="utf-8").splitlines()
    return Step(answer.returncode, answer.stdout + answer.stderr, report, calls)


def test_the_workflow_reports_points_check_by_check(tmp_path: Path) -> None:
    (tmp_path / "ex01.py").write_text("answer", encoding="utf-8")
    step = run_step(tmp_path, GRADE)
    assert step.code == 0, step.printed
    assert step.calls == [
        f"check ex01 --json --summary {tmp_path}/tools/summary --lang en --isolation full",
    ]
    result = step.report
    assert result is not None
    assert (result["version"], result["status"], result["max_score"]) == (1, "fail", 4)
    assert [test["score"] for test in result["tests"]] == [1, 0, 0, 0]
    assert [test["status"] for test in result["tests"]] == ["pass", "fail", "fail", "fail"]
    assert [test["test_code"] for test in result["tests"]] == ["", "double(int64 1x2x2x1)", "", ""]
    assert "4242" not in json.dumps(result)


@pytest.mark.parametrize("answer", [None, replace(GRADE, verdict=Verdict.UNGRADED)])
def test_the_workflow_reports_no_points_for_what_could_not_be_graded(
    tmp_path: Path, answer: Grade | None
) -> None:
    """The reporter adds up what it gets: an error with no points would be a zero."""
    (tmp_path / "ex01.ipynb").write_text("answer", encoding="utf-8")
    step = run_step(tmp_path, answer)
    assert step.code == 1
    assert "::error::ex01 could not be graded" in step.printed
    assert step.report is None
    report = workflow()[1]["jobs"]["grade"]["steps"][-1]
    assert "if" not in report  # a step without a condition is skipped after one that failed


def test_what_was_not_handed_in_is_graded_as_its_stub(tmp_path: Path) -> None:
    """The points are then out of the same number: the visible checks' and not the exercise's."""
    step = run_step(tmp_path, None, replace(GRADE, verdict=Verdict.NOT_ATTEMPTED))
    assert step.code == 0, step.printed
    assert len(step.calls) == 2
    assert (tmp_path / "ex01.py").read_text(encoding="utf-8") == "stub"
    assert step.report is not None


def test_an_answer_under_another_name_is_not_hidden_by_the_stub(tmp_path: Path) -> None:
    (tmp_path / "homework.ipynb").write_text("answer", encoding="utf-8")
    step = run_step(tmp_path, GRADE)
    assert len(step.calls) == 1
    assert not (tmp_path / "ex01.py").exists()


def test_where_the_workflow_installs_from_is_text() -> None:
    source = 'git+https://x.org/a b.git@v1"; $(touch x) #'
    text = classroom_workflow(COURSE.exercises, language="en", isolation="full", source=source)
    document = YAML(typ="safe", pure=True).load(text)
    (install,) = (step for step in document["jobs"]["grade"]["steps"] if step.get("name") == "Install")
    assert install["env"]["SOURCE"] == source
    assert source not in install["run"]


def test_the_workflow_runs_for_pushes_to_the_repository_alone() -> None:
    _, document = workflow()
    assert document["on"] == ["push", "workflow_dispatch", "repository_dispatch"]
    assert document["permissions"] == {"checks": "write", "actions": "read", "contents": "read"}


def test_points_have_the_same_digits_in_every_format() -> None:
    grades = {"ex01": replace(GRADE, points=117.123456), "ex02": replace(GRADE, exercise="ex02", points=9.98)}
    document = json.loads(gradescope_results(COURSE, grades, "en") or "")
    assert document["score"] == 127.103456
    assert "117.123456 / " in document["output"]
    assert cell_text(grades["ex01"]) == "117.123456E"
    assert total_text(grades) == "127.103456"
    assert "**127.103456** / " in feedback_markdown(COURSE, GRADE.student, grades, "en")
    thirds = {
        name: replace(GRADE, exercise=name, points=points) for name, points in (("ex01", 0.1), ("ex02", 0.2))
    }
    assert json.loads(gradescope_results(COURSE, thirds, "en") or "")["score"] == 0.3


def test_a_korean_name_is_found_without_its_space() -> None:
    moodle = read_lms_class("이름,성,학번\n서연,이,20260001\n", "r.csv")
    canvas = read_lms_class('Student,ID,Section\n"이, 서연",7,A\n', "r.csv")
    for known in (moodle, canvas):
        assert known.find("이서연") is not None
        assert known.find("이 서연") is not None or known is canvas


def test_moodle_feedback_has_one_full_stop_between_sentences() -> None:
    late = replace(DECIDED, verdict=Verdict.FAILED)
    said = table(moodle_csv(COURSE, [late], None, feedback="en").content)[1][2]
    assert "The checks gave" in said
    assert ".." not in said
