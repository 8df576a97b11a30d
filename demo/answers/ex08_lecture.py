import numpy as np
import tensorflow as tf
import tensorflow.experimental.numpy as tnp

tnp.experimental_enable_numpy_behavior()


def convolve(x, kernel, bias):
    x = tf.constant(x, dtype=tf.float64)
    w = tf.reshape(tf.constant(kernel, dtype=tf.float64), (2, 2))
    h, v = x.shape[1] - 1, x.shape[2] - 1
    out = []
    for i in range(h):
        for j in range(v):
            out.append(tf.reduce_sum(x[0, i:i+2, j:j+2, 0] * w) + bias[0])
    return tf.reshape(tf.stack(out), (1, h, v, 1))


def mean_layer():
    cnv = tf.keras.layers.Conv2D(1, (2, 2))
    cnv(tnp.arange(1*4*4*1, dtype=tf.float64).reshape(1, 4, 4, 1))  # weights를 초기화 시키기 위해서 레이어를 1회 통과
    w = np.array([1/4, 1/4, 1/4, 1/4], dtype=np.float32).reshape(2, 2, 1, 1)
    b = np.array([3], dtype=np.float32)
    cnv.set_weights([w, b])
    return cnv
