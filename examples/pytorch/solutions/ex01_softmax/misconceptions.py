"""Known wrong answers to ex01: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

import torch

from grader.misconceptions import misconception


@misconception(
    "first-axis-adds-up",
    en="Your numbers add up to 1 along the first axis; the scores that belong together lie along the last one.",
)
def softmax(scores):
    powers = torch.exp(scores - scores.amax(dim=0, keepdim=True))
    return powers / powers.sum(dim=0, keepdim=True)


@misconception(
    "all-add-up",
    en="All of your numbers together add up to 1; each row of scores is a distribution of its own.",
)
def softmax(scores):
    powers = torch.exp(scores - scores.max())
    return powers / powers.sum()


@misconception(
    "overflows",
    en="For scores in the hundreds your result holds NaN, for exp(1000) is more than a float holds.",
)
def softmax(scores):
    return torch.exp(scores) / torch.exp(scores).sum(dim=-1, keepdim=True)


@misconception("always-float32", en="Your result is float32 whatever the scores are.")
def softmax(scores):
    powers = torch.exp(scores - scores.amax(dim=-1, keepdim=True))
    return (powers / powers.sum(dim=-1, keepdim=True)).float()
