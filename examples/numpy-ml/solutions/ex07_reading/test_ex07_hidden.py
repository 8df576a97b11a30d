"""Hidden checks of ex07: the right answers."""

from grader import Reference, Submission, assert_choice, assert_number, check


@check(points=1, en="the name is right")
def test_name(submission: Submission, reference: Reference) -> None:
    assert_choice(submission.name, reference.name, options=["a", "b", "c"])


@check(points=2, en="the remedies are right")
def test_remedies(submission: Submission, reference: Reference) -> None:
    assert_choice(submission.remedies, reference.remedies, options=["a", "b", "c", "d"])


@check(points=2, en="the accuracy is right to two decimals")
def test_share(submission: Submission, reference: Reference) -> None:
    assert_number(submission.accuracy, reference.accuracy, atol=0.005)
