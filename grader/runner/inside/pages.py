"""Put the memory of the warm process together in huge pages before it forks. This runs inside of the sandbox.

A fork copies a table entry for each page, 4 KiB, that its parent has written: tens of thousands. Of a huge page, 2 MiB,
it copies one, and the table is made where the fork writes.
"""

from __future__ import annotations

import ctypes

_HUGE = 2 << 20
_MADV_COLLAPSE = 25
_LIBC = ctypes.CDLL(None)
_IN_USE = (ctypes.c_char * 512)()
"""For each page of a huge one whether it is there, as mincore(2) says it."""
_ENOUGH = 384
"""Pages that are there: of memory in which few are, huge ones would take up to 512 times as much."""


def collapse() -> None:
    """Ask the kernel for huge pages of what this process alone has; one older than Linux 6.1 leaves all as it is."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        lines = [line.split(maxsplit=5) for line in maps]
    for places, modes, _, _, inode, *_ in lines:
        if modes == "rw-p" and inode == "0":
            begin, end = (int(place, 16) for place in places.split("-"))
            for place in range(-(-begin // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
                span = ctypes.c_void_p(place), ctypes.c_size_t(_HUGE)
                if _LIBC.mincore(*span, _IN_USE) == 0 and _IN_USE.raw.count(1) >= _ENOUGH:
                    _LIBC.madvise(*span, _MADV_COLLAPSE)
