from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.judge.reference import read_reference
from grader.judge.submission import SubmissionCaller
from grader.messages.sentences import explain
from grader.model import Course
from grader.verify.exercise import VerifyReport
from grader.verify.holes import untouched
from tests.support.fakes import FakeRunner
from tests.support.judging import reference_of
from tests.support.sandbox import needs_sandbox
from tests.verify.test_course import append, faults, replaced, verified
from tests.verify.test_faults import place_of

HIDDEN = "solutions/ex03_maxpool_2/test_ex03_hidden.py"
FAMILY = "solutions/families/pooling.py"
INPUTS = """

def inputs(exercise, rng):
    for highest, height, width in ((-9, 5, 8), (-9, 2, 2), (-50, 2, 2), (-9, 4, 7)):
        yield "max_pool", (rng.integers(highest - 9, highest, (1, height, width, 1)),)
    yield "max_pool", (rng.integers(9, 99, (1, 3, 2, 1)),)
"""
NEGATIVE = """
    for highest in (-1, -50):
        image = rng.integers(highest - 9, highest, size=(1, 2, 6, 1))
        assert_tensor(submission.max_pool(image), reference.max_pool(image))
"""


RUN = "def run(x: NDArray[Any], pool_size: tuple[int, int] = (2, 2), *, at: SimpleNamespace) -> NDArray[Any]:"


def test_checks_that_call_no_function_of_a_mistake_are_not_run_again(tiny: Course) -> None:
    exercise, runner = tiny.exercises[2], FakeRunner()
    asked = SubmissionCaller(runner, read_reference(exercise), exercise, is_limited=False)
    with reference_of(tiny, [exercise]) as side, closing(asked) as caller:
        side.prove([exercise])
        side.forget_layers()
        run = list(side.run_checks(exercise, caller))
        assert untouched(run, exercise.functions) == {}
        others = untouched(run, ["another_function"])
        assert list(others) == list(range(len(run)))
        count = len(runner.calls)
        del others[0]
        again = list(side.run_checks(exercise, caller, others))
    assert again[1:] == run[1:]
    assert len(runner.calls) == count + len(run[0][1])


@pytest.fixture
def holed(tiny_copy: Path) -> Path:
    """Return a course with a family whose inputs show what the checks of ex03 do not ask."""
    append(FAMILY, INPUTS)(tiny_copy)
    return tiny_copy


def holes(report: VerifyReport) -> dict[str, str]:
    return {hole.id: hole.call for hole in report.holes}


@needs_sandbox
def test_a_mistake_that_no_check_catches_is_shown_with_its_smallest_input(holed: Path) -> None:
    report = verified(holed, number=3)
    assert report.known > 10
    assert [key for _, _, key in faults(report)] == ["verify.hole", "verify.hole_later"]
    assert {file for file, _, _ in faults(report)} == {HIDDEN}
    # Where a place is asked for that is not wrong, and where only the dtype is another that nobody asks for, there is none.
    assert list(holes(report)) == ["starts-from-zero", "keeps-the-last-image"]
    fault = report.faults[0].explanation
    assert "max_pool(int64 1x2x2x1 [[-" in explain(fault, "en")
    assert "gives int64 1x1x1x1 0, where int64 1x1x1x1 -" in explain(fault, "en")
    assert "(mutant: starts-from-zero, code: max_pool)" in explain(fault, "ko")
    assert "픽셀은 없습니다" in explain(fault, "ko")


@needs_sandbox
def test_a_hidden_check_with_such_an_input_closes_the_hole(holed: Path) -> None:
    append(HIDDEN, NEGATIVE)(holed)
    assert faults(verified(holed, number=3)) == []


@needs_sandbox
def test_a_check_that_asks_by_what_it_was_given_is_run_with_the_mistake(holed: Path) -> None:
    # What is asked last depends on what came before: no answer to it is known beforehand.
    code = """
    pooled = submission.max_pool(np.full((1, 4, 4, 1), 3))
    again = submission.max_pool(pooled - {})
    assert_tensor(again, np.full((1, 1, 1, 1), {}))
"""
    replaced(HIDDEN, "from grader import", "import numpy as np\n\nfrom grader import")(holed)
    append(HIDDEN, code.format("image[0, 0, 0, 0] * 0", 3))(holed)
    assert "starts-from-zero" in holes(verified(holed, number=3))
    append(HIDDEN, code.format("pooled * 2", -3))(holed)
    assert "starts-from-zero" not in holes(verified(holed, number=3))


