"""Make the small subset of Fashion-MNIST that comes with exercise 1.

The first 100 training images and the first 30 test images of every class, in the order of the original files:
no chance is involved, so whoever runs this gets the same arrays.

    python benchmarks/make_fashion_subset.py [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from fashion_mnist import SMALL_FILE, load
from numpy.typing import NDArray

CLASSES = 10
TRAIN_PER_CLASS = 100
TEST_PER_CLASS = 30


def first_of_each_class(labels: NDArray[np.uint8], count: int) -> NDArray[np.intp]:
    """Return the positions of the first `count` labels of every class, in rising order."""
    return np.sort(np.concatenate([np.flatnonzero(labels == kind)[:count] for kind in range(CLASSES)]))


def main(file: Path) -> None:
    """Write the subset."""
    whole = load()
    if not whole.whole:
        sys.exit(f"The whole data set is needed, and there is only {whole.source}.")
    train = first_of_each_class(whole.train_labels, TRAIN_PER_CLASS)
    test = first_of_each_class(whole.test_labels, TEST_PER_CLASS)
    np.savez_compressed(
        file,
        train_images=whole.train_images[train],
        train_labels=whole.train_labels[train],
        test_images=whole.test_images[test],
        test_labels=whole.test_labels[test],
    )
    print(f"{len(train)} training and {len(test)} test images from {whole.source}")
    print(f"{file.stat().st_size:,} bytes in {file.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SMALL_FILE)
