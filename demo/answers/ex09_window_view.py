import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve(x, kernel, bias):
    windows = sliding_window_view(x[0, :, :, 0], kernel.shape[:2])
    result = np.einsum("ijab,ab->ij", windows, kernel[:, :, 0, 0]) + bias
    return result[np.newaxis, :, :, np.newaxis]
