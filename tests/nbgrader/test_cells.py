"""Exercises as cells: the student's code in its regions, the checks as plain Python."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course.files import files_of
from grader.course.load import load_course
from grader.errors import CourseError
from grader.model import Course, Exercise
from grader.nbgrader.answer_cells import BEGIN_SOLUTION, END_SOLUTION, student_cells
from grader.nbgrader.check_cells import cell_names, plain_check, tools_cell
from tests.support.places import real_course
from tests.support.records import PASSED

COURSE = real_course()


def cleared(source: str) -> str:
    """Return what nbgrader leaves of a cell."""
    stub = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"
    return re.sub(rf"( *){BEGIN_SOLUTION}.*?{END_SOLUTION}", stub, source, flags=re.DOTALL)


def executed(*sources: str) -> dict[str, Any]:
    """Return the names that cells define."""
    names: dict[str, Any] = {}
    for source in sources:
        exec(compile(source, "cell", "exec", dont_inherit=True), names)
    return names


def exercise_with(tiny_copy: Path, stub: str, solution: str) -> Exercise:
    """Return an exercise with this stub and this reference."""
    name = "ex02_maxpool_1"
    (tiny_copy / "exercises" / name / "stub.py").write_text(stub, encoding="utf-8")
    (tiny_copy / "solutions" / name / "solution.py").write_text(solution, encoding="utf-8")
    return load_course(tiny_copy).exercises[1]


STUB = '"""Doc."""\n\nimport numpy as np\n\n\ndef twice(x):\n    """Return x twice."""\n    raise NotImplementedError\n'
HELPED = '''"""Doc."""

import math

import numpy as np

FACTOR = 2
TEXT = """a
b"""


def _times(x):
    """Multiply.

    Really.
    """
    return _plus(x, 0) * FACTOR * math.trunc(1.5)


def _plus(x, y):
    return x + y


def _unused():
    return None


def twice(x):
    """Return x twice."""
    # By multiplying.
    assert TEXT == "a\\nb"
    return _times(np.asarray(x))
'''


def test_each_function_has_a_cell_and_the_imports_another(tiny: Course) -> None:
    cells = student_cells(tiny.exercises[0])
    assert list(cells.functions) == ["row_sums", "scale"]
    assert cells.given == "import numpy as np\nfrom numpy.typing import NDArray"


def test_the_reference_works_out_of_its_cells(tiny_copy: Path) -> None:
    cells = student_cells(exercise_with(tiny_copy, STUB, HELPED))
    names = executed(cells.given, *cells.functions.values())
    assert names["twice"](3) == 6


def test_helpers_lie_inside_of_the_region_and_only_those_that_are_needed(tiny_copy: Path) -> None:
    cell = student_cells(exercise_with(tiny_copy, STUB, HELPED)).functions["twice"]
    outside = cleared(cell)
    assert "def _times" in cell
    assert "# By multiplying." in cell
    assert "_unused" not in cell
    assert outside.splitlines()[:2] == ["def twice(x):", '    """Return x twice."""']
    assert not any(word in outside for word in ("_times", "_plus", "FACTOR", "math", "By multiplying"))


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.id)
def test_what_is_released_of_the_course_is_the_stub(exercise: Exercise) -> None:
    cells = student_cells(exercise)
    assert set(cells.functions) == set(exercise.functions)
    for name, source in cells.functions.items():
        compile(source, name, "exec", dont_inherit=True)
        compile(cleared(source), name, "exec", dont_inherit=True)
        assert source.count(BEGIN_SOLUTION) == source.count(END_SOLUTION) == 1
    if "tensorflow" not in cells.given:
        names = executed(cells.given, *map(cleared, cells.functions.values()))
        for name in exercise.functions:
            function = names[name]
            with pytest.raises(NotImplementedError):
                function(*[None] * function.__code__.co_argcount)


@pytest.mark.parametrize(
    ("solution", "key", "place"),
    [
        ("def twice(y):\n    return y\n", "nbgrader.other_signature", "line 1"),
        ("def thrice(x):\n    return x\n", "nbgrader.no_solution", ""),
        ("print(1)\ndef twice(x):\n    return x\n", "nbgrader.loose_statement", "line 1"),
        ("N = 0\ndef twice(x):\n    global N\n    return x\n", "nbgrader.global_name", "line 3"),
    ],
)
def test_a_reference_that_fits_no_cell_is_named_with_its_line(
    tiny_copy: Path, solution: str, key: str, place: str
) -> None:
    exercise = exercise_with(tiny_copy, STUB, solution)
    with pytest.raises(CourseError) as caught:
        student_cells(exercise)
    [fault] = caught.value.faults
    assert (fault.explanation.key, fault.place) == (key, place)
    assert fault.file == "solutions/ex02_maxpool_1/solution.py"


def test_a_future_import_stands_first_in_every_cell(tiny_copy: Path) -> None:
    future = "from __future__ import annotations\n"
    exercise = exercise_with(
        tiny_copy, future + STUB.split("\n\n", 1)[1], future + HELPED.split("\n\n", 1)[1]
    )
    cells = student_cells(exercise)
    assert cells.given.startswith(future)
    assert cells.functions["twice"].startswith(future)
    assert executed(cells.given, *cells.functions.values())["twice"](4) == 8


# --- checks -----------------------------------------------------------------------------------------------------------

CHECKS = '''
import numpy as np

from grader import Submission, assert_equal, assert_tensor, check, expect, raises

SIDE = 2
IMAGE = np.array(
    [
        [1, 2],
        [3, 4],
    ]
)


def _half(x):
    return x // SIDE


@check(points=1, en="a", ko="가")
def test_plain(submission: Submission) -> None:
    """Not shown."""
    한 = submission.twice(IMAGE); assert_tensor(_half(submission.twice(한)), IMAGE * 2)
    expect(submission.twice(1) == 2, en="twice one is two", ko="1의 두 배는 2")


@check(points=1, en="b", ko="나")
def test_reference(submission: Submission, reference) -> None:
    assert_tensor(submission.twice(IMAGE), reference.twice(IMAGE))


@check(points=1, en="c", ko="다")
def test_raises(submission: Submission) -> None:
    with raises(submission, "ValueError"):
        submission.twice("x")


@check(points=1, en="d", ko="라")
def test_passes_it_on(submission: Submission) -> None:
    expect(callable(submission.twice), en="e", ko="마")
    print(submission)
'''


def test_a_check_becomes_plain_python_as_its_author_laid_it_out() -> None:
    plain = plain_check(CHECKS, "test_plain", ["twice"])
    assert plain is not None
    code, tools = plain
    assert tools == {"assert_tensor", "expect"}
    assert "    IMAGE = np.array(\n        [\n            [1, 2],\n" in code
    assert "submission" not in code
    assert "grader" not in code
    assert "Not shown" not in code
    executed(tools_cell(tools, "en", "en"), "def twice(x):\n    return x * 2\n", code)
    with pytest.raises(AssertionError, match="twice one is two"):
        executed(
            tools_cell(tools, "en", "en"),
            "def twice(x):\n    return x * 2 if not isinstance(x, int) else x",
            code,
        )


@pytest.mark.parametrize("name", ["test_reference", "test_raises", "test_passes_it_on", "test_unknown"])
def test_a_check_that_needs_the_judge_is_not_shown(name: str) -> None:
    assert plain_check(CHECKS, name, ["twice"]) is None


def test_visible_and_hidden_checks_of_one_name_have_two_cells() -> None:
    names = [
        ("test_a", True),
        ("test_a[1 x]", True),
        ("test_a", False),
        ("test_b[4242]", False),
        ("test_b[7]", False),
    ]
    checks = [replace(PASSED, name=name, visible=visible) for name, visible in names]
    # A student reads the names of cells: a hidden check's say nothing of its input.
    assert cell_names(checks) == [
        "test_a",
        "test_a_1_x_",
        "hidden_test_a",
        "hidden_test_b_1",
        "hidden_test_b_2",
    ]


TOOLS = {"assert_tensor", "assert_equal", "expect", "assert_layer"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("assert_tensor(np.zeros(2), np.zeros(3))", r"\(2,\).*\(3,\)"),
        ("assert_tensor(np.zeros(2), np.ones(2))", "Mismatched"),
        ("assert_tensor(np.array([2**60]), np.array([2**60 + 1]))", "Mismatched"),
        ("assert_tensor([1, 2], np.array([1, 2]))", "list"),
        ("assert_tensor(None, np.array([1, 2]))", "shape"),
        ("assert_tensor(np.zeros(2), np.zeros(2, int), dtype='same')", "float64.*int64"),
        ("assert_equal(1, 2, en='the size', ko='크기')", "the size: 1, expected 2"),
        ("assert_layer(Layer(), 'Other')", "Layer.*Other"),
        ("assert_layer(Layer(), 'Layer', size=(2, 3))", r"size.*\(2, 2\)"),
    ],
)
def test_the_tools_say_what_is_wrong(call: str, message: str) -> None:
    layer = "class Layer:\n    def get_config(self):\n        return {'size': [2, 2]}\n"
    with pytest.raises(AssertionError, match=message):
        executed(tools_cell(TOOLS, "en", "en"), layer, call)


def test_the_tools_pass_what_the_judge_passes() -> None:
    names = executed(tools_cell(TOOLS, "ko", "ko"))
    names["assert_tensor"](np.array([1.0, np.nan]), np.array([1.0 + 1e-7, np.nan]))
    names["assert_tensor"](np.float32(3), np.array(3))
    names["assert_equal"](1, 1, en="a", ko="가")


def visible_checks(exercise: Exercise) -> list[tuple[str, set[str]] | None]:
    """Return an exercise's visible checks as plain functions, None for one that cannot be written so."""
    text = files_of(exercise).visible_checks.read_text(encoding="utf-8")
    names = re.findall(r"^def (test_\w+)", text, flags=re.MULTILINE)
    return [plain_check(text, name, exercise.functions) for name in names]


PLAIN = [
    item
    for item in COURSE.exercises
    if all(visible_checks(item)) and "tensorflow" not in student_cells(item).given
]


def test_most_of_the_courses_exercises_are_checked_without_the_program() -> None:
    assert len(PLAIN) >= len(COURSE.exercises) / 3


@pytest.mark.parametrize("exercise", PLAIN, ids=lambda exercise: exercise.id)
def test_the_courses_visible_checks_pass_the_reference_and_stop_at_the_stub(exercise: Exercise) -> None:
    cells = student_cells(exercise)
    checks = [plain for plain in visible_checks(exercise) if plain is not None]
    assert checks
    for plain in checks:
        code, tools = plain
        executed(cells.given, *cells.functions.values(), tools_cell(tools, "en", "en"), code)
        with pytest.raises(NotImplementedError):
            executed(
                cells.given, *map(cleared, cells.functions.values()), tools_cell(tools, "en", "en"), code
            )
