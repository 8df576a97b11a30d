# expected: 0 points, tensor.kind
"""Numbers that are equal to nothing, and dictionaries with keys of every kind."""

import numpy as np


def row_sums(x):
    return {None: float("nan"), 1.5: -(10**4000), True: complex(1), "a": np.array([np.nan, -np.inf])}


def scale(x, factor=2):
    return {None: float("nan"), 1.5: -(10**4000), True: complex(1), "a": np.array([np.nan, -np.inf])}
