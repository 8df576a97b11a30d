"""What one reader may see of a check stands in `views.py`, and nowhere else; how a verdict looks, in `signs.py`."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import grader
from grader.messages.sentences import text
from grader.model import Difference, Explanation, Language, TensorView, Verdict
from grader.reports.signs import SIGNS
from grader.reports.views import CheckView, View, instructor_view, notes_of, student_view
from tests.support.records import DIFFERENCE, HIDDEN_WRONG, PASSED, WINDOW, WRONG
from tests.support.verdict_grades import GRADES, SECRET

PACKAGE = Path(grader.__file__).parent
READ_OF_RESULTS = {"visible", "explanation", "call", "output", "seconds", "misconception"}
# What a student is told of a hidden check is settled before it is a view. Patterns look for what several students did alike; verification's faults have an explanation too, and progress and a
# verified course their seconds.
NOT_RENDERERS = {
    "reports/views.py",
    "reports/hidden.py",
    "reports/patterns.py",
    "reports/verification.py",
    "reports/progress.py",
}
OF_A_VIEW = {"view.call", "view.output", "view.seconds"}
OF_A_GRADE = {"grade.seconds", "outcome.seconds"}


def renderers() -> list[Path]:
    """Return what shows results to people and to other systems."""
    found = [path for room in ("reports", "exports", "similarity") for path in (PACKAGE / room).rglob("*.py")]
    return [path for path in found if path.relative_to(PACKAGE).as_posix() not in NOT_RENDERERS]


@pytest.mark.parametrize("path", renderers(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_renderer_looks_at_what_a_student_may_not_see(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    read = {
        ast.unparse(node)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in READ_OF_RESULTS
    }
    assert read - OF_A_VIEW - OF_A_GRADE == set()


@pytest.mark.parametrize("path", sorted((PACKAGE / "reports").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_asks_whether_a_check_is_visible(path: Path) -> None:
    assert ".visible" not in path.read_text(encoding="utf-8")


def only(*, difference: Difference) -> CheckView:
    (view,) = student_view([replace(WRONG, explanation=Explanation("tensor.values", {}, difference))])
    return view


@pytest.mark.parametrize("title", GRADES)
def test_a_students_view_of_a_hidden_check_holds_nothing_of_its_input(title: str) -> None:
    hidden = [view for view in student_view(GRADES[title].checks) if view.hidden]
    assert hidden
    assert SECRET not in repr(hidden)
    assert {(view.name, view.call, view.output, view.difference, view.seconds) for view in hidden} == {
        ("", "", "", None, None)
    }
    assert SECRET not in repr([notes_of(grade) for grade in GRADES.values()])
    assert SECRET in repr([notes_of(grade, is_instructor=True) for grade in GRADES.values()])


def test_an_instructor_sees_all_of_it() -> None:
    wrong = GRADES["failed"].checks[1]
    (view,) = instructor_view([wrong])
    assert (view.name, view.call, view.output, view.seconds) == (
        wrong.name,
        wrong.call,
        wrong.output,
        wrong.seconds,
    )
    assert wrong.explanation is not None
    assert wrong.misconception is not None
    assert (view.difference, view.mistake_id) == (wrong.explanation.difference, wrong.misconception.id)


def test_a_wrong_value_in_a_hidden_check_is_not_explained() -> None:
    hidden, visible = student_view([HIDDEN_WRONG, WRONG])
    assert hidden.why is None
    assert visible.why is not None
    assert visible.why.in_language("en") == (
        "1 of 4 values is wrong (25 %); the largest error is 15, at [0, 1, 1, 0]; "
        "the largest relative error is 100 %, at [0, 1, 1, 0]"
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_skipped_check_that_is_shown_alone_names_no_function(language: Language) -> None:
    why = Explanation("check.skipped", {"after": HIDDEN_WRONG.name})
    (view,) = student_view([replace(WRONG, verdict=Verdict.SKIPPED, explanation=why)])
    assert view.why is not None
    assert view.why.in_language(language) == text("check.skipped_alone", language)


def test_a_misconception_is_explained_once_and_named_to_instructors_alone() -> None:
    checks = [replace(check, verdict=Verdict.FAILED) for check in GRADES["failed"].checks[1:2]] * 2
    for view, ids in ((student_view, ["", ""]), (instructor_view, ["hidden-id", "hidden-id"])):
        views = list(view(checks))
        said = [item.mistake.in_language("en") for item in views if item.mistake is not None]
        assert said == ["You took rows for columns.", "the same mistake as above"]
        assert [item.mistake_id for item in views] == ids


def test_a_batch_is_drawn_image_by_image_and_channel_by_channel() -> None:
    tensor = TensorView("tensor", (2, 1, 2, 2), "int64", tuple(map(str, range(8))))
    grid, _ = only(difference=replace(DIFFERENCE, actual=tensor, expected=tensor)).grids
    assert grid.rows == [
        [("0", False), ("2", False)],
        [],
        [("1", False), ("3", True)],
        [],
        [("4", False), ("6", False)],
        [],
        [("5", False), ("7", False)],
    ]


@pytest.mark.parametrize(
    ("shape", "rows"),
    [((4,), ["0123"]), ((2, 2), ["01", "23"]), ((1, 2, 2), ["0123"]), ((2, 2, 1), ["0123"])],
)
def test_tensors_of_other_ranks_are_drawn_too(shape: tuple[int, ...], rows: list[str]) -> None:
    tensor = TensorView("tensor", shape, "int64", tuple("0123"))
    grid, _ = only(difference=replace(DIFFERENCE, actual=tensor, expected=tensor)).grids
    assert ["".join(cell for cell, _ in row) for row in grid.rows] == rows
    assert [block.index for block in grid.blocks] == [""]


def test_a_wide_tensor_is_not_drawn_and_its_first_wrong_elements_are_told() -> None:
    wide = TensorView("tensor", (1, 1, 13, 1), "int64", ("0",) * 13)
    view = only(difference=replace(DIFFERENCE, actual=wide, expected=wide))
    assert view.grids == ()
    assert [place.in_language("en") for place in view.places] == ["at [0, 1, 1, 0]: 0, expected 15"]


def test_a_window_that_is_too_large_is_told_and_not_drawn() -> None:
    tall = TensorView("tensor", (1, 13, 1, 1), "int64", ("9",) * 13)
    window = only(difference=replace(DIFFERENCE, window=replace(WINDOW, view=tall))).window
    assert window is not None
    assert window.rows == []
    assert window.sentence.in_language("ko").startswith("[0, 1, 1, 0]은 입력의 -1~0행")
    assert only(difference=DIFFERENCE).window is None
    assert next(student_view([PASSED])).window is None


def test_every_verdict_has_its_row_and_only_a_students_fault_a_cross() -> None:
    assert set(SIGNS) == set(Verdict)
    assert [verdict for verdict, sign in SIGNS.items() if sign.mark != "✗"] == [
        Verdict.PASSED,
        Verdict.PARTIAL,
        Verdict.WAITING,
        Verdict.SKIPPED,
        Verdict.UNGRADED,
    ]
    letters = [sign.letter for sign in SIGNS.values() if sign.letter]
    for language in ("en", "ko"):
        legend = [part.split()[0] for part in text("cli.legend", language).split(" | ")]
        assert set(letters) <= set(legend)
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("view", [student_view, instructor_view])
def test_what_is_said_of_the_file_is_not_said_of_each_check(view: View) -> None:
    grade = GRADES["not executed"]
    notes = notes_of(grade)
    assert [note.code for note in notes] == ["result = max(x, 0  # <3\n            ^", ""]
    shown = list(view(grade.checks, notes))
    short = "Not run: see what is said of the file as a whole."
    assert [item.why and item.why.in_language("en") for item in shown] == [short] * 3
    assert [item.call for item in shown] == [""] * 3
    # Where nothing is said of the file a check says it itself.
    assert "was never closed" in str(next(view(grade.checks)).why)
