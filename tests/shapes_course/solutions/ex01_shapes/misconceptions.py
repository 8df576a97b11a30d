"""Known wrong answers to ex01."""

import numpy as np

from grader.misconceptions import misconception


@misconception("no-bias", en="Your perceptron has no bias: at zero it always answers 0.")
class Perceptron:
    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.zeros(0)

    def fit(self, x, y):
        self.weights = np.zeros(x.shape[1] + 1)
        for _ in range(20):
            for row, label in zip(x, y, strict=True):
                error = label - (row @ self.weights[1:] > 0)
                self.weights[1:] += self.learning_rate * error * row
        return self

    def predict(self, x):
        if not self.weights.size:
            raise RuntimeError("nothing was learned yet")
        return np.where(x @ self.weights[1:] > 0, 1.0, 0.0)


@misconception("counts-in-ones", en="Your counter adds 1 at each call, whatever the step is.")
def counter(step):
    count = [0]

    def count_on():
        count[0] += 1
        return count[0]

    return count_on


@misconception("starts-at-one", en="Your whole numbers begin at 1, whatever `start` is.")
def naturals(start):
    number = 1
    while True:
        yield number
        number += 1


@misconception("applied-once", en="The function is applied once.")
def twice(function, x):
    return function(x)


@misconception("loops", en="Your normalise goes through the rows in a loop.")
def normalise(x):
    return np.array([[float(v) - sum(map(float, row)) / len(row) for v in row] for row in x])


@misconception("name-alone", en="Your report prints the names without their values.")
def report(values):
    with open("report.csv", "w", encoding="utf-8") as file:
        for name, value in values.items():
            print(f"{name}:")
            file.write(f"{name},{value}\n")
