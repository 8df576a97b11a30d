"""A quiz: write the letters of the options, and a number, in the place of None."""

largest = None
layers = None
rate = None
