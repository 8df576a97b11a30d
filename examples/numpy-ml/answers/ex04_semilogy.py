import numpy as np
import matplotlib.pyplot as plt


def plot_loss(losses):
    fig = plt.figure()
    ax = fig.add_subplot()
    epochs = np.arange(len(losses)) + 1
    ax.semilogy(epochs, losses, "b-")
    best = np.argmin(losses)
    ax.scatter(epochs[best], losses[best], color="red")
    ax.set_xlabel("Epoch")
    ax.set_ylabel("Loss")
    return ax
