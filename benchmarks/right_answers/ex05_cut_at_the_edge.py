import numpy as np
import tensorflow as tf


def max_pool(x, pool_size, padding):
    if padding not in ("valid", "same"):
        raise ValueError(padding)
    height, width = x.shape[1:3]
    ph, pw = pool_size
    if padding == "valid":
        rows, columns = height // ph, width // pw
        top = left = 0
    else:
        rows, columns = int(np.ceil(height / ph)), int(np.ceil(width / pw))
        top = (rows * ph - height) // 2
        left = (columns * pw - width) // 2
    result = np.zeros((1, rows, columns, 1), dtype=x.dtype)
    for i in range(rows):
        for j in range(columns):
            first_row = max(i * ph - top, 0)
            first_column = max(j * pw - left, 0)
            last_row = min(i * ph - top + ph, height)
            last_column = min(j * pw - left + pw, width)
            result[0, i, j, 0] = x[0, first_row:last_row, first_column:last_column, 0].max()
    return result


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size, padding=padding)
