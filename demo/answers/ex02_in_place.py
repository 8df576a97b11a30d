import numpy as np
import tensorflow as tf


def max_pool(x):
    # no copies: the maxima end up in the upper left pixel of each window
    np.maximum(x[:, ::2], x[:, 1::2], out=x[:, ::2])
    np.maximum(x[:, :, ::2], x[:, :, 1::2], out=x[:, :, ::2])
    return x[:, ::2, ::2]


def pool_layer():
    return tf.keras.layers.MaxPool2D()
