import numpy as np


def pool_one(image):
    h, w = image.shape[0] // 2, image.shape[1] // 2
    out = np.empty((h, w, 1), dtype=image.dtype)
    for i in range(h):
        for j in range(w):
            out[i, j, 0] = image[2*i:2*i+2, 2*j:2*j+2, 0].max()
    return out


def max_pool(x):
    return np.stack([pool_one(image) for image in x])
