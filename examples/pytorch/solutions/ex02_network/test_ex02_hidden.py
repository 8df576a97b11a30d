"""Hidden checks of ex02: random rows, and what the layers make of them."""

import numpy as np

from grader import Reference, Rng, Submission, assert_layer, assert_tensor, check


@check(points=2, en="the layers fit any sizes")
def test_sizes(submission: Submission, reference: Reference) -> None:
    for sizes in ((1, 5, 2), (7, 3, 4)):
        network = submission.Network(*sizes)
        assert_layer(network.hidden, "Linear", in_features=sizes[0], out_features=sizes[1])
        assert_layer(network.output, "Linear", in_features=sizes[1], out_features=sizes[2])


@check(points=3, en="the scores are those of its own weights: linear, ReLU, linear")
def test_scores(submission: Submission, reference: Reference, rng: Rng) -> None:
    for sizes in ((4, 6, 3), (2, 5, 2)):
        x = rng.normal(size=(8, sizes[0])).astype("float32") * 3
        network, right = submission.Network(*sizes), reference.Network(*sizes)
        assert_tensor(network(x), right(x), atol=1e-4)
        hidden = np.maximum(x @ network.hidden.weight.T + network.hidden.bias, 0)
        assert_tensor(network(x), hidden @ network.output.weight.T + network.output.bias, atol=1e-4)
