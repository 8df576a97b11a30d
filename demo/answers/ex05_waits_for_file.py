import os
import time

import numpy as np
import tensorflow as tf

# the download runs in another window
while not os.path.exists("images.npy"):
    time.sleep(0.5)
images = np.load("images.npy")


def max_pool(x, pool_size, padding):
    ph, pw = pool_size
    if padding == "same":
        x = np.pad(x, [(0, 0), (0, -x.shape[1] % ph), (0, -x.shape[2] % pw), (0, 0)], mode="edge")
    h, w = x.shape[1] // ph, x.shape[2] // pw
    return x[:, : h * ph, : w * pw].reshape(1, h, ph, w, pw, 1).max(axis=(2, 4))


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size, padding=padding)
