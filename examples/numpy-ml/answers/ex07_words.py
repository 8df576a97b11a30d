name = "B)"
remedies = "a, c"
accuracy = 174 / 200
