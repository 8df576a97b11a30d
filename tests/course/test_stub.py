from __future__ import annotations

import ast

import pytest

from grader.course.stub import Stub, read_stub


@pytest.mark.parametrize(
    ("code", "to_write", "variables"),
    [
        ("def f(): ...\nclass A: ...\ndef _g(): ...\n", ("f", "A"), ()),
        (
            "answer = None\nother = ...\nGIVEN = 3\n_own = None\n",
            ("answer", "other"),
            ("answer", "other", "GIVEN"),
        ),
        ("answer: float | None = None\nlater: int\n", ("answer", "later"), ("answer", "later")),
        ("a = b = None\nx, y = None, None\nm.n = None\n", ("a", "b"), ("a", "b")),
        ("import numpy as np\nzero = 0\nname = ''\n", (), ("zero", "name")),
    ],
    ids=["functions", "placeholders", "annotated", "several", "given"],
)
def test_a_stub_leaves_functions_classes_and_variables(
    code: str, to_write: tuple[str, ...], variables: tuple[str, ...]
) -> None:
    assert read_stub(ast.parse(code)) == Stub(to_write, variables)
