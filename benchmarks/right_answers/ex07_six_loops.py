import numpy as np


def max_pool(x):
    batch, height, width, channels = x.shape
    out_height = height // 2
    out_width = width // 2
    y = np.zeros((batch, out_height, out_width, channels), x.dtype)
    for b in range(batch):
        for c in range(channels):
            for i in range(out_height):
                for j in range(out_width):
                    y[b, i, j, c] = np.max(x[b, i * 2 : i * 2 + 2, j * 2 : j * 2 + 2, c])
    return y
