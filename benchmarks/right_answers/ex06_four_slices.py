import numpy as np


def max_pool(x):
    h = x.shape[1] // 2 * 2
    w = x.shape[2] // 2 * 2
    upper = np.maximum(x[:, 0:h:2, 0:w:2], x[:, 0:h:2, 1:w:2])
    lower = np.maximum(x[:, 1:h:2, 0:w:2], x[:, 1:h:2, 1:w:2])
    return np.maximum(upper, lower)
