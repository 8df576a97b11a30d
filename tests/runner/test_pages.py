"""Huge pages for the warm process."""

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
