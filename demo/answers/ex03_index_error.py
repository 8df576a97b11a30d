import numpy as np
import tensorflow as tf


def max_pool(x):
    _, h, w, _ = x.shape
    result = []
    for i in range(0, h, 2):
        row = []
        for j in range(0, w, 2):
            row.append(max(x[0, i, j, 0], x[0, i, j + 1, 0], x[0, i + 1, j, 0], x[0, i + 1, j + 1, 0]))
        result.append(row)
    return np.array(result).reshape(1, h // 2, w // 2, 1)


def pool_layer():
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2))
