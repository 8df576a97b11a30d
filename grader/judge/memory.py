"""Hold a judge to a limit of memory while it looks at what a student sent."""

from __future__ import annotations

from contextlib import AbstractContextManager

from grader.platforms import limited_data

_SHARE = 1 << 30
"""Bytes that judging a submission may take, ..."""
_TIMES_RESULT = 16
"""... and so many times the largest value that a call may return: it is compared in double precision."""


def limited_memory(result_mib: int) -> AbstractContextManager[None]:
    """Let this process take a share of memory beside what it holds; what asks for more raises MemoryError.

    Each submission has the same share, whatever those before it left. A runner that is started meanwhile takes the
    limit off itself.
    """
    return limited_data(_SHARE + _TIMES_RESULT * (result_mib << 20))
