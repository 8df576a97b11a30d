"""What is left out when a file is executed, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.answers.notebook import write_notebook
from grader.messages.sentences import explain
from grader.model import Course, Frame, Grade, Limits, Source, Unit, Verdict
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from tests.support.fakes import FakeRunner, source_of
from tests.support.judging import GOOD, grade_files, grade_text, result_of, verdicts
from tests.support.real_notebooks import REAL_NOTEBOOKS, write_class
from tests.support.sandbox import needs_sandbox

FUNCTION = "def f(x):\n    return x + 1"


def loaded(*codes: str) -> tuple[dict[str, object], list[tuple[str, int, str]]]:
    """Return what `seen()` of these units returns, and where each statement that raised stands, with its exception."""
    units = [Unit(f"cell {number}", code) for number, code in enumerate(codes, start=1)]
    last = Unit(
        "last", "def seen():\n    return {k: v for k, v in globals().items() if type(v) in (int, str)}"
    )
    session = FakeRunner().open(Source((*units, last)), Limits())
    raised = [
        (
            item.unit,
            item.line,
            str(item.explanation.values.get("type") or item.explanation.values.get("module")),
        )
        for item in session.loaded.failures
    ]
    value = session.call(Call("seen")).value
    session.close()
    return {key: item for key, item in value.items() if not key.startswith("__")}, raised


@pytest.mark.parametrize(
    ("code", "names", "raised"),
    [
        ("import absent, math\na = int(math.pi)", {"a": 3}, [("cell 1", 1, "absent")]),
        ("from math import pi, absent, floor\na = floor(pi)", {"a": 3}, [("cell 1", 1, "ImportError")]),
        ("import absent\nimport math as m\na = m.floor(2.5)", {"a": 2}, [("cell 1", 1, "absent")]),
        ("from absent import *\na = 1", {"a": 1}, [("cell 1", 1, "absent")]),
        ("try:\n    import absent\nexcept ImportError:\n    a = 4", {"a": 4}, []),
        ("if True:\n    import absent\n    a = 1\nb = 2", {"b": 2}, [("cell 1", 1, "absent")]),
        ("assert 1 > 2\nimport math\na = math.floor(2.5)", {"a": 2}, [("cell 1", 1, "AssertionError")]),
        ("a = 1\n1 / 0\nb = 2", {"a": 1, "b": 2}, [("cell 1", 2, "ZeroDivisionError")]),
        ("a = 1\nraise SystemExit(3)\nb = 2", {"a": 1, "b": 2}, [("cell 1", 2, "None")]),
        ("from __future__ import annotations\ndef g(x: absent):\n    pass\na = 1", {"a": 1}, []),
        ("from __future__ import absent\na = 1", {}, [("cell 1", 0, "SyntaxError")]),
        ("a = 1\nreturn", {}, [("cell 1", 0, "SyntaxError")]),
    ],
    ids=[
        "module",
        "name",
        "alias",
        "star",
        "guarded",
        "in-an-if",
        "version",
        "statement",
        "exit",
        "future",
        "no-future",
        "not-compiled",
    ],
)
def test_a_statement_costs_itself_alone(
    code: str, names: dict[str, object], raised: list[tuple[str, int, str]]
) -> None:
    assert loaded(code) == (names, raised)


def test_no_more_statements_are_tried_than_are_kept_apart() -> None:
    seen, failures = loaded("\n".join(["1 / 0"] * 700) + "\na = 1", "b = 2")
    assert seen == {"b": 2}
    assert (len(failures), failures[-1][1]) == (501, 0)


def test_of_a_unit_with_very_many_statements_nothing_is_executed_below_an_error() -> None:
    many = "x = 1\n" * 1200
    assert loaded(f"a = 1\n{many}absent\nb = 2", "c = 3") == (
        {"a": 1, "x": 1, "c": 3},
        [("cell 1", 0, "NameError")],
    )


def notes_of(grade: Grade) -> list[str]:
    """Return what is said of the file."""
    return [explain(note, "en") for note in grade.notes]


def codes_of(grade: Grade) -> list[str]:
    """Return the lines of code that are shown beside it."""
    return [str(note.values.get("code", "")) for note in grade.notes]


def graded(course: Course, folder: Path, runner: FakeRunner, *cells: str) -> Grade:
    """Grade a notebook for the first exercise."""
    path = folder / "ex01.ipynb"
    path.write_text(write_notebook(cells), encoding="utf-8")
    return grade_files(course, runner, [path])[0]


@pytest.mark.parametrize("verdict", [Verdict.CRASHED, Verdict.TIMEOUT, Verdict.MEMORY])
def test_what_ends_the_process_is_left_out_and_never_executed_again(
    verdict: Verdict, tiny: Course, tmp_path: Path
) -> None:
    runner = FakeRunner({"ex01.ipynb [cell 2]:2": verdict, "scale": Verdict.CRASHED})
    grade = graded(tiny, tmp_path, runner, GOOD, "a = 1\nwait()\nb = 2")
    assert verdicts(grade) | {"scale": Verdict.PASSED} == dict.fromkeys(verdicts(grade), Verdict.PASSED)
    # Once with it, once without, and once more after the death of a call.
    assert [
        unit.left_out for source in runner.opened for unit in source.units if "[cell 2]" in unit.name
    ] == [
        frozenset(),
        frozenset([2]),
        frozenset([2]),
    ]
    assert notes_of(grade) == [
        "ex01.ipynb [cell 2]:2 was left out, and the rest was executed again: "
        "The process ended in a way that could not be told."
    ]
    assert codes_of(grade) == ["wait()"]


def test_after_two_ends_only_what_the_functions_need_is_executed(tiny: Course, tmp_path: Path) -> None:
    cells = [
        "import numpy as np\nfrom string import digits",
        "train()",
        "FACTOR = int('1')\nunused = int('2')",
        GOOD.replace("x * factor", "x * factor * FACTOR"),
        "train()",
        "train()",
    ]
    ends = {f"ex01.ipynb [cell {number}]:1": Verdict.TIMEOUT for number in (2, 5, 6)}
    runner = FakeRunner(ends)
    grade = graded(tiny, tmp_path, runner, *cells)
    assert grade.points == 6
    assert len(runner.opened) == 3
    last = {unit.name: unit.left_out for unit in runner.opened[-1].units}
    assert last["ex01.ipynb [cell 3]"] == {2}
    assert last["ex01.ipynb [cell 6]"] == {1}
    assert last["ex01.ipynb [cell 1]"] == {2}
    assert notes_of(grade)[-1] == "After that, only what the functions need was executed."


def test_a_file_is_not_executed_for_ever(tiny: Course, tmp_path: Path) -> None:
    code = "\n".join(f"def row_sums(x, n=end({number})): pass" for number in range(9))
    ends = {f"answer.py:{line}": Verdict.CRASHED for line in range(1, 10)}
    runner = FakeRunner(ends)
    grade = grade_text(tiny, runner, tmp_path, code)
    assert grade.verdict is Verdict.CRASHED
    assert len(runner.opened) == 5
    assert [note.key for note in grade.notes] == ["submission.vanished"]


def test_what_is_left_out_lifts_no_ban(tiny: Course, tmp_path: Path) -> None:
    banned = GOOD.replace("[sum(row) for row in x]", "np.sum(x, axis=1)")
    again = GOOD[GOOD.index("def row_sums") : GOOD.index("def scale")]
    ends = {"ex01.ipynb [cell 2]:1": Verdict.CRASHED}
    assert graded(tiny, tmp_path, FakeRunner(), banned, again).points == 6
    assert verdicts(graded(tiny, tmp_path, FakeRunner(ends), banned, again))["example"] is Verdict.FORBIDDEN


def test_that_a_function_is_nowhere_comes_first(tiny: Course, tmp_path: Path) -> None:
    grade = graded(tiny, tmp_path, FakeRunner(), "1 / 0", "def total(x):\n    return x\n")
    assert notes_of(grade) == [
        "Your file defines no function `row_sums`. Keep the names of the stub.",
        "Your file defines no function `scale`. Keep the names of the stub.",
        "Executing your file raised ZeroDivisionError (ex01.ipynb [cell 1]:1): division by zero",
    ]
    assert codes_of(grade)[-1] == "1 / 0\n^^^^^"


@pytest.mark.parametrize(
    ("code", "note", "line"),
    [
        (
            "def rowSums(x): pass",
            "Your file defines no function `row_sums`, but `rowSums`. Keep the names of the stub.",
            "",
        ),
        (
            "class Tools:\n    def row_sums(self, x): pass",
            "Your file defines `row_sums` in the class `Tools` alone. Define it outside of any class.",
            "",
        ),
        (
            "def row_sums(x):\n    return x\nrow_sums = row_sums(3)",
            "`row_sums` is no function at the end of your file: since answer.py:3 the name stands for something else. "
            "Use another name there.",
            "row_sums = row_sums(3)",
        ),
        (
            "from absent import row_sums",
            "Your file imports absent (answer.py:1), which this course's environment does not have. Do without it.",
            "from absent import row_sums\n^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        ),
        (
            "def row_sums(x)\n    return x",
            "Python cannot read your file (answer.py:1): SyntaxError: expected ':'",
            "def row_sums(x)\n               ^",
        ),
        (
            "이름 = '합'; row_sums = 이름.없음",
            "Executing your file raised AttributeError (answer.py:1): 'str' object has no attribute '없음'",
            "이름 = '합'; row_sums = 이름.없음\n                        ^^^^^^^^^",
        ),
        (
            "def made(x):\n    return x.absent\nrow_sums = made(1)",
            "Executing your file raised AttributeError (answer.py:3 → answer.py:2): 'int' object has no attribute 'absent'",
            "answer.py:3\n  row_sums = made(1)\n             ^^^^^^^\nanswer.py:2 made()\n  return x.absent\n         ^^^^^^^^",
        ),
    ],
    ids=["other-spelling", "in-a-class", "overwritten", "imported", "syntax", "wide", "in-a-function"],
)
def test_why_a_function_is_not_there_is_said_once(
    code: str, note: str, line: str, tiny: Course, tmp_path: Path
) -> None:
    grade = grade_text(
        tiny, FakeRunner(), tmp_path, code + "\ndef scale(x, factor=2):\n    return x * factor\n"
    )
    assert notes_of(grade) == [note] if "SyntaxError" not in note else note in notes_of(grade)
    assert codes_of(grade)[0] == line
    assert result_of(grade, "example").explanation == grade.notes[0]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "class row_sums:\n    pass",
            "`row_sums` is a class in your file (answer.py:1), not a function, and calling it raised TypeError: "
            "row_sums() takes no arguments",
        ),
        (
            "from json import loads as row_sums",
            "`row_sums` is no function of your own (answer.py:1), and what it stands for raised TypeError: "
            "the JSON object must be str, bytes or bytearray, not ndarray",
        ),
        (
            "def row_sums(x):\n    return row_sums(x)",
            "Your code calls itself again and again (answer.py:2), deeper than Python allows. "
            "Look for the case in which it is to stop.",
        ),
        (
            "def row_sums():\n    pass",
            "Your code raised TypeError: row_sums() takes 0 positional arguments but 1 was given.\n"
            "The check calls the function as the stub defines it. Keep the stub's parameters, in their order.",
        ),
    ],
    ids=["class", "library", "recursion", "parameters"],
)
def test_what_a_call_met_is_one_sentence(code: str, sentence: str, tiny: Course, tmp_path: Path) -> None:
    why = result_of(grade_text(tiny, FakeRunner(), tmp_path, code), "example").explanation
    assert why is not None
    assert explain(why, "en") == sentence
    assert explain(why, "ko") != sentence


def test_what_follows_from_a_cells_first_error_is_not_listed(tiny: Course, tmp_path: Path) -> None:
    cells = [f"data_{number} = absent\ndata_{number}.shape" for number in range(14)]
    grade = graded(tiny, tmp_path, FakeRunner(), GOOD, *cells)
    assert grade.points == 6
    assert len(grade.notes) == 11
    assert notes_of(grade)[-1] == "4 more statements raised an exception."


def test_a_cell_that_needs_a_newer_python_is_told_once(tiny: Course, tmp_path: Path) -> None:
    grade = graded(tiny, tmp_path, FakeRunner(), GOOD, "x = t'{1}'\n")
    assert grade.points == 6
    assert [note.key for note in grade.notes] == ["submission.newer_cell"]


@pytest.mark.slow
@needs_sandbox
def test_a_right_answer_among_what_notebooks_are_full_of_earns_everything(
    tiny: Course, tmp_path: Path
) -> None:
    paths = write_class(tmp_path)
    # Every loop is waited for, and so is TensorFlow, which no file of this course is given the time to import.
    exercises = tuple(replace(item, limits=replace(item.limits, load_seconds=0.3)) for item in tiny.exercises)
    with SandboxedRunner(tiny.runner, slot=903) as runner:
        grades = grade_files(replace(tiny, exercises=exercises), runner, paths, exercise=3)
    assert {
        path.parent.name: grade.points for path, grade in zip(paths, grades, strict=True)
    } == dict.fromkeys(REAL_NOTEBOOKS, 4)
    # What was not executed is named.
    assert all(grade.notes for grade in grades)


def test_a_units_positions_are_those_of_its_own_lines() -> None:
    session = FakeRunner().open(source_of(f"x = 1\n\nx = (\n    absent\n)\n{FUNCTION}"), Limits())
    (failure,) = session.loaded.failures
    assert (failure.line, failure.frames) == (3, (Frame("answer.py", 4, "", 4, 10),))
    session.close()
