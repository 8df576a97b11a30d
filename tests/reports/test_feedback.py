"""A hidden check gives a student its property, its verdict and the misconception's explanation, in every format."""

from __future__ import annotations

import html
import json
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.exports.gradescope import gradescope_results
from grader.exports.junit import junit_xml
from grader.gradebook.store import Gradebook
from grader.model import Explanation, Grade, Language, Misconception, Text, Verdict
from grader.reports.cells import grade_html, grade_text
from grader.reports.files import file_stem
from grader.reports.markdown import feedback_files, feedback_markdown
from grader.reports.next_step import next_step
from tests.support.places import TINY
from tests.support.records import (
    COURSE,
    DECIDED,
    EVIL_NAME,
    GRADE,
    HIDDEN_ERROR,
    HIDDEN_WRONG,
    PASSED,
    WINDOWED,
    WRONG,
)

MISTAKE = Misconception(
    "hidden-id", Text({"en": "You took rows for columns.", "ko": "행과 열을 바꾸었습니다."})
)
# Everything that could carry a hidden input out, marked by one number.
HIDDEN = (
    replace(HIDDEN_WRONG, call="double(4242)", misconception=MISTAKE, seconds=42.42),
    replace(HIDDEN_ERROR, call="double(4242)"),
    replace(
        HIDDEN_WRONG,
        name="test_e",
        verdict=Verdict.UNGRADED,
        explanation=Explanation(
            "submission.judge_raised", {"type": "E", "place": "x.py:1", "message": "array 4242"}
        ),
    ),
    replace(
        HIDDEN_WRONG,
        name="test_f",
        verdict=Verdict.CRASHED,
        explanation=Explanation("submission.signal", {"signal": "SIG4242"}),
    ),
)
SPIED = replace(GRADE, student="ann", checks=(PASSED, WRONG, *HIDDEN))


def page(grade: Grade, language: Language) -> str:
    ((_, text, _),) = feedback_files(COURSE, [grade], language)
    return text


def markdown(grade: Grade, language: Language) -> str:
    return feedback_markdown(COURSE, grade.student, {grade.exercise: grade}, language)


def gradescope(grade: Grade, language: Language) -> str:
    text = gradescope_results(COURSE, {grade.exercise: grade}, language)
    assert text is not None
    return text


def junit(grade: Grade, language: Language) -> str:
    return junit_xml([grade], language)


def cell(grade: Grade, language: Language) -> str:
    return grade_html(grade, language)


def comment(grade: Grade, language: Language) -> str:
    """What nbgrader's feedback says beside a part that is graded by hand."""
    return grade_text(grade, language)


FORMATS = [page, markdown, gradescope, junit, cell, comment]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("make", FORMATS)
def test_nothing_of_a_hidden_check_but_property_verdict_and_explanation(
    make: Callable[[Grade, Language], str], language: Language
) -> None:
    text = make(SPIED, language)
    assert "4242" not in text
    assert "42.42" not in text
    assert "hidden-id" not in text
    assert "test_e" not in text
    assert MISTAKE.text.in_language(language) in text
    assert HIDDEN_WRONG.title.in_language(language) in text


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("make", [page, markdown, cell, comment])
def test_feedback_ends_with_the_step_that_the_terminal_says(
    make: Callable[[Grade, Language], str], language: Language
) -> None:
    wrong = replace(SPIED, checks=(PASSED, WRONG), verdict=Verdict.FAILED)
    step = next_step(wrong).in_language(language)
    assert step in html.unescape(make(wrong, language))
    done = replace(SPIED, checks=(PASSED,), verdict=Verdict.PASSED)
    # What was handed in is not to be handed in.
    hand_in = next_step(done).in_language(language)
    assert (hand_in in make(done, language)) == (make in (cell, comment))


