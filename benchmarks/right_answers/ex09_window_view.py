import numpy as np


def convolve(x, kernel, bias):
    weights = kernel[:, :, 0, 0]
    windows = np.lib.stride_tricks.sliding_window_view(x[0, :, :, 0], weights.shape)
    result = np.einsum("ijkl,kl->ij", windows, weights) + bias
    return result[np.newaxis, :, :, np.newaxis]
