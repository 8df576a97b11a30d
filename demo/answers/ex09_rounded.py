import numpy as np


def convolve(x, kernel, bias):
    kh, kw, _, _ = kernel.shape
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((1, h, w, 1))
    for i in range(h):
        for j in range(w):
            out[0, i, j, 0] = np.sum(x[0, i:i+kh, j:j+kw, 0] * kernel[:, :, 0, 0]) + bias[0]
    return np.round(out, 2)  # 보기 좋게
