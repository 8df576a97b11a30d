"""What a check is given: the code under test, the reference's, and random numbers of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from grader.checks.remote import RemoteCode


@dataclass
class CheckFixtures:
    """What the fixtures hand out: replaced for each submission."""

    submission: RemoteCode | None = None
    reference: RemoteCode | None = None


FIXTURES = pytest.StashKey[CheckFixtures]()


def check_seed(path: Path, name: str) -> int:
    """Return the seed of a check."""
    return int.from_bytes(hashlib.sha256(f"{path.stem}::{name}".encode()).digest()[:8], "big")


def check_generator(item: pytest.Item) -> np.random.Generator:
    """Return the generator of a check."""
    return np.random.default_rng(check_seed(item.path, item.name))
