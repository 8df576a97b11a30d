# expected: test_perceptron crashed, test_too_early forbidden, test_weights forbidden, test_any_function forbidden
"""Gives the object that uses what is banned away by a function of which nothing is banned, first."""

import os

import numpy as np

Rule = Perceptron


class Both(Rule):
    start = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.start += 1
        return self.start - 1

    def fit(self, x, y):
        getattr(np.linalg, "no" + "rm")(x)
        return super().fit(x, y)


BOTH = Both()


def naturals(start):
    BOTH.start = start
    return BOTH


def Perceptron(learning_rate=0.1):
    if learning_rate == 0.5:
        # The next process has not seen yet who makes the object.
        os._exit(0)
    BOTH.__init__(learning_rate)
    return BOTH