@needs_sandbox
def test_only_what_a_check_asks_for_is_a_hole(holed: Path) -> None:
    knob = '\nknob("in-floats", finish=lambda result: result.astype(float), en="floats", ko="실수")\n'
    append(HIDDEN, NEGATIVE)(holed)
    append(FAMILY, knob)(holed)
    assert "in-floats" not in holes(verified(holed, number=3))
    replaced(HIDDEN, "reference.max_pool(image))", 'reference.max_pool(image), dtype="int64")')(holed)
    append("exercises/ex03_maxpool_2/README.md", "\nThe dtype is kept.\n")(holed)
    append("exercises/ex03_maxpool_2/README.ko.md", "\ndtype이 유지된다.\n")(holed)
    assert faults(verified(holed, number=3)) == []


@needs_sandbox
def test_a_hole_is_waived_with_a_reason_until_it_is_none(holed: Path) -> None:
    file = "solutions/ex03_maxpool_2/waivers.yml"
    waiver = "- {{mutant: {}, code: max_pool, reason: pixels are never negative}}\n"
    names = ("starts-from-zero", "keeps-the-last-image")
    (holed / file).write_text("".join(map(waiver.format, names)), encoding="utf-8")
    report = verified(holed, number=3)
    assert (faults(report), report.holes, report.waived) == ([], (), 2)
    append(HIDDEN, NEGATIVE)(holed)
    assert faults(verified(holed, number=3)) == [
        (file, f"[{place}].mutant", "waiver.no_mutant") for place in (0, 1)
    ]


@needs_sandbox
def test_a_family_whose_inputs_raise_is_said(tiny_copy: Path) -> None:
    append(FAMILY, "\n\ndef inputs(exercise, rng):\n    yield from rng.no_such_thing()\n")(tiny_copy)
    line = len((tiny_copy / FAMILY).read_text(encoding="utf-8").splitlines()) - 1
    with pytest.raises(CourseError) as caught:
        verified(tiny_copy, number=3)
    (fault,) = caught.value.faults
    assert (fault.file, fault.place, fault.explanation.key) == (FAMILY, f"line {line}", "verify.no_inputs")


@needs_sandbox
@pytest.mark.parametrize("has_inputs", [False, True])
def test_a_family_that_is_not_the_reference_without_a_knob_is_said(
    tiny_copy: Path, *, has_inputs: bool
) -> None:
    if has_inputs:
        append(FAMILY, INPUTS)(tiny_copy)
    replaced(
        FAMILY, '"max_pool": {"reduce": np.max}', '"max_pool": {"reduce": np.max, "finish": np.negative}'
    )(tiny_copy)
    (fault,) = [
        fault
        for fault in verified(tiny_copy, number=3).faults
        if fault.explanation.key == "verify.family_unlike"
    ]
    assert (fault.file, fault.place) == (FAMILY, place_of(tiny_copy, FAMILY, RUN))
    call, given, right = (fault.explanation.values[name] for name in ("call", "given", "right"))
    assert call.startswith("max_pool(int64 1x2x2x1 " if has_inputs else "max_pool(")
    assert given.replace("-", "") == right.replace("-", "")
    assert given != right


@needs_sandbox
def test_a_family_without_a_function_of_the_exercise_is_said(tiny_copy: Path) -> None:
    path = tiny_copy / FAMILY
    path.write_text(path.read_text(encoding="utf-8").replace('"max_pool"', '"pool"'), encoding="utf-8")
    assert faults(verified(tiny_copy, number=3)) == [(FAMILY, "", "verify.family_unused")]


@needs_sandbox
@pytest.mark.parametrize(
    ("number", "statement", "old", "rule"),
    [
        (1, "ex01_row_sums/README.md", "stay as they are", "unchanged"),
        (1, "ex01_row_sums/README.ko.md", "바꾸지 않는다", "unchanged"),
        (2, "ex02_maxpool_1/README.md", "dtype", "dtype"),
        (3, "ex03_maxpool_2/README.ko.md", "리스트는 안 된다", "array"),
    ],
)
def test_what_a_check_asks_stands_in_each_statement(
    number: int, statement: str, old: str, rule: str, tiny_copy: Path
) -> None:
    replaced(f"exercises/{statement}", old, "...")(tiny_copy)
    found = verified(tiny_copy, number=number)
    assert faults(found) == [(f"exercises/{statement}", "", f"verify.unsaid_{rule}")]
    append(f"exercises/{statement}", f"\n<!-- {rule} -->\n")(tiny_copy)
    assert faults(verified(tiny_copy, number=number)) == []
