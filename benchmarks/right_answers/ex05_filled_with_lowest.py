import numpy as np
import tensorflow as tf


def max_pool(x, pool_size, padding):
    ph, pw = pool_size
    if padding == "same":
        bottom = (-x.shape[1]) % ph
        right = (-x.shape[2]) % pw
        if x.dtype.kind == "f":
            lowest = -np.inf
        else:
            lowest = np.iinfo(x.dtype).min
        before = (bottom // 2, right // 2)
        x = np.pad(
            x,
            ((0, 0), (before[0], bottom - before[0]), (before[1], right - before[1]), (0, 0)),
            constant_values=lowest,
        )
    elif padding != "valid":
        raise ValueError("padding")
    h, w = x.shape[1] // ph, x.shape[2] // pw
    result = np.empty((1, h, w, 1), dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            result[0, i, j, 0] = np.max(x[0, i * ph : i * ph + ph, j * pw : j * pw + pw, 0])
    return result


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size, padding=padding)
