from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import (
    assert_equal,
    assert_layer,
    assert_tensor,
    assert_unchanged,
    expect,
    raises,
)
from grader.checks.remote import RemoteCode, RemoteLayer, format_call
from grader.checks.spec import CheckSpec, check, line_of, spec_of, spec_problems
from grader.checks.tensors import dtype_name, of_dtype
from grader.errors import CheckFailed, RunnerError, SubmissionError
from grader.model import Explanation, Limits, Text, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.values import named
from grader.runner.replies import Reply
from tests.support.fakes import FakeRunner, ScriptedCaller, source_of

TEXTS: dict[str, Any] = {"en": "the number", "ko": "개수"}


def failure(action: Callable[[], Any]) -> Explanation:
    """Return what an assertion says when it fails."""
    with pytest.raises(CheckFailed) as caught:
        action()
    return caught.value.explanation


def code_of(text: str) -> RemoteCode:
    """Return the functions of a submission."""
    return RemoteCode(FakeRunner().open(source_of(text), Limits()))


def described(**changes: Any) -> dict[str, Any]:
    """Return a layer's description as a runner sends it."""
    kernel, bias = np.zeros((3, 2), np.float32), np.zeros(2, np.float32)
    plain = {"units": 2, "strides": (2, 2), "activation": "relu", "use_bias": True}
    return {
        "class_name": "Dense",
        "name": "dense_7",
        "config": plain,
        "weights": [kernel, bias],
        "parameters": 999,
        "output_shape": (None, 2),
        "layers": [],
        **changes,
    }


def layer_of(**changes: Any) -> tuple[RemoteLayer, ScriptedCaller]:
    """Return a layer that a submission made, and who answers for it."""
    caller = ScriptedCaller({"Dense": lambda *args: args[0]}, {0: described(**changes)})
    caller.script["make"] = lambda: caller.new()
    layer = RemoteCode(caller).make()
    assert isinstance(layer, RemoteLayer)
    return layer, caller


@pytest.mark.parametrize(
    ("args", "kwargs", "shown"),
    [
        ((), {}, "f()"),
        ((np.zeros((1, 4, 4, 1), np.float32),), {}, "f(float32 1x4x4x1)"),
        ((np.array(3),), {}, "f(int64 scalar)"),
        (((2, 2), "same", None), {"bias": -0.5}, "f((2, 2), 'same', None, bias=-0.5)"),
        ((), {"x": np.zeros(2, bool)}, "f(x=bool 2)"),
        ((list(range(100)),), {}, f"f({str(list(range(100)))[:57]}...)"),
    ],
    ids=["nothing", "tensor", "scalar", "plain", "keyword", "long"],
)
def test_a_call_is_written_as_a_student_would(
    args: tuple[Any, ...], kwargs: dict[str, Any], shown: str
) -> None:
    assert format_call("f", args, kwargs) == shown


def test_a_call_goes_out_and_its_value_comes_back() -> None:
    caller = ScriptedCaller({"scale": lambda x, factor: x * factor})
    assert RemoteCode(caller).scale(3, factor=4) == 12
    assert caller.calls == [("scale", 3, ("factor", 4))]


def test_private_names_are_no_functions_of_the_student() -> None:
    with pytest.raises(AttributeError, match="__len__"):
        RemoteCode(ScriptedCaller({})).__len__  # noqa: B018  (the look-up is what is tried)


def test_the_last_call_is_known_even_if_it_failed() -> None:
    code = RemoteCode(
        ScriptedCaller({"f": SubmissionError(Verdict.CRASHED, Explanation("submission.vanished"))})
    )
    with pytest.raises(SubmissionError):
        code.f(np.zeros(2))
    assert code._last_call == "f(float64 2)"


def test_what_a_check_called_is_evidence() -> None:
    error = SubmissionError(Verdict.ERROR, Explanation("submission.vanished"))
    code = RemoteCode(ScriptedCaller({"f": 7, "g": error}))
    code.f(1, a=2)
    with pytest.raises(SubmissionError):
        code.g()
    first, second = code._observed
    assert (first.call, first.outcome) == (Call("f", (1,), {"a": 2}), 7)
    assert (second.call, second.outcome) == (Call("g"), error)


def test_a_layer_is_called_and_handed_back_as_its_handle() -> None:
    layer, caller = layer_of()
    caller.script["apply"] = lambda layers, x: x
    assert layer.type_name == "Dense"
    assert layer(5) == 5
    assert layer._code.apply([layer], 6) == 6
    handle = wire.Handle(0, "Dense")
    assert caller.calls[1:] == [(handle, 5), ("apply", [handle], 6)]