@pytest.mark.parametrize("make", FORMATS)
def test_the_window_is_shown_where_the_check_is_visible(make: Callable[[Grade, Language], str]) -> None:
    seen = make(replace(SPIED, checks=(WINDOWED,)), "en")
    unseen = make(replace(SPIED, checks=(replace(WINDOWED, visible=False),)), "en")
    for part in ("is made from rows -1 to 0", "4711", "815"):
        assert (part in seen, part in unseen) == (True, False)


def test_the_window_in_markdown_is_a_block_below_its_sentence() -> None:
    lines = markdown(replace(SPIED, checks=(WINDOWED,)), "en").splitlines()
    at = next(number for number, line in enumerate(lines) if "is made from" in line)
    assert lines[at].endswith("of the input (· is padding):")
    assert [line.split() for line in lines[at + 1 : at + 5]] == [
        ["```text"],
        ["·", "·"],
        ["4711", "815"],
        ["```"],
    ]


@pytest.mark.parametrize("make", [page, markdown, gradescope])
def test_a_visible_check_is_shown_whole(make: Callable[[Grade, Language], str]) -> None:
    text = make(SPIED, "en")
    assert "double(int64 1x2x2x1)" in text
    assert "1 of 4 values is wrong" in text
    assert "13" in text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_student_reads_what_was_decided_but_not_why_they_were_given_time(language: Language) -> None:
    said = {
        "en": [
            "Handed in: 2026-11-23 14:00 UTC",
            "Attempt 2 of 3 counts.",
            "extended until 2026-11-21 15:00 UTC.",
            "day 2 after the due date 2026-11-21 15:00 UTC, 20 % less",
            "Points set to 2.5 by kim: looked",
            "Comment by lee: well",
        ],
        "ko": [
            "3번 중 2번째",
            "2일째, 20% 감점",
            "kim이 점수를 2.5점으로 정했습니다: looked",
            "lee의 의견: well",
        ],
    }
    for shown in (page(DECIDED, language), markdown(DECIDED, language)):
        assert [sentence for sentence in said[language] if sentence not in shown] == []
        assert "hospital" not in shown


@pytest.mark.parametrize("make", FORMATS)
def test_a_skipped_check_names_what_it_needs_by_its_title(make: Callable[[Grade, Language], str]) -> None:
    why = Explanation("check.skipped", {"after": HIDDEN_WRONG.name})
    skipped = replace(HIDDEN_WRONG, name="test_z", verdict=Verdict.SKIPPED, explanation=why)
    text = make(replace(SPIED, checks=(HIDDEN_WRONG, skipped)), "en")
    assert f"it needs “{HIDDEN_WRONG.title['en']}”" in text
    assert HIDDEN_WRONG.name not in text


def test_the_page_runs_nothing_of_a_students() -> None:
    evil = replace(SPIED, student=EVIL_NAME)
    assert "<script>alert" not in page(evil, "en")


def test_markdown_shows_text_as_it_is() -> None:
    evil = replace(WRONG, output="```\n# no heading\n<b>", call="f(`x`)")
    text = markdown(replace(SPIED, student="*ann* [x](y) <b>", checks=(evil,)), "en")
    assert text.startswith("# \\*ann\\* [x]\\(y) \\<b>\n")
    assert "  ````text\n" in text
    assert "`` f(`x`) ``" in text


def test_an_ungraded_exercise_has_no_reason_of_ours_in_it() -> None:
    note = Explanation("submission.judge_died", {"error": "4242"})
    grade = replace(SPIED, verdict=Verdict.UNGRADED, checks=(), notes=(note,))
    assert not [make for make in FORMATS if make is not gradescope and "4242" in make(grade, "en")]
    assert "ungraded" in markdown(grade, "en")


def test_gradescope_gets_no_file_where_something_is_ungraded() -> None:
    ungraded = replace(SPIED, verdict=Verdict.UNGRADED)
    assert gradescope_results(COURSE, {"ex01": ungraded}, "en") is None


