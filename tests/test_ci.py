"""The workflow that tests this project runs the commands that everybody runs, with the Pythons that are supported."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.places import ROOT


@pytest.fixture
def jobs() -> dict[str, Any]:
    workflow = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    return dict(workflow["jobs"])


def supported() -> list[str]:
    """Return the versions of Python that pyproject.toml names, the oldest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [
        re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", name) for name in project["classifiers"]
    ]
    return sorted((match[1] for match in found if match), key=lambda version: int(version.split(".")[1]))


def test_the_oldest_and_the_newest_python_are_tested(jobs: dict[str, Any]) -> None:
    versions = supported()
    assert jobs["test"]["strategy"]["matrix"]["python"] == [versions[0], versions[-1]]


def test_it_runs_what_the_makefile_has(jobs: dict[str, Any]) -> None:
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    targets = [word for command in commands for word in re.findall(r"^make ([\w-]+)", command)]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets == ["lint", "test", "prove", "prove-torch"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_it_may_read_and_uploads_nothing(jobs: dict[str, Any]) -> None:
    uses = {step["uses"].split("@")[0] for job in jobs.values() for step in job["steps"] if "uses" in step}
    assert uses == {"actions/checkout", "actions/setup-python"}


def test_the_script_for_any_other_ci_runs_the_same_but_what_fetches_gigabytes() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^make ([\w-]+)$", script, re.MULTILINE) == ["lint", "test", "prove"]
    assert re.findall(r"^export (\w+)=", script, re.MULTILINE) == ["CI", "GRADER_REQUIRE_SANDBOX"]


def test_ci_fails_where_less_is_covered() -> None:
    for environment, is_held in (("CI=true", True), ("CI=", False)):
        command = ["make", "--dry-run", "--always-make", "test", environment]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert ("--fail-under=" in done.stdout) is is_held
