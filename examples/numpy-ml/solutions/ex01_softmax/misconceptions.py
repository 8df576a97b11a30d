"""Known wrong answers to ex01: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

import numpy as np
from solution import softmax as correct

from grader.misconceptions import misconception


@misconception(
    "columns-add-up",
    en="Your columns add up to 1, and the rows do not. Which axis does a sum along axis 0 remove?",
)
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@misconception(
    "all-add-up",
    en="All of your numbers together add up to 1. Each row is to be a distribution of its own.",
)
def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@misconception(
    "overflows",
    en="For scores in the hundreds your result holds NaN, for exp(1000) is more than a float holds. See the hint.",
)
def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


@misconception(
    "loss-is-a-sum",
    en="Your cross-entropy grows with the number of rows: it is the sum over the rows and not their mean.",
)
def cross_entropy(scores, labels):
    return float(-np.log(correct(scores)[np.arange(len(labels)), labels]).sum())


@misconception(
    "loss-overflows",
    en="Your cross-entropy is infinite where the probability of the right class is rounded to 0. See the second hint.",
)
def cross_entropy(scores, labels):
    return float(-np.log(correct(scores)[np.arange(len(labels)), labels]).mean())


@misconception(
    "loss-of-the-likeliest",
    en="Your cross-entropy is that of the likeliest class of each row, whatever the labels are.",
)
def cross_entropy(scores, labels):
    return float(-np.log(correct(scores).max(axis=1)).mean())
