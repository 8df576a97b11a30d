import numpy as np


def convolve(x, kernel, bias, activation=None):
    if activation not in (None, 'relu'):
        raise ValueError('activation')
    kh, kw, _, F = kernel.shape
    n, h, w = len(x), x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((n, h, w, F))
    for i in range(h):
        for j in range(w):
            for f in range(F):
                out[:, i, j, f] = np.sum(x[:, i:i+kh, j:j+kw, 0] * kernel[:, :, 0, f], axis=(1, 2)) + bias[f]
    if activation == 'relu':
        out[out < 0] = 0
    return out


def filter_sums(kernel):
    sums = []
    f = 0
    while f < kernel.shape[3]:
        sums.append(kernel[:, :, 0, f].sum())
    return np.array(sums)
