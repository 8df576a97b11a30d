"""Known wrong answers to ex03: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

import torch
from torch import nn

from grader.misconceptions import misconception


def trained(network, x, y, steps, optimizer=torch.optim.Adam, forgets=True, moves=True):
    optimizer = optimizer(network.parameters(), lr=0.05)
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(network(x), y)
        if forgets:
            optimizer.zero_grad()
        loss.backward()
        if moves:
            optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "gradients-add-up",
    en="Your gradients are those of all steps so far together. What takes the old ones away?",
)
def train(network, x, y, steps):
    return trained(network, x, y, steps, forgets=False)


@misconception("never-moves", en="Your losses stay as they are: the weights are never moved.")
def train(network, x, y, steps):
    return trained(network, x, y, steps, moves=False)


@misconception("plain-descent", en="Your losses fall as with plain gradient descent; the task asks for Adam.")
def train(network, x, y, steps):
    return trained(network, x, y, steps, optimizer=torch.optim.SGD)


@misconception(
    "counts-the-right-ones", en="Your accuracy is how many examples are right, and not which share of them."
)
def accuracy(network, x, y):
    return float((network(x).argmax(dim=1) == y).sum())


@misconception("least-score", en="You take the class with the smallest score.")
def accuracy(network, x, y):
    return (network(x).argmin(dim=1) == y).float().mean().item()
