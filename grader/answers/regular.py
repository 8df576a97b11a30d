"""Files that somebody else may change while they are read: what is opened is a regular file, and is no other one by then."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from grader.platforms import NO_LINK, OPEN_FILE, OPEN_FOLDER


def open_regular(path: Path, below: Path | None = None) -> BufferedReader:
    """Open a file to be read; a pipe or a device is not waited for.

    From the folder `below` to the file no link is followed. Without it the path is the user's own.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    file = os.open(path, OPEN_FILE) if below is None else _open_below(below, path.relative_to(below).parts)
    # Asked of what was opened: what has the name may be something else by now.
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(f"{path.name} is not a file")
    return os.fdopen(file, "rb")


def _open_below(folder: Path, parts: tuple[str, ...]) -> int:
    """Open what lies in a folder, one part of its path after another."""
    if os.open not in os.supports_dir_fd:
        # Windows: only the path can be looked at, as it is now.
        path = folder
        for part in parts:
            path /= part
            if path.is_symlink():
                raise OSError(f"{part} is a link")
        return os.open(path, OPEN_FILE)
    place = os.open(folder, OPEN_FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, OPEN_FOLDER | NO_LINK, dir_fd=place)
            os.close(place)
            place = inner
        return os.open(parts[-1], OPEN_FILE | NO_LINK, dir_fd=place)
    finally:
        os.close(place)
