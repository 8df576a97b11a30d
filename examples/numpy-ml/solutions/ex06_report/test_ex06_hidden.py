"""Hidden checks of ex06: random classes against the reference."""

from grader import Reference, Rng, Submission, assert_equal, assert_tensor, check, last_call


def lines(code: Submission | Reference, labels: list[str], predictions: list[str]) -> list[str]:
    """Return what a report prints."""
    code.report(labels, predictions)
    return last_call(code).output.strip().splitlines()


@check(points=3, en="prints any number of classes in alphabetical order")
def test_printed(submission: Submission, reference: Reference, rng: Rng) -> None:
    for classes in (["b", "a", "c"], ["z"], ["owl", "ant", "bee", "fox"]):
        labels, predictions = rng.choice(classes, size=(2, 15)).tolist()
        expected = lines(reference, labels, predictions)
        assert_equal(lines(submission, labels, predictions), expected, en="what is printed")


@check(points=2, en="a class that is only predicted has no line")
def test_only_predicted(submission: Submission, reference: Reference) -> None:
    data = ["x", "y"], ["x", "q"]
    assert_equal(lines(submission, *data), lines(reference, *data), en="what is printed")


@check(points=1, en="returns the accuracy")
def test_returned(submission: Submission, reference: Reference, rng: Rng) -> None:
    labels, predictions = rng.choice(["a", "b"], size=(2, 30)).tolist()
    assert_tensor(submission.report(labels, predictions), reference.report(labels, predictions))
