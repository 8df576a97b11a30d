"""Known wrong answers of ex01."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from grader.misconceptions import misconception

Floats = NDArray[np.floating]


def dense_network(hidden: int, activation: str | None, output: str | None) -> tf.keras.Sequential:
    """Return Flatten, `hidden` layers of 500 units, and ten units."""
    layers = [tf.keras.layers.Dense(500, activation=activation) for _ in range(hidden)]
    return tf.keras.Sequential(
        [tf.keras.layers.Flatten(), *layers, tf.keras.layers.Dense(10, activation=output)]
    )


def convolutional_network(
    window: int = 2,
    activation: str | None = "relu",
    padding: str = "valid",
    pools: int = 2,
    extra_dense: bool = False,
    output: str | None = "softmax",
) -> tf.keras.Sequential:
    """Return a network of two convolutions, of which the first `pools` are followed by a pooling."""
    model = tf.keras.Sequential()
    for index in range(2):
        model.add(tf.keras.layers.Conv2D(30, (window, window), activation=activation, padding=padding))
        if index < pools:
            model.add(tf.keras.layers.MaxPool2D())
    model.add(tf.keras.layers.Flatten())
    if extra_dense:
        model.add(tf.keras.layers.Dense(500, activation="relu"))
    model.add(tf.keras.layers.Dense(10, activation=output))
    return model


def count(model: tf.keras.Model) -> int:
    """Return the number of parameters, building the network where it is not built."""
    if not model.built:
        model.build((None, 28, 28, 1))
    return int(model.count_params())


def fit(
    model: tf.keras.Model,
    x: Floats,
    y: Floats,
    epochs: int,
    optimizer: str = "adam",
    loss: str = "categorical_crossentropy",
) -> dict[str, list[float]]:
    """Return the history of a training."""
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return dict(model.fit(x, y, epochs=epochs, verbose=0).history)


@misconception(
    "three-hidden-layers",
    en="The dense network seems to be one hidden layer short, as if the layer of ten units at the end "
    "were one of the four. Print `summary()` and count the lines that end in 500 units.",
    ko="완전연결망의 은닉층이 하나 모자란 것 같습니다. 마지막의 10짜리 층까지 합쳐 넷으로 세지 "
    "않았나요? `summary()`를 출력해서 유닛이 500개인 층이 몇 개인지 세어 보세요.",
)
def build_dense() -> tf.keras.Sequential:
    return dense_network(3, "relu", "softmax")


@misconception(
    "dense-without-relu",
    en="The hidden Dense layers seem to have no activation. `summary()` looks the same with and "
    "without it: look at `layer.activation` of each layer instead. What is a matrix product of a "
    "matrix product?",
    ko="완전연결망의 은닉층에 활성화 함수가 없는 것 같습니다. 활성화 함수가 없어도 `summary()`는 "
    "똑같아 보이니 레이어마다 `layer.activation`을 확인해 보세요. 행렬곱을 여러 번 이어서 하면 결국 "
    "무엇이 될까요?",
)
def build_dense() -> tf.keras.Sequential:
    return dense_network(4, None, "softmax")


@misconception(
    "convolution-without-relu",
    en="The convolutions seem to have no activation, so that negative sums pass through. Neither the "
    "shapes nor the number of parameters shows it: let an image pass through the first layer alone and "
    "look for negative numbers.",
    ko="합성곱 레이어에 활성화 함수가 없어서 음수가 그대로 지나가는 것 같습니다. shape가나 모수의 "
    "수로는 드러나지 않습니다. 이미지를 첫 레이어에만 통과시켜 보고 음수가 나오는지 살펴보세요.",
)
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(activation=None)


@misconception(
    "no-softmax",
    en="The ten values of an image do not look like probabilities: they seem to come straight from the "
    "last Dense layer. Add them up for one image. Which sum do you expect of probabilities?",
    ko="이미지 하나에서 나온 열 개의 값이 확률로 보이지 않습니다. 마지막 Dense 레이어의 값이 그대로 "
    "나오는 것 같습니다. 이미지 하나의 값 열 개를 더해 보세요. 확률이라면 합이 얼마여야 할까요?",
)
def build_dense() -> tf.keras.Sequential:
    return dense_network(4, "relu", None)


@misconception("no-softmax")
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(output=None)


@misconception(
    "sigmoid-output",
    en="Each of the ten values looks like an answer to its own yes-or-no question: all are between 0 "
    "and 1, but together they are not 1. An image belongs to exactly one of ten classes; which "
    "activation says that?",
    ko="열 개의 값이 각각 따로 예/아니요를 답한 것처럼 보입니다. 모두 0과 1 사이이지만 합이 1이 "
    "아닙니다. 이미지는 열 개의 범주 중 딱 하나에 속합니다. 어떤 활성화 함수가 이런 상황에 맞을까요?",
)
def build_dense() -> tf.keras.Sequential:
    return dense_network(4, "relu", "sigmoid")


@misconception("sigmoid-output")
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(output="sigmoid")


@misconception(
    "padding-same",
    en="The convolutions seem to pad the image with zeros, so that it keeps its size. A 2x2 window "
    "that stays inside of a row of 28 pixels finds fewer than 28 places: compare the first line of "
    "your `summary()` with the table.",
    ko="합성곱을 할 때 가장자리에 0을 덧대서 이미지 크기가 그대로인 것 같습니다. 2x2 윈도우가 28픽셀 "
    "밖으로 나가지 않으면 놓일 자리는 28곳보다 적습니다. `summary()`의 첫 줄을 문제의 표와 비교해 "
    "보세요.",
)
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(padding="same")


@misconception(
    "window-3x3",
    en="The convolutions seem to use 3x3 windows. The first layer's number of parameters tells: "
    "filters times (weights of a window plus one bias). Which size of window gives 150 with 30 "
    "filters?",
    ko="합성곱에 3x3 윈도우를 쓴 것 같습니다. 첫 레이어의 모수 수를 보면 알 수 있습니다. 모수의 수는 "
    "필터 수 * (윈도우의 가중치 수 + bias 하나)입니다. 필터가 30개일 때 150이 되려면 윈도우가 얼마나 "
    "커야 할까요?",
)
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(window=3)


@misconception(
    "one-pooling",
    en="A pooling seems to be missing after the second convolution. Flatten then hands far more "
    "numbers to the last layer, and the convolutional network is no longer small: follow the output "
    "shapes in `summary()`.",
    ko="두 번째 합성곱 뒤에 풀링이 빠진 것 같습니다. 그러면 Flatten이 마지막 층에 훨씬 많은 값을 "
    "넘겨주어 합성곱망이 더 이상 작지 않습니다. `summary()`의 출력 shape를 위에서부터 따라가 보세요.",
)
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(pools=1)


@misconception(
    "extra-dense-layer",
    en="There seems to be a Dense layer of 500 units between Flatten and the output. It alone has "
    "about 540,000 parameters: look at the last column of `summary()` and ask what the network is "
    "meant to show.",
    ko="Flatten과 출력층 사이에 유닛 500개짜리 Dense 레이어가 있는 것 같습니다. 이 층 하나의 모수만 약 "
    "54만 개입니다. `summary()`의 마지막 열을 보면서 이 신경망으로 무엇을 보이려는 것인지 생각해 "
    "보세요.",
)
def build_cnn() -> tf.keras.Sequential:
    return convolutional_network(extra_dense=True)


@misconception(
    "ratio-upside-down",
    en="The ratio looks turned over: the second network's number is divided by the first's. The small "
    "network comes first, so should the result be above or below 1?",
    ko="비율의 분자와 분모가 바뀐 것 같습니다. 둘째 신경망의 모수 수를 첫째의 것으로 나누었습니다. "
    "작은 신경망이 먼저 오는데, 그러면 결과는 1보다 커야 할까요, 작아야 할까요?",
)
def parameter_ratio(cnn: tf.keras.Model, dense: tf.keras.Model) -> float:
    return count(dense) / count(cnn)


@misconception(
    "counts-weight-arrays",
    en="The ratio seems to compare how many arrays the networks hold, a kernel or a bias counting as "
    "one each. A kernel of shape (784, 500) is one array, but how many parameters?",
    ko="모수의 수가 아니라 가중치 배열의 개수를 비교한 것 같습니다. 커널이나 bias를 하나씩으로 센 "
    "셈입니다. shape가 (784, 500)인 커널은 배열로는 하나이지만 모수는 몇 개일까요?",
)
def parameter_ratio(cnn: tf.keras.Model, dense: tf.keras.Model) -> float:
    count(cnn), count(dense)
    return len(cnn.get_weights()) / len(dense.get_weights())


@misconception(
    "returns-loss",
    en="The returned numbers look like the loss of each epoch, not the accuracy. Print "
    "`history.history.keys()` and see what else the history holds.",
    ko="에포크마다의 정확도가 아니라 손실(loss)을 반환한 것 같습니다. `history.history.keys()`를 "
    "출력해서 기록에 또 무엇이 들어 있는지 확인해 보세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return fit(model, x, y, epochs)["loss"]


@misconception(
    "last-accuracy-only",
    en="Only the last epoch's accuracy seems to come back. The history keeps one number for each "
    "epoch: call `train` with epochs=3 and look at what you return.",
    ko="마지막 에포크의 정확도만 반환한 것 같습니다. 기록에는 에포크마다 값이 하나씩 있습니다. "
    "epochs=3으로 `train`을 호출해서 무엇이 반환되는지 확인해 보세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return fit(model, x, y, epochs)["accuracy"][-1:]


@misconception(
    "accuracy-in-percent",
    en="The accuracies look like percentages. Keras reports the share of right answers, from 0 to 1: "
    "return it as it is, and turn it into percent only where a person reads it.",
    ko="정확도를 퍼센트로 바꾼 것 같습니다. Keras는 맞힌 비율을 0과 1 사이의 값으로 알려 줍니다. 값은 "
    "그대로 반환하고, 퍼센트는 사람에게 보여 줄 때만 쓰세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return [100 * value for value in fit(model, x, y, epochs)["accuracy"]]


@misconception(
    "epochs-as-batch-size",
    en="The number of epochs seems to have become the size of a batch: there is one epoch only, in "
    "tiny steps. Look up the order of the parameters of `fit`. What is the third one?",
    ko="에포크 수가 배치 크기로 들어간 것 같습니다. 에포크는 한 번뿐이고 아주 작은 배치로 나누어 "
    "학습합니다. `fit`의 매개변수 순서를 찾아보세요. 세 번째는 무엇인가요?",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return list(model.fit(x, y, epochs, verbose=0).history["accuracy"])


@misconception(
    "trains-a-copy",
    en="The accuracies rise, but the network that was passed in has not changed: it seems that another "
    "one was trained. Which name stands before `.fit`, and where does that network come from?",
    ko="정확도는 올라가는데 전달받은 신경망은 그대로입니다. 다른 신경망을 학습시킨 것 같습니다. `.fit` "
    "앞에 있는 이름은 무엇이고, 그 신경망은 어디에서 왔나요?",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return fit(tf.keras.models.clone_model(model), x, y, epochs)["accuracy"]


@misconception(
    "squared-error",
    en="The network seems to minimise the squared error. It learns with it, too, but hardly where it "
    "is sure of the wrong class. Which loss belongs to one-hot labels and probabilities?",
    ko="제곱오차를 줄이도록 학습하는 것 같습니다. 학습이 되기는 하지만, 틀린 범주를 확신할 때는 거의 "
    "배우지 못합니다. 원-핫 라벨과 확률에는 어떤 손실 함수가 맞을까요?",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return fit(model, x, y, epochs, loss="mse")["accuracy"]


@misconception(
    "gradient-descent",
    en="The weights move as in plain gradient descent (SGD): steep directions far, flat ones hardly at "
    "all. The task names another optimizer. Look at what you pass to `compile`.",
    ko="가중치가 일반적인 경사하강법(SGD)처럼 움직입니다. 기울기가 큰 쪽으로는 많이, 작은 쪽으로는 "
    "거의 움직이지 않습니다. 과제에서 정한 옵티마이저는 다른 것입니다. `compile`에 무엇을 넘겼는지 "
    "확인해 보세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> list[float]:
    return fit(model, x, y, epochs, optimizer="sgd")["accuracy"]


@misconception(
    "ratio-in-percent",
    en="The ratio is a hundred times too large, as a number of per cent. How many parameters does the first "
    "network have for *one* parameter of the second?",
    ko="비율이 퍼센트로 나타낸 것처럼 100배 큽니다. 둘째 신경망의 모수 *하나*에 대해 첫째 신경망의 모수는 몇 "
    "개인가요?",
)
def parameter_ratio(cnn: tf.keras.Model, dense: tf.keras.Model) -> float:
    return 100 * count(cnn) / count(dense)


@misconception(
    "ratio-of-the-usual-networks",
    en="The ratio is 0.0127 whichever two networks are passed in: it comes from networks of its own, or is "
    "written in the code. Call it with the two in the other order, and with one network twice.",
    ko="어떤 두 신경망을 넣어도 비율이 0.0127입니다. 함수가 따로 만든 신경망을 쓰거나 값이 코드에 적혀 있습니다. "
    "두 신경망의 순서를 바꾸어 넣어 보고, 같은 신경망을 두 번 넣어 보세요.",
)
def parameter_ratio(cnn: tf.keras.Model, dense: tf.keras.Model) -> float:
    count(cnn), count(dense)
    return 14590 / 1149010


RATIOS: list[tuple[str, str, str, Callable[[tf.keras.Model, tf.keras.Model], Any]]] = [
    ("ratio-as-a-difference", "the difference of both numbers of parameters, not their ratio", "두 모수 수의 비율이 아니라 차", lambda a, b: float(count(a) - count(b))),
    ("ratio-to-both", "the first network's share of the parameters of both", "두 신경망의 모수를 합한 것에서 첫째가 차지하는 비율", lambda a, b: count(a) / (count(a) + count(b))),
    ("ratio-in-one-place", "the ratio rounded to one place", "소수 첫째 자리로 반올림한 비율", lambda a, b: round(count(a) / count(b), 1)),
    ("ratio-in-two-places", "the ratio rounded to two places", "소수 둘째 자리로 반올림한 비율", lambda a, b: round(count(a) / count(b), 2)),
    ("ratio-in-three-places", "the ratio rounded to three places", "소수 셋째 자리로 반올림한 비율", lambda a, b: round(count(a) / count(b), 3)),
    ("ratio-of-the-last-layers", "the ratio of the parameters of the last layers alone", "마지막 레이어끼리만 비교한 모수의 비율", lambda a, b: (count(a), count(b)) and a.layers[-1].count_params() / b.layers[-1].count_params()),
    ("ratio-without-biases", "the ratio of the parameters without the biases", "bias를 뺀 모수의 비율", lambda a, b: (count(a), count(b)) and kernels(a) / kernels(b)),
    ("ratio-less-than-one-is-missing", "one minus the ratio", "1에서 비율을 뺀 값", lambda a, b: 1 - count(a) / count(b)),
]  # fmt: skip


def kernels(model: tf.keras.Model) -> int:
    """Return the number of parameters that are no biases."""
    return sum(int(np.prod(weight.shape)) for weight in model.weights if len(weight.shape) > 1)


for _id, _en, _ko, _ratio in RATIOS:

    @misconception(
        _id,
        en=f"`parameter_ratio` gives {_en}. Divide the numbers of parameters of the two summaries by hand, and "
        "compare.",
        ko=f"`parameter_ratio`의 결과가 {_ko}입니다. 두 `summary()`의 모수 수를 손으로 나누어 비교해 보세요.",
    )
    def parameter_ratio(
        cnn: tf.keras.Model,
        dense: tf.keras.Model,
        ratio: Callable[[tf.keras.Model, tf.keras.Model], Any] = _ratio,
    ) -> Any:
        return ratio(cnn, dense)


def compiled(model: tf.keras.Model, **settings: Any) -> tf.keras.Model:
    """Return a network compiled as the statement says, or with other settings."""
    model.compile(
        **{"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"], **settings}
    )
    return model


@misconception(
    "never-compiled",
    en="The network is trained before it is compiled. `fit` has to know the optimizer, the loss and what to "
    "measure: which call tells it?",
    ko="compile하지 않은 신경망을 학습시켰습니다. `fit`은 옵티마이저와 손실 함수, 기록할 지표를 알아야 합니다. "
    "어느 함수로 알려 주나요?",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    return model.fit(x, y, epochs=epochs, verbose=0).history["accuracy"]


@misconception(
    "metrics-as-a-text",
    en="`metrics` is a bare text. Keras 3 wants a list, even of one.",
    ko="`metrics`에 문자열을 그대로 넘겼습니다. Keras 3에서는 하나여도 리스트로 넘겨야 합니다.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    return compiled(model, metrics="accuracy").fit(x, y, epochs=epochs, verbose=0).history["accuracy"]


@misconception(
    "last-accuracy-alone",
    en="One number comes back, the last epoch's accuracy, and no list. The history keeps one number for each "
    "epoch.",
    ko="리스트가 아니라 마지막 에포크의 정확도 하나만 반환합니다. 기록에는 에포크마다 값이 하나씩 있습니다.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    return fit(model, x, y, epochs)["accuracy"][-1]


@misconception(
    "epochs-not-passed-on",
    en="Whatever `epochs` says, there is one epoch. Does `fit` get to know the number?",
    ko="`epochs`가 몇이든 에포크가 한 번뿐입니다. `fit`에 그 수를 넘겼나요?",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    return fit(model, x, y, 1)["accuracy"]


@misconception(
    "one-epoch-more",
    en="There is one epoch more than `epochs` says. Call `train` with epochs=3 and count.",
    ko="`epochs`보다 에포크가 한 번 많습니다. epochs=3으로 `train`을 호출해서 세어 보세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    return fit(model, x, y, epochs + 1)["accuracy"]


@misconception(
    "evaluated-afterwards",
    en="Every epoch has the same accuracy: that of the trained network, measured afterwards. `fit` records one "
    "for each epoch while it trains.",
    ko="모든 에포크의 정확도가 학습이 끝난 뒤에 잰 값 하나입니다. `fit`이 학습하는 동안 에포크마다 하나씩 "
    "기록합니다.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    fit(model, x, y, epochs)
    return [float(model.evaluate(x, y, verbose=0)[1])] * epochs


@misconception(
    "evaluated-after-each-epoch",
    en="The accuracies are those of the network after each epoch, measured anew. `fit` records the one of "
    "the epoch itself while it trains: look at what it returns.",
    ko="에포크가 끝날 때마다 새로 잰 정확도입니다. `fit`은 학습하는 동안의 정확도를 에포크마다 기록합니다. "
    "`fit`이 무엇을 반환하는지 살펴보세요.",
)
def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int) -> Any:
    compiled(model)
    accuracies = []
    for _ in range(epochs):
        model.fit(x, y, verbose=0)
        accuracies.append(float(model.evaluate(x, y, verbose=0)[1]))
    return accuracies


for _share in (0.2, 0.25):

    @misconception(
        f"part-held-back-{_share:.0%}".rstrip("%"),
        en=f"{_share:.0%} of the images are held back for validation, and it is their accuracy that comes back. The "
        "training accuracy of all images is asked for.",
        ko=f"이미지의 {_share:.0%}를 검증용으로 떼어 놓고 그 정확도를 반환했습니다. 모든 이미지로 학습한 학습 "
        "정확도를 반환해야 합니다.",
    )
    def train(model: tf.keras.Model, x: Floats, y: Floats, epochs: int, share: float = _share) -> Any:
        history = compiled(model).fit(x, y, epochs=epochs, verbose=0, validation_split=share).history
        return history["val_accuracy"]
