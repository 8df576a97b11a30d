"""Tell which files a call has written into the folder that it runs in, and read them back. This runs inside of the sandbox."""

from __future__ import annotations

import itertools
import os
import stat
import time
from collections.abc import Iterator

_MOST_FILES = 2000
_TICK = 0.02
"""Seconds, at least, between two times of a file that differ: the kernel's clock for them is a coarse one."""


class Written:
    """Knows what lay in the folder before the last call."""

    def __init__(self, largest: int = 0, folder: str = "") -> None:
        """Read files of at most so many bytes; with none nothing is looked at."""
        self._largest = largest
        self._folder = folder or os.getcwd()
        self._before: dict[str, tuple[int, ...]] = {}

    def begin(self) -> None:
        """Note what is there before a call, once a file that is written from now on has another time."""
        if not self._largest:
            return
        self._before = dict(_files(self._folder))
        newest = max((times[0] for times in self._before.values()), default=0)
        time.sleep(min(_TICK, max(0.0, newest / 1e9 + _TICK - time.time())))

    def names(self) -> list[str]:
        """Return the files that are new or changed since then, by their paths in the folder."""
        found = _files(self._folder) if self._largest else ()
        return sorted(name for name, marks in found if self._before.get(name) != marks)

    def read(self, name: str) -> bytes:
        """Return what is in one of them.

        Raises:
            OSError: it is not there, is no plain file, or is too large.
        """
        if name not in self.names():
            raise FileNotFoundError(f"no file {name!r} was written")
        descriptor = os.open(os.path.join(self._folder, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > self._largest:
                raise OSError(f"{name!r} is no plain file, or has more than {self._largest} bytes")
            return file.read(self._largest)


def _files(folder: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the plain files in a folder, each with what changes when it is written."""
    if not os.listdir(folder):
        # So it is before most calls, and `os.walk` takes as long as many of them.
        return
    found = (
        os.path.join(base, name)
        for base, folders, names in os.walk(folder)
        for name in (*names, *_hidden_removed(folders))
    )
    for path in itertools.islice(found, _MOST_FILES):
        status = os.lstat(path)
        if stat.S_ISREG(status.st_mode):
            yield os.path.relpath(path, folder), (status.st_mtime_ns, status.st_size, status.st_ino)


def _hidden_removed(folders: list[str]) -> tuple[str, ...]:
    """Remove the folders that are not gone into; there is nothing in them to be yielded."""
    folders[:] = [name for name in folders if not name.startswith(".")]
    return ()
