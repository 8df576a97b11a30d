name = "Overfitting"
remedies = "more data, stopping earlier"
accuracy = 174 / 200
