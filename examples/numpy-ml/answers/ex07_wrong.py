name = "a"
remedies = ["a"]
accuracy = 87
