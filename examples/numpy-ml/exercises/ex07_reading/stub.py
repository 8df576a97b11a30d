"""Reading a curve."""

# A letter, as "a".
name = None
# Letters, as ["a", "b"].
remedies = None
# A number from 0 to 1.
accuracy = None
