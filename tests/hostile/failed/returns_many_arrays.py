# expected: 0 points, tensor.kind
"""A hundred thousand arrays without elements: to write them as a text takes long."""

import numpy as np


def row_sums(x):
    return [np.zeros(0)] * 10_000


def scale(x, factor=2):
    return [np.zeros(0)] * 10_000
