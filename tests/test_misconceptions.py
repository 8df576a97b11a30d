from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.judge.reference import read_reference
from grader.model import Course, Limits, Misconception
from grader.runner.call import Call
from tests.support.fakes import FakeRunner, FakeSession, source_of

CODE = """
from grader.misconceptions import misconception

def f(x):
    return x

def g(x):
    return f(x)

@misconception("one-more", en="one more", ko="하나 더")
def f(x):
    return x + 1

@misconception("swapped", en="swapped", ko="바뀜", same_as="one-more")
def f(x):
    return -x

@misconception("swapped")
def g(x):
    return -2 * x
"""


def test_marked_functions_are_registered_with_their_texts() -> None:
    found = FakeRunner().open(source_of(CODE), Limits()).loaded.misconceptions
    assert [(item.id, item.text["en"], item.text["ko"], item.functions, item.same_as) for item in found] == [
        ("one-more", "one more", "하나 더", ("f",), None),
        ("swapped", "swapped", "바뀜", ("f", "g"), "one-more"),
    ]


def opened(course: Course, number: int) -> FakeSession:
    return FakeRunner().open(read_reference(course.exercises[number - 1]), Limits())


def test_two_answers_of_one_misconception_are_not_the_same_function() -> None:
    marked = '@misconception("one", en="one", ko="하나")\ndef double(x):\n    return x\n'
    code = f"from grader.misconceptions import misconception\n\n{marked}\n{marked}"
    (failure,) = FakeRunner().open(source_of(code), Limits()).loaded.failures
    assert failure.line == 8
    assert "another double" in failure.explanation.values["message"]


def test_a_chosen_misconception_answers_until_the_reference_is_chosen_again(tiny: Course) -> None:
    session = opened(tiny, 1)
    answers = []
    for chosen in ("", "power", "column-sums", ""):
        session.choose(chosen)
        answers.append(session.call(Call("scale", (3, 2))).value)
    session.close()
    assert answers == [6, 9, 6, 6]


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (1, ["column-sums", "power"]),
        (2, ["mean-instead-of-max", "lower-right-corner"]),
        (3, ["zeros-added-at-the-edge"]),
    ],
)
def test_misconceptions_lie_beside_the_reference(number: int, ids: list[str], tiny: Course) -> None:
    session = opened(tiny, number)
    found: tuple[Misconception, ...] = session.loaded.misconceptions
    session.close()
    assert session.loaded.failures == ()
    assert [item.id for item in found] == ids


def test_a_file_of_misconceptions_is_no_part_of_what_is_called(tiny: Course) -> None:
    session = opened(tiny, 3)
    session.close()
    assert "max_pool" in session.loaded.functions
    assert "misconception" not in session.loaded.functions


def test_a_course_may_have_none(tiny_copy: Path) -> None:
    (tiny_copy / "solutions" / "ex01_row_sums" / "misconceptions.py").unlink()
    source = read_reference(load_course(tiny_copy).exercises[0])
    assert [unit.name for unit in source.units] == ["solution.py"]
