import matplotlib.pyplot as plt


def plot_loss(losses):
    plt.semilogy([i + 1 for i in range(len(losses))], losses)
    return plt.gca()
