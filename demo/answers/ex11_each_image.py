import numpy as np


def convolve_one(image, kernel, bias):
    kh, kw = kernel.shape
    h, w = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = (image[i:i+kh, j:j+kw] * kernel).sum() + bias
    return out


def convolve(x, kernel, bias):
    results = []
    for image in x:
        results.append(convolve_one(image[:, :, 0], kernel[:, :, 0, 0], bias[0]))
    return np.array(results).reshape(len(x), results[0].shape[0], results[0].shape[1], 1)
