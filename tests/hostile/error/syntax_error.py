# expected: 0 points, submission.load_raised
"""A parenthesis is missing."""


def row_sums(x):
    return [sum(row for row in x]


def scale(x, factor=2):
    return x * factor
