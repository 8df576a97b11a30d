"""Say what is seen where no mistake is known: statements that are true whatever was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks import tensors
from grader.checks.relations import find_relation
from grader.errors import SubmissionError
from grader.judge.agreement import ATOL, ENOUGH, RTOL, agree, dtype_of
from grader.judge.evidence import Finding
from grader.messages.sentences import bilingual
from grader.model import Explanation, Misconception, Text
from grader.runner.inside import wire
from grader.runner.inside.values import SMALL_FLOATS
from grader.runner.replies import Reply


def symptom(findings: Sequence[Finding], *, is_alone: bool = False) -> Misconception | None:
    """Return what is seen in all calls of one function; None where there is nothing to say.

    Without a probe (`is_alone`) a statement on which numbers are wrong may be an accident of the few that were seen.
    """
    for name, is_seen in SYMPTOMS.items():
        if not (is_alone and name in _ABOUT_NUMBERS) and is_seen(findings):
            base, _, setting = name.partition(":")
            told = _told(base, setting, findings[0].function)
            return told if base in _ABOUT_MORE else joined(told, beside(findings))
    return None


def _told(base: str, setting: str, function: str) -> Misconception:
    id = f"{base}-{setting}".rstrip("-").replace("_", "-")
    return Misconception(id, bilingual(f"symptom.{base.replace('-', '_')}", setting=setting), (function,))


def beside(findings: Sequence[Finding]) -> list[Misconception]:
    """Return what is seen beside wrong values in all calls of one function: a dtype, a changed argument, what is not refused."""
    dtypes, more = set(), []
    for item in findings:
        given, right = item.observed.outcome, item.right
        if isinstance(right, SubmissionError):
            if item.state != "same":
                more.append("refused-otherwise" if isinstance(given, SubmissionError) else "answered-anyway")
            continue
        one, other = dtype_of(given), dtype_of(right.value)
        if item.observed.has_dtype and "" not in (one, other) and one != other:
            dtypes.add(one)
        if item.observed.is_unchanged_asked and set(item.observed.changed) - {*right.changed}:
            more.append("argument-written")
    told = [(name, "") for name in dict.fromkeys(more)] + [
        ("another-dtype", ", ".join(sorted(dtypes)))
    ] * bool(dtypes)
    return [_told(name, setting, findings[0].function) for name, setting in told]


def joined(first: Misconception, others: Sequence[Misconception]) -> Misconception:
    """Return a mistake with what is seen beside it."""
    text = {
        language: " ".join([sentence, *(item.text.get(language, "") for item in others)])
        for language, sentence in first.text.items()
    }
    ids = [first.id, *(item.id.split(",")[0] for item in others)]
    return replace(first, id="-and-".join(ids), text=Text(text)) if others else first


def is_one_number(findings: Sequence[Finding]) -> bool:
    """Return whether all results are zeros, or whatever the image one other number: any mistake may give that."""
    tensors_given = [_tensor(item.observed.outcome) for item in findings]
    numbers = {number for each in tensors_given if each is not None for number in each.ravel().tolist()}
    asked = [
        item for item in findings if any(isinstance(value, np.ndarray) for value in item.observed.call.args)
    ]
    is_seen = not any(each is None for each in tensors_given) and not any(
        item.observed.call.handles for item in findings
    )
    return is_seen and len(numbers) == 1 and (numbers == {0} or len(asked) > 1)


def _tensor(value: Any) -> np.ndarray | None:
    return tensors.as_tensor(value)


def _arguments(item: Finding) -> Any:
    return [item.observed.call.args, item.observed.call.kwargs]


def _is_another_at_the_next_call(findings: Sequence[Finding]) -> bool:
    """Return whether two calls with the same arguments gave two results, where two give the same."""
    first: dict[bytes, Finding] = {}
    for item in findings:
        earlier = first.setdefault(wire.encode(_arguments(item)), item)
        if not agree(earlier.observed.outcome, item.observed.outcome):
            return True
    return False


def _is_whatever_is_given(findings: Sequence[Finding]) -> bool:
    """Return whether other numbers in tensors of the same shapes never change the result, and should."""
    pairs = list(_of_same_shapes(findings))
    return bool(pairs) and all(agree(one.observed.outcome, other.observed.outcome) for one, other in pairs)


def _of_same_shapes(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Yield two calls in which only the numbers of the tensors differ, and the right results in many numbers."""
    seen: dict[bytes, Finding] = {}
    for item in findings:
        shapes = wire.map_values(
            _arguments(item),
            lambda value: str((value.shape, value.dtype)) if isinstance(value, np.ndarray) else value,
        )
        other = seen.setdefault(wire.encode(shapes), item)
        if isinstance(item.right, Reply) and isinstance(other.right, Reply):
            one, two = _tensor(item.right.value), _tensor(other.right.value)
            if one is not None and two is not None and one.shape == two.shape and np.sum(one != two) > 1:
                yield other, item


