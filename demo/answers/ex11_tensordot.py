import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as view


def convolve(x, kernel, bias):
    windows = view(x, kernel.shape[:2], axis=(1, 2))  # N, OH, OW, 1, KH, KW
    return np.tensordot(windows, kernel[:, :, 0, :], axes=((4, 5), (0, 1)))[:, :, :, 0, :] + bias
