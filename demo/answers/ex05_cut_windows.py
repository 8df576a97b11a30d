import math

import numpy as np
import tensorflow as tf


def max_pool(x, pool_size, padding):
    if padding not in ['valid', 'same']:
        raise ValueError(padding)
    H, W = x.shape[1], x.shape[2]
    ph, pw = pool_size
    if padding == 'valid':
        oh, ow, top, left = H // ph, W // pw, 0, 0
    else:
        oh, ow = math.ceil(H / ph), math.ceil(W / pw)
        top, left = (oh*ph - H) // 2, (ow*pw - W) // 2   # 위, 왼쪽 패딩
    out = np.empty((1, oh, ow, 1), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            r, c = i*ph - top, j*pw - left
            out[0, i, j, 0] = x[0, max(r, 0):r+ph, max(c, 0):c+pw, 0].max()
    return out


def pool_layer(pool_size, padding):
    return tf.keras.layers.MaxPool2D(pool_size, padding=padding)
