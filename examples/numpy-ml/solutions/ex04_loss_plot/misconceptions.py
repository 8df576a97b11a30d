"""Known wrong answers to ex04: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from matplotlib import pyplot

from grader.misconceptions import misconception


def drawn(losses, first=1, scale="log", marked=min):
    _, axes = pyplot.subplots()
    axes.plot(range(first, len(losses) + first), losses)
    axes.scatter([losses.index(marked(losses)) + first], [marked(losses)])
    axes.set(xlabel="epoch", ylabel="loss", yscale=scale)
    return axes


@misconception("begins-at-zero", en="Your epochs begin at 0; the first loss is that of epoch 1.")
def plot_loss(losses):
    return drawn(losses, first=0)


@misconception("plain-axis", en="Your vertical axis is a plain one: the small losses cannot be told apart.")
def plot_loss(losses):
    return drawn(losses, scale="linear")


@misconception("largest-marked", en="Your point is at the largest loss.")
def plot_loss(losses):
    return drawn(losses, marked=max)
