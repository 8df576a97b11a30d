"""One writer at a time: a second `grader grade` on the same gradebook is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import GradebookError, file_errors_as
from grader.platforms import try_lock


@contextmanager
def gradebook_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a gradebook; the kernel releases it when the process ends, however it ends.

    Raises:
        GradebookError: another process holds it, or the folder cannot be written.
    """
    file = path.with_name(f"{path.name}.lock")
    with file_errors_as(GradebookError, "gradebook.cannot_open", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not try_lock(descriptor):
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "?"
            raise GradebookError("gradebook.in_use", {"file": str(path), "process": holder})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        # The file stays: if it were removed, two processes could lock two files of this name.
        os.close(descriptor)
