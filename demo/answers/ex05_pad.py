import numpy as np
import tensorflow as tf


def smallest(dtype):
    if np.issubdtype(dtype, np.integer):
        return np.iinfo(dtype).min
    return -np.inf


def max_pool(x, pool_size, padding):
    ph, pw = pool_size
    if padding == "same":
        h_pad = -x.shape[1] % ph
        w_pad = -x.shape[2] % pw
        x = np.pad(
            x,
            [(0, 0), (h_pad // 2, h_pad - h_pad // 2), (w_pad // 2, w_pad - w_pad // 2), (0, 0)],
            constant_values=smallest(x.dtype),
        )
    elif padding != "valid":
        raise ValueError("padding must be 'valid' or 'same'")
    h, w = x.shape[1] // ph, x.shape[2] // pw
    return x[:, : h * ph, : w * pw].reshape(1, h, ph, w, pw, 1).max(axis=(2, 4))


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size, padding=padding)