def _is_empty(findings: Sequence[Finding]) -> bool:
    """Return whether nothing is in the results that should have something in them."""
    given = [
        _tensor(item.observed.outcome)
        for item in findings
        if isinstance(item.right, Reply) and np.size(item.right.value)
    ]
    return bool(given) and all(tensor is not None and tensor.size == 0 for tensor in given)


def _is_all_zero(findings: Sequence[Finding]) -> bool:
    """Return whether all results are zeros alone, and some should not be."""
    return all(
        (tensor := _tensor(item.observed.outcome)) is not None and tensor.size and not np.any(tensor)
        for item in findings
    )


Symptom = Callable[[Sequence[Finding]], bool]


def _of_values(is_seen: Symptom) -> Symptom:
    """Look at the tensors that a function returned, where one of them is wrong.

    Those of a layer say nothing: two of them that are given the same may hold different weights.
    """

    def look(findings: Sequence[Finding]) -> bool:
        values = [
            item
            for item in findings
            if item.has_numbers
            and not item.observed.call.handles
            and _tensor(item.observed.outcome) is not None
        ]
        return any(item.state == "differs" for item in values) and is_seen(values)

    return look


def _of_wrong(is_seen: Callable[[Any, Any], bool]) -> Symptom:
    """Look at every wrong outcome of a function itself, and at what is right; with one, with all of them."""

    def look(findings: Sequence[Finding]) -> bool:
        pairs = [
            (item.observed.outcome, item.right.value)
            for item in findings
            if item.state != "same" and item.observed.call.target is None and isinstance(item.right, Reply)
        ]
        return bool(pairs) and all(is_seen(*pair) for pair in pairs)

    return look


def _is_value(right: Any) -> bool:
    return _tensor(right) is not None or isinstance(right, wire.Handle)


def _is_of_another_kind(given: Any, right: Any) -> bool:
    """Return whether there is something, and it is not what was asked for: a text, a dictionary, an object."""
    if isinstance(given, SubmissionError) or given is None:
        return False
    if isinstance(right, list | tuple):
        return not isinstance(given, list | tuple | wire.Handle)
    if _tensor(given) is not None:
        return False
    return _is_value(right) and not isinstance(given, wire.Handle)


def _is_made_whole(given: Any, right: Any) -> bool:
    """Return whether a number is the right one without what stands after its point."""
    one, other = _tensor(given), _tensor(right)
    return (
        one is not None
        and other is not None
        and one.ndim == other.ndim == 0
        and other.dtype.kind == "f"
        and bool(other % 1)
        and float(one) in (np.floor(other), np.rint(other))
    )


def _is_argument_changed(findings: Sequence[Finding]) -> bool:
    """Return whether nothing is wrong but that arguments are changed."""
    wrong = [item for item in findings if item.state != "same"]
    return bool(wrong) and all(
        item.has_right_values
        and item.observed.changed
        and isinstance(item.right, Reply)
        and not (item.observed.has_dtype and dtype_of(item.observed.outcome) != dtype_of(item.right.value))
        and not (item.observed.is_output_asked and item.observed.output != item.right.output)
        for item in wrong
    )


def _is_argument_changed_too(findings: Sequence[Finding]) -> bool:
    """Return whether arguments are changed, whatever else is wrong."""
    return any(
        item.observed.changed and isinstance(item.right, Reply) and not item.right.changed
        for item in findings
    )


def _holds(dtype: str, other: np.dtype) -> bool:
    """Return whether numbers of another dtype keep their values in this one, which NumPy may not have."""
    return tensors.dtype_name(other) == dtype if dtype in SMALL_FLOATS else np.can_cast(other, dtype)


