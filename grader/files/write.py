"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from grader.errors import RequestError, file_errors_as


def write_file(path: Path, content: str | bytes, key: str = "request.unwritable") -> None:
    """Write a file whole or not at all, and its folder where there is none; a text as UTF-8.

    Raises:
        RequestError: the folder or the file cannot be written; its sentence is that of `key`.
    """
    with file_errors_as(RequestError, key, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)


def write_new(path: Path, content: bytes) -> None:
    """Write a file where there is none, whole or not at all.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be written.
    """
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
        except BaseException:
            # What is there is never overwritten, so that a part of it would stay for good.
            path.unlink()
            raise


def replace_file(path: Path, content: str | bytes) -> None:
    """Put a file with this content into the place of what is there, which is never written through a link.

    Raises:
        OSError: it cannot be written; what was there is there still.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
