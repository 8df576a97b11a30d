"""The lecture's first experiment: both networks of exercise 1, trained on the whole Fashion-MNIST.

    python benchmarks/lecture.py [--epochs 5] [--seed 43052]

As in the lecture the pixels stay as they are, 0 to 255. Networks and training are exercise 1's reference.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from fashion_mnist import FashionMnist, load

REFERENCE = Path(__file__).parents[1] / "solutions/ex01_dense_vs_cnn/solution.py"
LECTURE_ACCURACY = {"dense": 0.8570, "CNN": 0.8807}


@dataclass(frozen=True)
class Outcome:
    """What came of training one network."""

    name: str
    parameters: int
    seconds: float
    train_accuracy: float
    """In the last epoch, as the training saw it."""
    test_accuracy: float


def reference() -> ModuleType:
    """Return exercise 1's reference as a module."""
    spec = importlib.util.spec_from_file_location("reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def experiment(name: str, model: Any, train: Any, data: FashionMnist, epochs: int) -> Outcome:
    """Train a network and test it."""
    images = data.train_images.reshape(-1, 28, 28, 1).astype(np.float32)
    test_images = data.test_images.reshape(-1, 28, 28, 1).astype(np.float32)
    classes = np.eye(10, dtype=np.float32)
    started = time.perf_counter()
    history = train(model, images, classes[data.train_labels], epochs)
    seconds = time.perf_counter() - started
    _, test_accuracy = model.evaluate(test_images, classes[data.test_labels], verbose=0)
    return Outcome(name, model.count_params(), seconds, history[-1], test_accuracy)


def main() -> None:
    """Print both networks' outcomes beside the lecture's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=43052)
    options = parser.parse_args()

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault(
        "TF_ENABLE_ONEDNN_OPTS", "0"
    )  # The same numbers on every machine, as far as possible.
    import tensorflow as tf  # After the settings, which it reads when it is imported.

    data, solution = load(), reference()
    print(f"Fashion-MNIST from {data.source}: {len(data.train_images):,} training and ", end="")
    print(f"{len(data.test_images):,} test images; epochs: {options.epochs}, seed: {options.seed}\n")
    print("network  parameters  seconds  training accuracy  test accuracy  lecture", flush=True)
    parameters = []
    for name, build in (("dense", solution.build_dense), ("CNN", solution.build_cnn)):
        tf.keras.utils.set_random_seed(options.seed)
        outcome = experiment(name, build(), solution.train, data, options.epochs)
        parameters.append(outcome.parameters)
        print(
            f"{name:7}  {outcome.parameters:10,}  {outcome.seconds:7.1f}  {outcome.train_accuracy:17.4f}"
            f"  {outcome.test_accuracy:13.4f}  {LECTURE_ACCURACY[name]:7.4f}",
            flush=True,
        )
    print(f"\nThe CNN has {parameters[1] / parameters[0]:.4f} of the dense network's parameters.")
    if options.epochs != 5 or not data.whole:
        print("The lecture's numbers are those of 5 epochs on the whole data set.")


if __name__ == "__main__":
    main()
