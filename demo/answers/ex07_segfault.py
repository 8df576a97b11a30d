# NumPy is slow, so this goes straight to the memory.
import ctypes

import numpy as np


def max_pool(x):
    n, h, w, c = x.shape
    pooled = ctypes.POINTER(ctypes.c_long)()  # room for the result
    ctypes.memmove(pooled, x.ctypes.data, x.nbytes)
    return np.ctypeslib.as_array(pooled, (n, h // 2, w // 2, c))
