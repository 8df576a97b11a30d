# expected: 0 points, tensor.kind
"""A list of which NumPy would make an array of 600 MB."""

def row_sums(x):
    return ["x" * 200_000, *[""] * 750]


def scale(x, factor=2):
    return ["x" * 200_000, *[""] * 750]
