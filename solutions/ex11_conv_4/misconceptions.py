"""Known wrong answers of Convolution 4."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import convolve as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


@misconception(
    "only-the-first-image",
    en="Only the first image of the batch has a result. Compare the first axis of your result with the "
    "number of images; is there an index 0 left over from the earlier exercises?",
    ko="배치의 첫 이미지만 결과가 나왔습니다. "
    "결과의 첫 번째 축을 이미지 수와 비교해 보세요. 앞 과제에서 쓰던 인덱스 0이 남아 있지는 않나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x[:1], kernel, bias)


@misconception(
    "first-image-repeated",
    en="Every image of the batch got the result of the first one. "
    "The shape is right, so look at the values: change the second image and see whether its result changes.",
    ko="배치의 모든 이미지가 첫 이미지의 결과를 받았습니다. "
    "shape는 맞으니 값을 보세요. 두 번째 이미지를 바꾸면 두 번째 결과도 바뀌나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(np.repeat(x[:1], len(x), axis=0), kernel, bias)


@misconception(
    "last-image-repeated",
    en="Every image of the batch got the result of the last one. Probably each turn of the loop writes over "
    "the results of all images. Print the result after the first turn and after the second.",
    ko="배치의 모든 이미지가 마지막 이미지의 결과를 받았습니다. 반복문이 돌 때마다 모든 이미지의 결과를 "
    "덮어쓰는 것 같습니다. 첫 번째와 두 번째 반복이 끝난 뒤의 결과를 각각 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(np.repeat(x[-1:], len(x), axis=0), kernel, bias)


@misconception(
    "images-added-up",
    en="The windows of all images seem to go into one sum: every image gets the total. "
    "Which axes does your sum run over, and is the one that counts the images among them?",
    ko="모든 이미지의 윈도우가 한꺼번에 더해져서 이미지마다 전체의 합이 들어간 것 같습니다. "
    "어느 축에 대해 더하고 있나요? 이미지를 세는 축도 들어 있지 않나요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    total = np.sum(x, axis=0, keepdims=True)
    return correct(np.repeat(total, len(x), axis=0), kernel, bias)


@misconception(
    "images-averaged",
    en="The images seem to be averaged before the window runs over them. "
    "Two images go in, so two different results should come out: are yours different?",
    ko="윈도우를 움직이기 전에 이미지들을 평균 낸 것 같습니다. "
    "서로 다른 이미지 두 장이 들어가면 서로 다른 결과 두 개가 나와야 합니다. 두 결과가 다른가요?",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    mean = np.mean(x, axis=0, keepdims=True)
    return correct(np.repeat(mean, len(x), axis=0), kernel, bias)


@misconception(
    "one-tall-image",
    en="The batch seems to be treated as one tall image, so that some windows lie half on one image and half "
    "on the next. Compare the shape of your result with the contract, and ask where the window should stop.",
    ko="배치를 세로로 이어 붙인 이미지 한 장으로 다룬 것 같습니다. 그러면 윈도우가 두 이미지에 걸치게 "
    "됩니다. 결과의 shape를 규칙과 비교하고, 윈도우가 어디에서 멈춰야 할지 생각해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x.reshape(1, -1, x.shape[2], 1), kernel, bias)


@misconception(
    "bias-piles-up",
    en="The bias piles up: some images of the batch get it more than once. "
    "Use a batch of three images of zeros: every number of the result should be the bias.",
    ko="bias가 쌓여서 어떤 이미지에는 두 번 이상 더해집니다. "
    "전부 0인 이미지 세 장으로 시험해 보세요. 결과의 모든 값이 bias와 같아야 합니다.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    times = np.arange(len(x), 0, -1).reshape(-1, 1, 1, 1)
    return correct(x, kernel, np.zeros(1)) + times * bias


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
    "kernel-flipped",
    en="The kernel seems to be turned by 180° before the multiplication. All weights of the example are "
    "equal, so it cannot show it: try a kernel with four different weights.",
    ko="커널을 180° 돌린 다음 곱한 것 같습니다. 예시는 가중치가 모두 같아서 드러나지 않습니다. "
    "가중치 네 개가 서로 다른 커널로 시험해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel[::-1, ::-1], bias)


@misconception(
    "weights-ignored",
    en="The result is the mean of each window plus the bias, whatever the weights are. "
    "That fits the example only; try the same images with another kernel.",
    ko="가중치와 상관없이 윈도우의 평균에 bias를 더한 값이 나옵니다. "
    "예시에만 맞는 계산입니다. 같은 이미지에 다른 커널을 넣어 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, np.full(kernel.shape, 1 / kernel.size), bias)


@misconception(
    "cut-to-integers",
    en="With images of integers the fractions of the result are gone. "
    "Probably the array for the result took over the type of the images: print its dtype.",
    ko="정수 이미지를 넣으면 결과의 소수 부분이 사라집니다. "
    "결과를 담을 배열이 이미지의 자료형을 그대로 물려받은 것 같습니다. dtype을 출력해 보세요.",
)
def convolve(x: Array, kernel: Array, bias: Array) -> Array:
    return correct(x, kernel, bias).astype(x.dtype)
