"""Known wrong answers of Convolution 3."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from solution import conv_layer as correct_layer
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


def layer_with(kernel: Array, bias: Array, **settings: str) -> tf.keras.layers.Conv2D:
    """Return a built Conv2D with these weights and other settings than the exercise's."""
    layer = tf.keras.layers.Conv2D(1, kernel.shape[:2], **settings)
    layer.build((None, None, None, 1))
    layer.set_weights([kernel, bias])
    return layer


@misconception(
    "kernel-flipped",
    en="Your own convolution seems to turn the kernel by 180°, as a mathematics book does; the layer does "
    "not. Give both the same image with one single 1 and compare the results.",
    ko="직접 만든 합성곱이 수학 교재처럼 커널을 180° 돌리는 것 같습니다. 레이어는 돌리지 않습니다. "
    "픽셀 하나만 1인 이미지를 양쪽에 넣고 결과를 비교해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[::-1, ::-1], bias)


@misconception(
    "kernel-transposed",
    en="`convolve` seems to use the columns of the kernel as its rows. The lecture's kernel is not "
    "symmetric: compute its first number by hand and see which weight meets which pixel.",
    ko="`convolve`가 커널의 열을 행처럼 쓰는 것 같습니다. 강의의 커널은 대칭이 아닙니다. 첫 번째 값을 손으로 "
    "계산하면서 어떤 가중치가 어떤 픽셀과 만나는지 확인해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel.transpose(1, 0, 2, 3), bias)


@misconception(
    "bias-forgotten",
    en="The weighted sums of `convolve` are right, but the bias has no effect. In the examples it is 0, so "
    "they cannot show it: try a bias of 100.",
    ko="`convolve`의 가중합은 맞지만 bias가 결과에 반영되지 않습니다. 예시에서는 bias가 0이라 드러나지 "
    "않습니다. bias를 100으로 바꿔 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, np.zeros(1))


@misconception(
    "mean-of-the-products",
    en="The products of a window seem to be averaged instead of added up. "
    "The first number of the lecture's table is 12: what do you get for that window?",
    ko="윈도우의 곱들을 더하지 않고 평균 낸 것 같습니다. "
    "강의 표의 첫 번째 값은 12입니다. 같은 윈도우에서 어떤 값이 나오나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel / kernel.size, bias)


@misconception(
    "cut-to-integers",
    en="With an image of integers the fractions of the result are gone. "
    "Probably the array for the result took over the type of the image: print its dtype.",
    ko="정수 이미지를 넣으면 결과의 소수 부분이 사라집니다. "
    "결과를 담을 배열이 이미지의 자료형을 그대로 물려받은 것 같습니다. dtype을 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias).astype(x.dtype)


@misconception(
    "layer-without-bias",
    en="The layer holds the kernel, but its bias stays 0. "
    "Call `conv_layer` with a large bias and look at both entries of `layer.get_weights()`.",
    ko="레이어에 커널은 들어 있지만 bias가 0으로 남아 있습니다. "
    "bias를 크게 주고 `conv_layer`를 호출한 뒤 `layer.get_weights()`의 두 원소를 모두 살펴보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return correct_layer(kernel, np.zeros(1))


@misconception(
    "layer-kernel-flipped",
    en="The kernel seems to be turned by 180° before it goes into the layer. "
    "Does Keras turn kernels? Print `layer.get_weights()[0][:, :, 0, 0]` beside your kernel.",
    ko="커널을 180° 돌려서 레이어에 넣은 것 같습니다. "
    "Keras가 커널을 돌리던가요? `layer.get_weights()[0][:, :, 0, 0]`을 원래 커널과 나란히 출력해 보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return correct_layer(kernel[::-1, ::-1], bias)


@misconception(
    "layer-kernel-transposed",
    en="Rows and columns of the kernel seem to be exchanged on the way into the layer. "
    "Test with a kernel of shape (2, 3, 1, 1) and look at the shape of the layer's kernel.",
    ko="커널이 레이어에 들어가면서 행과 열이 바뀐 것 같습니다. "
    "shape가 (2, 3, 1, 1)인 커널로 시험하고 레이어 안에 있는 커널의 shape를 살펴보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return correct_layer(kernel.transpose(1, 0, 2, 3), bias)


@misconception(
    "layer-same-size",
    en="The layer's result is as large as the image: its padding is not the default one. "
    "Compare the shape with the 3x3 table of the example.",
    ko="레이어의 결과가 이미지와 크기가 같습니다. padding이 기본값이 아닙니다. 예시의 3x3 표와 shape를 비교해 "
    "보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return layer_with(kernel, bias, padding="same")


@misconception(
    "layer-with-relu",
    en="The layer has no negative results: it seems to have a relu that nobody asked for. "
    "Run the random kernel of the second example through it.",
    ko="레이어에서 음수 결과가 나오지 않습니다. 요구하지 않은 relu가 붙은 것 같습니다. "
    "두 번째 예시의 무작위 커널로 레이어를 실행해 보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return layer_with(kernel, bias, activation="relu")


@misconception(
    "layer-not-built",
    en="The layer gives the right numbers, but only from its first call on: before that it has no weights at "
    "all. Print `layer.weights` just before you return it.",
    ko="레이어의 결과는 맞지만 처음 호출한 뒤에야 그렇습니다. 그전에는 가중치가 아예 없습니다. "
    "반환하기 바로 전에 `layer.weights`를 출력해 보세요.",
)
def conv_layer(kernel: Array, bias: Array) -> tf.keras.layers.Conv2D:
    return tf.keras.layers.Conv2D(
        1,
        kernel.shape[:2],
        kernel_initializer=tf.keras.initializers.Constant(kernel),
        bias_initializer=tf.keras.initializers.Constant(bias),
    )
