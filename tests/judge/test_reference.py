from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from grader.errors import RunnerError, SubmissionError
from grader.judge.reference import RecordedCaller, Recordings
from grader.model import Explanation, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Reply
from tests.support.fakes import ScriptedCaller


def double(x: Any) -> Any:
    return x * 2


def recorded(caller: ScriptedCaller, recordings: Recordings, scope: str = "ex01") -> RecordedCaller:
    """Return a caller that records, with a check begun."""
    made = RecordedCaller(recordings, lambda: caller, scope)
    made.begin_check()
    return made


def nobody() -> ScriptedCaller:
    """Stand for a reference that must not be started."""
    raise AssertionError("the reference was started")


def layers() -> ScriptedCaller:
    """Return code that makes counters: a call on one adds to it and returns the sum."""
    sums: dict[int, int] = {}
    caller = ScriptedCaller({})

    class Counter(ScriptedCaller):
        def call(self, call: Call) -> Reply:
            if call.target is None or call.operation == "describe":
                return super().call(call)
            number, (amount,) = call.target.number, call.args
            self.calls.append((call.target, amount))
            sums[number] = sums.get(number, 0) + amount
            return Reply(sums[number])

    caller = Counter({"make": lambda: caller.new(), "pair": lambda: [caller.new(), 5, caller.new("Flatten")]})
    caller.script["total"] = lambda handle: sums.get(handle.number, 0)
    return caller


def test_a_distinct_call_is_made_once_for_the_whole_class() -> None:
    caller = ScriptedCaller({"f": double})
    recordings: Recordings = {}
    for _ in range(3):
        one = recorded(caller, recordings)
        assert [one.call(Call("f", (3,))).value, one.call(Call("f", (3,))).value] == [6, 6]
    assert caller.calls == [("f", 3)]


DISTINCT: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((3,), {}),
    ((4,), {}),
    ((3.0,), {}),
    (("3",), {}),
    ((True,), {}),
    (([3],), {}),
    (((3,),), {}),
    ((), {"x": 3}),
    ((np.array([1, 2]),), {}),
    ((np.array([1, 3]),), {}),
    ((np.array([1, 2], np.int32),), {}),
    ((np.array([[1, 2]]),), {}),
    ((np.array([1.0, 2.0]),), {}),
]


def test_every_difference_makes_a_distinct_call() -> None:
    caller = ScriptedCaller({"f": double, "g": double})
    recordings: Recordings = {}
    for _ in range(2):
        for args, kwargs in DISTINCT:
            recorded(caller, recordings).call(Call("f", args, kwargs))
        recorded(caller, recordings).call(Call("g", (3,)))
        recorded(caller, recordings, "ex02").call(Call("f", (3,)))
    assert len(caller.calls) == len(recordings) == len(DISTINCT) + 2


def test_the_reference_is_not_started_for_what_is_recorded() -> None:
    recordings: Recordings = {}
    recorded(ScriptedCaller({"f": double}), recordings).call(Call("f", (3,)))
    again = RecordedCaller(pickle.loads(pickle.dumps(recordings)), nobody, "ex01")
    again.begin_check()
    assert again.call(Call("f", (3,))).value == 6


def test_an_exception_is_recorded_and_raised_each_time() -> None:
    error = SubmissionError(Verdict.ERROR, Explanation("submission.raised"), type_names=("ValueError",))
    caller = ScriptedCaller({"f": error})
    recordings: Recordings = {}
    for _ in range(2):
        with pytest.raises(SubmissionError) as caught:
            recorded(caller, recordings).call(Call("f", (3,)))
        assert caught.value.type_names == ("ValueError",)
    assert caller.calls == [("f", 3)]


def test_an_exception_that_is_raised_again_does_not_grow() -> None:
    # A class of a thousand raises the same recorded exception a thousand times.
    caller = ScriptedCaller({"f": SubmissionError(Verdict.ERROR, Explanation("submission.raised"))})
    recordings: Recordings = {}
    lengths = []
    for _ in range(3):
        with pytest.raises(SubmissionError) as caught:
            recorded(caller, recordings).call(Call("f", (3,)))
        lengths.append(len(caught.traceback))
    assert len(set(lengths)) == 1


def test_our_own_fault_is_not_recorded() -> None:
    caller = ScriptedCaller({"f": RunnerError("runner.died")})
    recordings: Recordings = {}
    with pytest.raises(RunnerError):
        recorded(caller, recordings).call(Call("f", (3,)))
    caller.script["f"] = double
    assert recorded(caller, recordings).call(Call("f", (3,))).value == 6


def test_a_layers_past_belongs_to_its_calls() -> None:
    caller = layers()
    recordings: Recordings = {}
    for number in range(2):
        one = recorded(caller if number == 0 else ScriptedCaller({}), recordings)
        layer = one.call(Call("make")).value
        sums = [one.call(Call("Dense", (amount,), target=layer)).value for amount in (5, 5, 1, 5)]
        assert sums == [5, 10, 11, 16]
    assert len(caller.calls) == 5


def test_layers_have_the_same_numbers_in_every_run() -> None:
    recordings: Recordings = {}
    numbers = [recorded(layers(), recordings).call(Call("pair")).value for _ in range(2)]
    fresh = recorded(layers(), {}).call(Call("pair")).value
    assert numbers[0] == numbers[1] == fresh
    assert numbers[0][0].number != numbers[0][2].number
    assert (numbers[0][1], numbers[0][2].type_name) == (5, "Flatten")


