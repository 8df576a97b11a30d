"""The lecture's first experiment, from several seeds: both networks of exercise 1, trained on the whole Fashion-MNIST.

    python benchmarks/lecture.py [--seeds 5] [--seed 43052] [--epochs 5] [--jobs 2] [--json FILE]

As in the lecture the pixels stay as they are, 0 to 255. Networks and training are exercise 1's reference.

Each training has one thread, and only operations that give the same numbers every time: on one machine, with one version of
TensorFlow, a seed gives one figure, whatever runs beside it and however many trainings run at once (`--jobs`).
`TF_USE_LEGACY_KERAS=1` trains with Keras 2, where the package `tf_keras` is installed.

  accuracy   of the test images, or of the training images in the last epoch, as the training saw them
  mean       over the seeds, with the standard deviation of a single seed (n - 1), the least and the most
  lecture    the lecture's figure, one training of an unknown seed, and how many standard deviations it is from the mean
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, stdev
from types import ModuleType
from typing import Any

import numpy as np
from fashion_mnist import load
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

REFERENCE = Path(__file__).parents[1] / "solutions/ex01_dense_vs_cnn/solution.py"
LECTURE_EPOCHS = 5
THREADS = 1
"""Of one training. The sums of several threads may come in another order on a machine with more processors."""
LECTURE = {
    ("dense", "test"): 0.8570,
    ("dense", "training"): 0.8673,
    ("CNN", "test"): 0.8807,
    ("CNN", "training"): 0.8925,
}
"""Accuracies by network and images."""
NETWORKS = ("dense", "CNN")


@dataclass(frozen=True)
class Outcome:
    """What came of training one network from one seed."""

    network: str
    seed: int
    parameters: int
    seconds: float
    training_accuracy: float
    """In the last epoch, as the training saw it."""
    test_accuracy: float
    keras: str


@dataclass(frozen=True)
class Spread:
    """The accuracies of one network from all seeds, beside the lecture's."""

    network: str
    images: str
    lecture: float
    mean: float
    deviation: float | None
    """The standard deviation of a single seed; a single seed has none."""
    least: float
    most: float

    @property
    def distance(self) -> float | None:
        """Return how many standard deviations the lecture's figure is from the mean."""
        return (self.lecture - self.mean) / self.deviation if self.deviation else None

    @property
    def holds_lecture(self) -> bool:
        """Return whether the lecture's figure, with its four digits, lies between the least and the most."""
        return round(self.least, 4) <= self.lecture <= round(self.most, 4)


def spreads(outcomes: Sequence[Outcome]) -> list[Spread]:
    """Return the spread of each network's test and training accuracies."""
    return [
        spread(
            network,
            images,
            [getattr(item, f"{images}_accuracy") for item in outcomes if item.network == network],
        )
        for network, images in LECTURE
    ]


def spread(network: str, images: str, accuracies: Sequence[float]) -> Spread:
    """Return the spread of some accuracies."""
    deviation = stdev(accuracies) if len(accuracies) > 1 else None
    lecture = LECTURE[network, images]
    return Spread(network, images, lecture, mean(accuracies), deviation, min(accuracies), max(accuracies))


def table_of(spreads: Sequence[Spread]) -> Table:
    """Return the spreads as a table."""
    result = Table(box=None, pad_edge=False)
    for heading in "network images mean deviation least most lecture distance within".split():
        result.add_column(heading, justify="left" if heading in ("network", "images") else "right")
    for item in spreads:
        figures = (item.mean, item.deviation, item.least, item.most, item.lecture)
        result.add_row(
            item.network,
            item.images,
            *("-" if figure is None else f"{figure:.4f}" for figure in figures),
            "-" if item.distance is None else f"{item.distance:+.1f}",
            "yes" if item.holds_lecture else "no",
        )
    return result


