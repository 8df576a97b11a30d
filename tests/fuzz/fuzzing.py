"""Inputs that nobody thought of: a few and always the same with the tests, others for a while with `make fuzz`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.strategies import SearchStrategy

from tests.support.places import ROOT

FOLDER = ROOT / "build" / "fuzz"
"""Where inputs that failed are kept, to be tried first the next time."""
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""Of all targets together; 0: a few examples of each."""
_FEW, _MANY = 20, 200
set_hypothesis_home_dir(FOLDER)

Input = TypeVar("Input")
_targets: list[str] = []
"""What shares the time."""


def fuzzed(inputs: SearchStrategy[Input]) -> Callable[[Callable[[Input], None]], Callable[[], None]]:
    """Make a test of a function that holds for every input."""
    common = settings(
        deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, report_multiple_bugs=False
    )
    few = settings(common, max_examples=_FEW, derandomize=True, database=None, phases=[Phase.generate])
    many = settings(common, max_examples=_MANY, database=DirectoryBasedExampleDatabase(FOLDER / "examples"))

    def make(holds: Callable[[Input], None]) -> Callable[[], None]:
        _targets.append(holds.__name__)

        def test() -> None:
            end = time.monotonic() + SECONDS / len(_targets)
            (many if SECONDS else few)(given(inputs)(holds))()
            while time.monotonic() < end:
                many(given(inputs)(holds))()

        test.__name__ = holds.__name__
        test.__module__ = holds.__module__
        return test

    return make
