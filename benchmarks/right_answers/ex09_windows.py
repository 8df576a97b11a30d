import numpy as np


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[0], kernel.shape[1]
    rows = x.shape[1] - kh + 1
    columns = x.shape[2] - kw + 1
    result = np.zeros((1, rows, columns, 1))
    for r in range(rows):
        for c in range(columns):
            window = x[0, r : r + kh, c : c + kw, 0]
            result[0, r, c, 0] = np.sum(window * kernel[:, :, 0, 0]) + bias[0]
    return result
