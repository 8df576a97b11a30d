from __future__ import annotations

import numpy as np
import pytest

from grader.judge.probes import probes
from grader.runner.call import Call
from grader.runner.inside import wire


def image(*shape: int, dtype: str = "int64") -> np.ndarray:
    return np.zeros(shape, dtype)


def test_what_was_not_asked_comes_first_with_other_numbers() -> None:
    asked, other = Call("f", (image(2, 3), 2)), Call("f", (image(4, 5), 3))
    made = list(probes([asked, other, other], [asked]))
    assert [(call.args[0].shape, call.args[1]) for call in made] == [((4, 5), 3), ((2, 3), 2)]
    assert all(np.unique(call.args[0]).size > 2 for call in made)


def test_the_same_course_makes_the_same_ones() -> None:
    call = Call("f", (image(4, 5), 3))
    first, second = (next(probes([call], [])) for _ in range(2))
    np.testing.assert_array_equal(first.args[0], second.args[0])


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int64", "float32", "float64"])
def test_the_dtype_stays_and_its_range_is_kept_to(dtype: str) -> None:
    (call,) = probes([Call("f", (image(40, 50, dtype=dtype),))], [])
    assert call.args[0].dtype == dtype
    assert np.abs(call.args[0].astype(float)).max() <= 999
    assert (call.args[0] != 0).mean() > 0.4


@pytest.mark.parametrize(
    "call",
    [
        Call("f", (3,)),
        Call("f", (image(1),)),
        Call("f", (image(200, 200),)),
        Call("Dense", (image(2, 3),), target=wire.Handle(0, "Dense")),
        Call.describe(wire.Handle(0, "Dense"), (None, 3)),
    ],
)
def test_numbers_layers_and_large_tensors_are_not_probed(call: Call) -> None:
    assert list(probes([call], [])) == []
