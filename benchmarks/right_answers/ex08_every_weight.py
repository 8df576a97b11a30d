import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    h, w = x.shape[1], x.shape[2]
    out = np.zeros((1, h - 1, w - 1, 1))
    for i in range(h - 1):
        for j in range(w - 1):
            total = 0.0
            for a in range(2):
                for b in range(2):
                    total += x[0, i + a, j + b, 0] * kernel[a, b, 0, 0]
            out[0, i, j, 0] = total + bias[0]
    return out


def mean_layer():
    layer = tf.keras.layers.Conv2D(1, (2, 2))
    layer.build((None, None, None, 1))
    layer.set_weights([np.full((2, 2, 1, 1), 0.25), np.array([3.0])])
    return layer
