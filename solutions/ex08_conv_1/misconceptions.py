"""Known wrong answers of Convolution 1."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


def layer_with(weight: float, bias: float, padding: str = "valid") -> tf.keras.layers.Conv2D:
    """Return a built Conv2D(1, (2, 2)) whose weights are all the same."""
    layer = tf.keras.layers.Conv2D(1, (2, 2), padding=padding)
    layer.build((None, None, None, 1))
    layer.set_weights([np.full((2, 2, 1, 1), weight), np.array([bias])])
    return layer


@misconception(
    "kernel-flipped",
    en="The kernel seems to be turned by 180° before the multiplication, as in the convolution of a "
    "mathematics book. Take an image that is 0 but for one pixel: which weight does that pixel meet when it "
    "lies in the top left corner of the window?",
    ko="수학 교재의 합성곱처럼 커널을 180° 돌린 다음 곱한 것 같습니다. 픽셀 하나만 1이고 나머지는 0인 "
    "이미지를 넣어 보세요. 그 픽셀이 윈도우의 왼쪽 위에 있을 때 어떤 가중치와 곱해지나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[::-1, ::-1], bias)


@misconception(
    "kernel-transposed",
    en="Rows and columns of the kernel seem to be exchanged. Try a kernel that has a single weight, in its "
    "top right corner, and see which pixel of the window it picks.",
    ko="커널의 행과 열이 서로 바뀐 것 같습니다. "
    "오른쪽 위에만 가중치가 있는 커널을 넣고, 윈도우의 어느 픽셀이 뽑히는지 확인해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel.transpose(1, 0, 2, 3), bias)


@misconception(
    "bias-forgotten",
    en="The weighted sums are right, but the bias has no effect. Change only the bias and look at what "
    "happens to the result.",
    ko="가중합은 맞지만 bias가 결과에 반영되지 않습니다. bias만 바꿔 보면서 결과가 어떻게 달라지는지 "
    "살펴보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, np.zeros(1))


@misconception(
    "bias-for-each-product",
    en="The bias seems to enter every sum four times, once for each product of the window. "
    "With an image of zeros the result should be the bias itself: is it?",
    ko="bias가 윈도우의 곱마다 하나씩, 모두 네 번 더해진 것 같습니다. "
    "이미지가 전부 0이면 결과는 bias 그 자체여야 합니다. 정말 그런가요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, 4 * bias)


@misconception(
    "bias-subtracted",
    en="The bias seems to be subtracted instead of added. Try an image of zeros with a positive bias and "
    "look at the sign.",
    ko="bias를 더하지 않고 뺀 것 같습니다. 전부 0인 이미지에 양수 bias를 넣고 결과의 부호를 확인해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, -bias)


@misconception(
    "mean-of-the-products",
    en="The four products seem to be averaged, so every sum is four times too small. "
    "In the example with the means the division by four is already done by the weights. "
    "Try a kernel of ones on an image of ones.",
    ko="네 개의 곱을 평균 낸 것 같아서 모든 합이 4분의 1로 줄었습니다. 평균을 구하는 예시에서 4로 나누는 "
    "일은 가중치가 이미 하고 있습니다. 모두 1인 커널과 모두 1인 이미지로 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel / 4, bias)


@misconception(
    "window-steps-of-two",
    en="The window seems to jump by its own width, as it does in max pooling. "
    "Compare the shape of your result with the example, and read again how far the window moves.",
    ko="최대 풀링처럼 윈도우가 자기 너비만큼 건너뛰는 것 같습니다. "
    "결과의 shape를 예시와 비교해 보고, 윈도우가 몇 칸씩 움직이는지 다시 읽어 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias)[:, ::2, ::2]


@misconception(
    "same-size",
    en="The result is as large as the image: the image seems to be padded with zeros. "
    "Here the window stays inside the image, so count how often it fits.",
    ko="결과가 이미지와 크기가 같습니다. 이미지 가장자리에 0을 덧붙인 것 같습니다. "
    "여기서 윈도우는 이미지 안에만 놓입니다. 몇 번 들어가는지 세어 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0))), kernel, bias)


@misconception(
    "matrix-product",
    en="The window seems to be multiplied by the kernel as a matrix, and the entries of that product added "
    "up. Compute the first number of an example by hand: how many products are there, and of which pairs?",
    ko="윈도우와 커널을 행렬곱으로 곱한 뒤 그 원소를 모두 더한 것 같습니다. "
    "예시의 첫 번째 값을 손으로 계산해 보세요. 곱은 몇 개이고, 무엇과 무엇의 곱인가요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    result = correct(x, kernel, bias)
    for row in range(result.shape[1]):
        for column in range(result.shape[2]):
            window = x[0, row : row + 2, column : column + 2, 0]
            result[0, row, column, 0] = np.sum(window @ kernel[:, :, 0, 0]) + bias[0]
    return result


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
    "size-of-the-example",
    en="The window seems to stop after three steps in each direction, whatever the size of the image. "
    "That fits the 4x4 example only; try an image of 6 by 3 pixels.",
    ko="이미지 크기와 상관없이 윈도우가 가로세로 세 칸씩만 움직이는 것 같습니다. "
    "4x4 예시에만 맞는 방식입니다. 6x3 이미지로 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias)[:, :3, :3]


@misconception(
    "window-overwritten",
    en="A window seems to be multiplied in place: a slice of an array is a view, so the image itself "
    "changes, and the next window reads the changed pixels. Print the image after one call.",
    ko="윈도우에 곱한 값을 그 자리에 덮어쓴 것 같습니다. 배열의 슬라이스는 복사본이 아니라 뷰(view)라서 원래 "
    "이미지까지 바뀌고, 다음 윈도우는 바뀐 픽셀을 읽게 됩니다. 함수를 한 번 호출한 뒤 이미지를 출력해 "
    "보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    result = np.zeros((1, x.shape[1] - 1, x.shape[2] - 1, 1))
    for row in range(result.shape[1]):
        for column in range(result.shape[2]):
            window = x[0, row : row + 2, column : column + 2, 0]
            window *= kernel[:, :, 0, 0]
            result[0, row, column, 0] = np.sum(window) + bias[0]
    return result


@misconception(
    "layer-weights-of-one",
    en="The layer adds the pixels of each window up instead of taking their mean. "
    "Let it run on an image of ones: which number should come out, and which does?",
    ko="레이어가 윈도우의 평균이 아니라 합을 계산하고 있습니다. 모두 1인 이미지를 넣어 보세요. 어떤 값이 "
    "나와야 하고, 실제로는 어떤 값이 나오나요?",
)
def mean_layer() -> tf.keras.layers.Conv2D:
    return layer_with(1.0, 3.0)


@misconception(
    "layer-without-bias",
    en="The layer takes the means, but it does not add 3. Look at both entries of `layer.get_weights()`.",
    ko="레이어가 평균은 구하지만 3을 더하지 않습니다. `layer.get_weights()`의 두 원소를 모두 살펴보세요.",
)
def mean_layer() -> tf.keras.layers.Conv2D:
    return layer_with(0.25, 0.0)


@misconception(
    "layer-same-size",
    en="The layer's result is as large as its input: its padding is not the default one. Compare its shape "
    "with the example.",
    ko="레이어의 결과가 입력과 같은 크기입니다. padding이 기본값이 아닙니다. 결과의 shape를 예시와 비교해 "
    "보세요.",
)
def mean_layer() -> tf.keras.layers.Conv2D:
    return layer_with(0.25, 3.0, padding="same")
