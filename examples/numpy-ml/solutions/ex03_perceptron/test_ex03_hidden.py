"""Hidden checks of ex03: random rows against the reference."""

from grader import Reference, Rng, Submission, assert_equal, assert_tensor, assert_unchanged, check


@check(points=2, en="has the weights and the bias of the rule, and leaves its input as it was")
def test_weights(submission: Submission, reference: Reference, rng: Rng) -> None:
    for rows, columns, rate, epochs in ((12, 3, 0.25, 4), (7, 2, 1.5, 1), (5, 1, 0.1, 10)):
        x, y = rng.normal(size=(rows, columns)), rng.integers(0, 2, size=rows)
        model, right = submission.Perceptron(rate), reference.Perceptron(rate)
        model.fit(x, y, epochs=epochs)
        assert_unchanged(submission)
        right.fit(x, y, epochs=epochs)
        assert_tensor(model.weights, right.weights)
        assert_tensor(model.bias, right.bias)
        assert_tensor(model.predict(x), right.predict(x))


@check(points=1, en="counts the mistakes of each epoch; without a number there are ten")
def test_mistakes(submission: Submission, reference: Reference, rng: Rng) -> None:
    x, y = rng.normal(size=(20, 2)), rng.integers(0, 2, size=20)
    model, right = submission.Perceptron(), reference.Perceptron()
    model.fit(x, y)
    right.fit(x, y)
    assert_equal(model.mistakes, right.mistakes, en="the mistakes of each epoch")
    assert_tensor(model.weights, right.weights)


@check(points=1, en="a second fit forgets the first one")
def test_again(submission: Submission, reference: Reference, rng: Rng) -> None:
    model, right = submission.Perceptron(), reference.Perceptron()
    for columns in (3, 2):
        x, y = rng.normal(size=(9, columns)), rng.integers(0, 2, size=9)
        model.fit(x, y, epochs=3)
        right.fit(x, y, epochs=3)
    assert_tensor(model.weights, right.weights)
    assert_equal(model.mistakes, right.mistakes, en="the mistakes of each epoch")


@check(points=1, en="two perceptrons share nothing")
def test_two(submission: Submission, reference: Reference, rng: Rng) -> None:
    x, y = rng.normal(size=(9, 2)), rng.integers(0, 2, size=9)
    first, second = submission.Perceptron(0.5), submission.Perceptron(2.0)
    right = reference.Perceptron(0.5)
    for model, labels in ((first, y), (second, 1 - y), (right, y)):
        model.fit(x, labels)
    assert_tensor(first.weights, right.weights)
