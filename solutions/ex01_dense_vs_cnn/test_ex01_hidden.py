"""Hidden checks of ex01: what the networks compute, ratios of other pairs, and what training does."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from grader import Description, RemoteLayer, Rng, Submission, assert_equal, assert_tensor, check, expect

FOLDER = Path(__file__).resolve().parent
DATA = FOLDER.parents[1] / "exercises" / FOLDER.name / "data" / "fashion_mnist_small.npz"
INPUT = (None, 28, 28, 1)

Floats = NDArray[np.floating]


def network_of(value: Any) -> RemoteLayer:
    """Return a value that should be a network."""
    expect(
        isinstance(value, RemoteLayer),
        en="the function returns a Keras network",
        ko="Keras 신경망을 반환한다",
    )
    assert isinstance(value, RemoteLayer)
    return value


def describe(network: RemoteLayer) -> Description:
    """Return the description of a network for one-channel images of 28x28."""
    return network.describe(input_shape=INPUT)


def assert_new(first: Any, second: RemoteLayer) -> None:
    """Fail where two calls return one network."""
    expect(
        first != second,
        en="every call returns a new network",
        ko="호출할 때마다 새 신경망을 반환한다",
    )


def weights_of(network: RemoteLayer, shapes: list[tuple[int, ...]]) -> list[NDArray[np.float64]]:
    """Return a network's weights in double precision, when they have the given shapes."""
    weights = describe(network).weights
    assert_equal(
        [weight.shape for weight in weights], shapes, en="the shapes of all weights", ko="모든 가중치의 shape"
    )
    return [weight.astype(np.float64) for weight in weights]


def answers_of(network: RemoteLayer, images: Floats) -> Floats:
    """Return a network's ten values for each image."""
    answers = network(images)
    expect(
        isinstance(answers, np.ndarray) and answers.shape == (len(images), 10),
        en="the network gives ten values for each image",
        ko="이미지마다 값이 열 개 나온다",
    )
    return np.asarray(answers, dtype=np.float64)


def number(value: Any) -> Any:
    """Return the plain number of a NumPy or TensorFlow number; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


def relu(x: Floats) -> Floats:
    return np.maximum(x, 0)


def softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def convolve(x: Floats, kernel: Floats, bias: Floats) -> Floats:
    windows = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return np.asarray(np.einsum("nijcab,abco->nijo", windows, kernel, optimize=True) + bias)


def max_pool(x: Floats) -> Floats:
    height, width = x.shape[1] // 2, x.shape[2] // 2
    windows = x[:, : 2 * height, : 2 * width].reshape(len(x), height, 2, width, 2, -1)
    return np.asarray(windows.max(axis=(2, 4)))


def training_images(count: int) -> NDArray[np.float32]:
    """Return the first training images of the shipped data, pixels scaled to 0..1."""
    with np.load(DATA, allow_pickle=False) as arrays:
        images: NDArray[np.uint8] = arrays["train_images"][:count]
    return images.reshape(-1, 28, 28, 1).astype(np.float32) / np.float32(255)


def sure_batch(model: RemoteLayer) -> tuple[NDArray[np.float32], NDArray[np.float32], Floats]:
    """Return four images, labels of which one is the model's own answer, and the model's answers.

    The brighter an image, the surer an untrained network. These are so bright that it is about 90 % sure, and
    three labels are the class it finds least likely: only the cross-entropy then lowers all other classes.
    """
    images = training_images(4)
    bright = images * np.geomspace(1, 512, 28, dtype=np.float32).reshape(-1, 1, 1, 1, 1)
    answers = answers_of(model, bright.reshape(-1, 28, 28, 1)).reshape(28, 4, 10)
    best = int(np.argmin(np.abs(answers.max(axis=2).mean(axis=1) - 0.9)))
    labels = np.full(4, np.argmin(answers[best].mean(axis=0)))
    surest = int(np.argmax(answers[best].max(axis=1)))
    labels[surest] = np.argmax(answers[best, surest])
    return bright[best], np.eye(10, dtype=np.float32)[labels], answers[best]


def runners_up(model: RemoteLayer) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return eight images, and as their labels the classes that an untrained model holds for almost as likely as its answer.

    All of these answers are wrong, far enough for any rounding, and after one step of a training some are right.
    """
    images = training_images(200)
    answers = answers_of(model, images)
    margins = np.diff(np.sort(answers, axis=1)[:, -2:])[:, 0]
    chosen = np.argsort(np.where(margins > 1e-3, margins, np.inf))[:8]
    labels = np.argsort(answers[chosen], axis=1)[:, -2]
    return images[chosen], np.eye(10, dtype=np.float32)[labels]


