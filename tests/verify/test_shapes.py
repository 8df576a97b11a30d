from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.verify.shapes import shape_faults

CHECK = """
import numpy as np
from grader import check

expected_total = 3

def given(x):
    return x + 1

def telling(x):
    return x + expected_total

@check(points=1, en="a")
def test_a(submission, reference):
    wanted = reference.row_sums(np.ones(2))
    model = submission.Model()
    {line}
"""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("submission.apply(lambda x: x + 1)", ""),
        ("submission.apply(given)", ""),
        ("reference.apply(lambda x: wanted)", ""),
        ("submission.apply(lambda x: wanted)", "wanted"),
        ("submission.apply(f=lambda x: reference.row_sums(x))", "reference"),
        ("submission.apply(telling)", "expected_total"),
        ("model.apply(lambda x: x + wanted)", "wanted"),
        ("submission.apply(lambda wanted: wanted)", ""),
    ],
)
def test_a_function_that_tells_the_answer_is_a_fault(line: str, name: str, tiny_copy: Path) -> None:
    path = tiny_copy / "solutions/ex01_row_sums/test_ex01_hidden.py"
    path.write_text(CHECK.format(line=line), encoding="utf-8")
    faults = list(shape_faults(load_course(tiny_copy).exercises[0]))
    assert [fault.explanation.values["name"] for fault in faults] == ([name] if name else [])
    assert all(fault.file.endswith("ex01_row_sums/test_ex01_hidden.py") for fault in faults)


def test_a_class_of_a_stub_has_no_reserved_name(tiny_copy: Path) -> None:
    code = "class A:\n    type_name = 'a'\n\n    def describe(self): ...\n\n    def fit(self): ...\n"
    (tiny_copy / "exercises/ex02_maxpool_1/stub.py").write_text(code, encoding="utf-8")
    faults = list(shape_faults(load_course(tiny_copy).exercises[1]))
    assert [(fault.place, fault.explanation.values["name"]) for fault in faults] == [
        ("line 2", "type_name"),
        ("line 4", "describe"),
    ]


@pytest.mark.parametrize(("stub", "method"), [("fit", "predict"), ("predict", "")])
def test_a_method_that_checks_ask_for_is_in_the_stub(stub: str, method: str, tiny_copy: Path) -> None:
    right = "class Model:\n    def predict(self): return 1\n\n    def helper(self): return 2\n"
    check = CHECK.replace("{line}", "assert model.predict() == 1")
    for name, code in {
        "exercises/ex02_maxpool_1/stub.py": f"class Model:\n    def {stub}(self): raise NotImplementedError\n",
        "solutions/ex02_maxpool_1/solution.py": right,
        "solutions/ex02_maxpool_1/test_ex02_hidden.py": check,
    }.items():
        (tiny_copy / name).write_text(code, encoding="utf-8")
    course = load_course(tiny_copy)
    assert [
        (fault.file, fault.place, fault.explanation.key, fault.explanation.values["method"])
        for fault in shape_faults(course.exercises[1])
    ] == [("exercises/ex02_maxpool_1/stub.py", "line 1", "verify.stub_lacks_method", method)][: bool(method)]
