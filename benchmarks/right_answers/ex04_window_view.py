import numpy as np
import tensorflow as tf


def max_pool(x, pool_size):
    views = np.lib.stride_tricks.sliding_window_view(x[0, :, :, 0], pool_size)
    chosen = views[:: pool_size[0], :: pool_size[1]]
    result = chosen.max(axis=(2, 3))
    return result[None, :, :, None]


def pool_layer(pool_size):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