def test_file_names_are_safe_and_different() -> None:
    taken: set[str] = set()
    names = [file_stem(name, taken) for name in ("a/b", "a:b", "../x", "", "Kim", "kim", "가" * 99)]
    assert names[:6] == ["a_b", "a_b-2", "_x", "_", "Kim", "kim-2"]
    assert len(names[6].encode()) <= 80


@pytest.mark.parametrize(
    ("first", "second"),
    [("Kim", "KIM"), ("straße", "STRASSE"), ("김민준", unicodedata.normalize("NFD", "김민준")), ("a?", "a*")],
)
def test_no_file_system_takes_two_names_for_one(first: str, second: str) -> None:
    taken: set[str] = set()
    one, other = file_stem(first, taken), file_stem(second, taken)
    assert other.endswith("-2")
    assert not one.endswith("-2")


@pytest.mark.parametrize("student", ["con", "NUL", "com1.x", "..", ".", "~", "-"])
def test_no_file_is_a_device_or_a_folder(student: str) -> None:
    assert file_stem(student, set()) in {"_con", "_NUL", "_com1.x", "_", "~", "-"}


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """Return the folder of a gradebook of the tiny course."""
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        run = gradebook.begin_run({})
        gradebook.add(run, SPIED)
        gradebook.add(run, replace(SPIED, student="Bob Ko_12_assignsubmission_file_"))
    return tmp_path


def invoke(*arguments: str | Path) -> tuple[int, str, str]:
    words = [*map(str, arguments), "--course", str(TINY), "--lang", "en"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_writes_a_page_and_a_text_for_each_student(graded: Path) -> None:
    code, shown, _ = invoke("feedback", "--output", graded)
    assert code == 0
    assert "Feedback of 2 students" in shown
    names = sorted(path.name for path in (graded / "feedback").iterdir())
    bob = "Bob Ko_12_assignsubmission_file_"
    assert names == [f"{bob}.html", f"{bob}.md", "ann.html", "ann.md"]


def test_the_zip_holds_whom_moodle_knows_and_names_the_others(graded: Path) -> None:
    code, _, errors = invoke("feedback", "--output", graded, "--zip", graded / "f.zip")
    assert code == 2
    assert "ann" in errors
    with zipfile.ZipFile(graded / "f.zip") as archive:
        prefix = "Bob Ko_12_assignfeedback_file_tiny"
        assert archive.namelist() == [f"{prefix}.html", f"{prefix}.md"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_hidden_is_in_any_file_that_leaves_the_instructor(graded: Path, language: Language) -> None:
    """Pages, Markdown, both again in the zip, and the tables of points: no input, value, call, output or function's name."""
    invoke("feedback", "--output", graded, "--zip", graded / "f.zip", "--lang", language)
    for form in ("csv", "moodle", "junit"):
        invoke("export", form, "--graded", graded, "--output", graded / f"points.{form}", "--lang", language)
    files = {path.name: path.read_bytes() for path in graded.glob("points.*")}
    files |= {path.name: path.read_bytes() for path in (graded / "feedback").iterdir()}
    with zipfile.ZipFile(graded / "f.zip") as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}
    assert len(files) == 9
    secrets = ("4242", "42.42", "hidden-id", *(check.name for check in HIDDEN))
    found = [(name, secret) for name, data in files.items() for secret in secrets if secret.encode() in data]
    assert found == []


def test_without_a_gradebook_nothing_is_made(tmp_path: Path) -> None:
    code, _, errors = invoke("feedback", "--output", tmp_path / "none")
    assert code == 2
    assert "There is no gradebook" in errors
    assert not (tmp_path / "none").exists()


def test_gradescopes_tests_add_up_to_the_checks() -> None:
    document = json.loads(gradescope(SPIED, "en"))
    assert document["score"] == 1
    assert [test["status"] for test in document["tests"]] == ["passed", *["failed"] * 5]
    assert all(test["visibility"] == "visible" for test in document["tests"])
