"""A page of checks ends with one next step, and says each thing once."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from typing import Any

import pytest

from grader.commands.options import print_page, write_anything
from grader.model import CheckResult, Course, Explanation, Text, Verdict
from grader.reports.answers_table import answers_table
from grader.reports.next_step import next_step
from grader.reports.terminal import render_grade, render_notes
from grader.reports.views import notes_of, student_view
from tests.support.records import GRADE, PASSED

HIDDEN = replace(PASSED, name="test_h", visible=False)


def missed(verdict: Verdict, key: str, of: CheckResult = PASSED, **values: Any) -> CheckResult:
    return replace(of, verdict=verdict, earned=0, explanation=Explanation(key, values), call="double(3)")


RAISED: dict[str, Any] = {"type": "ValueError", "message": "x", "denied": False, "code": "line\n^"}


@pytest.mark.parametrize(
    ("result", "step"),
    [
        (PASSED, "Next: hand it in."),
        (missed(Verdict.NOT_ATTEMPTED, "submission.not_attempted"), "Next: write `double` and check again."),
        (
            missed(Verdict.ERROR, "submission.raised", **RAISED, place="a.py:1 → a.py:4"),
            "Next: look at a.py:4, mend it, and check again.",
        ),
        (
            missed(Verdict.TIMEOUT, "submission.timeout", seconds=5.0),
            "Next: print something in each loop of `double`, and see which one does not end.",
        ),
        (
            missed(Verdict.FAILED, "check.assert", text="x"),
            "Next: run the call of “doubles” yourself and print what comes of each step.",
        ),
        (missed(Verdict.CRASHED, "submission.exit", code=1), "Next: mend what “doubles” says, and check again."),
        (
            missed(Verdict.ERROR, "submission.raised", HIDDEN, **RAISED, place="a.py:4242"),
            "Next: “doubles” is hidden. Try inputs of your own that its title tells of.",
        ),
    ],
)  # fmt: skip
def test_the_first_check_that_did_not_pass_says_what_is_next(result: CheckResult, step: str) -> None:
    bonus = replace(missed(Verdict.FAILED, "check.assert", text="x"), kind="bonus")
    grade = replace(GRADE, checks=(bonus, result), notes=(), verdict=result.verdict)
    assert next_step(grade).in_language("en") == step
    assert next_step(grade).in_language("ko").startswith("다음: ")


def page(
    capsys: pytest.CaptureFixture[str], *checks: CheckResult, notes: tuple[Explanation, ...] = ()
) -> str:
    grade = replace(GRADE, checks=checks, notes=notes)
    print_page(*render_notes(notes_of(grade), "en"), render_grade(grade, "en"))
    return capsys.readouterr().out


def test_what_is_wrong_with_the_whole_file_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    why = Explanation(
        "submission.load_raised",
        {
            "type": "SyntaxError",
            "message": "expected ':'",
            "place": "a.py:1",
            "denied": False,
            "code": "x\n ^",
        },
    )
    checks = [replace(item, verdict=Verdict.ERROR, earned=0, explanation=why) for item in (PASSED, HIDDEN)]
    shown = page(capsys, *checks, notes=(why,))
    assert shown.count("expected ':'") == shown.count("    x\n     ^\n") == 1
    assert "None of the 2 checks could run." in shown
    assert "doubles" not in shown


def test_the_same_exception_is_told_once_and_of_a_hidden_check_no_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    raised = missed(Verdict.ERROR, "submission.raised", **RAISED, place="a.py:4")
    other = missed(Verdict.ERROR, "submission.raised", HIDDEN, **{**RAISED, "code": "4242"}, place="a.py:9")
    shown = page(capsys, raised, raised, replace(raised, visible=False), other)
    assert shown.count("ValueError") == shown.count("    line\n    ^\n") == 1
    assert shown.count("As at “doubles”.") == 2
    assert "4242" not in shown
    *_, view = student_view([raised, other])
    assert (view.code, view.place) == ("", "")


def test_the_exit_code_of_a_process_is_no_line_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    shown = page(capsys, missed(Verdict.CRASHED, "submission.exit", code=3))
    assert "exit code 3" in shown
    assert "    3\n" not in shown


def test_in_a_pipe_no_line_is_broken_or_padded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    shown = page(capsys, missed(Verdict.FAILED, "check.assert", text="word " * 100 + "end"))
    assert " word end\n" in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_at_60_columns_nothing_is_wider(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = page(capsys, missed(Verdict.FAILED, "check.assert", text="word " * 100 + "end"))
    assert max(map(len, shown.splitlines())) <= 60


def test_an_output_in_ascii_gets_other_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, "ascii"))
    write_anything()
    print_page("✓ “a” — b → c × 한글 é")
    sys.stdout.flush()
    assert written.getvalue() == b'+ "a" - b -> c x ???? ?\n'


def test_what_is_next_wraps_beside_the_other_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny: Course
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = replace(
        missed(Verdict.FAILED, "check.assert", text="x"), title=Text({"en": "word " * 20 + "end", "ko": "끝"})
    )
    grade = replace(GRADE, exercise="ex01", checks=(long,), verdict=Verdict.FAILED)
    print_page(answers_table(tiny, {"ex01": grade}, "en"))
    head, first, *others = capsys.readouterr().out.splitlines()
    column = head.index("next")
    assert first[column:].startswith("word")
    wrapped = others[: next(i for i, line in enumerate(others) if "ex02" in line)]
    assert wrapped
    assert all(line[:column].strip() == "" for line in wrapped)
    assert max(map(len, (first, *others))) <= 60
