"""Known wrong answers to ex03: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the class that it replaces.
# mypy: disable-error-code="no-redef"

import numpy as np
from solution import Perceptron as Correct

from grader.misconceptions import misconception


@misconception("no-bias", en="Your bias stays at zero, so that the line goes through the origin.")
class Perceptron(Correct):
    def fit(self, x, y, epochs=10):
        self.weights, self.bias, self.mistakes = np.zeros(x.shape[1]), 0.0, []
        for _ in range(epochs):
            errors = 0
            for row, label in zip(x, y, strict=True):
                error = label - int(self.weights @ row > 0)
                self.weights += self.learning_rate * error * row
                errors += abs(int(error))
            self.mistakes.append(errors)
        return self


@misconception(
    "learns-once-an-epoch",
    en="Your weights are changed once an epoch, by all mistakes together. The rule changes them after each row.",
)
class Perceptron(Correct):
    def fit(self, x, y, epochs=10):
        self.weights, self.bias, self.mistakes = np.zeros(x.shape[1]), 0.0, []
        for _ in range(epochs):
            error = y - self.predict(x)
            self.bias += self.learning_rate * error.sum()
            self.weights += self.learning_rate * error @ x
            self.mistakes.append(int(abs(error).sum()))
        return self


@misconception("learns-away", en="Each mistake moves your weights the wrong way: away from the label.")
class Perceptron(Correct):
    def fit(self, x, y, epochs=10):
        self.weights, self.bias, self.mistakes = np.zeros(x.shape[1]), 0.0, []
        for _ in range(epochs):
            errors = 0
            for row, label in zip(x, y, strict=True):
                error = int(self.bias + self.weights @ row > 0) - label
                self.bias += self.learning_rate * error
                self.weights += self.learning_rate * error * row
                errors += abs(int(error))
            self.mistakes.append(errors)
        return self


@misconception(
    "rate-ignored", en="Your weights are those of a learning rate of 1, whatever the learning rate is."
)
class Perceptron(Correct):
    def __init__(self, learning_rate=0.1):
        super().__init__(1.0)
