import numpy as np


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[0], kernel.shape[1]
    oh, ow = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((1, oh, ow, 1))
    for i in range(oh):
        for j in range(ow):
            total = 0.0
            for a in range(kh):
                for b in range(kw):
                    total += x[0, i + a, j + b, 0] * kernel[a, b, 0, 0]
            out[0, i, j, 0] = total + bias[0]
    return out
