import numpy as np


def convolve(x, kernel, bias):
    kh, kw = kernel.shape[:2]
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((1, h, w, 1))
    for i in range(h):
        for j in range(w):
            out[0, i, j, 0] = (x[0, i:i+kh, j:j+kw, 0] * kernel[:, :, 0, 0]).sum() + bias[0]
    return out


# def conv_layer: 레이어 부분은 아직 이해가 안 됨
