# expected: test_perceptron crashed, test_counter crashed, test_weights crashed, test_two_counters crashed
"""A class of which the name is no text, and an exception of which the name raises."""


class Nameless(type):
    @property
    def __name__(cls):
        return 5


class Raising(type):
    @property
    def __name__(cls):
        raise SystemExit


class Thing(metaclass=Nameless):
    pass


class Trouble(Exception, metaclass=Raising):
    pass


def counter(step):
    return Thing()


class Perceptron(Perceptron):
    def fit(self, x, y):
        raise Trouble
