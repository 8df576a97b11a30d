"""Known wrong answers to ex02: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

import numpy as np
from solution import assign as correct

from grader.misconceptions import misconception


@misconception("farthest", en="Each of your points goes to the centre that is farthest from it.")
def assign(points, centres):
    return np.square(points[:, None] - centres[None]).sum(axis=2).argmax(axis=1)


@misconception(
    "nearest-in-sum",
    en="Your distances are sums of differences, in which left and right cancel out. When is such a sum negative?",
)
def assign(points, centres):
    return (points[:, None] - centres[None]).sum(axis=2).argmin(axis=1)


@misconception("last-of-a-tie", en="Of two centres that are equally near yours is the last one.")
def assign(points, centres):
    distances = np.square(points[:, None] - centres[None]).sum(axis=2)
    return len(centres) - 1 - distances[:, ::-1].argmin(axis=1)


@misconception("empty-to-nan", en="A centre that has no points becomes NaN: the mean of nothing.")
def move(points, centres):
    nearest = correct(points, centres)
    with np.errstate(all="ignore"):
        return np.stack(
            [points[nearest == k].sum(axis=0) / (nearest == k).sum() for k in range(len(centres))]
        )


@misconception("empty-to-zero", en="A centre that has no points goes to zero.")
def move(points, centres):
    nearest = correct(points, centres)
    return np.stack(
        [points[nearest == k].sum(axis=0) / max((nearest == k).sum(), 1) for k in range(len(centres))]
    )


@misconception("stays", en="Your centres do not move.")
def move(points, centres):
    return centres.copy()
