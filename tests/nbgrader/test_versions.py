"""The versions of nbgrader that are supported are those that are tested: the oldest and the newest."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable

import nbgrader
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.support.places import ROOT

pytestmark = pytest.mark.nbgrader_versions


def required(lines: Iterable[str]) -> Requirement:
    """Return what is said of nbgrader for this Python."""
    found = [Requirement(line) for line in lines if line.startswith("nbgrader")]
    (here,) = [item for item in found if item.marker is None or item.marker.evaluate()]
    return here


def supported() -> SpecifierSet:
    """Return the bounds in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return required(project["dependencies"]).specifier


def locked(file: str) -> Version:
    """Return the version that a lock installs."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    (pinned,) = required(line.removesuffix("\\") for line in lines).specifier
    return Version(pinned.version)


def test_the_oldest_that_is_tested_is_the_oldest_that_is_supported() -> None:
    (lower,) = [Version(item.version) for item in supported() if item.operator == ">="]
    assert locked("requirements-oldest.lock") == lower


def test_the_newest_that_is_tested_is_supported() -> None:
    assert locked("requirements.lock") in supported()
    assert locked("requirements.lock") > locked("requirements-oldest.lock")


def test_the_version_at_hand_is_the_one_that_is_meant() -> None:
    found = Version(str(nbgrader.__version__))
    assert found in supported()
    if os.environ.get("GRADER_NBGRADER") == "oldest":
        assert found == locked("requirements-oldest.lock")
