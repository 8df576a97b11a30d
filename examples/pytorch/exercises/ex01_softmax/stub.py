"""Softmax."""

import torch
from torch import Tensor


def softmax(scores: Tensor) -> Tensor:
    """Return the probabilities that the scores along the last axis stand for.

    scores  shape (..., C); float32 or float64 of any size and sign
    return  the same shape and dtype; the last axis adds up to 1
    """
    raise NotImplementedError
