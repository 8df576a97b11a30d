"""Hidden checks of ex04: losses of several lengths."""

from grader import Reference, Rng, Submission, assert_plot, check


@check(points=2, en="any number of losses is drawn, in new axes each time")
def test_lines(submission: Submission, reference: Reference, rng: Rng) -> None:
    for length in (1, 5, 12):
        losses = rng.uniform(0.1, 9, size=length).tolist()
        axes = submission.plot_loss(losses)
        assert_plot(axes, lines=[([*range(1, length + 1)], losses)])
        assert len(axes.lines) == 1


@check(points=2, en="the vertical axis is logarithmic, the horizontal one is not")
def test_scale(submission: Submission, reference: Reference) -> None:
    assert_plot(submission.plot_loss([100.0, 10.0, 3.0, 1.0]), yscale="log", xscale="linear")


@check(points=2, en="the first of the smallest losses is marked")
def test_smallest(submission: Submission, reference: Reference) -> None:
    for losses, place in (([5.0, 0.5, 2.0, 0.5], (2, 0.5)), ([3.0, 2.0], (2, 2.0)), ([7.0], (1, 7.0))):
        assert_plot(submission.plot_loss(losses), points=([place[0]], [place[1]]))
