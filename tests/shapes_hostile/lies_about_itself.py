# expected: test_perceptron error, test_answer failed, test_counter error, test_naturals error, test_too_early error, test_weights error, test_two_counters error, test_any_function error
"""Objects of which each question raises what ends a process, or has an answer of the wrong kind."""


class Liar:
    def __getattr__(self, name):
        raise GeneratorExit(name)

    def __call__(self, *args, **kwargs):
        raise SystemExit

    def __iter__(self):
        raise KeyboardInterrupt

    def __len__(self):
        return -1

    def __bool__(self):
        return 3

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 4

    def __str__(self):
        return 5


class Answer:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 4


answer = Answer()


def Perceptron(learning_rate=0.1):
    return Liar()


def counter(step):
    return Liar()


def naturals(start):
    return Liar()
