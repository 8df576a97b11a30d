import numpy as np
import tensorflow as tf


def max_pool(x):
    image = x[0, :, :, 0].tolist()
    rows = []
    for top in range(0, len(image) - 1, 2):
        row = []
        for left in range(0, len(image[0]) - 1, 2):
            row.append(
                max(image[top][left], image[top][left + 1], image[top + 1][left], image[top + 1][left + 1])
            )
        rows.append(row)
    return np.array(rows, dtype=x.dtype)[np.newaxis, :, :, np.newaxis]


def pool_layer():
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2))
