"""Huge pages for the warm process."""

import mmap
from pathlib import Path

import numpy as np

from grader.runner.inside import pages


def huge_kib() -> int:
    """Return how much memory of this process lies in huge pages."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages:"))


def test_what_is_put_into_huge_pages_is_what_it_was() -> None:
    values = np.arange(2 << 20)
    total, before = int(values.sum()), huge_kib()
    pages.collapse()
    assert (values == np.arange(2 << 20)).all()
    assert int(values.sum()) == total
    # As many as before where the kernel is older than Linux 6.1.
    assert huge_kib() >= before


def own_kib() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))


def test_memory_of_which_little_is_used_stays_small() -> None:
    with mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_NOHUGEPAGE)
        for place in range(0, len(memory), 1 << 20):
            memory[place] = 1
        memory.madvise(mmap.MADV_HUGEPAGE)
        before = own_kib()
        pages.collapse()
        assert own_kib() - before < 8 << 10
