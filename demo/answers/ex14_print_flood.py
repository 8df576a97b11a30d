import numpy as np


def edge_kernel():
    return np.array([[-1., 1.], [-1., 1.]]).reshape(2, 2, 1, 1)


def detect_edges(image):
    i, j = 0, 0
    out = np.zeros((image.shape[0] - 1, image.shape[1] - 1))
    while i < out.shape[0]:
        print("-" * 200, i, j)
        out[i, j] = image[i, j+1] - image[i, j] + image[i+1, j+1] - image[i+1, j]
        j = (j + 1) % out.shape[1]
    return out
