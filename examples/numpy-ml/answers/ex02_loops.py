import numpy as np


def assign(points, centres):
    result = []
    for p in points:
        best = 0
        for k in range(len(centres)):
            if sum((p - centres[k]) ** 2) < sum((p - centres[best]) ** 2):
                best = k
        result.append(best)
    return np.array(result)


def move(points, centres):
    nearest = assign(points, centres)
    new = centres.copy()
    for k in range(len(centres)):
        mine = [p for p, n in zip(points, nearest) if n == k]
        if mine:
            new[k] = sum(mine) / len(mine)
    return new
