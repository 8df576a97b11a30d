"""Dense or convolutional: two networks for Fashion-MNIST, and what each of them costs."""

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def build_dense() -> tf.keras.Sequential:
    """Return a new dense network for images of shape (28, 28, 1).

    Flatten, four Dense layers of 500 units with relu, Dense of 10 units with softmax; compiled or not.
    """
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Flatten())
    for _ in range(4):
        model.add(tf.keras.layers.Dense(500, activation="relu"))
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    return model


def build_cnn() -> tf.keras.Sequential:
    """Return a new convolutional network for images of shape (28, 28, 1).

    Twice Conv2D of 30 filters of 2x2 with relu and MaxPool2D, then Flatten, Dense of 10 units with softmax;
    compiled or not.
    """
    model = tf.keras.Sequential()
    for _ in range(2):
        model.add(tf.keras.layers.Conv2D(30, (2, 2), activation="relu"))
        model.add(tf.keras.layers.MaxPool2D())
    model.add(tf.keras.layers.Flatten())
    model.add(tf.keras.layers.Dense(10, activation="softmax"))
    return model


def parameter_ratio(cnn: tf.keras.Model, dense: tf.keras.Model) -> float:
    """Return how many parameters `cnn` has for each parameter of `dense`.

    A network that is not built yet is built for inputs of shape (None, 28, 28, 1) first.
    """
    for model in (cnn, dense):
        if not model.built:
            model.build((None, 28, 28, 1))
    return float(cnn.count_params() / dense.count_params())


def train(
    model: tf.keras.Model, x: NDArray[np.floating], y: NDArray[np.floating], epochs: int
) -> list[float]:
    """Train `model` itself and return its training accuracy in each epoch.

    x: images, shape (N, 28, 28, 1), floats.
    y: one-hot labels, shape (N, 10), floats.
    epochs: how often all the images are shown.
    Returns `epochs` numbers between 0 and 1, the first epoch's first.
    """
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return list(history.history["accuracy"])
