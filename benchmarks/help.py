"""What `grader --help` costs, beside the start of Python alone and of Python with click.

    .venv/bin/python benchmarks/help.py

Rows are taken in turn, so that whatever else the machine does meets all of them; the least of each counts.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
GRADER = str(Path(sys.executable).with_name("grader"))

ROWS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "python -c 'import click'": [sys.executable, "-c", "import click"],
    "grader --help": [GRADER, "--help"],
    "grader check --help": [GRADER, "check", "--help"],
    "grader grade --help": [GRADER, "grade", "--help"],
    "grader nbgrader build --help": [GRADER, "nbgrader", "build", "--help"],
}


def main() -> None:
    """Run every row in turn, and print the table."""
    least = {name: (float("inf"), float("inf")) for name in ROWS}
    for _ in range(ROUNDS):
        for name, command in ROWS.items():
            wall, cpu = _seconds(command)
            least[name] = (min(wall, least[name][0]), min(cpu, least[name][1]))
    of_python = least["python -c pass"]
    print(f"{'':30}{'wall s':>8}{'CPU s':>8}{'x python, wall':>16}{'CPU':>6}")
    for name, (wall, cpu) in least.items():
        print(f"{name:30}{wall:8.3f}{cpu:8.3f}{wall / of_python[0]:16.1f}{cpu / of_python[1]:6.1f}")


def _seconds(command: list[str]) -> tuple[float, float]:
    """Return wall and CPU time of a command."""
    before, started = _cpu(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=os.environ | {"GRADER_LANG": "en"})
    return time.perf_counter() - started, _cpu() - before


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