def reference() -> ModuleType:
    """Return exercise 1's reference as a module."""
    spec = importlib.util.spec_from_file_location("reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_epochs_done: Any = None
"""The shared counter of this process and those beside it."""


def begin(epochs_done: Any) -> None:
    """Prepare a process for trainings that give the same figures whenever they are repeated."""
    global _epochs_done
    _epochs_done = epochs_done
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The same numbers on every machine, as far as possible.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import tensorflow as tf  # After the settings, which it reads when it is imported.

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    tf.config.experimental.enable_op_determinism()


def count_epoch(*_: object) -> None:
    """Say that an epoch is over."""
    with _epochs_done.get_lock():
        _epochs_done.value += 1


def pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images as a network takes them, with one channel and their pixels as they are."""
    return images.reshape(-1, 28, 28, 1).astype(np.float32)


def experiment(network: str, seed: int, epochs: int) -> Outcome:
    """Train a network from a seed and test it, in a process that `begin` has prepared."""
    import tensorflow as tf

    data, solution = load(), reference()
    classes = np.eye(10, dtype=np.float32)
    tf.keras.utils.set_random_seed(seed)
    model = solution.build_dense() if network == "dense" else solution.build_cnn()
    counter = tf.keras.callbacks.LambdaCallback(on_epoch_end=count_epoch)
    model.fit = partial(model.fit, callbacks=[counter])
    started = time.perf_counter()
    history = solution.train(model, pixels(data.train_images), classes[data.train_labels], epochs)
    seconds = time.perf_counter() - started
    _, accuracy = model.evaluate(pixels(data.test_images), classes[data.test_labels], verbose=0)
    package = tf.keras.Sequential.__module__.partition(".")[0]
    keras = f"{package} {importlib.metadata.version(package)}"
    return Outcome(network, seed, model.count_params(), seconds, history[-1], accuracy, keras)


def experiments(seeds: Sequence[int], epochs: int, jobs: int, console: Console) -> list[Outcome]:
    """Return what comes of both networks from all seeds, in this order; each is printed when it is there."""
    context = get_context("spawn")  # Every process has a TensorFlow and threads of its own.
    epochs_done = context.Value("i", 0)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        "epochs,",
        TimeElapsedColumn(),
        "gone,",
        TimeRemainingColumn(),
        "left",
    )
    with (
        Progress(*columns, console=console, transient=True, speed_estimate_period=600) as progress,
        ProcessPoolExecutor(jobs, context, begin, (epochs_done,)) as pool,
    ):
        trainings = [pool.submit(experiment, network, seed, epochs) for seed in seeds for network in NETWORKS]
        bar = progress.add_task("", total=len(trainings) * epochs)
        running = set(trainings)
        while running:
            done, running = wait(running, timeout=1, return_when=FIRST_COMPLETED)
            progress.update(bar, completed=epochs_done.value)
            for training in done:
                outcome = training.result()
                console.print(
                    f"seed {outcome.seed}, {outcome.network}: training {outcome.training_accuracy:.4f}, "
                    f"test {outcome.test_accuracy:.4f}, {outcome.seconds:.0f} s"
                )
        return [training.result() for training in trainings]


def document(outcomes: Sequence[Outcome], settings: dict[str, Any]) -> dict[str, Any]:
    """Return everything that was found as JSON takes it."""
    results = [
        asdict(item) | {"distance": item.distance, "holds_lecture": item.holds_lecture}
        for item in spreads(outcomes)
    ]
    return settings | {"spreads": results, "outcomes": [asdict(item) for item in outcomes]}


def machine() -> dict[str, str | int]:
    """Return what the figures depend on beside the seed."""
    cpuinfo = Path("/proc/cpuinfo")  # Linux alone has it.
    text = cpuinfo.read_text(encoding="utf-8") if cpuinfo.exists() else ""
    model = re.search(r"^model name\s*: (.+)", text, re.MULTILINE)
    return {
        "processor": model[1] if model else platform.processor(),
        "processors": os.cpu_count() or 1,
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("tensorflow", "numpy")},
    }


def positive(text: str) -> int:
    """Return a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few: give 1 or more")
    return number


def main() -> None:
    """Print both networks' accuracies from all seeds beside the lecture's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seeds", type=positive, default=5, help="how many, one after the other [default: 5]"
    )
    parser.add_argument("--seed", type=int, default=43052, help="the first [default: the lecture's, 43052]")
    parser.add_argument("--epochs", type=positive, default=LECTURE_EPOCHS)
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, help="trainings at once")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="everything that was found, to be read by programs"
    )
    options = parser.parse_args()

    console, data, started = Console(), load(), time.perf_counter()
    seeds = range(options.seed, options.seed + options.seeds)
    settings = {"data": data.source, "epochs": options.epochs, "threads": THREADS, "jobs": options.jobs}
    images = f"{len(data.train_images):,} training and {len(data.test_images):,} test images"
    console.print(f"Fashion-MNIST from {data.source}: {images}")
    console.print(
        f"Seeds {seeds[0]} to {seeds[-1]}, epochs: {options.epochs}, trainings at once: {options.jobs}"
    )
    outcomes = experiments(seeds, options.epochs, options.jobs, console)
    seconds = time.perf_counter() - started
    dense, cnn = (next(item.parameters for item in outcomes if item.network == name) for name in NETWORKS)
    console.print(table_of(spreads(outcomes)))
    console.print(f"The CNN has {cnn / dense:.4f} of the dense network's parameters.")
    console.print(f"{len(outcomes)} trainings with {outcomes[0].keras} took {seconds / 60:.1f} minutes.")
    if options.epochs != LECTURE_EPOCHS or not data.whole:
        console.print(f"The lecture's figures are those of {LECTURE_EPOCHS} epochs on the whole data set.")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        found = document(outcomes, settings | {"seconds": seconds, "machine": machine()})
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        console.print(f"All of it is in {options.json}.")


if __name__ == "__main__":
    main()
