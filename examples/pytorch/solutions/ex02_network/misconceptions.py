"""Known wrong answers to ex02: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the class that it replaces.
# mypy: disable-error-code="no-redef"

import torch
from solution import Network as Correct

from grader.misconceptions import misconception


@misconception(
    "no-relu", en="Nothing lies between your two layers, so that together they are one linear layer."
)
class Network(Correct):
    def forward(self, x):
        return self.output(self.hidden(x))


@misconception(
    "softmax-at-the-end", en="Your rows add up to 1: they are probabilities. The task asks for scores."
)
class Network(Correct):
    def forward(self, x):
        return torch.softmax(super().forward(x), dim=-1)


@misconception(
    "relu-at-the-end",
    en="None of your scores is negative. ReLU belongs between the layers, and not behind them.",
)
class Network(Correct):
    def forward(self, x):
        return torch.relu(super().forward(x))
