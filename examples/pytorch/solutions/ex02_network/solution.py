"""A network of two layers."""

import torch
from torch import Tensor, nn


class Network(nn.Module):
    """A linear layer, ReLU, and another linear layer."""

    def __init__(self, features: int, hidden: int, classes: int) -> None:
        """Make the layers `hidden` and `output`."""
        super().__init__()
        self.hidden = nn.Linear(features, hidden)
        self.output = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores of the classes for each row.

        x       shape (N, features)
        return  shape (N, classes)
        """
        return self.output(torch.relu(self.hidden(x)))
