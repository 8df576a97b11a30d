import numpy as np
import tensorflow as tf
import tensorflow.experimental.numpy as tnp

tnp.experimental_enable_numpy_behavior()

XXX = tnp.arange(1*4*4*1).reshape(1, 4, 4, 1)
print(XXX.reshape(1, 4, 4))


def max_pool(x):
    """(2,2)윈도우를 만들고 (2,2)윈도우에서 max를 뽑아 값을 기록, 윈도우를 움직이면서 반복"""
    x = tnp.array(x)
    rows = []
    for i in range(0, x.shape[1], 2):
        rows.append([x[0, i:i+2, j:j+2, 0].max() for j in range(0, x.shape[2], 2)])
    return tnp.array(rows, dtype=x.dtype).reshape(1, x.shape[1]//2, x.shape[2]//2, 1)


def pool_layer():
    m = tf.keras.layers.MaxPool2D()
    return m


print(max_pool(XXX).reshape(1, 2, 2))
m = tf.keras.layers.MaxPool2D()
print(m(XXX).reshape(1, 2, 2))  # 같은지 확인
