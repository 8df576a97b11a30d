"""Hold a judge to a limit of memory while it looks at what a student sent."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SHARE = 1 << 30
"""Bytes that judging a submission may take, ..."""
_TIMES_RESULT = 16
"""... and so many times the largest value that a call may return: it is compared in double precision."""


@contextmanager
def limited_memory(result_mib: int) -> Iterator[None]:
    """Let this process take a share of memory beside what it holds; what asks for more raises MemoryError.

    Only memory of its own counts (RLIMIT_DATA), so that libraries may map what they like. Each submission has the same
    share, whatever those before it left. A runner that is started meanwhile takes the limit off itself.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    share = _SHARE + _TIMES_RESULT * (result_mib << 20)
    most = pages * resource.getpagesize() + share
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([most, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
