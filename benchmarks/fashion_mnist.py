"""Fashion-MNIST from wherever this machine has it: `load` is all that is public.

Debian's package `dataset-fashion-mnist`, Keras's cache, a download by Keras, and at last the small subset
that comes with exercise 1 are tried in this order; the answer says which it was.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEBIAN_FOLDER", "SMALL_FILE", "FashionMnist", "load", "read_folder"]

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
SMALL_FILE = Path(__file__).parents[1] / "exercises/ex01_dense_vs_cnn/data/fashion_mnist_small.npz"

_UNSIGNED_BYTES = 0x08


@dataclass(frozen=True)
class FashionMnist:
    """Grey images of clothes, shape (N, 28, 28), and their classes 0 to 9, shape (N,); all uint8."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    source: str
    whole: bool
    """False for the small subset."""


def load() -> FashionMnist:
    """Return the whole data set, or the small subset where there is no whole one."""
    for folder, source in _folders():
        if folder.is_dir():
            try:
                return read_folder(folder, source)
            except (OSError, EOFError, ValueError, zlib.error):
                continue  # A half-finished download: the next place may hold all of it.
    return _download() or _small()


def read_folder(folder: Path, source: str) -> FashionMnist:
    """Return the data set of a folder with the four original files.

    Raises:
        OSError, EOFError, zlib.error: a file is missing, cut short, or damaged.
        ValueError: a file is not in the IDX format, or images and labels do not belong together.

    """
    train_images, test_images = (
        _read_idx(folder / f"{part}-images-idx3-ubyte.gz", 3) for part in ("train", "t10k")
    )
    train_labels, test_labels = (
        _read_idx(folder / f"{part}-labels-idx1-ubyte.gz", 1) for part in ("train", "t10k")
    )
    if len(train_images) != len(train_labels) or len(test_images) != len(test_labels):
        raise ValueError(f"{folder}: the numbers of images and labels differ")
    return FashionMnist(train_images, train_labels, test_images, test_labels, source, whole=True)


def _folders() -> Iterator[tuple[Path, str]]:
    yield DEBIAN_FOLDER, "Debian's package dataset-fashion-mnist"
    home = os.environ.get("KERAS_HOME")
    yield (Path(home) if home else Path.home() / ".keras") / "datasets" / "fashion-mnist", "Keras's cache"


def _read_idx(file: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of a compressed IDX file: two zero bytes, type, dimensions, the lengths, the bytes."""
    raw = gzip.decompress(file.read_bytes())
    start = 4 + 4 * dimensions
    if raw[:4] != bytes([0, 0, _UNSIGNED_BYTES, dimensions]) or len(raw) < start:
        raise ValueError(f"{file}: not an IDX file of unsigned bytes with {dimensions} dimensions")
    shape = struct.unpack(f">{dimensions}I", raw[4:start])
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def _download() -> FashionMnist | None:
    import tensorflow as tf  # Only this way of the four needs it, and it takes seconds.

    try:
        (train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.fashion_mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when it cannot reach the files.
        print(f"Fashion-MNIST cannot be downloaded: {error}")
        return None
    return FashionMnist(
        train_images, train_labels, test_images, test_labels, "downloaded by Keras", whole=True
    )


def _small() -> FashionMnist:
    with np.load(SMALL_FILE, allow_pickle=False) as arrays:
        return FashionMnist(
            arrays["train_images"],
            arrays["train_labels"],
            arrays["test_images"],
            arrays["test_labels"],
            "the small subset of exercise 1",
            whole=False,
        )
