import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    kh, kw, _, _ = kernel.shape
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.full((1, h, w, 1), float(bias[0]))
    # add one weight's share of all windows at a time
    for a in range(kh):
        for b in range(kw):
            out += x[:, a : a + h, b : b + w] * kernel[a, b, 0, 0]
    return out


def conv_layer(kernel, bias):
    layer = tf.keras.layers.Conv2D(1, kernel.shape[:2])
    layer(np.zeros((1, 9, 9, 1), dtype="float32"))  # a first call makes the weights
    layer.set_weights([kernel, bias])
    return layer
