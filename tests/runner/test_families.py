"""A family's mistakes in the worker: how they are bound, and how several are asked at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.errors import SubmissionError
from grader.model import Limits, Source, Unit
from grader.runner.call import Call
from grader.runner.replies import Candidate, Reply, TooSlow
from tests.support.fakes import FakeRunner, FakeSession

SOLUTION = """
def scaled(x, factor):
    return x * factor

def moved(x):
    return x + 1

def other(x, unknown):
    return x
"""
FAMILY = """
import time
from types import SimpleNamespace
import numpy as np
from grader.misconceptions import axes_of, family, knob, pairs

def run(x, factor=3, shift=0, *, at):
    x = at.before(x)
    rows, columns = (at.length(x, axis=axis) for axis in (0, 1))
    return at.after(x[:rows, :columns] * at.factor(factor) + at.shift, x)

family(
    run,
    functions={"scaled": {}, "moved": {"factor": lambda factor: 1, "shift": 1}, "other": {}},
    before=(), after=(), factor=lambda factor: factor, shift=0, length=lambda x, axis: x.shape[axis],
    twin_of=("factor",), twin={"shift": 100}, twin_texts={"en": "And moved.", "ko": "그리고 옮겼습니다."},
)
knob("squared", factor=lambda factor: factor**2, en="Squared.", ko="제곱.")
knob("squared", after=lambda result, x: result * 0 + x.sum(), has_twin=False)
axes_of("one-lost", place="length", change=lambda length, x: length - 1, en="Short of {axis}.", ko="{axis} 부족.")
knob("chained", before=(lambda x: x + 1, lambda x: x * 2), en="a", ko="가", rare=True)
knob("only-moved", functions=["moved"], shift=5, en="b", ko="나")
pairs(["squared", "only-moved"], ["chained"], en="Both: {first} {second}", ko="둘: {first} {second}")
knob("mine", shift=7, en="not read", ko="안 읽음")

def remembered(x, factor, at):
    at.memory.calls = getattr(at.memory, "calls", 0) + 1
    return x * factor + at.memory.calls

knob("remembers", memory=True, functions=["scaled"], whole=remembered, en="c", ko="다")
knob("writes", whole=lambda x: x.fill(0) or x, functions=["moved"], en="d", ko="라")
knob("sleeps", whole=lambda x: time.sleep(600), functions=["moved"], en="e", ko="마")
knob("raises", whole=lambda x: x[99], functions=["moved"], en="f", ko="바")
"""
OWN = """
from grader.misconceptions import misconception

@misconception("mine", en="My own words.", ko="내 말.")
def moved(x):
    return x - 1
