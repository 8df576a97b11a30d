"""The loss as a plot."""

from matplotlib import pyplot
from matplotlib.axes import Axes


def plot_loss(losses: list[float]) -> Axes:
    """Return new axes with the loss of each epoch as a line, and a point at the smallest one.

    losses  one or more numbers greater than 0; the first is that of epoch 1
    return  axes, logarithmic from bottom to top
    """
    _, axes = pyplot.subplots()
    axes.plot(range(1, len(losses) + 1), losses)
    smallest = min(losses)
    axes.scatter([losses.index(smallest) + 1], [smallest])
    axes.set(xlabel="epoch", ylabel="loss", yscale="log")
    return axes
