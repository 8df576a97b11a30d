"""Remove a folder that student code has filled: whatever its modes, and however deep. This runs on both sides."""

from __future__ import annotations

import os
import secrets
import stat


def remove_folder(folder: str) -> None:
    """Remove a folder and all that is in it, without following links.

    Folders that forbid their owner to look or to delete are opened first. A folder further down is moved up before it
    is emptied, so that neither the depth of calls, nor the number of open files, nor the length of a path grows with
    the depth of the tree; nothing new is made, because the disk may be full.

    Raises:
        OSError: something resists.
    """
    os.chmod(folder, 0o700)
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        for name in os.listdir(path):
            inner = os.path.join(path, name)
            if not stat.S_ISDIR(os.lstat(inner).st_mode):
                os.unlink(inner)
                continue
            # To be moved, a folder must be writable itself: its entry `..` changes.
            os.chmod(inner, 0o700)
            if path != folder:
                # A name that nobody can have chosen before.
                outer = os.path.join(folder, secrets.token_hex(16))
                os.rename(inner, outer)
                inner = outer
            waiting.append(inner)
        if path != folder:
            os.rmdir(path)
    os.rmdir(folder)
