# expected: test_fast error
"""Has another process do the work."""

import os

import numpy as np


def normalise(x):
    end, pipe = os.pipe()
    if os.fork() == 0:
        for row in x:
            os.write(pipe, (row - sum(map(float, row)) / len(row)).tobytes())
        os._exit(0)
    return np.frombuffer(os.read(end, 1 << 20)).reshape(x.shape)
