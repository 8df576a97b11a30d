import numpy as np
import tensorflow as tf


def max_pool(x):
    h = x.shape[1] // 2 * 2
    w = x.shape[2] // 2 * 2
    corners = [x[:, a:h:2, b:w:2] for a in (0, 1) for b in (0, 1)]
    return np.maximum.reduce(corners)


def pool_layer():
    return tf.keras.layers.MaxPool2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