def test_the_same_call_makes_another_layer_each_time() -> None:
    caller = layers()
    recordings: Recordings = {}
    for _ in range(2):
        one = recorded(caller, recordings)
        first, second = one.call(Call("make")).value, one.call(Call("make")).value
        assert first != second
        assert one.call(Call("Dense", (5,), target=first)).value == 5
        assert one.call(Call("Dense", (7,), target=second)).value == 7
        assert one.call(Call("total", (first,))).value == 5
    assert caller.calls == [
        ("make",),
        ("make",),
        (wire.Handle(0, "Dense"), 5),
        (wire.Handle(1, "Dense"), 7),
        ("total", wire.Handle(0, "Dense")),
    ]


def test_a_new_check_begins_with_no_layers() -> None:
    caller = layers()
    recordings: Recordings = {}
    one = recorded(caller, recordings)
    first = one.call(Call("make")).value
    one.begin_check()
    assert one.call(Call("make")).value == first
    assert caller.calls == [("make",)]


def test_what_was_answered_from_recordings_is_made_up_for_before_a_new_question() -> None:
    recordings: Recordings = {}
    before = recorded(layers(), recordings)
    layer = before.call(Call("make")).value
    before.call(Call("Dense", (5,), target=layer))

    caller = layers()
    caller.new()  # The real numbers are others this time.
    one = recorded(caller, recordings)
    layer = one.call(Call("make")).value
    assert one.call(Call("Dense", (5,), target=layer)).value == 5
    assert caller.calls == []
    assert one.call(Call("Dense", (2,), target=layer)).value == 7
    assert one.call(Call("Dense", (1,), target=layer)).value == 8
    real = wire.Handle(1, "Dense")
    assert caller.calls == [("make",), (real, 5), (real, 2), (real, 1)]


def test_a_new_question_without_layers_needs_no_making_up() -> None:
    recordings: Recordings = {}
    recorded(ScriptedCaller({"f": double}), recordings).call(Call("f", (1,)))
    caller = ScriptedCaller({"f": double})
    one = recorded(caller, recordings)
    assert [one.call(Call("f", (number,))).value for number in (1, 2)] == [2, 4]
    assert caller.calls == [("f", 2)]


def test_a_description_is_recorded_for_its_shape() -> None:
    caller = layers()
    recordings: Recordings = {}
    caller.descriptions[0] = {"name": "dense"}
    for _ in range(2):
        one = recorded(caller, recordings)
        layer = one.call(Call("make")).value
        assert one.call(Call.describe(layer, (None, 3))).value == {"name": "dense"}
        assert one.call(Call.describe(layer, None)).value == {"name": "dense"}
    handle = wire.Handle(0, "Dense")
    assert caller.calls == [("make",), ("describe", handle, (None, 3)), ("describe", handle, None)]


def test_what_changed_is_recorded_too() -> None:
    recordings: Recordings = {}
    caller = ScriptedCaller({"f": Reply(1, changed=(0,))})
    for _ in range(2):
        assert recorded(caller, recordings).call(Call("f", (np.zeros(1),))).changed == (0,)


def test_what_objects_share_belongs_to_the_past_of_each() -> None:
    """An optimizer's step changes a model that is no part of the call."""
    state = {"weight": 1}

    def step(*_: object) -> None:
        state["weight"] += 1

    caller = ScriptedCaller({"step": step, "Model.weight": lambda *_: state["weight"]})
    caller.script |= {"make": lambda: caller.new("Model"), "optimizer": lambda *_: caller.new("Optimizer")}
    recordings: Recordings = {}
    for _ in range(2):
        one = recorded(caller, recordings)
        model = one.call(Call("make")).value
        optimizer = one.call(Call("optimizer", (model,))).value
        weights = []
        for _ in range(2):
            weights.append(one.call(Call("Model.weight", target=model, method="weight")).value)
            one.call(Call("step", target=optimizer))
        assert weights == [1, 2]


def test_the_same_object_is_known_as_one() -> None:
    handle = wire.Handle(4, "Model", "object")
    one = recorded(ScriptedCaller({"make": handle, "fit": handle}), {})
    model = one.call(Call("make")).value
    assert one.call(Call("fit", target=model)).value == model


def test_a_call_whose_time_is_asked_for_is_made_and_not_recorded() -> None:
    caller = ScriptedCaller({"f": double})
    recordings: Recordings = {}
    for _ in range(2):
        assert recorded(caller, recordings).call(Call("f", (3,), is_timed=True)).value == 6
    assert (len(caller.calls), recordings) == (2, {})


def test_files_are_those_of_the_call_before() -> None:
    caller = ScriptedCaller({"write": None, "files": ["a"], "log": None})
    recordings: Recordings = {}
    before = recorded(caller, recordings)
    before.call(Call("write", (1,)))
    assert before.call(Call("files", operation="files")).value == ["a"]
    caller.calls.clear()
    one = recorded(caller, recordings)
    one.call(Call("write", (1,)))
    assert one.call(Call("files", operation="files")).value == ["a"]
    assert caller.calls == []
    one.call(Call("log"))
    one.call(Call("files", operation="files"))
    assert caller.calls == [("log",), ("files",)]
