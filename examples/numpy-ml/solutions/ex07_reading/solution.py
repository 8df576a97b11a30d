"""Reading a curve."""

name = "b"
remedies = ["a", "c"]
accuracy = 0.87
