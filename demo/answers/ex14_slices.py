import numpy as np


def edge_kernel():
    return np.array([-1, 1, -1, 1]).reshape(2, 2, 1, 1)


def detect_edges(image):
    x = image.astype(float)
    right, left = x[:, 1:], x[:, :-1]
    step = right - left
    return step[1:] + step[:-1]
