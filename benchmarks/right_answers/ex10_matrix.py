import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[:2]
    image = x[0, :, :, 0]
    h = image.shape[0] - kh + 1
    w = image.shape[1] - kw + 1
    patches = []
    for i in range(h):
        for j in range(w):
            patches.append(image[i : i + kh, j : j + kw].reshape(-1))
    flat = np.array(patches) @ kernel.reshape(-1)
    return flat.reshape(1, h, w, 1) + bias


def conv_layer(kernel, bias):
    layer = tf.keras.layers.Conv2D(1, kernel.shape[:2])
    layer.build((None, None, None, 1))
    layer.set_weights([kernel, bias])
    return layer
