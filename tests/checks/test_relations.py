from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.relations import find_relation

IMAGE = np.array([[5.0, 7.0, 1.0], [13.0, -15.5, 2.0], [0.25, 8.0, 3.0]]).reshape(1, 3, 3, 1)
COLOURS = np.arange(24.0).reshape(1, 2, 3, 4) ** 2


def relation(actual: Any, expected: Any, **options: Any) -> tuple[str, dict[str, Any]] | None:
    found = find_relation(actual, expected, **options)
    return None if found is None else (found.key.removeprefix("relation."), found.values)


@pytest.mark.parametrize(
    ("actual", "expected", "name", "values"),
    [
        (IMAGE.tolist(), IMAGE, "list", {"type": "list"}),
        (IMAGE.astype(np.float32), IMAGE, "dtype", {"actual": "float32", "expected": "float64"}),
        (IMAGE[0, :, :, 0], IMAGE, "axes_of_length_one", {}),
        (IMAGE[..., np.newaxis], IMAGE, "axes_of_length_one", {}),
        (IMAGE.reshape(1, 9), IMAGE, "reshaped", {}),
        (IMAGE.transpose(0, 2, 1, 3), IMAGE, "swapped", {"first": 1, "second": 2}),
        (COLOURS.transpose(0, 3, 2, 1), COLOURS, "swapped", {"first": 1, "second": 3}),
        (COLOURS.transpose(0, 3, 1, 2), COLOURS, "transposed", {"order": "0, 3, 1, 2"}),
        (IMAGE[:, :1].transpose(0, 2, 1, 3), IMAGE[:, :1], "swapped", {"first": 1, "second": 2}),
        (COLOURS.reshape(1, 3, 2, 4), COLOURS, "reshaped", {}),
        (np.trunc(IMAGE), IMAGE, "truncated", {}),
        (np.floor(IMAGE), IMAGE, "floored", {}),
        (np.rint(IMAGE + 0.3), IMAGE + 0.3, "rounded", {}),
        (-IMAGE, IMAGE, "negated", {}),
        (IMAGE / 4, IMAGE, "scaled", {"factor": "0.25"}),
        ((IMAGE / 9).astype(np.float32), IMAGE.astype(np.float32), "scaled", {"factor": "0.1111111"}),
        (IMAGE + 3, IMAGE, "offset", {"offset": "+3"}),
        (IMAGE - 0.5, IMAGE, "offset", {"offset": "-0.5"}),
        (IMAGE[:, ::-1], IMAGE, "flipped", {"axes": "1"}),
        (IMAGE[:, ::-1, ::-1], IMAGE, "flipped", {"axes": "1, 2"}),
        (np.roll(IMAGE, 1, axis=2), IMAGE, "shifted", {"axis": 2, "places": "+1"}),
        (np.roll(IMAGE, -1, axis=1), IMAGE, "shifted", {"axis": 1, "places": "-1"}),
    ],
)
def test_a_relation_is_found(actual: Any, expected: Any, name: str, values: dict[str, Any]) -> None:
    assert relation(actual, expected) == (name, values)


def test_a_picture_whose_rows_are_alike_shows_no_shift() -> None:
    edge = np.tile(np.array([3.0, 1.0, 4.0, 1.5, 9.0]), (4, 1)).reshape(1, 4, 5, 1)
    assert relation(np.roll(edge, (1, 1), axis=(1, 2)), edge) is None


def test_what_came_in_at_the_edge_of_a_shifted_tensor_does_not_matter() -> None:
    actual = np.roll(IMAGE, 1, axis=1)
    actual[:, 0] = 99
    assert relation(actual, IMAGE) == ("shifted", {"axis": 1, "places": "+1"})


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (IMAGE + np.array([0.0, 1.0, 2.0])[:, np.newaxis], IMAGE),
        (np.full((2, 2), 6.0), np.full((2, 2), 3.0)),
        (np.zeros((3, 3)), np.eye(3)),
        (np.array([2.0]), np.array([1.0])),
        (np.array([4.0, 6.0]), np.array([4.0, 9.0])),
        (np.eye(3) * 2, np.zeros((3, 3))),
        (np.full((2, 3), np.nan), np.arange(6.0).reshape(2, 3)),
        (np.zeros((2, 3)), np.zeros((2, 4))),
        (np.zeros((0, 3)), np.zeros((3, 0))),
        ([[1.0], [2.0, 3.0]], np.array([1.0, 2.0])),
        ("text", np.array([1.0, 2.0])),
        (np.array(["a", "b"]), np.array([1.0, 2.0])),
        (np.array([1 + 1j, 2.0]), np.array([1.0, 2.0])),
    ],
)
def test_nothing_is_claimed_on_little_evidence(actual: Any, expected: Any) -> None:
    assert relation(actual, expected) is None


def test_the_tolerance_is_that_of_the_comparison() -> None:
    actual = -IMAGE + 1e-4
    assert relation(actual, IMAGE) is None
    assert relation(actual, IMAGE, atol=1e-3) == ("negated", {})


def test_a_tensor_too_large_to_be_searched_is_left() -> None:
    large = np.arange((1 << 20) + 1, dtype=np.float64)
    assert relation(-large, large) is None


EVEN = np.arange(24).reshape(1, 4, 6, 1)


@pytest.mark.parametrize(
    ("actual", "expected", "name"),
    [
        # An image of 0, 1, 2, ... is itself in many ways.
        (EVEN * 2, EVEN, None),
        (EVEN + 6, EVEN, None),
        (-EVEN, EVEN, None),
        (np.roll(EVEN, 1, axis=1), EVEN, None),
        (EVEN[:, ::-1], EVEN, None),
        (IMAGE / 4, IMAGE, None),
        (IMAGE + 3, IMAGE, None),
        (IMAGE[:, ::-1], IMAGE, "flipped"),
        (np.roll(IMAGE, 1, axis=2), IMAGE, "shifted"),
        (EVEN.transpose(0, 2, 1, 3), EVEN, "swapped"),
        (EVEN.astype(np.float32), EVEN, "dtype"),
    ],
)
def test_of_two_tensors_alone_no_accident_is_told(actual: Any, expected: Any, name: str | None) -> None:
    found = relation(actual, expected, is_alone=True)
    assert (found and found[0]) == name


def test_rows_that_are_all_alike_are_not_swapped_with_columns() -> None:
    rows = np.tile([0.0, 2.0, 5.0], (3, 1))
    assert find_relation(rows.T, rows, is_alone=True) is None
    image = rows + np.arange(3.0)[:, None] ** 2
    found = find_relation(image.T, image, is_alone=True)
    assert found is not None
    assert found.key == "relation.swapped"
