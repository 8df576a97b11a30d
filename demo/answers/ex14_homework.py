# hw
import numpy as np
import tensorflow as tf


def edge_kernel():
    return tf.reshape(tf.constant([[-1, 1], [-1, 1]], dtype=tf.float64), (2, 2, 1, 1))


def detect_edges(image):
    w = edge_kernel().numpy().reshape(2, 2)
    x = np.array(image, dtype=np.float64)
    return np.array([[(x[i:i+2, j:j+2] * w).sum() for j in range(x.shape[1]-1)] for i in range(x.shape[0]-1)])
