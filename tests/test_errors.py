from __future__ import annotations

import pickle

import pytest

from grader import errors
from grader.errors import (
    CheckFailed,
    CourseError,
    Fault,
    GradebookError,
    GraderError,
    RequestError,
    RunnerError,
    SubmissionError,
)
from grader.model import Explanation, Verdict
from tests.support.records import DIFFERENCE

FAULTS = (
    Fault("course.yml", "exercises[3].points", Explanation("course.field_missing")),
    Fault("exercises/ex01_double/stub.py", "", Explanation("course.stub_empty")),
)
EXAMPLES: list[BaseException] = [
    GraderError("anything"),
    CourseError(FAULTS),
    RequestError("request.no_folder", {"folder": "submissions"}),
    RunnerError("runner.no_bubblewrap"),
    GradebookError("gradebook.busy", {"file": "gradebook.db"}),
    SubmissionError(
        Verdict.ERROR,
        Explanation("submission.raised", {"type": "ValueError", "message": "값", "place": "ex01.py:3"}),
        type_names=("ValueError", "Exception"),
    ),
    CheckFailed(Explanation("tensor.values", {}, DIFFERENCE)),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_comes_back_from_another_process_as_it_was(error: BaseException, protocol: int) -> None:
    back = pickle.loads(pickle.dumps(error, protocol))
    assert type(back) is type(error)
    assert back.args == error.args
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_every_class_of_the_tree_was_tried() -> None:
    public = {item for name, item in vars(errors).items() if name[0] != "_"}
    classes = {item for item in public if isinstance(item, type) and issubclass(item, BaseException)}
    assert classes == {type(error) for error in EXAMPLES}


def test_the_tree_says_whose_fault_it_is() -> None:
    assert {item.__name__ for item in GraderError.__subclasses__() if item.__name__[0] != "_"} == {
        "CourseError",
        "SubmissionError",
    }
    for ours in (RequestError, RunnerError, GradebookError):
        assert issubclass(ours, GraderError)
    # A check's statement is pytest's business: an assertion, and no error of the program.
    assert not issubclass(CheckFailed, GraderError)
    assert issubclass(CheckFailed, AssertionError)


def test_a_course_error_shows_every_fault_with_its_place() -> None:
    text = str(CourseError(FAULTS))
    assert "course.yml: exercises[3].points: course.field_missing" in text
    assert "exercises/ex01_double/stub.py: course.stub_empty" in text
