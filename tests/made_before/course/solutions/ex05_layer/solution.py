"""A dense layer."""

from typing import Any

from tensorflow import keras


def dense() -> Any:
    """Return a layer of 3 units with the activation relu."""
    return keras.layers.Dense(3, activation="relu")
