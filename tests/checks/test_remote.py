"""What a check can do with what a submission returns and is no plain value."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from grader.checks.assertions import assert_equal, assert_tensor, assert_unchanged
from grader.checks.remote import MOST_ITEMS, RemoteCode, RemoteFunction, RemoteLayer, RemoteObject
from grader.errors import CheckFailed, SubmissionError
from grader.model import Explanation, Limits
from grader.runner.inside import wire
from grader.runner.replies import Loaded
from tests.support.fakes import FakeRunner, ScriptedCaller, source_of

CODE = """
import enum
import numpy as np

answer = 42

class Model:
    KIND = "linear"

    def __init__(self, rate=0.1):
        self.rate, self.weights, self.seen = rate, np.zeros(2), []

    @classmethod
    def fast(cls):
        return cls(rate=1.0)

    def fit(self, x, y=None, *, times=1):
        self.weights = self.weights + times * x.sum(axis=0)
        self.seen.append(len(x))
        return self

    def __call__(self, x):
        return x @ self.weights

    def __len__(self):
        return len(self.seen)

    def __getitem__(self, key):
        return self.seen[key]

    def __setitem__(self, key, value):
        self.seen[key] = value

    def __contains__(self, item):
        return item in self.seen

    def __iter__(self):
        return iter(self.seen)

    def __bool__(self):
        return bool(self.seen)

    def __str__(self):
        return "a model"

    def __enter__(self):
        self.seen.append("entered")
        return self

    def __exit__(self, *_):
        self.seen.append("left")

    def __eq__(self, other):
        return True

    __hash__ = None

def counter(step):
    count = 0
    def count_on():
        nonlocal count
        count += step
        return count
    return count_on

def naturals():
    yield from iter(int, 1) if False else range(10 ** 9)

def three():
    yield from (1, 2, 3)

def weight_of(model):
    return model.weights

def fails(kind):
    raise kind("because")

def pairs():
    return {"model": Model(), "both": (Model(), 3)}

def apply(function, *args):
    return function(*args)

def counted(x):
    return dict(zip(*np.unique(x, return_counts=True)))

def distinct(x):
    return set(x), frozenset([(np.str_("a"), np.float32(0.5))])

class Node:
    pass

def graph():
    first, second = Node(), Node()
    return {first: [second], second: []}, {first, second}

class Colour(str, enum.Enum):
    RED = "red"

def colours():
    return Colour.RED, {Colour.RED: 1}
