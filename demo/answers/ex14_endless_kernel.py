import numpy as np


def edge_kernel():
    weights = np.zeros(4)
    i = 0
    while i < 4:
        weights[i] = -1 if i % 2 == 0 else 1
    return weights.reshape(2, 2, 1, 1)


def detect_edges(image):
    image = np.asarray(image, dtype=float)
    out = np.zeros((image.shape[0] - 1, image.shape[1] - 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            a, b = image[i, j:j+2]
            c, d = image[i+1, j:j+2]
            out[i, j] = (b - a) + (d - c)
    return out
