"""Hidden checks of ex03."""

from grader import Reference, Submission, assert_choice, assert_number, check


@check(points=1, en="the derivative is right")
def test_largest(submission: Submission, reference: Reference) -> None:
    assert_choice(submission.largest, reference.largest, options=["a", "b", "c"])


@check(points=1, en="the layers with weights, and no others")
def test_layers(submission: Submission, reference: Reference) -> None:
    assert_choice(submission.layers, reference.layers, options=["a", "b", "c"])


@check(points=2, en="the quarter is right to three digits")
def test_rate(submission: Submission, reference: Reference) -> None:
    assert_number(submission.rate, reference.rate, rtol=1e-3)