"""
X = np.arange(6).reshape(2, 3)


def opened(family: str = FAMILY) -> FakeSession:
    units = (
        Unit("solution.py", SOLUTION, "solution"),
        Unit("misconceptions.py", OWN, "misconceptions"),
        Unit("families/numbers.py", family, "family"),
    )
    return FakeRunner().open(Source(units), Limits())


@pytest.fixture
def session() -> Iterator[FakeSession]:
    found = opened()
    assert found.loaded.failures == ()
    yield found
    found.close()


def known(session: FakeSession, id: str, function: str) -> list[Candidate]:
    return [
        item
        for item in session.candidates()
        if item.misconception.id == id and item.misconception.functions == (function,)
    ]


def asked(session: FakeSession, candidates: list[Candidate], *calls: Call) -> list[list[Any]]:
    keys = [item.key for item in candidates]
    rows = session.ask(keys, [[call] for call in calls], 1.0)
    return [[item.value if isinstance(item, Reply) else item for item in row] for row in rows]


def values(session: FakeSession, id: str, function: str, *args: object) -> list[list[Any]]:
    rows = asked(session, known(session, id, function), Call(function, args))
    return [row[0].tolist() for row in rows]


def test_a_function_is_bound_by_its_parameters(session: FakeSession) -> None:
    assert values(session, "squared", "scaled", X, 2)[0] == (X * 4).tolist()
    assert values(session, "only-moved", "moved", X) == [(X + 5).tolist()]
    assert known(session, "only-moved", "scaled") == []
    # `run` has no parameter of this name.
    assert not [item for item in session.candidates() if "other" in item.misconception.functions]


def test_several_knobs_of_one_id_are_ways_of_writing_it(session: FakeSession) -> None:
    found = known(session, "squared", "scaled")
    assert len(found) == 2
    assert {item.misconception.text["en"] for item in found} == {"Squared."}
    assert values(session, "squared", "scaled", X, 2)[1] == [[15] * 3] * 2


def test_axes_of_makes_three_with_the_words_for_it(session: FakeSession) -> None:
    shapes = {}
    for id in ("one-lost", "one-lost-in-rows", "one-lost-in-columns"):
        (item,) = known(session, id, "scaled")
        shapes[item.misconception.text["en"], item.misconception.text["ko"]] = np.shape(
            asked(session, [item], Call("scaled", (X, 1)))[0][0]
        )
    assert shapes == {
        ("Short of rows and columns.", "행과 열 부족."): (1, 2),
        ("Short of rows.", "행 부족."): (1, 3),
        ("Short of columns.", "열 부족."): (2, 2),
    }


def test_a_twin_has_the_knobs_text_and_one_more(session: FakeSession) -> None:
    (item,) = known(session, "squared-rest-stays-zero", "scaled")
    assert item.misconception.text["en"] == "Squared. And moved."
    assert values(session, "squared-rest-stays-zero", "scaled", X, 2) == [(X * 4 + 100).tolist()]


def test_a_pair_is_two_knobs_at_once_and_comes_last(session: FakeSession) -> None:
    (item,) = known(session, "squared-and-chained", "scaled")
    assert item.is_pair
    assert dict(item.misconception.text) == {"en": "Both: Squared. a", "ko": "둘: 제곱. 가"}
    assert values(session, "squared-and-chained", "scaled", X, 2) == [((X + 1) * 8).tolist()]
    # In a function in which one of them cannot be made there is none.
    assert known(session, "only-moved-and-chained", "scaled") == []
    flags = [item.is_pair for item in session.candidates()]
    assert flags == sorted(flags)


def test_a_chain_is_one_function_after_the_other(session: FakeSession) -> None:
    assert values(session, "chained", "scaled", X, 1) == [((X + 1) * 2).tolist()]


def test_own_ones_come_first_and_their_words_are_the_familys_too(session: FakeSession) -> None:
    found = session.candidates()
    assert (found[0].misconception.id, found[0].is_family) == ("mine", False)
    assert {item.misconception.text["en"] for item in known(session, "mine", "moved")} == {"My own words."}
    alone = [item for item in found if not item.is_pair]
    assert [item.misconception.id for item in alone][-2:] == ["chained", "remembers"] or alone[-1].memory


def test_what_is_remembered_is_forgotten_before_the_next_is_asked(session: FakeSession) -> None:
    (item,) = known(session, "remembers", "scaled")
    for _ in range(2):
        rows = asked(session, [item], Call("scaled", (X, 1)), Call("scaled", (X, 1)))
        assert [row.tolist() for row in rows[0]] == [(X + 1).tolist(), (X + 2).tolist()]


def test_the_next_gets_the_arguments_as_they_were(session: FakeSession) -> None:
    found = known(session, "writes", "moved") + known(session, "only-moved", "moved")
    rows = session.ask([item.key for item in found], [[Call("moved", (X,))]], 1.0)
    first, second = rows[0][0], rows[1][0]
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert first.changed == (0,)
    assert (second.changed, second.value.tolist()) == ((), (X + 5).tolist())


def test_who_is_slow_or_raises_costs_nobody_else(session: FakeSession) -> None:
    found = [known(session, id, "moved")[0] for id in ("sleeps", "raises", "only-moved")]
    started = time.monotonic()
    rows = session.ask([item.key for item in found], [[Call("moved", (X,))]], 0.05)
    assert time.monotonic() - started < 60
    assert isinstance(rows[0][0], TooSlow)
    assert isinstance(rows[1][0], SubmissionError)
    assert isinstance(rows[2][0], Reply)


def test_the_empty_key_is_the_reference_and_equal_outcomes_are_one(session: FakeSession) -> None:
    rows = session.ask(["", ""], [[Call("moved", (X,))]], 1.0)
    assert isinstance(rows[0][0], Reply)
    assert rows[0][0].value.tolist() == (X + 1).tolist()
    assert rows[0][0] is rows[1][0]


def test_a_chosen_one_answers_by_its_key(session: FakeSession) -> None:
    session.choose(known(session, "only-moved", "moved")[0].key)
    assert session.call(Call("moved", (X,))).value.tolist() == (X + 5).tolist()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('knob("a", no_such_place=len, en="a")', "neither a text nor a place"),
        ('knob("a", functions=["none"], en="a")', "the functions of this family are"),
    ],
)
def test_a_knob_that_cannot_be_says_so(line: str, problem: str) -> None:
    session = opened(f"{FAMILY}\n{line}\n")
    session.close()
    (failure,) = session.loaded.failures
    assert problem in str(failure.explanation.values["message"])


def test_a_knob_without_a_family_says_so() -> None:
    session = opened('from grader.misconceptions import knob\nknob("a", en="a")\n')
    session.close()
    assert "comes before its knobs" in str(session.loaded.failures[0].explanation.values["message"])
