import torch
from torch import nn, optim


def build():
    return nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 3))


def train(network, x, y, steps):
    network.train()
    adam = optim.Adam(network.parameters(), lr=5e-2)
    history = []
    for step in range(steps):
        adam.zero_grad()
        out = network(x)
        right = out[torch.arange(len(y)), y]
        loss = (torch.logsumexp(out, 1) - right).mean()
        loss.backward()
        adam.step()
        history += [float(loss)]
    return history


@torch.no_grad()
def accuracy(network, x, y):
    guesses = network(x).argmax(1)
    return sum((guesses == y).tolist()) / len(y)
