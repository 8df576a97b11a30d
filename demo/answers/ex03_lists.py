"""MaxPool 2"""
import numpy as np
import tensorflow as tf


def max_pool(x):
    image = x[0, :, :, 0].tolist()
    result = []
    for i in range(len(image) // 2):
        row = []
        for j in range(len(image[0]) // 2):
            # 윈도우의 네 값
            window = [image[2*i][2*j], image[2*i][2*j+1], image[2*i+1][2*j], image[2*i+1][2*j+1]]
            row.append(max(window))
        result.append(row)
    return np.array(result, dtype=x.dtype)[None, :, :, None]


def pool_layer():
    return tf.keras.layers.MaxPool2D()