def test_layers_inside_of_a_returned_list_are_layers() -> None:
    code = RemoteCode(ScriptedCaller({"pair": [1, (wire.Handle(4, "Flatten"),)]}))
    number, (layer,) = code.pair()
    assert number == 1
    assert layer.type_name == "Flatten"


def test_a_layer_is_not_handed_to_other_code() -> None:
    layer, _ = layer_of()
    with pytest.raises(TypeError, match="belongs to the code that made it"):
        RemoteCode(ScriptedCaller({"f": 0})).f(layer)


def test_a_description_counts_parameters_itself() -> None:
    layer, caller = layer_of(layers=[described(layers=[])])
    description = layer.describe((None, 3))
    assert description.parameters == 8
    assert description.output_shape == (None, 2)
    assert description.layers[0].class_name == "Dense"
    assert caller.calls[-1] == ("describe", wire.Handle(0, "Dense"), (None, 3))
    assert layer._code._last_call == "Dense((None, 3))"


@pytest.mark.parametrize(
    "changes",
    [{"weights": [1, 2]}, {"weights": None}, {"config": 7}, {"layers": [{}]}, {"output_shape": 5}],
    ids=["weights", "no-weights", "config", "inner", "shape"],
)
def test_a_description_that_lies_fails_the_check(changes: dict[str, Any]) -> None:
    layer, _ = layer_of(**changes)
    assert failure(layer.describe) == Explanation("check.bad_description", {"type": "Dense"})


def test_a_description_without_end_fails_the_check() -> None:
    deep = described()
    for _ in range(30):
        deep = described(layers=[deep])
    layer, _ = layer_of(layers=[deep])
    assert failure(layer.describe).key == "check.bad_description"


@pytest.mark.parametrize(
    ("actual", "key"),
    [
        (np.array([1, 3]), "tensor.values"),
        (np.array([[1, 2]]), "tensor.shape"),
        (np.array([1.0, 2.0]), "tensor.dtype"),
        ([1, 2], "tensor.kind"),
        (wire.Opaque("Equal"), "tensor.kind"),
    ],
    ids=["values", "shape", "dtype", "list", "object"],
)
def test_assert_tensor_says_what_differs(actual: object, key: str) -> None:
    found = failure(lambda: assert_tensor(actual, np.array([1, 2]), dtype="same"))
    assert found.key == key
    assert found.difference is not None
    assert f"tensor.{found.difference.aspect}" == key


def test_assert_tensor_passes_its_tolerance_on() -> None:
    assert_tensor(np.array([1.05]), np.array([1.0]), atol=0.1)
    assert failure(lambda: assert_tensor(np.array([1.05]), np.array([1.0]))).key == "tensor.values"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(3, 3), (np.array(3), 3), ((1, None), (1, None)), ("a", "a"), (0.5, 0.5), (None, None), ([], [])],
    ids=str,
)
def test_assert_equal_passes_what_is_equal(actual: object, expected: object) -> None:
    assert_equal(actual, expected, **TEXTS)


@pytest.mark.parametrize(
    ("actual", "expected", "shown"),
    [
        (3, 4, "3"),
        ("3", 3, "'3'"),
        (None, 0, "None"),
        (np.array([3]), 3, "int64 1"),
        (np.array([3, 3]), 3, "int64 2"),
        (wire.Opaque("Equal"), 3, "Equal"),
        ([1, 2], (1, 2), "[1, 2]"),
        ("x" * 300, "", "'" + "x" * 196 + "..."),
    ],
    ids=["number", "text", "none", "tensor-of-one", "tensor", "opaque", "list", "long"],
)
def test_assert_equal_says_what_is_not(actual: object, expected: object, shown: str) -> None:
    assert failure(lambda: assert_equal(actual, expected, **TEXTS)) == Explanation(
        "check.equal", {"what": TEXTS, "actual": shown, "expected": repr(expected)}
    )


@pytest.mark.parametrize(
    ("actual", "expected", "tolerance"),
    [
        ({"a": [0.1 + 0.2, (1,)]}, {"a": [0.3, (1,)]}, {"rtol": 1e-9}),
        (1.05, 1, {"atol": 0.1}),
        (np.float32(0.1), 0.1, {"rtol": 1e-6}),
        ([float("nan")], [float("nan")], {"rtol": 1e-6}),
        (1 + 1e-9j, 1, {"atol": 1e-6}),
        ({"w": np.array([1.0, 2.0])}, {"w": np.array([1.0, 2.0 + 1e-9])}, {"rtol": 1e-6}),
        ({"w": np.array([1, 2])}, {"w": np.array([1, 2])}, {}),
        (np.array(["a", None], object), np.array(["a", None], object), {}),
        ({1, 2}, {2, 1}, {}),
    ],
    ids=repr,
)
def test_assert_equal_compares_numbers_within_the_tolerance(
    actual: Any, expected: Any, tolerance: dict[str, Any]
) -> None:
    assert_equal(actual, expected, **tolerance, **TEXTS)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([10**30], [10**30 + 1]),
        ([10**100], [1.5]),
        (1, 2),
        ({"a": 0.3}, {"a": 0.4}),
        (["0.3"], [0.3]),
        ([True], [None]),
        ({"w": np.zeros(2)}, {"w": np.zeros(3)}),
        ({"w": np.zeros(2)}, {"w": [0, 0]}),
        (np.array(["a"], object), np.array(["b"], object)),
        ({1}, [1]),
    ],
    ids=repr,
)
def test_a_tolerance_makes_nothing_else_equal(actual: Any, expected: Any) -> None:
    assert failure(lambda: assert_equal(actual, expected, rtol=1e-3, **TEXTS)).key == "check.equal"


