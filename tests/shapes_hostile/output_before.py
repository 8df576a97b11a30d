# expected: nothing
"""Right, and prints more than is kept before anything is called."""

print("x" * 100_000)
