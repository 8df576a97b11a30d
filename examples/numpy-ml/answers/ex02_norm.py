import numpy as np


def assign(points, centres):
    return np.argmin([np.linalg.norm(points - c, axis=1) for c in centres], axis=0)


def move(points, centres):
    nearest = assign(points, centres)
    return np.array([points[nearest == k].mean(0) if (nearest == k).any() else c for k, c in enumerate(centres)])
