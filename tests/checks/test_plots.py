"""Figures are compared by what their description says: no test here needs matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.plots import assert_plot
from grader.checks.remote import RemoteCode
from grader.errors import CheckFailed
from grader.messages.sentences import explain, languages
from grader.model import Explanation
from tests.support.fakes import ScriptedCaller

X = np.linspace(0, 1, 5)


def axes(**changes: Any) -> dict[str, Any]:
    """Return axes as a runner describes them."""
    line = {"x": X, "y": X**2, "label": "loss", "color": "b"}
    return {
        "title": "Loss  by epoch",
        "xlabel": "epoch",
        "ylabel": "",
        "xscale": "linear",
        "yscale": "log",
        "lines": [line, {**line, "y": np.zeros(2), "x": np.arange(2)}],
        "points": [{"xy": np.array([[1.0, 2.0]]), "label": ""}, {"xy": np.array([[0.0, 5.0]]), "label": ""}],
        "bars": [{"label": "", "at": np.array([1.0, 0.0]), "lengths": np.array([4.0, 3.0])}],
        "images": [np.eye(2)],
        "legend": ["loss", "accuracy"],
        **changes,
    }


def figure(*all_axes: Any) -> Any:
    """Return a figure that a submission drew."""
    caller = ScriptedCaller({}, {0: {"title": "", "axes": list(all_axes)}})
    caller.script["plot"] = lambda: caller.new()
    return RemoteCode(caller).plot()


def why(actual: Any, **wanted: Any) -> Explanation:
    """Return what is said of a figure that is not as wanted; it can be said in every language."""
    with pytest.raises(CheckFailed) as caught:
        assert_plot(actual, **wanted)
    explanation = caught.value.explanation
    assert all(explain(explanation, language) for language in languages())
    return explanation


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"title": "loss by Epoch", "xlabel": True, "xscale": "linear", "yscale": "log"},
        {"lines": [X**2]},
        {"lines": [(X, X**2), np.zeros(2)]},
        {"lines": [[0, 0.0625, 0.25, 0.5625, 1]]},
        {"lines": 2},
        {"points": ([0, 1], [5, 2])},
        {"points": ([1], [2])},
        {"bars": [3, 4]},
        {"images": [[[1, 0], [0, 1]]]},
        {"legend": True},
        {"legend": ["Accuracy", "loss"]},
        {"legend": False, "title": None},
    ],
    ids=repr,
)
def test_what_is_drawn_as_wanted_passes(wanted: dict[str, Any]) -> None:
    assert_plot(figure(axes()), **wanted)


def test_the_call_that_drew_it_is_the_last_one() -> None:
    drawn = figure(axes())
    assert_plot(drawn)
    assert drawn._code._last_call == "plot()"


def test_axes_of_a_figure_are_chosen_by_number() -> None:
    assert_plot(figure(axes(), axes(title="second")), axes=1, title="second")
    assert why(figure(axes()), axes=1) == Explanation("plot.axes", {"actual": 1, "expected": 2})


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            {"title": "Accuracy"},
            Explanation(
                "plot.text",
                {"what": Explanation("plot.title"), "actual": "'Loss  by epoch'", "expected": "'Accuracy'"},
            ),
        ),
        ({"ylabel": True}, Explanation("plot.unwritten", {"what": Explanation("plot.ylabel")})),
        (
            {"yscale": "linear"},
            Explanation(
                "plot.text", {"what": Explanation("plot.yscale"), "actual": "'log'", "expected": "'linear'"}
            ),
        ),
        ({"lines": 1}, Explanation("plot.line_count", {"actual": 2, "expected": 1})),
        (
            {"lines": [X]},
            Explanation(
                "plot.line_differs",
                {"number": 1, "axis": "y", "index": 1, "actual": "0.0625", "expected": "0.25"},
            ),
        ),
        (
            {"lines": [(X + 1, X**2)]},
            Explanation(
                "plot.line_differs", {"number": 1, "axis": "x", "index": 0, "actual": "0", "expected": "1"}
            ),
        ),
        ({"lines": [X**2, np.zeros(9)]}, Explanation("plot.line", {"number": 2, "size": 9, "sizes": "5, 2"})),
        ({"points": ([0, 1], [5, 3])}, Explanation("plot.points", {"count": 2})),
        ({"points": ([0], [0])}, Explanation("plot.point_count", {"actual": 2, "expected": 1})),
        ({"bars": [3, 5]}, Explanation("plot.bar", {"index": 1, "actual": "4", "expected": "5"})),
        ({"bars": [3]}, Explanation("plot.bar_count", {"actual": "2", "expected": 1})),
        ({"images": [np.zeros((2, 2))]}, Explanation("plot.image", {"number": 1, "count": 1})),
        (
            {"legend": ["loss"]},
            Explanation("plot.legend", {"actual": "['loss', 'accuracy']", "expected": "['loss']"}),
        ),
    ],
    ids=repr,
)
def test_it_is_said_what_is_drawn_otherwise(wanted: dict[str, Any], expected: Explanation) -> None:
    assert why(figure(axes()), **wanted) == expected


def test_without_a_legend_it_is_said_that_there_is_none() -> None:
    assert why(figure(axes(legend=None)), legend=["a"]) == Explanation("plot.no_legend")


@pytest.mark.parametrize(("actual", "name"), [(None, "NoneType"), ([1], "list")], ids=repr)
def test_what_is_no_figure_is_named(actual: Any, name: str) -> None:
    assert why(actual) == Explanation("plot.kind", {"actual": name})


@pytest.mark.parametrize(
    "lie",
    [
        {"title": 5},
        {"lines": 5},
        {"lines": [{}]},
        {"lines": [{"x": 1, "y": 2}]},
        {"points": [{"xy": "x"}]},
        {"bars": [{"at": np.array(["a"], object), "lengths": np.zeros(1)}]},
        {"images": [[1]]},
        {"legend": [5]},
        {"legend": 5},
    ],
    ids=repr,
)
def test_a_description_that_lies_fails_the_check(lie: dict[str, Any]) -> None:
    assert why(figure(axes(**lie))).key == "check.bad_description"
    assert why(figure("x")).key == "check.bad_description"


@pytest.mark.parametrize(
    "odd",
    [
        {"lines": [{"x": np.zeros(3), "y": np.array(["a"], object)}]},
        {"lines": [{"x": np.zeros(()), "y": np.zeros(())}]},
        {"points": [{"xy": np.zeros(3)}]},
        {"bars": [{"at": np.zeros(3), "lengths": np.zeros(1)}]},
        {"images": [np.array(["a"], object)]},
    ],
    ids=repr,
)
def test_odd_things_that_are_drawn_only_fail_the_check(odd: dict[str, Any]) -> None:
    wanted = {"lines": [X], "points": ([0], [0]), "bars": [1], "images": [np.eye(2)]}
    for name, value in wanted.items():
        if name in odd:
            assert why(figure(axes(**odd)), **{name: value}).key.startswith("plot.")
