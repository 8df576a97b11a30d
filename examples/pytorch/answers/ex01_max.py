def softmax(scores):
    largest, _ = scores.max(dim=-1, keepdim=True)
    e = (scores - largest).exp()
    return e / e.sum(-1, keepdim=True)
