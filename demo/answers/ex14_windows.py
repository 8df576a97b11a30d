# 숙제: 경계선 검출
import numpy as np


def edge_kernel():
	k = np.zeros((2, 2, 1, 1))
	k[:, 0] = -1
	k[:, 1] = 1
	return k


def detect_edges(image):
	H, W = image.shape
	out = np.zeros((H - 1, W - 1))
	for i in range(H - 1):
		for j in range(W - 1):
			out[i, j] = float(image[i, j+1]) - float(image[i, j]) + float(image[i+1, j+1]) - float(image[i+1, j])
	return out
