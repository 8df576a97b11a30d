import numpy as np
import tensorflow as tf


def max_pool(x, pool_size):
    ph, pw = pool_size
    image = x[0, :, :, 0]
    rows = []
    top = 0
    while top + ph <= image.shape[0]:
        row = []
        left = 0
        while left + pw <= image.shape[1]:
            window = image[top : top + ph, left : left + pw]
            row.append(window.max())
            left = left + pw
        rows.append(row)
        top = top + ph
    return np.array(rows, dtype=x.dtype).reshape(1, len(rows), len(rows[0]), 1)


def pool_layer(pool_size):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
