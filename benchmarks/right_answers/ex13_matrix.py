import numpy as np


def convolve(x, kernel, bias):
    kh, kw, channels, filters = kernel.shape
    n = x.shape[0]
    h = x.shape[1] - kh + 1
    w = x.shape[2] - kw + 1
    weights = kernel.reshape(kh * kw * channels, filters)
    result = np.zeros((n, h, w, filters))
    for i in range(h):
        for j in range(w):
            patch = x[:, i : i + kh, j : j + kw, :].reshape(n, kh * kw * channels)
            result[:, i, j, :] = patch @ weights + bias
    return result


def channel_maps(x, kernel, index):
    kh, kw = kernel.shape[:2]
    h = x.shape[1] - kh + 1
    w = x.shape[2] - kw + 1
    maps = np.zeros((x.shape[3], h, w))
    for c in range(x.shape[3]):
        for i in range(h):
            for j in range(w):
                maps[c, i, j] = np.sum(x[0, i : i + kh, j : j + kw, c] * kernel[:, :, c, index])
    return maps