def _is_of_dtype(dtype: str) -> Symptom:
    """Return whether all wrong results have this dtype, which cannot hold what is right."""

    def look(findings: Sequence[Finding]) -> bool:
        pairs = [
            (_tensor(item.observed.outcome), _tensor(item.right.value))
            for item in findings
            if item.state == "differs" and isinstance(item.right, Reply)
        ]
        return bool(pairs) and all(
            one is not None and other is not None and dtype_of(one) == dtype and not _holds(dtype, other.dtype)
            for one, other in pairs
        )  # fmt: skip

    return _of_values(look)


def _is_right_for_some(findings: Sequence[Finding]) -> bool:
    """Return whether results are right for some inputs, and for others there is an exception alone.

    Where objects take part it may be theirs: a network that was trained is not the one before.
    """
    return (
        not any(item.observed.call.handles for item in findings)
        and {item.state for item in findings} == {"same", "crashed"}
        and all(isinstance(item.right, Reply) for item in findings if item.state == "crashed")
        and any(isinstance(item.right, Reply) for item in findings if item.state == "same")
        and all(len(item.functions) == 1 for item in findings)
    )


def _refused(is_raised: bool) -> Symptom:
    """Look at what should be refused, where all else is right: whether there is another exception, or none."""

    def look(findings: Sequence[Finding]) -> bool:
        wrong = [item for item in findings if item.state != "same"]
        return bool(wrong) and all(
            isinstance(item.right, SubmissionError)
            and isinstance(item.observed.outcome, SubmissionError) is is_raised
            for item in wrong
        )

    return look


def _calls_on_images(findings: Sequence[Finding]) -> list[tuple[bool, list[np.ndarray], list[Any]]]:
    """Return for each call whether it was right, its tensors, and all its arguments with what is right at their end.

    Nothing is returned where an argument is no image.
    """
    calls = []
    for item in findings:
        if item.observed.call.handles or not isinstance(item.right, Reply):
            continue
        arguments = [*item.observed.call.args, *item.observed.call.kwargs.values()]
        arrays = [value for value in arguments if isinstance(value, np.ndarray)]
        right = _tensor(item.right.value)
        if not arrays or right is None or not arrays[0].ndim == right.ndim in (2, 4):
            # What does not become an image has no height, or has it elsewhere.
            return []
        calls.append((item.state == "same", arrays, [*arguments, right]))
    return calls


def _only_right_where(name: str) -> Symptom:
    """Look at which calls are right: all that meet this condition, and no others; where two conditions tell, none does."""

    def look(findings: Sequence[Finding]) -> bool:
        calls = _calls_on_images(findings)
        right = [is_right for is_right, *_ in calls]
        if min(right.count(True), right.count(False)) < ENOUGH:
            return False
        telling = [
            key
            for key, is_met in (_CONDITIONS | _NOT_SAID).items()
            if [is_met(arrays, arguments) for _, arrays, arguments in calls] == right
        ]
        return telling == [name]

    return look


def _sides(image: np.ndarray) -> tuple[int, int]:
    rows, columns = image.shape[1:3] if image.ndim == 4 else image.shape
    return rows, columns


def _has_square_window(arrays: Sequence[np.ndarray], arguments: Sequence[Any]) -> bool:
    """Return whether the size of the window, or the kernel, is as high as it is wide."""
    pairs = [value for value in arguments if isinstance(value, tuple) and len(value) == 2]
    kernels = [value.shape[:2] for value in arrays[1:] if value.ndim == 4]
    return all(rows == columns for rows, columns in [*pairs, *kernels])


def _of_wrong_tensors(
    is_seen: Callable[[Sequence[tuple[np.ndarray, np.ndarray]]], bool], *, has_shape: bool
) -> Symptom:
    """Look at the wrong tensors beside the right ones, those of the right shape or those of another one alone."""

    def look(findings: Sequence[Finding]) -> bool:
        pairs = []
        for item in findings:
            if item.state != "differs" or item.has_right_values or not isinstance(item.right, Reply):
                continue
            one, other = _tensor(item.observed.outcome), _tensor(item.right.value)
            if one is None or other is None or (one.shape == other.shape) is not has_shape:
                return False
            pairs.append((one, other))
        return len(pairs) > 1 and is_seen(pairs)

    return _of_values(look)


