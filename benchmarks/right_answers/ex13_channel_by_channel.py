import numpy as np


def one_channel(image, weights):
    kh, kw = weights.shape
    h = image.shape[0] - kh + 1
    w = image.shape[1] - kw + 1
    result = np.zeros((h, w))
    for a in range(kh):
        for b in range(kw):
            result += image[a : a + h, b : b + w] * weights[a, b]
    return result


def convolve(x, kernel, bias):
    images = []
    for image in x:
        filters = []
        for f in range(kernel.shape[3]):
            total = 0
            for c in range(kernel.shape[2]):
                total = total + one_channel(image[:, :, c], kernel[:, :, c, f])
            filters.append(total + bias[f])
        images.append(np.stack(filters, axis=-1))
    return np.stack(images)


def channel_maps(x, kernel, index):
    return np.stack([one_channel(x[0, :, :, c], kernel[:, :, c, index]) for c in range(x.shape[3])])
