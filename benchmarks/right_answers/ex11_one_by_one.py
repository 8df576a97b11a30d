import numpy as np


def convolve(x, kernel, bias):
    results = []
    for image in x:
        rows = image.shape[0] - kernel.shape[0] + 1
        columns = image.shape[1] - kernel.shape[1] + 1
        one = np.zeros((rows, columns, 1))
        for i in range(rows):
            for j in range(columns):
                window = image[i : i + kernel.shape[0], j : j + kernel.shape[1], 0]
                one[i, j, 0] = (window * kernel[..., 0, 0]).sum() + bias[0]
        results.append(one)
    return np.array(results)