@check(
    points=1,
    en="the dense network computes relu after each hidden layer and softmax at the end",
    ko="완전연결망은 은닉층마다 relu를, 마지막에 softmax를 계산한다",
)
def test_dense_values(submission: Submission, rng: Rng) -> None:
    images = rng.random((3, 28, 28, 1), dtype=np.float32)
    # A second call must not find the layers of the first, nor return the first network again.
    first, model = submission.build_dense(), network_of(submission.build_dense())
    assert_new(first, model)
    actual = answers_of(model, images)
    shapes: list[tuple[int, ...]] = [(784, 500), (500,), *[(500, 500), (500,)] * 3, (500, 10), (10,)]
    weights = weights_of(model, shapes)
    values: Floats = images.reshape(3, 784).astype(np.float64)
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        values = relu(values @ kernel + bias)
    assert_tensor(actual, softmax(values @ weights[-2] + weights[-1]), rtol=1e-3, atol=1e-5)


@check(
    points=2,
    en="the convolutional network computes relu after each convolution and softmax at the end",
    ko="합성곱망은 합성곱마다 relu를, 마지막에 softmax를 계산한다",
)
def test_cnn_values(submission: Submission, rng: Rng) -> None:
    images = rng.random((3, 28, 28, 1), dtype=np.float32)
    first, model = submission.build_cnn(), network_of(submission.build_cnn())
    assert_new(first, model)
    actual = answers_of(model, images)
    weights = weights_of(model, [(2, 2, 1, 30), (30,), (2, 2, 30, 30), (30,), (1080, 10), (10,)])
    values: Floats = images.astype(np.float64)
    for kernel, bias in ((weights[0], weights[1]), (weights[2], weights[3])):
        values = max_pool(relu(convolve(values, kernel, bias)))
    expected = softmax(values.reshape(3, 1080) @ weights[4] + weights[5])
    assert_tensor(actual, expected, rtol=1e-3, atol=1e-5)


@check(
    points=1,
    en="parameter_ratio divides the first network's number of parameters by the second's, for any two",
    ko="parameter_ratio는 어떤 신경망이 와도 첫째의 모수 수를 둘째의 모수 수로 나눈다",
)
def test_other_ratios(submission: Submission, rng: Rng) -> None:
    dense, cnn = network_of(submission.build_dense()), network_of(submission.build_cnn())
    image = rng.random((1, 28, 28, 1), dtype=np.float32)
    before = answers_of(dense, image)
    # `dense` is built by now, `cnn` is not. Whatever the student's networks are, their own numbers count.
    ratios = [submission.parameter_ratio(dense, cnn), submission.parameter_ratio(cnn, cnn)]
    expected = [describe(dense).parameters / max(describe(cnn).parameters, 1), 1.0]
    for value, wanted in zip(map(number, ratios), expected, strict=True):
        if not isinstance(value, float | int) or not math.isclose(value, wanted, rel_tol=1e-6):
            assert_equal(value, wanted, en="the ratio", ko="비율")
    expect(
        np.array_equal(answers_of(dense, image), before),
        en="a network that is built already keeps its weights",
        ko="이미 build된 신경망의 가중치는 그대로이다",
    )


@check(
    points=2,
    en="one epoch on one batch moves every layer by one step of Adam on the categorical cross-entropy, and "
    "train returns the accuracy from before that step",
    ko="배치 하나로 한 에포크를 학습하면 모든 층이 범주형 교차 엔트로피에 대한 Adam의 한 걸음만큼 움직이고, "
    "train은 그 걸음을 떼기 전의 정확도를 반환한다",
)
def test_one_step(submission: Submission) -> None:
    model = network_of(submission.build_cnn())
    images, target, answers = sure_batch(model)
    before = describe(model).weights

    history = submission.train(model, images, target, epochs=1)

    expect(isinstance(history, list | tuple), en="train returns a list", ko="train은 리스트를 반환한다")
    assert_equal(len(history), 1, en="the number of accuracies", ko="정확도의 개수")
    assert_equal(number(history[0]), 0.25, en="the accuracy", ko="정확도")
    after = describe(model).weights
    expect(
        len(before) == len(after) > 0 and not any(map(np.array_equal, before, after)),
        en="every layer has learned",
        ko="모든 층이 학습되었다",
    )
    expect(
        before[-1].shape == after[-1].shape == (10,),
        en="the last layer has ten biases",
        ko="마지막 층의 bias는 열 개이다",
    )
    # What was right before the step is told, not what is right after it: here nothing was.
    other = network_of(submission.build_cnn())
    history = submission.train(other, *runners_up(other), epochs=1)
    accuracies = list(history) if isinstance(history, list | tuple) else []
    assert_equal(list(map(number, accuracies)), [0.0], en="the accuracy", ko="정확도")
    gradient = (answers - target).mean(axis=0)
    # Adam's first step is the rate times the sign of the gradient, softened where the gradient is about 1e-7.
    expected = -0.001 * gradient / (np.abs(gradient) + 1e-7 / math.sqrt(0.001))
    assert_tensor(after[-1].astype(np.float64) - before[-1], expected, rtol=0, atol=1e-4)
