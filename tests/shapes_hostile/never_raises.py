# expected: test_too_early failed
"""Does not raise what it should."""


class Perceptron(Perceptron):
    def predict(self, x):
        return super().predict(x) if self.weights.size else x[:, 0]
