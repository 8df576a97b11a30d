"""Notebooks as nbgrader's and Otter's authors write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def code(source: str, nbgrader: Mapping[str, Any] | None = None, shown: str | None = None) -> dict[str, Any]:
    """Return a code cell; `shown` is the value that it showed when it was run."""
    result = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": shown},
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {} if nbgrader is None else {"nbgrader": dict(nbgrader)},
        "outputs": [] if shown is None else [result],
        "source": source.splitlines(keepends=True),
    }


def markdown(source: str, nbgrader: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a cell of text."""
    return {
        "cell_type": "markdown",
        "metadata": {} if nbgrader is None else {"nbgrader": nbgrader},
        "source": source,
    }


def raw(source: str) -> dict[str, Any]:
    """Return a cell that bounds one of Otter's blocks."""
    return {"cell_type": "raw", "metadata": {}, "source": source}


def answer(source: str) -> dict[str, Any]:
    """Return nbgrader's cell of a solution."""
    return code(source, {"grade": False, "solution": True, "locked": False, "grade_id": "answer"})


def tests(name: str, points: float, source: str) -> dict[str, Any]:
    """Return nbgrader's cell of tests."""
    return code(
        source, {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": points}
    )


def manual(name: str, points: float, source: str) -> dict[str, Any]:
    """Return nbgrader's cell of an answer that a person reads."""
    return markdown(source, {"grade": True, "solution": True, "grade_id": name, "points": points})


def block(what: str, *cells: dict[str, Any], config: str = "") -> list[dict[str, Any]]:
    """Return one of Otter's blocks."""
    return [raw(f"# BEGIN {what}\n{config}"), *cells, raw(f"# END {what}")]


def write(path: Path, cells: Sequence[dict[str, Any]], language: str = "python") -> Path:
    """Write a notebook."""
    kernel = {"kernelspec": {"language": language, "name": "python3", "display_name": "Python 3"}}
    document = {"cells": list(cells), "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


SOFTMAX = [
    markdown("# Softmax by hand\n\nA row of numbers becomes a row of probabilities."),
    code(
        "%matplotlib inline\nimport numpy as np\n\n# What the lecture shows.\nSCORES = np.array([[1.0, 2.0, 3.0]])"
    ),
    answer(
        'def softmax(x):\n    """Return the probabilities of each row."""\n    ### BEGIN SOLUTION\n'
        "    shifted = np.exp(x - x.max(axis=1, keepdims=True))\n"
        "    return shifted / shifted.sum(axis=1, keepdims=True)\n    ### END SOLUTION\n"
    ),
    code("softmax(SCORES)"),
    tests(
        "rows",
        4,
        '"""Rows add up to one."""\nresult = softmax(SCORES)\nassert np.allclose(result.sum(axis=1), 1)\n'
        "assert np.allclose(result, [[0.09003057, 0.24472847, 0.66524096]])\n"
        "### BEGIN HIDDEN TESTS\nassert np.allclose(softmax(SCORES + 1000), result)\n### END HIDDEN TESTS\n",
    ),
    markdown("Which class is the most likely one? Put its number into `best`."),
    answer("### BEGIN SOLUTION\nbest = int(softmax(SCORES).argmax())\n### END SOLUTION"),
    tests("best", 1, "assert best == 2, 'the number of the class'"),
    answer(
        'class Counter:\n    """Counts."""\n    ### BEGIN SOLUTION\n    def __init__(self, start=0):\n'
        '        self.n = start\n\n    def up(self):\n        """Count one up."""\n        self.n += 1\n'
        "        return self.n\n    ### END SOLUTION\n"
    ),
    tests(
        "counter",
        2,
        "from nose.tools import assert_equal, assert_raises\nc = Counter(3)\nassert c.up() == 4\n"
        "assert_equal(c.up(), 5)\nassert_raises(TypeError, Counter, 1, 2)",
    ),
    manual("why", 3, "Because exp overflows."),
]

STATISTICS = [
    raw("# ASSIGNMENT CONFIG\ngenerate: true"),
    markdown("# Statistics"),
    code("import numpy as np\ndata = np.array([1.0, 4.0, 9.0])"),
    *block(
        "QUESTION",
        markdown("**Question 1.** Write `mean(x)`, and put the mean of `data` into `m`."),
        *block(
            "SOLUTION",
            code(
                'def mean(x):\n    """Return the mean."""\n    return x.sum() / len(x) # SOLUTION\n\nm = mean(data) # SOLUTION'
            ),
        ),
        *block(
            "TESTS",
            code("mean(np.array([2.0, 4.0]))", shown="3.0"),
            code("round(m, 3) == 4.667", shown="True"),
            code("# HIDDEN\nmean(np.array([-1.0, 1.0, 3.0]))", shown="1.0"),
        ),
        config="name: q1\npoints: 3",
    ),
    *block(
        "QUESTION",
        markdown("**Question 2.** What does the mean hide?"),
        *block("SOLUTION", markdown("SOLUTION: the spread.")),
        config="name: q2\nmanual: true\npoints: 2",
    ),
    *block(
        "QUESTION",
        *block(
            "SOLUTION",
            code(
                "def center(x):\n    # BEGIN SOLUTION NO PROMPT\n    y = x - mean(x)\n    return y\n    # END SOLUTION\n"
                '    """ # BEGIN PROMPT\n    pass\n    """; # END PROMPT'
            ),
        ),
        *block(
            "TESTS",
            code(
                '""" # BEGIN TEST CONFIG\npoints: 2\nhidden: true\nname: zero mean\n""" # END TEST CONFIG\n'
                "def test_center(center, data):\n    assert abs(center(data).mean()) < 1e-9\n"
                "    assert np.array_equal(np.array([0.0]), center(np.array([9.0])))\n\ntest_center(center, data)  # IGNORE"
            ),
        ),
        config="name: q3",
    ),
]
