import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    image = x[0, :, :, 0]
    k = kernel[:, :, 0, 0]
    result = image[:-1, :-1] * k[0, 0]
    result = result + image[:-1, 1:] * k[0, 1]
    result = result + image[1:, :-1] * k[1, 0]
    result = result + image[1:, 1:] * k[1, 1]
    result = result + bias[0]
    return result.reshape(1, result.shape[0], result.shape[1], 1)


def mean_layer():
    layer = tf.keras.layers.Conv2D(1, (2, 2))
    layer.build((None, None, None, 1))
    layer.set_weights([np.full((2, 2, 1, 1), 0.25), np.array([3.0])])
    return layer
