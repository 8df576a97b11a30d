"""What is said where no mistake is known is what is the case in every call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.checks.remote import Observed
from grader.errors import SubmissionError
from grader.judge.evidence import Finding, finding
from grader.judge.symptoms import symptom
from grader.model import Explanation, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.values import named
from grader.runner.replies import Reply


def found(
    given: Any, right: Any, *args: Any, operation: str = "call", changed: tuple[int, ...] = ()
) -> Finding:
    """Return a call beside what is right."""
    call = Call("f", args) if operation == "call" else Call.describe(wire.Handle(0, "Conv2D"), None)
    observed = Observed(call, given, changed=changed, is_unchanged_asked=True)
    reply = right if isinstance(right, SubmissionError) else Reply(right)
    item = finding(0, ("f",), observed, reply, reply)
    assert item is not None
    return item


def raised(kind: str) -> SubmissionError:
    return SubmissionError(Verdict.ERROR, Explanation("submission.raised", {}), type_names=(kind,))


def said(*findings: Finding) -> str | None:
    """Return the id of what is said."""
    symptom_told = symptom(findings)
    return None if symptom_told is None else symptom_told.id


def numbers(*shape: int, start: int = 1) -> np.ndarray:
    return np.arange(start, start + int(np.prod(shape))).reshape(shape).astype(np.float64)


X = numbers(2, 4, 6, 3)
PAIR = (numbers(2, 3, 4, 3), numbers(2, 3, 4, 3, start=50))
CLASS = wire.Opaque("type")
TEXT = {"a": 1}


def changed_at(place: Any, *, by: float = 1) -> list[Finding]:
    """Return results that are wrong by so much at some places."""
    results = []
    for right in PAIR:
        wrong = right.copy()
        wrong[place] += by * np.where(numbers(*wrong[place].shape) % 2, 1, 3)
        results.append(found(wrong, right, right))
    return results


@pytest.mark.parametrize(
    ("findings", "id"),
    [
        ([found(None, PAIR[0], X)], "nothing-returned"),
        ([found(CLASS, wire.Handle(0, "MaxPooling2D"))], "class-returned"),
        ([found(TEXT, PAIR[0], X)], "another-kind-returned"),
        ([found(PAIR[0], PAIR[0], X, changed=(0,))], "argument-changed"),
        ([found(0.5, [0.25, 0.5], 2), found(0.75, [0.5, 0.75], 2)], "another-kind-returned"),
        ([found(right.astype("float16") + 9, right, right) for right in PAIR], "dtype-returned-float16"),
        ([found(named(right + 9, "bfloat16"), right, right) for right in PAIR], "dtype-returned-bfloat16"),
        ([found(right.astype("int32") + 9, right, right) for right in PAIR], "dtype-returned-int32"),
        ([found(right**2, right, right, changed=(0,)) for right in PAIR], "argument-changed-too"),
        ([found(raised("TypeError"), raised("ValueError"), X)], "another-exception"),
        ([found(3, raised("ValueError"), X)], "nothing-refused"),
        # No result is wrong that has a dtype beside a right one.
        ([found(numbers(3), raised("ValueError"), X)], "nothing-refused"),
        ([found(numbers(3), raised("ValueError"), X), found(raised("KeyError"), PAIR[0], X)], None),
        (
            [found(PAIR[0], PAIR[0], X), found(raised("IndexError"), PAIR[1], X[:, :3])],
            "right-for-some-inputs",
        ),
        ([found(right > 9, right, X, n) for n, right in enumerate(PAIR)], "yes-or-no-returned"),
        ([found(right[:, ::-1], right, right) for right in PAIR], "numbers-elsewhere"),
        ([found(right[None], right, right) for right in PAIR], "numbers-in-another-shape"),
        ([found(right.max(axis=0), right, right) for right in PAIR], "axes-too-few"),
        ([found(np.stack([right, right]), right, right) for right in PAIR], "axes-too-many"),
        ([found(right[:, 1:], right, right) for right in PAIR], "result-too-short"),
        ([found(right.repeat(2, axis=1), right, right) for right in PAIR], "result-too-long"),
        ([found(right[:, 1:].repeat(2, axis=2), right, right) for right in PAIR], "another-shape"),
        (changed_at(np.s_[1]), "first-image-right"),
        (changed_at(np.s_[0]), "last-image-right"),
        (changed_at(np.s_[..., 1:]), "first-channel-right"),
        (changed_at(np.s_[..., :-1]), "last-channel-right"),
        (changed_at(np.s_[:, -1], by=-1), "edge-wrong"),
        (changed_at(np.s_[:], by=-1), "numbers-too-small"),
        (changed_at(np.s_[:], by=1), "numbers-too-large"),
        ([found(0.0, 0.04, 1), found(27.0, 27.6, 2)], "whole-number-returned"),
        ([found(3.0, 1.04, 1)], None),
    ],
)
def test_what_is_seen_in_all_calls_is_said(findings: Sequence[Finding], id: str) -> None:
    assert said(*findings) == id


def test_a_dtype_and_an_argument_are_told_beside_a_symptom() -> None:
    wrong = [
        replace(item, observed=replace(item.observed, has_dtype=True, changed=changed), right=Reply(right))
        for item, changed in zip(changed_at(np.s_[:], by=1), [(), (0,)], strict=True)
        for right in [np.asarray(item.observed.call.args[0], np.float32)]
    ]
    assert said(*wrong) == "argument-changed-too"
    told = symptom(wrong[:1] * 2)
    assert told is not None
    assert told.id == "numbers-too-large-and-another-dtype-float64"
    assert "your result has float64" in told.text["en"]
    assert "float64" in told.text["ko"]


def test_what_is_printed_wrong_is_no_matter_of_a_changed_argument_alone() -> None:
    wrong = found(PAIR[0], PAIR[0], X, changed=(0,))
    printed = [replace(wrong.observed, output=output, is_output_asked=True) for output in ("1", "2")]
    right = Reply(PAIR[0], output="2")
    findings = [finding(0, ("f",), observed, right, right) for observed in printed]
    assert [said(item) for item in findings if item is not None] == [
        "argument-changed-too",
        "argument-changed",
    ]


def test_nothing_is_said_where_a_call_contradicts() -> None:
    too_large, too_small = changed_at(np.s_[:], by=1)[0], changed_at(np.s_[:], by=-1)[1]
    assert said(too_large, too_small) is None
    assert said(found(PAIR[0], PAIR[0], X)) is None


@pytest.mark.parametrize("by", [-1, 1])
def test_without_a_probe_nothing_is_said_of_which_numbers_are_wrong(by: float) -> None:
    findings = changed_at(np.s_[:], by=by)
    assert symptom(findings) is not None
    assert symptom(findings, is_alone=True) is None
    # What is no matter of numbers is said.
    assert symptom([found(None, PAIR[0], X)], is_alone=True) is not None


SQUARE, OTHER = numbers(2, 4, 4, 3), numbers(2, 4, 6, 3)


def half(x: np.ndarray, wrong: float = 0) -> Finding:
    """Return a call on an image, and a result of half its size that is wrong by alternating amounts."""
    right = x[:, ::2, ::2]
    return found(right + wrong * (-1) ** np.arange(right.size).reshape(right.shape), right, x)


@pytest.mark.parametrize(
    ("right", "wrong", "id"),
    [
        (SQUARE, OTHER, "square-images-right"),
        (OTHER, OTHER[:, :3], "even-sides-right"),
        (OTHER[:1], OTHER, "single-images-right"),
        (OTHER[..., :1], OTHER, "single-channels-right"),
        (OTHER, -OTHER, "negative-numbers-wrong"),
        (OTHER, OTHER.astype(np.int64), "integers-wrong"),
        (OTHER.astype(np.int64), OTHER, "fractions-wrong"),
    ],
)
def test_which_inputs_are_right_is_said(right: np.ndarray, wrong: np.ndarray, id: str) -> None:
    step = np.sign(wrong.min()).astype(wrong.dtype)
    calls = [half(right + number) for number in range(3)]
    calls += [half(wrong + number * step, 5) for number in range(3)]
    assert said(*calls) == id
    # Two are an accident, and one that contradicts is enough.
    assert said(*calls[1:]) != id
    assert said(*calls, half(right + 3, 5)) != id


def test_nothing_is_said_of_two_conditions_that_are_met_together() -> None:
    right, wrong = OTHER[:1], OTHER[:, :3].astype(np.int64)
    assert (
        said(*(half(right + number) for number in range(3)), *(half(wrong + n, 5) for n in range(3))) is None
    )


def test_what_is_no_image_has_no_height() -> None:
    kernels = numbers(2, 2, 1, 1), numbers(2, 2, 1, 3)
    findings = [found(kernel.sum((0, 1, 2)) + wrong, kernel.sum((0, 1, 2)), kernel)
                for kernel, wrong in ((kernels[0], 0), (kernels[1], np.array([1, -1, 2])), (kernels[1] + 1, np.array([1, -1, 2])))]  # fmt: skip
    assert said(*findings) is None


def layer(**changes: Any) -> dict[str, Any]:
    config = {"name": "c", "strides": (1, 1), "activation": "linear", "kernel_initializer": "GlorotUniform"}
    plain: dict[str, Any] = {
        "class_name": "Conv2D",
        "config": config,
        "weights": [numbers(2, 2, 1, 1), np.array([3.0])],
        "layers": [],
    }
    return {**plain, **changes, "config": {**config, **changes.get("config", {})}}


@pytest.mark.parametrize(
    ("changes", "id"),
    [
        ({"class_name": "Conv1D"}, "other-layers"),
        ({"layers": [layer()]}, "other-layers"),
        ({"config": {"strides": (2, 2), "activation": "relu"}}, "layer-setting-strides"),
        ({"config": {"activation": "relu"}}, "layer-setting-activation"),
        ({"weights": []}, "layer-has-no-weights"),
        ({"weights": [numbers(2, 2, 1, 1, start=5), np.array([3.0])]}, "layer-kernel"),
        ({"weights": [numbers(2, 2, 1, 1), np.array([0.0])]}, "layer-bias"),
        ({"config": {"name": "d", "kernel_initializer": "Constant"}}, None),
    ],
)
def test_what_a_layer_is_made_of_is_said(changes: dict[str, Any], id: str | None) -> None:
    assert said(found(layer(**changes), layer(), operation="describe")) == id
