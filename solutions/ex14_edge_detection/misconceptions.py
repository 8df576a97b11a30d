"""Known wrong answers of Edge detection."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from typing import Any

import numpy as np
from numpy.typing import NDArray
from solution import detect_edges as correct

from grader.misconceptions import misconception

Array = NDArray[Any]


@misconception(
    "kernel-signs-exchanged",
    en="In `edge_kernel` the -1 and the 1 have changed places. "
    "Read the filter row by row, as it is printed, and compare with `edge_kernel()[:, :, 0, 0]`.",
    ko="`edge_kernel`에서 -1과 1의 자리가 바뀌었습니다. "
    "필터를 적힌 그대로 한 행씩 읽으면서 `edge_kernel()[:, :, 0, 0]`과 비교해 보세요.",
)
def edge_kernel() -> Array:
    return np.array([[1.0, -1.0], [1.0, -1.0]]).reshape(2, 2, 1, 1)


@misconception(
    "kernel-for-the-other-direction",
    en="`edge_kernel` has -1 in the upper row and 1 in the lower one: rows and columns are exchanged. "
    "Such a filter finds edges from top to bottom; which ones does the picture have?",
    ko="`edge_kernel`의 윗줄이 -1, 아랫줄이 1입니다. 행과 열이 바뀌었습니다. "
    "이런 필터는 위에서 아래로 바뀌는 경계를 찾습니다. 그림에 있는 경계는 어느 쪽인가요?",
)
def edge_kernel() -> Array:
    return np.array([[-1.0, -1.0], [1.0, 1.0]]).reshape(2, 2, 1, 1)


@misconception(
    "kernel-without-channel-axes",
    en="The weights of `edge_kernel` are right, but they are a plain 2x2 table. "
    "The kernel of a layer has two axes more: which ones, and how long are they here?",
    ko="`edge_kernel`의 가중치는 맞지만 그냥 2x2 표입니다. "
    "레이어의 커널에는 축이 두 개 더 있습니다. 어떤 축이고, 여기서는 길이가 얼마인가요?",
)
def edge_kernel() -> Array:
    return np.array([[-1.0, 1.0], [-1.0, 1.0]])


@misconception(
    "sign-reversed",
    en="Every edge has the opposite sign, as if the filter were turned by 180° (the convolution of a "
    "mathematics book) or left were taken minus right. What should come out where dark is followed by "
    "bright?",
    ko="모든 경계의 부호가 반대입니다. 필터를 수학 교재의 합성곱처럼 180° 돌렸거나, 왼쪽에서 오른쪽을 뺀 것 "
    "같습니다. 어두운 쪽 다음에 밝은 쪽이 오는 자리에서는 어떤 값이 나와야 할까요?",
)
def detect_edges(image: Array) -> Array:
    return -correct(image)


@misconception(
    "edges-of-the-other-direction",
    en="The result shows edges from top to bottom instead of those from left to right: rows and columns of "
    "the filter are exchanged. The picture of the homework then has no edge at all.",
    ko="왼쪽에서 오른쪽이 아니라 위에서 아래로 바뀌는 경계가 나옵니다. 필터의 행과 열이 바뀐 것입니다. "
    "그러면 숙제의 그림에는 경계가 하나도 없는 것으로 나옵니다.",
)
def detect_edges(image: Array) -> Array:
    return correct(image.T).T


@misconception(
    "edges-without-sign",
    en="The result has no negative numbers: the sign seems to be dropped. "
    "Look at the picture in the mirror: how would you tell it from the original?",
    ko="결과에 음수가 없습니다. 부호를 떼어 버린 것 같습니다. "
    "거울에 비친 그림을 보세요. 부호가 없다면 원래 그림과 어떻게 구별할 수 있을까요?",
)
def detect_edges(image: Array) -> Array:
    return np.abs(correct(image))


@misconception(
    "falling-edges-lost",
    en="Edges from bright to dark come out as 0, as if a relu followed. No activation was asked for: "
    "try a picture in a mirror, and look where the negative numbers go.",
    ko="밝은 쪽에서 어두운 쪽으로 가는 경계가 0으로 나옵니다. relu를 거친 것 같습니다. "
    "활성화 함수를 쓰라는 말은 없었습니다. 거울에 비친 그림을 넣고 음수가 어디에서 사라지는지 살펴보세요.",
)
def detect_edges(image: Array) -> Array:
    return np.maximum(correct(image), 0)


@misconception(
    "one-row-only",
    en="Only the upper row of the window seems to count, so an edge gives 1 instead of 2. "
    "How many products does a 2x2 filter add up?",
    ko="윈도우의 윗줄만 계산해서 경계의 값이 2가 아니라 1로 나옵니다. 2x2 필터는 곱을 몇 개 더하나요?",
)
def detect_edges(image: Array) -> Array:
    pixels = image.astype(np.float64)
    return pixels[:-1, 1:] - pixels[:-1, :-1]


@misconception(
    "rows-not-paired",
    en="The result has as many rows as the picture: neighbouring pixels of one row are subtracted, as "
    "`np.diff` does. The window is two rows high, so what happens with the row below?",
    ko="결과의 행 수가 그림과 같습니다. `np.diff`처럼 한 행 안에서 이웃한 픽셀끼리만 뺀 것 같습니다. "
    "윈도우의 높이는 2입니다. 아래 행은 어떻게 해야 할까요?",
)
def detect_edges(image: Array) -> Array:
    pixels = image.astype(np.float64)
    return pixels[:, 1:] - pixels[:, :-1]


@misconception(
    "mean-of-the-products",
    en="All numbers are four times too small: the products of a window seem to be averaged. "
    "The weights are -1 and 1, not quarters; compute the window on the border by hand.",
    ko="모든 값이 4분의 1로 나옵니다. 윈도우의 곱들을 평균 낸 것 같습니다. "
    "가중치는 4분의 1이 아니라 -1과 1입니다. 경계에 걸친 윈도우를 손으로 계산해 보세요.",
)
def detect_edges(image: Array) -> Array:
    return correct(image) / 4


@misconception(
    "sobel-filter",
    en="A 3x3 filter seems to be at work, such as the Sobel filter that is found in many books. "
    "It answers a similar question, but the homework gives four weights: count them in yours.",
    ko="책에 자주 나오는 소벨(Sobel) 필터 같은 3x3 필터를 쓴 것 같습니다. "
    "비슷한 일을 하지만 숙제의 가중치는 네 개입니다. 사용한 필터의 가중치 개수를 세어 보세요.",
)
def detect_edges(image: Array) -> Array:
    pairs = correct(image)
    # A Sobel filter is this filter applied to three columns, two pairs of rows, and added up.
    return pairs[:-1, :-1] + pairs[:-1, 1:] + pairs[1:, :-1] + pairs[1:, 1:]


@misconception(
    "uint8-wraps-around",
    en="With uint8 pixels, edges from bright to dark come out as large positive numbers. "
    "A uint8 knows nothing below 0 and begins again at 255. Print the dtypes of the picture, "
    "of a difference and of the result.",
    ko="uint8 픽셀에서 밝은 쪽에서 어두운 쪽으로 가는 경계가 큰 양수로 나옵니다. "
    "uint8에는 0보다 작은 수가 없어서 다시 255부터 세기 때문입니다. 그림, 차, 결과의 dtype을 출력해 보세요.",
)
def detect_edges(image: Array) -> Array:
    across = image[:, 1:] - image[:, :-1]
    return np.asarray(across[1:] + across[:-1])


@misconception(
    "same-size",
    en="The result is as large as the picture: zeros seem to be added at its border, and those zeros make "
    "edges of their own. Here the window stays inside the picture.",
    ko="결과가 그림과 크기가 같습니다. 가장자리에 0을 덧붙인 것 같고, 그 0 때문에 없던 경계가 생깁니다. "
    "여기서 윈도우는 그림 안에만 놓입니다.",
)
def detect_edges(image: Array) -> Array:
    return correct(np.pad(image, ((0, 1), (0, 1))))


@misconception(
    "edges-as-yes-or-no",
    en="The result says only whether there is an edge, not how strong it is. "
    "Compare the edge between 0 and 1 with one between 0 and 200: the sums of products differ.",
    ko="경계가 있는지 없는지만 나오고 얼마나 뚜렷한지는 나오지 않습니다. "
    "0과 1 사이의 경계와 0과 200 사이의 경계를 비교해 보세요. 곱을 더한 값은 서로 다릅니다.",
)
def detect_edges(image: Array) -> Array:
    return np.asarray(2 * np.sign(correct(image)))


KERNELS: list[tuple[str, str, str, Any]] = [
    ("kernel-with-channels-in-front", "has its two axes of length 1 in front: (1, 1, 2, 2)", "길이가 1인 두 축이 앞에 있습니다. shape가 (1, 1, 2, 2)입니다", np.array([[[[-1, 1], [-1, 1]]]])),
    ("kernel-with-batch-and-channel", "has the shape of an image: (1, 2, 2, 1)", "이미지처럼 shape가 (1, 2, 2, 1)입니다", np.array([[-1, 1], [-1, 1]]).reshape(1, 2, 2, 1)),
    ("kernel-with-one-axis-more", "has three axes: the last one is missing", "축이 세 개입니다. 마지막 축이 빠졌습니다", np.array([[-1, 1], [-1, 1]]).reshape(2, 2, 1)),
    ("kernel-in-one-row", "is a row of four numbers", "수 네 개가 한 줄로 놓여 있습니다", np.array([-1, 1, -1, 1])),
    ("kernel-of-opposite-rows", "has rows of opposite signs", "두 행의 부호가 서로 반대입니다", np.array([[-1, 1], [1, -1]]).reshape(2, 2, 1, 1)),
    ("kernel-upwards", "has 1 in the upper row and -1 in the lower one", "윗줄이 1, 아랫줄이 -1입니다", np.array([[1, 1], [-1, -1]]).reshape(2, 2, 1, 1)),
    ("kernel-of-magnitudes", "has no -1: all its numbers are 1", "-1이 없습니다. 모두 1입니다", np.ones((2, 2, 1, 1))),
    ("kernel-halved", "holds halves instead of ones", "1이 아니라 0.5로 되어 있습니다", np.array([[-1, 1], [-1, 1]]).reshape(2, 2, 1, 1) / 2),
    ("kernel-of-quarters", "holds quarters instead of ones", "1이 아니라 0.25로 되어 있습니다", np.array([[-1, 1], [-1, 1]]).reshape(2, 2, 1, 1) / 4),
    ("kernel-of-sobel", "is the filter of Sobel with nine weights", "가중치가 아홉 개인 소벨(Sobel) 필터입니다", np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(3, 3, 1, 1)),
    ("kernel-of-prewitt", "is the filter of Prewitt with nine weights", "가중치가 아홉 개인 프리윗(Prewitt) 필터입니다", np.array([[-1, 0, 1]] * 3).reshape(3, 3, 1, 1)),
]  # fmt: skip

for _id, _en, _ko, _kernel in KERNELS:

    @misconception(
        _id,
        en=f"`edge_kernel` {_en}. Read the filter row by row, as it is printed, and compare with `edge_kernel()[:, :, 0, 0]`.",
        ko=f"`edge_kernel`의 결과가 다릅니다: {_ko}. 필터를 적힌 그대로 한 행씩 읽으면서 `edge_kernel()[:, :, 0, 0]`과 비교해 보세요.",
    )
    def edge_kernel(kernel: Array = _kernel) -> Array:
        return kernel.copy()
