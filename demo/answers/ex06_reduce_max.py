import tensorflow as tf
import tensorflow.experimental.numpy as tnp
tnp.experimental_enable_numpy_behavior()


def max_pool(x):
    x = tf.constant(x)
    n, h, w, _ = x.shape
    x = x[:, :h//2*2, :w//2*2]
    return tf.reduce_max(x.reshape(n, h//2, 2, w//2, 2, 1), axis=(2, 4))


# 강의 테스트5
XXX = tnp.arange(2*4*4*1).reshape(2, 4, 4, 1)
print(max_pool(XXX).reshape(2, 2, 2))
