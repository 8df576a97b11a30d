"""What one submission costs beside the import of the course's library: CPU and wall seconds of `grader check` and `grader grade`.

Run by `.venv/bin/python benchmarks/start.py [--rounds 5] [--source ../before]`. `--source` names a checkout of another version,
with an environment `.venv` of its own, which takes turns with this one. CPU is that of all processes, also of those that
outlive the one that started them: whatever loses its parent is this process's to bury.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = "ex04"
RIGHT = (ROOT / "benchmarks" / "right_answers" / "ex04_while.py").read_text(encoding="utf-8")
WRONG = "def max_pool(x, pool_size):\n    return x[:, :: pool_size[0], :: pool_size[1], :] * 1\n"
_CHILD_SUBREAPER = 36

Cost = tuple[float, float]
"""CPU and wall seconds."""


def main() -> None:
    """Measure in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--source", type=Path)
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1)
    sources = {"before": options.source.resolve()} if options.source else {}
    sources["after"] = ROOT
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        homes = {version: _Home(Path(name, version), source) for version, source in sources.items()}
        for number in range(options.rounds):
            costs["import", "after"].append(_cost([sys.executable, "-c", "import tensorflow"], {}))
            for version, home in homes.items():
                for row, cost in home.costs(number):
                    costs[row, version].append(cost)
                    print(f"  {row}, {version}: {cost[0]:.2f} s of CPU, {cost[1]:.2f} s", flush=True)
    one = median(cpu for cpu, _ in costs["import", "after"])
    for (row, version), found in costs.items():
        cpu, wall = zip(*found, strict=True)
        spread = (
            f"{median(cpu):.2f} ({min(cpu):.2f}-{max(cpu):.2f}) s of CPU, {median(cpu) / one:.2f} imports"
        )
        print(f"{row}, {version}: {spread}, {median(wall):.1f} ({min(wall):.1f}-{max(wall):.1f}) s")


class _Home:
    """A place where one version keeps what it keeps, and grades the same answers."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._folder, self._source = folder, source
        self._kept = folder / "kept"
        for kind, code in (("kept", ""), ("known", WRONG)):
            (folder / kind).mkdir(parents=True)
            for answer in filter(None, (RIGHT, code)):
                self._grade(folder / kind, answer, -1)

    def costs(self, number: int) -> list[tuple[str, Cost]]:
        """Return what each row costs in a round: `kept` is what a right answer left behind, `known` also a wrong one."""
        shutil.rmtree(self._folder / "fresh", ignore_errors=True)
        shutil.copytree(self._kept, self._folder / "fresh")
        known = self._folder / "known"
        return [
            ("check, right", self._check(known, RIGHT, number)),
            ("check, wrong", self._check(known, WRONG, number)),
            ("grade, right", self._grade(known, RIGHT, number)),
            ("grade, wrong", self._grade(known, WRONG, number)),
            ("grade, wrong, no mistakes kept", self._grade(self._folder / "fresh", WRONG, number)),
        ]

    def _check(self, cache: Path, code: str, number: int) -> Cost:
        answer = self._folder / "answer.py"
        answer.write_text(f"{code}# {number}\n", encoding="utf-8")
        return self._run(cache, "check", EXERCISE, "--file", str(answer))

    def _grade(self, cache: Path, code: str, number: int) -> Cost:
        with tempfile.TemporaryDirectory() as name:
            student = Path(name, "submissions", "student")
            student.mkdir(parents=True)
            (student / f"{EXERCISE}.py").write_text(f"{code}# {number}\n", encoding="utf-8")
            graded = str(Path(name, "graded"))
            return self._run(cache, "grade", str(student.parent), "--jobs", "1", "--graded", graded)

    def _run(self, cache: Path, *arguments: str) -> Cost:
        command = [str(self._source / ".venv/bin/python"), "-m", "grader.cli", *arguments]
        command += ["--course", str(self._source), "--lang", "en"]
        return _cost(command, {"XDG_CACHE_HOME": str(cache), "XDG_RUNTIME_DIR": str(cache)}, self._source)


def _cost(command: list[str], environment: dict[str, str], folder: Path = ROOT) -> Cost:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | environment
    # As where it is installed: a shell that forbids bytecode would have each process compile this package anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


if __name__ == "__main__":
    main()