"""


@pytest.fixture
def code() -> Iterator[RemoteCode]:
    runner = FakeRunner()
    session = runner.open(replace(source_of(CODE), variables=("answer",)), Limits())
    yield RemoteCode(session, ("answer",))
    session.close()


def test_a_model_is_fitted_asked_and_looked_at(code: RemoteCode) -> None:
    model = code.Model(rate=0.5)
    assert isinstance(model, RemoteObject)
    assert not isinstance(model, RemoteLayer)
    assert (model.type_name, repr(model), str(model)) == ("Model", "<Model>", "a model")
    assert model.rate == 0.5
    assert_tensor(model.weights, np.zeros(2))
    assert model.fit(np.ones((3, 2)), times=2) == model
    assert_tensor(model.weights, np.array([6.0, 6.0]))
    assert_tensor(model(np.eye(2)), np.array([6.0, 6.0]))
    assert_tensor(code.weight_of(model), model.weights)


def test_an_object_is_a_container_where_its_class_is_one(code: RemoteCode) -> None:
    model = code.Model()
    assert not model
    model.fit(np.ones((3, 2))).fit(np.ones((5, 2)))
    assert model
    assert (len(model), model[1], 5 in model, 4 in model, list(model)) == (2, 5, True, False, [3, 5])
    model[0] = 7
    assert [*model] == [7, 5]
    with pytest.raises(IndexError):
        model[2]


def test_an_attribute_is_set_there(code: RemoteCode) -> None:
    model = code.Model()
    model.weights = np.array([1.0, 2.0])
    assert_tensor(code.weight_of(model), np.array([1.0, 2.0]))


def test_with_enters_and_leaves(code: RemoteCode) -> None:
    with code.Model() as model:
        assert [*model] == ["entered"]
    assert [*model] == ["entered", "left"]


def test_a_class_has_other_makers_and_constants(code: RemoteCode) -> None:
    assert code.Model.KIND == "linear"
    assert code.Model.fast().rate == 1.0
    with pytest.raises(AttributeError):
        _ = code.Model._private


def test_closures_and_generators(code: RemoteCode) -> None:
    count, other = code.counter(2), code.counter(5)
    assert [count(), other(), count()] == [2, 5, 4]
    assert list(code.three()) == [1, 2, 3]
    assert [*itertools.islice(code.naturals(), 3)] == [0, 1, 2]
    items = code.three()
    assert [next(items), next(items), next(items), next(items, "end")] == [1, 2, 3, "end"]


def test_a_generator_has_no_length_which_is_a_type_error(code: RemoteCode) -> None:
    with pytest.raises(TypeError, match="no len"):
        len(code.three())


def test_what_has_no_end_is_gone_through_so_far(code: RemoteCode) -> None:
    with pytest.raises(CheckFailed) as failed:
        for _ in code.naturals():
            pass
    assert failed.value.explanation.values["count"] == MOST_ITEMS


def test_a_variable_is_its_value(code: RemoteCode) -> None:
    assert code.answer == 42
    assert code._last_call == "answer"
    assert isinstance(code.other, RemoteFunction)


def test_objects_inside_of_values(code: RemoteCode) -> None:
    pairs = code.pairs()
    assert pairs["model"].rate == 0.1
    assert pairs["both"][1] == 3
    assert pairs["model"] != pairs["both"][0]


def test_keys_are_numpys_numbers_texts_of_an_enumeration_and_objects(code: RemoteCode) -> None:
    assert code.counted(np.array([3, 1, 3])) == {1: 1, 3: 2}
    assert code.distinct(np.array([3, 1, 3])) == ({1, 3}, {("a", 0.5)})
    assert code.colours() == ("red", {"red": 1})
    graph, nodes = code.graph()
    assert (graph.type_name, len(graph), nodes.type_name, len(nodes)) == ("dict", 2, "set", 2)
    first, second = graph
    assert [len(graph[first]), len(graph[second])] == [1, 0]
    assert first in nodes
    assert graph[first] == [second]


def test_a_function_of_the_submission_is_an_argument(code: RemoteCode) -> None:
    assert code.apply(code.counter, 3)() == 3
    assert code.apply(lambda value: value + 1, 3) == 4


@pytest.mark.parametrize("kind", ["ValueError", "KeyError", "OSError", "ZeroDivisionError", "UnicodeError"])
def test_an_exception_is_of_pythons_own_type(code: RemoteCode, kind: str) -> None:
    expected = {"ValueError": ValueError, "KeyError": KeyError, "OSError": OSError}.get(kind, Exception)
    with pytest.raises(expected, match="because") as raised:
        code.apply(code.fails, _BUILTIN[kind])
    assert isinstance(raised.value, SubmissionError)
    assert raised.value.type_names[0] == kind


_BUILTIN = {item.__name__: item for item in (ValueError, KeyError, OSError, ZeroDivisionError, UnicodeError)}


def test_what_ends_a_loop_is_no_exception_of_that_type(code: RemoteCode) -> None:
    with pytest.raises(SubmissionError):
        list(map(code.fails, [StopIteration, StopIteration]))


def test_an_object_equals_no_value_and_is_no_number_or_tensor(code: RemoteCode) -> None:
    model = code.Model()
    assert model != 3
    assert np.zeros(2) != model
    with pytest.raises(CheckFailed):
        assert_equal(model, 3, en="it")
    with pytest.raises(CheckFailed):
        assert_tensor(model, np.zeros(2))
    with pytest.raises(TypeError):
        np.asarray(model)
    with pytest.raises(TypeError):
        model + np.zeros(2)
    with pytest.raises(TypeError):
        model < 3  # noqa: B015  # it is what raises


def test_looking_at_a_value_asks_its_code_for_nothing() -> None:
    caller = ScriptedCaller({"make": wire.Handle(0, "Model", "object")})
    code = RemoteCode(caller)
    model = code.make()
    calls = len(caller.calls)
    assert not hasattr(model, "__array_interface__")
    assert not hasattr(model, "_weights")
    with pytest.raises(CheckFailed):
        assert_tensor(model, np.zeros(2))
    with pytest.raises(CheckFailed):
        assert_equal(model, np.zeros(2), en="it")
    assert len(caller.calls) == calls


def test_an_object_stays_with_its_code(code: RemoteCode) -> None:
    other = RemoteCode(ScriptedCaller({}))
    with pytest.raises(TypeError, match="belongs to the code"):
        other.f(code.Model())


def test_what_was_changed_is_known_of_the_last_named_call(code: RemoteCode) -> None:
    model = code.Model()
    model.fit(np.ones((1, 2)))
    assert len(model) == 1
    assert_unchanged(code)
    assert code._last_named is not None
    assert code._last_named.call.function == "Model.fit"


def test_loaded_names_have_the_variables() -> None:
    runner = FakeRunner()
    session = runner.open(replace(source_of("a = 1\nb = 2\n"), variables=("a",)), Limits())
    assert session.loaded == Loaded(("a",))
    session.close()


def test_what_is_no_layer_has_no_description() -> None:
    session = FakeRunner().open(
        source_of("class Model: pass\ndef make(): return Model()\ndef kind(): return Model\n"), Limits()
    )
    code = RemoteCode(session)
    for made, name in ((code.make(), "Model"), (code.kind(), "type")):
        with pytest.raises(CheckFailed) as caught:
            made.describe((None, 2))
        assert caught.value.explanation == Explanation("layer.undescribed", {"actual": name})
    session.close()
