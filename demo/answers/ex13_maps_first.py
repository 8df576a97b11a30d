import numpy as np


def channel_maps(x, kernel, index):
    kh, kw, cin, _ = kernel.shape
    h, w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    maps = np.zeros((cin, h, w))
    for c in range(cin):
        for i in range(h):
            for j in range(w):
                maps[c, i, j] = np.sum(x[0, i:i+kh, j:j+kw, c] * kernel[:, :, c, index])
    return maps


def convolve(x, kernel, bias):
    # 채널별로 구한 다음 더하면 된다 (w_red, w_green, w_blue)
    images = []
    for n in range(len(x)):
        filters = [channel_maps(x[n:n+1], kernel, f).sum(axis=0) + bias[f] for f in range(kernel.shape[3])]
        images.append(np.stack(filters, axis=-1))
    return np.stack(images)
