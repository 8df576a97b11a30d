from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from grader.messages.sentences import text as messages_text
from grader.model import Explanation, Language, Verdict
from grader.reports.class_table import class_table
from grader.reports.students import cell_text, totals
from grader.reports.terminal import render_grade
from tests.support.records import (
    CLASS,
    COURSE,
    DECIDED,
    EVIL_NAME,
    GRADE,
    HIDDEN_WRONG,
    LATE,
    WINDOWED,
)


def shown(renderable: RenderableType, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_visible_difference_shows_both_tensors_side_by_side() -> None:
    lines = shown(render_grade(GRADE, "en")).splitlines()
    at = next(number for number, line in enumerate(lines) if "yours" in line)
    assert lines[at].split() == ["yours", "expected"]
    assert lines[at + 1].split() == ["5", "7", "5", "7"]
    assert lines[at + 2].split() == ["13", "0", "13", "15"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_feedback_holds_nothing_of_a_hidden_check_but_its_property(language: Language) -> None:
    text = shown(render_grade(GRADE, language))
    assert "4242" not in text
    assert HIDDEN_WRONG.title.in_language(language) in text


def test_the_window_of_the_first_wrong_element_is_drawn() -> None:
    lines = shown(render_grade(replace(GRADE, checks=(WINDOWED,)), "en")).splitlines()
    at = next(number for number, line in enumerate(lines) if "is made from" in line)
    assert lines[at].strip() == (
        "[0, 1, 1, 0] is made from rows -1 to 0, columns 2 to 3 of the input (· is padding)"
    )
    assert [line.split() for line in lines[at + 1 : at + 3]] == [["·", "·"], ["4711", "815"]]


def test_the_cells_of_the_class_table() -> None:
    assert [cell_text(grade) for grade in CLASS] == ["1E", "4", "!", "–", "2.5T", "·"]
    assert [cell_text(grade) for grade in (LATE, DECIDED)] == ["0.8EL", "2.5*"]


def test_what_is_ungraded_adds_nothing_to_a_total() -> None:
    assert totals(CLASS) == {"ann": 5, "=1+1": 0, EVIL_NAME: 2.5}
    settled = replace(DECIDED, student="=1+1", verdict=Verdict.UNGRADED)
    assert totals([settled, *CLASS[3:4]]) == {"=1+1": 2.5}


def test_the_table_marks_a_total_that_lacks_an_ungraded_exercise() -> None:
    text = shown(class_table(COURSE, CLASS, "en"))
    line = next(line for line in text.splitlines() if "=1+1" in line)
    assert line.split()[-1] == "0?"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_sign_of_the_legend_is_broken_over_two_lines(language: Language) -> None:
    lines = shown(class_table(COURSE, CLASS, language), width=44).splitlines()
    signs = messages_text("cli.legend", language).split(" | ")
    assert all(cell_len(line) <= 44 for line in lines)
    assert [sign for sign in signs if not any(sign in line for line in lines)] == []


def test_a_long_name_cuts_nothing_off_the_points() -> None:
    grade = replace(CLASS[0], student="x" * 120, points=6.125, verdict=Verdict.PASSED)
    written = shown(class_table(COURSE, [grade], "en"))
    assert written.count("6.125") == 2
    assert written.count("x") >= 120


def test_of_an_exercise_of_questions_alone_nothing_is_said_of_checks() -> None:
    asked = replace(WINDOWED, verdict=Verdict.WAITING, explanation=None, kind="question")
    output = shown(render_grade(replace(GRADE, checks=(asked,), verdict=Verdict.WAITING), "en"))
    assert "None of the 0" not in output
    assert asked.title.in_language("en") in output


@pytest.mark.parametrize(
    ("points", "said"), [(1, "1 point waits"), (2, "2 points wait"), (0.5, "0.5 points wait")]
)
def test_one_point_that_waits_is_one(points: float, said: str) -> None:
    asked = replace(WINDOWED, verdict=Verdict.WAITING, explanation=None, kind="question", points=points)
    assert said in shown(render_grade(replace(GRADE, checks=(asked,), standing=None), "en"))


def test_an_answer_that_is_read_waits_for_no_person() -> None:
    read = replace(
        WINDOWED,
        verdict=Verdict.WAITING,
        explanation=Explanation("question.read", {"read": "b"}),
        kind="question",
        points=2,
    )
    told = replace(read, explanation=Explanation("question.waiting", {}), points=1)
    output = shown(render_grade(replace(GRADE, checks=(read, told), standing=None), "en"))
    assert "2 points for answers are graded after you hand in." in output
    assert "1 point waits for a person." in output
    assert "[graded after you hand in]" in output
    assert "[waits for a person]" in output
