import numpy as np
import tensorflow as tf
from tensorflow import nn


def apply(images, weights):
    op = nn.conv2d
    return op(images, weights, strides=1, padding="VALID")


def convolve(x, kernel, bias):
    return apply(x.astype(np.float64), kernel.astype(np.float64)) + bias
