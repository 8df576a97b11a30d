import numpy as np
import tensorflow as tf


def max_pool(x, pool_size):
    height, width = pool_size
    rows = x.shape[1] // height
    columns = x.shape[2] // width
    values = [
        x[0, i * height : (i + 1) * height, j * width : (j + 1) * width, 0].max()
        for i in range(rows)
        for j in range(columns)
    ]
    return np.array(values, dtype=x.dtype).reshape(1, rows, columns, 1)


def pool_layer(pool_size):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
