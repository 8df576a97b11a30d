import numpy as np
import tensorflow as tf


def convolve(x, kernel, bias, activation=None):
    if activation is not None and activation != 'relu':
        raise ValueError('relu만 쓸 수 있습니다')
    x = tf.cast(x, tf.float64)
    kh, kw, _, F = kernel.shape
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    채널들 = []
    for f in range(F):
        합 = tf.zeros((x.shape[0], h, w), dtype=tf.float64)
        for a in range(kh):
            for b in range(kw):
                합 = 합 + x[:, a:a+h, b:b+w, 0] * kernel[a, b, 0, f]
        채널들.append(합 + bias[f])
    out = tf.stack(채널들, axis=-1)
    return tf.maximum(out, 0) if activation == 'relu' else out


def filter_sums(kernel):
    return [tf.reduce_sum(kernel[..., f]) for f in range(kernel.shape[-1])]
