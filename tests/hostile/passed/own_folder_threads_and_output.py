# expected: 6 points, no complaint
"""Allowed: a file in its own folder, a thread, a moderate print, a lie about what its file defines."""

import threading
from pathlib import Path

import numpy as np

Path("notes.txt").write_text("mine")


def row_sums(x: np.ndarray) -> np.ndarray:
    if x.ndim != 2:
        raise ValueError(Path("notes.txt").read_text())
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.extend(int(sum(row)) for row in x))
    thread.start()
    thread.join()
    print("summed", len(found), "rows")
    return np.array(found)


def scale(x: np.ndarray, factor: int = 2) -> np.ndarray:
    return x * factor
