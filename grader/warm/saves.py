"""Which files were saved, as soon as an editor is done with them.

The system's events only say when to look: what was saved is told by the files themselves. So nothing is missed where no events
come (network folders, containers, too many watchers), and two saves within a second are two.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event

from grader.model import Explanation

_LOOK_SECONDS = 0.2
"""How often the files are looked at where no event comes."""
_STILL_SECONDS = 0.03
"""For how long a file has to stay as it is before it counts as saved."""
_EMPTY_SECONDS = 0.15
"""The same for one that is empty or gone: many editors write a file anew, or another one in its place."""

_State = dict[Path, tuple[int, int, int] | None]


def saves(
    folder: Path, files: Callable[[], Iterable[Path]], stop: Event, tell: Callable[[Explanation], None]
) -> Iterator[frozenset[Path]]:
    """Yield which of some files were saved, each time that any were; those that are new to the list count if `folder` has them.

    It is told where no events come, so that the files are looked at instead.
    """
    before = _state(files())
    for _ in _looks(folder, stop, tell):
        now = _state(files())
        if now == before:
            continue
        changed = _changed(before, now, folder)
        while changed:
            time.sleep(_STILL_SECONDS if all(map(now.get, changed)) else _EMPTY_SECONDS)
            then, now = now, _state(files())
            changed = _changed(before, now, folder)
            if then == now:
                break
        before = now
        if changed:
            yield changed


def _changed(before: _State, now: _State, folder: Path) -> frozenset[Path]:
    return frozenset(
        path
        for path in now.keys() | before.keys()
        if now.get(path) != before.get(path) and (path in before or path.parent == folder)
    )


def _state(files: Iterable[Path]) -> _State:
    return {path: _stat(path) for path in files}


def _stat(path: Path) -> tuple[int, int, int] | None:
    """Return what a save changes; None where there is nothing yet, or no more."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino) if status.st_size else None


def _looks(folder: Path, stop: Event, tell: Callable[[Explanation], None]) -> Iterator[None]:
    """Yield when it is time to look: at an event, and a few times a second."""
    try:
        # Not at the top: it may be missing, or not be made for this system.
        from watchfiles import watch

        for _ in watch(
            folder,
            watch_filter=None,
            debounce=50,
            step=10,
            rust_timeout=int(_LOOK_SECONDS * 1000),
            yield_on_timeout=True,
            recursive=False,
            stop_event=stop,
            raise_interrupt=False,
        ):
            yield
    except GeneratorExit:
        raise
    # The user has as many watchers as the system allows, or the folder has none. A panic of Rust's is no Exception.
    except BaseException as error:
        tell(Explanation("watch.no_events", {"error": str(error).strip() or type(error).__name__}))
    while not stop.wait(_LOOK_SECONDS):
        yield