def test_of_a_long_value_the_place_is_said_where_it_differs() -> None:
    actual = {"loss": [(number, number / 7) for number in range(100)]}
    expected = {"loss": [(number, number / 7 + (number == 60)) for number in range(100)]}
    assert failure(lambda: assert_equal(actual, expected, rtol=1e-6, **TEXTS)) == Explanation(
        "check.equal_at",
        {"what": TEXTS, "place": "['loss'][60][1]", "actual": repr(60 / 7), "expected": repr(60 / 7 + 1)},
    )


def test_expect_says_what_must_hold() -> None:
    expect(True, **TEXTS)
    assert failure(lambda: expect(False, **TEXTS)) == Explanation("check.expect", {"what": TEXTS})


def test_a_changed_argument_is_found_after_the_last_call_only() -> None:
    code = code_of("def bad(a, b):\n    b += 1\n    return 0\ndef good(a):\n    return a + 1")
    assert_unchanged(code)
    code.bad(np.zeros(2), np.zeros(2))
    assert failure(lambda: assert_unchanged(code)) == Explanation("check.changed", {"position": 2})
    code.good(np.zeros(2))
    assert_unchanged(code)


def test_assert_layer_returns_the_description_of_the_right_one() -> None:
    layer, _ = layer_of()
    description = assert_layer(layer, "Dense", units=2, strides=[2, 2], use_bias=True)
    assert (description.name, description.parameters) == ("dense_7", 8)


@pytest.mark.parametrize(
    ("class_name", "config", "expected"),
    [
        ("Flatten", {}, Explanation("layer.class", {"actual": "Dense", "expected": "Flatten"})),
        (
            "Dense",
            {"use_bias": True, "strides": (1, 1)},
            Explanation("layer.config", {"setting": "strides", "actual": "(2, 2)", "expected": "(1, 1)"}),
        ),
        (
            "Dense",
            {"padding": "same"},
            Explanation("layer.config", {"setting": "padding", "actual": "None", "expected": "'same'"}),
        ),
    ],
    ids=["class", "setting", "no-such-setting"],
)
def test_assert_layer_says_what_is_wrong(
    class_name: str, config: dict[str, Any], expected: Explanation
) -> None:
    layer, _ = layer_of()
    assert failure(lambda: assert_layer(layer, class_name, **config)) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (np.zeros(2), "ndarray"), (wire.Opaque("Tensor"), "Tensor")],
    ids=str,
)
def test_assert_layer_names_what_is_none(value: object, name: str) -> None:
    found = failure(lambda: assert_layer(value, "Dense"))
    assert found == Explanation("layer.none", {"actual": name, "expected": "Dense"})


RAISING = """
class Mine(KeyError):
    pass
def mine():
    raise Mine("a")
def other():
    raise TypeError("b")
def unwritten():
    raise NotImplementedError
def fine():
    return 1
"""


@pytest.mark.parametrize("name", ["Mine", "KeyError", "LookupError"])
def test_raises_passes_a_class_and_its_bases(name: str) -> None:
    code = code_of(RAISING)
    with raises(code, name):
        code.mine()


def test_raises_fails_another_exception() -> None:
    code = code_of(RAISING)

    def attempt() -> None:
        with raises(code, "KeyError"):
            code.other()

    assert failure(attempt) == Explanation(
        "check.other_exception", {"actual": "TypeError", "expected": "KeyError"}
    )


def test_raises_fails_where_nothing_is_raised() -> None:
    code = code_of(RAISING)

    def attempt() -> None:
        with raises(code, "KeyError"):
            code.fine()

    assert failure(attempt) == Explanation("check.no_exception", {"expected": "KeyError", "call": "fine()"})


