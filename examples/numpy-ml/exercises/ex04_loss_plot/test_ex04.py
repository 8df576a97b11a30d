"""Visible checks of ex04: the statement's own example."""

from grader import Submission, assert_plot, check


@check(points=3, en="the example is a line through (1, 4), (2, 2), (3, 1)")
def test_example(submission: Submission) -> None:
    assert_plot(submission.plot_loss([4.0, 2.0, 1.0]), lines=[([1, 2, 3], [4, 2, 1])])


@check(points=1, en="the axes are named")
def test_names(submission: Submission) -> None:
    assert_plot(submission.plot_loss([4.0, 2.0, 1.0]), xlabel="epoch", ylabel="loss")
