# expected: 1 point, submission.raised
"""Leaves a file for the next submission, wherever it can."""

import os
from typing import Any

PLACES = [
    "..",
    "../..",
    "/tmp",
    "/dev/shm",
    "/run",
    "/var/tmp",
    "/usr/lib",
    "/proc/self",
    os.path.dirname(os.__file__),
]


def row_sums(x: Any) -> Any:
    errors: list[OSError] = []
    for place in PLACES:
        try:
            with open(f"{place}/left-behind", "w") as file:
                file.write("hello")
            return x
        except OSError as error:
            errors.append(error)
    raise errors[0]


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
