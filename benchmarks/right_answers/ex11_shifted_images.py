import numpy as np


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[:2]
    h = x.shape[1] - kh + 1
    w = x.shape[2] - kw + 1
    total = np.zeros((len(x), h, w, 1))
    for a in range(kh):
        for b in range(kw):
            total += x[:, a : a + h, b : b + w, :] * kernel[a, b, 0, 0]
    return total + bias
