import numpy as np

def softmax(scores)
    return np.exp(scores) / np.exp(scores).sum()
