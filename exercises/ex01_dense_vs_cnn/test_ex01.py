"""Visible checks of ex01: the lecture's two summaries, their ratio, and a short training."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import Description, RemoteLayer, Submission, assert_equal, check, expect

DATA = Path(__file__).parent / "data" / "fashion_mnist_small.npz"
INPUT = (None, 28, 28, 1)

Row = tuple[str, tuple[int, ...], int]
"""A line of a summary: the kind of a layer, its output shape without the batch, its number of parameters."""


def describe(network: Any) -> Description:
    """Return the description of what should be a network for one-channel images of 28x28."""
    expect(
        isinstance(network, RemoteLayer),
        en="the function returns a Keras network",
        ko="Keras 신경망을 반환한다",
    )
    description: Description = network.describe(input_shape=INPUT)
    return description


def assert_summary(network: Any, rows: Sequence[Row], total: int) -> None:
    """Fail unless `summary()` would show these rows and this number of all parameters."""
    description = describe(network)
    layers = description.layers
    kinds, shapes, parameters = map(list, zip(*rows, strict=True))
    assert_equal([layer.class_name for layer in layers], kinds, en="the layers", ko="레이어")
    assert_equal(
        [tuple(layer.output_shape or ())[1:] for layer in layers],
        shapes,
        en="the output shapes of the layers",
        ko="레이어의 출력 shape",
    )
    assert_equal(
        [layer.parameters for layer in layers],
        parameters,
        en="the numbers of parameters of the layers",
        ko="레이어의 모수 수",
    )
    assert_equal(description.parameters, total, en="the number of all parameters", ko="전체 모수의 수")


def number(value: Any) -> Any:
    """Return the plain number of a NumPy or TensorFlow number; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def small_images(part: str, count: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the first images of the shipped data, pixels scaled to 0..1, and their classes."""
    with np.load(DATA, allow_pickle=False) as arrays:
        images, labels = arrays[f"{part}_images"][:count], arrays[f"{part}_labels"][:count]
    return images.reshape(-1, 28, 28, 1).astype(np.float32) / 255, labels


@check(
    points=1,
    en="build_dense has the lecture's layers and 1,149,010 parameters",
    ko="build_dense의 레이어가 강의와 같고 모수는 1,149,010개이다",
)
def test_dense_summary(submission: Submission) -> None:
    rows = [
        ("Flatten", (784,), 0),
        ("Dense", (500,), 392500),
        ("Dense", (500,), 250500),
        ("Dense", (500,), 250500),
        ("Dense", (500,), 250500),
        ("Dense", (10,), 5010),
    ]
    assert_summary(submission.build_dense(), rows, 1149010)


@check(
    points=1,
    en="build_cnn has the lecture's layers and 14,590 parameters",
    ko="build_cnn의 레이어가 강의와 같고 모수는 14,590개이다",
)
def test_cnn_summary(submission: Submission) -> None:
    rows = [
        ("Conv2D", (27, 27, 30), 150),
        ("MaxPooling2D", (13, 13, 30), 0),
        ("Conv2D", (12, 12, 30), 3630),
        ("MaxPooling2D", (6, 6, 30), 0),
        ("Flatten", (1080,), 0),
        ("Dense", (10,), 10810),
    ]
    assert_summary(submission.build_cnn(), rows, 14590)


@check(
    points=1,
    en="parameter_ratio gives 0.012697887746842934 for the two new networks",
    ko="새로 만든 두 신경망의 parameter_ratio는 0.012697887746842934이다",
)
def test_ratio(submission: Submission) -> None:
    ratio = submission.parameter_ratio(submission.build_cnn(), submission.build_dense())
    value = number(ratio)
    # A ratio in single precision is good enough, too.
    if not isinstance(value, float) or not math.isclose(value, 0.012697887746842934, rel_tol=1e-6):
        assert_equal(value, 0.012697887746842934, en="the ratio", ko="비율")


@check(
    points=1,
    en="after three epochs on 128 images the dense network knows new images better than by chance",
    ko="이미지 128장으로 세 에포크를 학습한 완전연결망은 처음 보는 이미지를 찍는 것보다 잘 맞힌다",
)
def test_training(submission: Submission) -> None:
    images, labels = small_images("train", 128)
    model = submission.build_dense()
    history = submission.train(model, images, np.eye(10, dtype=np.float32)[labels], epochs=3)
    expect(isinstance(history, list | tuple), en="train returns a list", ko="train은 리스트를 반환한다")
    assert_equal(
        len(history), 3, en="the number of accuracies for three epochs", ko="세 에포크의 정확도 개수"
    )
    expect(
        all(isinstance(value, float) and 0 <= value <= 1 for value in map(number, history)),
        en="every accuracy is a number between 0 and 1",
        ko="정확도는 모두 0과 1 사이의 수이다",
    )
    new_images, new_labels = small_images("test", 300)
    expect(
        isinstance(model, RemoteLayer),
        en="build_dense returns a Keras network",
        ko="build_dense는 Keras 신경망을 반환한다",
    )
    answers = model(new_images)
    expect(
        np.shape(answers) == (300, 10),
        en="the network gives ten values per image",
        ko="이미지마다 값이 열 개이다",
    )
    # Chance is 0.1 and an untrained network stays below 0.2; thirty seeds of the reference gave 0.61 to 0.73.
    expect(
        np.mean(np.argmax(answers, axis=1) == new_labels) > 0.35,
        en="the trained network is right for more than 35 % of 300 new images",
        ko="학습한 신경망이 새 이미지 300장 중 35 % 넘게 맞힌다",
    )
