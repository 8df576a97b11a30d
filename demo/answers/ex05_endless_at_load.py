import numpy as np
import tensorflow as tf


def max_pool(x, pool_size, padding):
    ph, pw = pool_size
    if padding == "same":
        x = np.pad(x, [(0, 0), (0, -x.shape[1] % ph), (0, -x.shape[2] % pw), (0, 0)], mode="edge")
    h, w = x.shape[1] // ph, x.shape[2] // pw
    return x[:, : h * ph, : w * pw].reshape(1, h, ph, w, pw, 1).max(axis=(2, 4))


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size, padding=padding)


# try all the sizes until the layer and my function differ
size = 2
while True:
    image = np.random.rand(1, size, size, 1).astype("float32")
    if not np.array_equal(max_pool(image, (2, 2), "valid"), pool_layer((2, 2), "valid")(image)):
        print("different at", size)
        break
    size = size % 8 + 1 if size < 8 else 2
