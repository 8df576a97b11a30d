import numpy as np


class Perceptron:
    def __init__(self, learning_rate=0.1):
        self.rate = learning_rate
        self.w = None

    def _extended(self, x):
        return np.hstack([np.ones((len(x), 1)), x])

    def fit(self, x, y, epochs=10):
        x = self._extended(x)
        self.w = np.zeros(x.shape[1])
        self.mistakes = [0] * epochs
        for epoch in range(epochs):
            for i in range(len(x)):
                answer = 1 if x[i] @ self.w > 0 else 0
                if answer != y[i]:
                    self.w = self.w + self.rate * (y[i] - answer) * x[i]
                    self.mistakes[epoch] += 1
        return self

    @property
    def weights(self):
        return self.w[1:]

    @property
    def bias(self):
        return self.w[0]

    def predict(self, x):
        if self.w is None:
            raise RuntimeError
        return np.where(self._extended(x) @ self.w > 0, 1, 0)
