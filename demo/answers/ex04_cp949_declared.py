# -*- coding: cp949 -*-
import numpy as np
import tensorflow as tf


# 윈도우 크기를 인자로 받는 최대 풀링
def max_pool(x, pool_size):
    높이, 너비 = pool_size
    행 = x.shape[1] // 높이
    열 = x.shape[2] // 너비
    결과 = np.zeros((1, 행, 열, 1), dtype=x.dtype)
    for i in range(행):
        for j in range(열):
            결과[0, i, j, 0] = x[0, i*높이:i*높이+높이, j*너비:j*너비+너비, 0].max()
    return 결과


def pool_layer(pool_size):
    return tf.keras.layers.MaxPool2D(pool_size=pool_size)
