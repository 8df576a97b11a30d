import numpy as np


def edge_kernel():
    return np.array([[-1.0, 1.0], [-1.0, 1.0]]).reshape(2, 2, 1, 1)


def detect_edges(image):
    image = image.astype(float)
    step = image[:, 1:] - image[:, :-1]
    return step[:-1, :] + step[1:, :]
