import numpy as np


def convolve(x, kernel, bias, activation=None):
    if activation is not None and activation != "relu":
        raise ValueError("activation")
    kh, kw, _, filters = kernel.shape
    n, height, width, _ = x.shape
    maps = []
    for f in range(filters):
        out = np.zeros((n, height - kh + 1, width - kw + 1))
        for i in range(height - kh + 1):
            for j in range(width - kw + 1):
                window = x[:, i : i + kh, j : j + kw, 0]
                out[:, i, j] = (window * kernel[:, :, 0, f]).sum(axis=(1, 2)) + bias[f]
        maps.append(out)
    result = np.stack(maps, axis=-1)
    if activation == "relu":
        result[result < 0] = 0
    return result


def filter_sums(kernel):
    return np.array([kernel[..., f].sum() for f in range(kernel.shape[3])])
