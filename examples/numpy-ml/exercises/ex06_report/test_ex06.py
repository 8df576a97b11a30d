"""Visible checks of ex06: the statement's own example."""

from grader import Submission, assert_equal, assert_tensor, check, last_call

LABELS, PREDICTIONS = ["cat", "dog", "dog"], ["cat", "dog", "cat"]


@check(points=3, en="the example is printed as in the statement")
def test_example(submission: Submission) -> None:
    submission.report(LABELS, PREDICTIONS)
    printed = last_call(submission).output.strip().splitlines()
    assert_equal(printed, ["cat: 1 of 1", "dog: 1 of 2", "accuracy: 66.7 %"], en="what is printed")


@check(points=1, en="the example's accuracy is 2/3")
def test_accuracy(submission: Submission) -> None:
    assert_tensor(submission.report(LABELS, PREDICTIONS), 0.666667)
