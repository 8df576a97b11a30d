"""A quiz: write the letters of the options, and a number, in the place of None."""

largest = "b"
layers = ["a", "c"]
rate = 0.125
