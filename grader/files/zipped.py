"""Zips that are the same for the same files."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Collection, Mapping


def zip_of(
    files: Mapping[str, str | bytes], *, executable: Collection[str] = (), compressed: bool = True
) -> bytes:
    """Return a zip of files; no date of today and nothing of this machine is in it.

    What a compressor makes differs from one version of its library to the next: a zip that must be the same everywhere
    is not compressed.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            # Its date is the format's first day.
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | (0o755 if name in executable else 0o644)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            archive.writestr(entry, content)
    return buffer.getvalue()
