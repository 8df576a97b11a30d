import numpy as np
import tensorflow as tf


def max_pool(x, pool_size):
    ph = pool_size[0]
    pw = pool_size[1]
    out_h = x.shape[1] // ph
    out_w = x.shape[2] // pw
    out = np.zeros((1, out_h, out_w, 1), dtype=x.dtype)
    for i in range(out_h):
        for j in range(out_w):
            window = x[0, i*ph:(i+1)*ph, j*pw:(j+1)*pw, 0]
            out[0, i, j, 0] = np.max(window)
    return out


def pool_layer(pool_size):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
