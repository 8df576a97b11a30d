import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    image = x[0, :, :, 0].tolist()
    weights = kernel[:, :, 0, 0].tolist()
    result = []
    for top in range(len(image) - len(weights) + 1):
        row = []
        for left in range(len(image[0]) - len(weights[0]) + 1):
            value = float(bias[0])
            for a in range(len(weights)):
                for b in range(len(weights[0])):
                    value += image[top + a][left + b] * weights[a][b]
            row.append(value)
        result.append(row)
    return np.array(result)[None, :, :, None]


def conv_layer(kernel, bias):
    layer = tf.keras.layers.Conv2D(1, kernel.shape[:2])
    layer.build((None, None, None, 1))
    layer.set_weights([kernel, bias])
    return layer
