import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    k = kernel.reshape(2, 2)
    a, b = x[:, :-1, :-1], x[:, :-1, 1:]
    c, d = x[:, 1:, :-1], x[:, 1:, 1:]
    return a * k[0, 0] + b * k[0, 1] + c * k[1, 0] + d * k[1, 1] + bias


def mean_layer():
    layer = tf.keras.layers.Conv2D(
        1, 2, kernel_initializer=tf.keras.initializers.Constant(1 / 4), bias_initializer=tf.keras.initializers.Constant(3)
    )
    layer.build((None, None, None, 1))
    return layer
