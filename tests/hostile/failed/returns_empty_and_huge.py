# expected: 0 points, tensor.shape
"""An array without elements whose other axis has a million million."""

import numpy as np


def row_sums(x):
    return np.zeros((0, 10**12), np.int8)


def scale(x, factor=2):
    return np.zeros((0, 10**12), np.int8)