@pytest.mark.parametrize("verdict", [Verdict.TIMEOUT, Verdict.MEMORY, Verdict.CRASHED, Verdict.FORBIDDEN])
def test_raises_lets_a_death_be_what_it_is(verdict: Verdict) -> None:
    code = RemoteCode(ScriptedCaller({"f": SubmissionError(verdict, Explanation("submission.vanished"))}))
    with pytest.raises(SubmissionError) as caught, raises(code, "Exception"):
        code.f()
    assert caught.value.verdict is verdict


def test_raises_lets_an_unwritten_function_be_unwritten() -> None:
    code = code_of(RAISING)
    with pytest.raises(SubmissionError) as caught, raises(code, "ValueError"):
        code.unwritten()
    assert caught.value.verdict is Verdict.NOT_ATTEMPTED


def test_raises_lets_a_missing_function_be_missing() -> None:
    # No exception of the student's: "raised ?, expected ValueError" would help nobody.
    missing = SubmissionError(Verdict.ERROR, Explanation("submission.no_function", {"function": "f"}))
    code = RemoteCode(ScriptedCaller({"f": missing}))
    with pytest.raises(SubmissionError) as caught, raises(code, "ValueError"):
        code.f()
    assert caught.value.explanation.key == "submission.no_function"


def test_raises_lets_our_own_faults_be_ours() -> None:
    code = RemoteCode(ScriptedCaller({"f": RunnerError("runner.died")}))
    with pytest.raises(RunnerError), raises(code, "Exception"):
        code.f()


def some_check() -> None:
    """Stand for a check."""


def test_check_marks_a_function_and_leaves_it_as_it_is() -> None:
    def function() -> None:
        """Check nothing."""

    marked = check(points=2, en="a", ko="가", after="test_b")(function)
    assert marked is function
    assert spec_of(marked) == CheckSpec(2, Text({"en": "a", "ko": "가"}), "test_b")
    assert line_of(marked) == function.__code__.co_firstlineno
    assert spec_problems(marked, {"test_b"}, ("en", "ko")) == []


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"points": 0}, [("check_points", "points", "0")]),
        ({"points": -1}, [("check_points", "points", "-1")]),
        ({"points": True}, [("check_points", "points", "True")]),
        ({"points": "2"}, [("check_points", "points", "'2'")]),
        ({"points": float("nan")}, [("check_points", "points", "nan")]),
        ({"points": float("inf")}, [("check_points", "points", "inf")]),
        ({"en": " "}, [("check_text", "languages", "en")]),
        ({"ko": ""}, [("check_text", "languages", "ko")]),
        ({"ko": "works on a batch"}, [("check_text", "languages", "ko")]),
        ({"after": "test_c"}, [("check_after", "after", "test_c")]),
        (
            {"points": 0, "en": "", "ko": "", "after": "x"},
            [
                ("check_points", "points", "0"),
                ("check_text", "languages", "en, ko"),
                ("check_after", "after", "x"),
            ],
        ),
    ],
    ids=["zero", "minus", "true", "text", "nan", "inf", "english", "korean", "not-korean", "after", "all"],
)
def test_a_check_that_is_written_wrongly_is_told_all_of_it(
    changes: dict[str, Any], problems: list[tuple[str, str, str]]
) -> None:
    def function() -> None:
        """Check nothing."""

    marked = check(**{"points": 1, "en": "a", "ko": "가", "after": None, **changes})(function)
    found = spec_problems(marked, {"test_b"}, ("en", "ko"))
    assert [(item.key, item.values["check"]) for item in found] == [
        (f"course.{key}", "function") for key, _, _ in problems
    ]
    assert [item.values[name] for item, (_, name, _) in zip(found, problems, strict=True)] == [
        value for _, _, value in problems
    ]


def test_a_check_without_points_and_texts_is_told_where_it_stands() -> None:
    points, texts = spec_problems(check()(lambda: None), set(), ("en", "ko"))
    assert (points.key, points.values["points"]) == ("course.check_points", "0")
    assert texts.values["texts"] == 'en="...", ko="..."'


def test_a_check_without_its_decorator_is_told() -> None:
    assert spec_problems(some_check, set(), ("en", "ko")) == [
        Explanation("course.check_undecorated", {"check": "some_check", "texts": "en=..., ko=..."})
    ]


def test_a_reply_without_more_changed_nothing() -> None:
    assert Reply(3) == Reply(3, (), 0.0)


def test_a_dtype_is_asked_for_that_numpy_has_not() -> None:
    """As of a course in which nothing makes NumPy know bfloat16."""
    given = named(np.ones((1, 2)), "bfloat16")
    assert_tensor(given, [[1, 1]], dtype="bfloat16")
    with pytest.raises(CheckFailed):
        assert_tensor(np.ones((1, 2), np.float32), [[1, 1]], dtype="bfloat16")
    assert dtype_name(of_dtype([[1, 1]], "bfloat16").dtype) == "bfloat16"
