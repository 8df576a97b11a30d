"""Visible check of ex05."""

from grader import RemoteLayer, Submission, assert_equal, assert_layer, check


@check(points=0.5, en="the layer is a Dense of 3 units with relu", ko="층은 유닛이 3개이고 relu를 쓰는 Dense이다")
def test_layer(submission: Submission) -> None:
    assert_layer(submission.dense(), "Dense", units=3, activation="relu")


@check(points=0.5, en="the layer has 3 outputs", ko="층의 출력은 3개이다", after="test_layer")
def test_shape(submission: Submission) -> None:
    layer: RemoteLayer = submission.dense()
    assert_equal(layer.describe((None, 2)).output_shape, (None, 3), en="the output's shape", ko="출력의 형상")
