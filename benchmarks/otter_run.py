"""`otter run` on the notebooks that plain nbgrader grades: what is in its hidden test cells stands in otter's test files.

otter-grader is in no lock: `pip install "otter-grader>=7"` beside us, and `table.py` measures it too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from autograde import observed, plain_test

from grader.model import Course, Exercise

TEST_FILE = """from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = 1


@test_case()
def test({functions}):
{body}
"""


def is_installed() -> bool:
    """Tell whether otter-grader can be imported."""
    return find_spec("otter") is not None


def prepare_otter(path: Path, course: Course, exercise: Exercise) -> int:
    """Write otter's autograder.zip with the exercise's hidden checks; return how many there are."""
    checks = observed(course, exercise)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "logo": False}))
        for name, calls in checks.items():
            body = "\n".join(f"    {line}" for line in plain_test(f"# {name}", calls).splitlines())
            functions = ", ".join(sorted({seen.call.function for seen in calls}))
            archive.writestr(f"tests/{name}.py", TEST_FILE.format(name=name, functions=functions, body=body))
    return len(checks)


def otter_seconds(archive: Path, notebooks: Sequence[Path], folder: Path, points: int) -> float:
    """Return the wall time of one `otter run` after the other; each gets all points, or nothing is measured."""
    command = [sys.executable, "-m", "otter", "run", "--no-logo", "-a", str(archive), "-o", str(folder)]
    started = time.perf_counter()
    for notebook in notebooks:
        done = subprocess.run([*command, str(notebook)], cwd=folder, capture_output=True, text=True)
        results = folder / "results.json"
        if done.returncode or not results.exists():
            raise SystemExit(f"otter run failed, so nothing was measured:\n{done.stdout}{done.stderr}")
        got = sum(test.get("score", 0) for test in json.loads(results.read_text(encoding="utf-8"))["tests"])
        if got != points:
            raise SystemExit(f"otter run gave {got:g} of {points} points:\n{done.stdout}{done.stderr}")
        results.unlink()
    return time.perf_counter() - started