def _are_elsewhere(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Return whether all results hold the right numbers, as often as the right ones, and some of them several."""
    return any(len(np.unique(other)) >= ENOUGH for _, other in pairs) and all(
        one.size == other.size and agree(np.sort(one.ravel()), np.sort(other.ravel())) for one, other in pairs
    )


def _wrong_places(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the places of the wrong numbers, a row for each."""
    with np.errstate(all="ignore"):
        return np.argwhere(~np.isclose(one, other, RTOL, ATOL, equal_nan=True))


def _are_right(index: int, axis: int) -> Callable[[Sequence[tuple[np.ndarray, np.ndarray]]], bool]:
    """Return whether all numbers at the first, or at the last place of an axis are right, and others wrong."""

    def look(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
        return all(
            one.ndim == 4 and one.shape[axis] > 1 and (place := index % one.shape[axis]) >= 0
            and not np.any(_wrong_places(one, other)[:, axis] == place)
            for one, other in pairs
        )  # fmt: skip

    return look


def _are_at_the_edge(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Return whether wrong numbers are in the first or last row or column alone, and others lie between."""
    for one, other in pairs:
        rows, columns = (1, 2) if one.ndim == 4 else (one.ndim - 2, one.ndim - 1)
        if one.ndim < 2 or min(one.shape[rows], one.shape[columns]) < 3:
            return False
        places = _wrong_places(one, other)
        ends = [np.isin(places[:, axis], (0, one.shape[axis] - 1)) for axis in (rows, columns)]
        if not np.all(ends[0] | ends[1]):
            return False
    return True


def _lengths(sign: int) -> Callable[[Sequence[tuple[np.ndarray, np.ndarray]]], bool]:
    """Return whether no axis is longer (or shorter, with `sign` 1) than it should be, in any result."""

    def look(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
        return all(
            one.ndim == other.ndim and min(sign * (np.array(one.shape) - other.shape)) >= 0
            for one, other in pairs
        )

    return look


def _axes(sign: int) -> Callable[[Sequence[tuple[np.ndarray, np.ndarray]]], bool]:
    return lambda pairs: all(sign * (one.ndim - other.ndim) > 0 for one, other in pairs)


def _sizes(sign: int) -> Callable[[Sequence[tuple[np.ndarray, np.ndarray]]], bool]:
    """Return whether all wrong numbers, several of them, are too small (or too large, with `sign` 1)."""

    def look(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
        seen = 0
        for one, other in pairs:
            given, right = tensors.widened(one).ravel(), tensors.widened(other).ravel()
            wrong = ~np.isclose(given, right, RTOL, ATOL)
            if not np.all(sign * (given - right)[wrong] > 0):
                return False
            seen += int(wrong.sum())
        return seen > 2 * ENOUGH

    return look


def _descriptions(findings: Sequence[Finding]) -> Iterator[tuple[Any, Any, bool]]:
    """Yield each wrong description of a layer or network beside the right one, and whether its numbers count.

    What was given to another function before is left out, which may have changed it.
    """
    for item in findings:
        is_own = item.observed.call.operation == "describe" and len(item.functions) == 1
        if is_own and item.state == "differs" and isinstance(item.right, Reply):
            yield item.observed.outcome, item.right.value, item.has_numbers


def _of_layers(is_seen: Callable[[Any, Any, bool], bool]) -> Symptom:
    def look(findings: Sequence[Finding]) -> bool:
        described = list(_descriptions(findings))
        return bool(described) and all(is_seen(*each) for each in described)

    return look


def _part(description: Any, name: str) -> Any:
    """Return a part of a description; nothing where the check does not look at it, and a released course does not know it."""
    return description.get(name) or ()


def _classes(description: Any) -> list[str]:
    """Return the classes of a network's layers, or that of a layer alone."""
    inner = [item["class_name"] for item in _part(description, "layers")]
    return ["network", *inner] if inner else [str(_part(description, "class_name"))]


def _is_setting(setting: str) -> Callable[[Any, Any, bool], bool]:
    """Return whether a setting of a layer, or of one in a network of the right layers, is another."""

    def look(given: Any, right: Any, has_numbers: bool) -> bool:
        pairs = zip(_part(given, "layers") or [given], _part(right, "layers") or [right], strict=False)
        return _classes(given) == _classes(right) and any(
            (_part(one, "config") or {}).get(setting) != (_part(other, "config") or {}).get(setting)
            for one, other in pairs
        )

    return look


def _is_weight(place: int) -> Callable[[Any, Any, bool], bool]:
    """Return whether the kernel (0) or the bias (1) of a layer holds other numbers, of the right shape."""

    def look(given: Any, right: Any, has_numbers: bool) -> bool:
        one, other = _part(given, "weights"), _part(right, "weights")
        return (
            has_numbers
            and not _part(right, "layers")
            and len(one) == len(other) == 2
            and np.shape(one[place]) == np.shape(other[place])
            and not agree(one[place], other[place])
        )

    return look


def _of_relations(is_seen: Symptom) -> Symptom:
    """Look at everything that a function got wrong, where a tensor that it returned is."""

    def look(findings: Sequence[Finding]) -> bool:
        wrong = [item for item in findings if item.state == "differs" and not item.has_right_values]
        return _of_values(lambda _: is_seen(wrong))(findings)

    return look


def _is_always(*keys: str) -> Callable[[Sequence[Finding]], bool]:
    """Return what tells whether each wrong result is to the right one what one of these relations says."""
    return lambda wrong: (
        _is_confirmed(wrong)
        and all((found := relation(item)) is not None and found.key in keys for item in wrong)
    )


def _is_confirmed(wrong: Sequence[Finding]) -> bool:
    """Return whether no check alone says it: inputs such as 0, 1, 2, ... make relations by accident."""
    return any(item.observed.is_probe for item in wrong) and all(
        item.has_numbers and isinstance(item.right, Reply) for item in wrong
    )


def _is_one_short(wrong: Sequence[Finding]) -> bool:
    """Return whether each wrong result lacks one entry at an end of an axis, always the same one, and nothing else."""
    return _is_confirmed(wrong) and bool(set.intersection(*map(_lacking_ends, wrong)))


def _lacking_ends(item: Finding) -> set[tuple[int, bool]]:
    """Return the axes along which the first entry (True) or the last is all that a result lacks."""
    assert isinstance(item.right, Reply)
    given, right = _tensor(item.observed.outcome), _tensor(item.right.value)
    if given is None or right is None or given.ndim != right.ndim or not given.size:
        return set()
    return {
        (axis, is_first)
        for axis, length in enumerate(right.shape)
        for is_first in (True, False)
        if given.shape[axis] == length - 1
        and agree(given, np.delete(right, 0 if is_first else length - 1, axis), item.tolerance)
    }


def relation(item: Finding) -> Explanation | None:
    """Return how a wrong result is made of the right one."""
    assert isinstance(item.right, Reply)
    rtol, atol = item.observed.tolerance or item.tolerance
    return find_relation(item.observed.outcome, item.right.value, rtol=rtol, atol=atol)


_SETTINGS = "pool_size kernel_size strides padding filters units activation use_bias dilation_rate data_format".split()
_LOSING = "bfloat16 float16 int8 uint8 int16 uint16 int32 uint32 int64 uint64".split()

_CONDITIONS: dict[str, Callable[[Sequence[np.ndarray], Sequence[Any]], bool]] = {
    "square-images-right": lambda arrays, _: _sides(arrays[0])[0] == _sides(arrays[0])[1],
    "even-sides-right": lambda arrays, _: not any(side % 2 for side in _sides(arrays[0])),
    "single-images-right": lambda arrays, _: arrays[0].ndim == 2 or len(arrays[0]) == 1,
    "single-channels-right": lambda arrays, _: arrays[0].ndim == 2 or arrays[0].shape[3] == 1,
    "square-windows-right": _has_square_window,
    "zero-biases-right": lambda arrays, _: arrays[-1].ndim == 1 and not arrays[-1].any(),
    "fractions-wrong": lambda arrays, _: arrays[0].dtype.kind in "iu",
    "integers-wrong": lambda arrays, _: arrays[0].dtype.kind not in "iu",
    "negative-numbers-wrong": lambda arrays, _: not arrays[0].size or arrays[0].min() >= 0,
}
"""What is said where it is met by all calls that are right, and by no others."""

_NOT_SAID: dict[str, Callable[[Sequence[np.ndarray], Sequence[Any]], bool]] = {
    "order-without-effect": lambda _, given: given[-1].size == len(given[-1]) * max(given[-1].shape[1:])
}
"""Conditions of which nothing is said, and that make others an accident: numbers of one axis have one order only."""

RELATIONS: dict[str, Symptom] = {
    "axes-in-another-order": _is_always("relation.swapped", "relation.transposed"),
    "order-reversed": _is_always("relation.flipped"),
    "opposite-sign": _is_always("relation.negated"),
    "fractions-lost": _is_always("relation.truncated", "relation.floored", "relation.rounded"),
    "one-entry-short": _is_one_short,
}
"""Relations in words alone, without a number of which a submission could choose one: hidden checks tell them too."""

SYMPTOMS: dict[str, Symptom] = {
    "nothing-returned": _of_wrong(lambda given, right: given is None and right is not None),
    "class-returned": _of_wrong(
        lambda given, right: isinstance(given, wire.Opaque) and given.type_name == "type"
    ),
    "another-kind-returned": _of_wrong(_is_of_another_kind),
    "argument-changed": _is_argument_changed,
    "another-at-the-next-call": _of_values(_is_another_at_the_next_call),
    "empty-result": _of_values(_is_empty),
    "yes-or-no-returned": _of_wrong_tensors(
        lambda pairs: all(one.dtype.kind == "b" != other.dtype.kind for one, other in pairs), has_shape=True
    ),
    "zeros-returned": _of_values(_is_all_zero),
    "input-not-used": _of_values(_is_whatever_is_given),
    **{name: _of_relations(is_seen) for name, is_seen in RELATIONS.items()},
    "another-exception": _refused(True),
    "nothing-refused": _refused(False),
    "right-for-some-inputs": _is_right_for_some,
    **{f"dtype-returned:{dtype}": _is_of_dtype(dtype) for dtype in _LOSING},
    **{name: _only_right_where(name) for name in _CONDITIONS},
    "other-layers": _of_layers(lambda given, right, _: _classes(given) != _classes(right)),
    **{f"layer-setting:{setting}": _of_layers(_is_setting(setting)) for setting in _SETTINGS},
    "layer-has-no-weights": _of_layers(
        lambda given, right, _: bool(_part(right, "weights")) and not _part(given, "weights")
    ),
    "layer-kernel": _of_layers(_is_weight(0)),
    "layer-bias": _of_layers(_is_weight(1)),
    "argument-changed-too": _is_argument_changed_too,
    "numbers-elsewhere": _of_wrong_tensors(_are_elsewhere, has_shape=True),
    "numbers-in-another-shape": _of_wrong_tensors(_are_elsewhere, has_shape=False),
    "axes-too-few": _of_wrong_tensors(_axes(-1), has_shape=False),
    "axes-too-many": _of_wrong_tensors(_axes(1), has_shape=False),
    "result-too-short": _of_wrong_tensors(_lengths(-1), has_shape=False),
    "result-too-long": _of_wrong_tensors(_lengths(1), has_shape=False),
    "another-shape": _of_wrong_tensors(lambda pairs: True, has_shape=False),
    "first-image-right": _of_wrong_tensors(_are_right(0, 0), has_shape=True),
    "last-image-right": _of_wrong_tensors(_are_right(-1, 0), has_shape=True),
    "first-channel-right": _of_wrong_tensors(_are_right(0, 3), has_shape=True),
    "last-channel-right": _of_wrong_tensors(_are_right(-1, 3), has_shape=True),
    "edge-wrong": _of_wrong_tensors(_are_at_the_edge, has_shape=True),
    "whole-number-returned": _of_wrong(_is_made_whole),
    "numbers-too-small": _of_wrong_tensors(_sizes(-1), has_shape=True),
    "numbers-too-large": _of_wrong_tensors(_sizes(1), has_shape=True),
}
"""What is said of it, with the setting that it is about -> whether it is seen; the first is said."""

_ABOUT_MORE = {
    *(
        "nothing-returned",
        "class-returned",
        "another-kind-returned",
        "argument-changed",
        "argument-changed-too",
    ),
    *("dtype-returned", "yes-or-no-returned", "another-exception", "nothing-refused"),
}
"""Beside these nothing is said of dtypes, arguments and what is to be refused."""

_ABOUT_NUMBERS = {"input-not-used", "edge-wrong", "numbers-too-small", "numbers-too-large", *_CONDITIONS} | {
    f"{place}-{part}-right" for place in ("first", "last") for part in ("image", "channel")
}
