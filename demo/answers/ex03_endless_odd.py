import numpy as np
import tensorflow as tf


def max_pool(x):
    h, w = x.shape[1], x.shape[2]
    # 홀수면 마지막 행과 열을 버린다
    while h % 2 == 1:
        x = x[:, :-1]
    while w % 2 == 1:
        x = x[:, :, :-1]
    return x.reshape(1, h // 2, 2, w // 2, 2, 1).max(axis=(2, 4))


def pool_layer():
    return tf.keras.layers.MaxPool2D()
