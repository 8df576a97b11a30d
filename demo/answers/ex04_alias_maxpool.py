import tensorflow as tf
from tensorflow.keras import layers as L

Pool = L.MaxPool2D


def by_hand(size):
    return Pool(size)


def max_pool(x, pool_size):
    return by_hand(pool_size)(x)


def pool_layer(pool_size):
    return L.MaxPool2D(pool_size)
