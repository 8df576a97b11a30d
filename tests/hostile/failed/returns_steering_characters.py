# expected: 0 points, tensor.kind
"""A text that would clear a terminal, with halves of surrogate pairs."""

def row_sums(x):
    return "\x1b[2J\u202e\ud800" * 20_000


def scale(x, factor=2):
    return "\x1b[2J\u202e\ud800" * 20_000
