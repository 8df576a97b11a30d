"""How much memory grading takes, over all its processes, for a small class and a large one.

    python benchmarks/memory.py [--students 50 500] [--jobs 2] [--exercise ex02 ...]

The proportional set size (PSS) of the program, its judges and everything in their sandboxes is added up up to twenty times a
second: memory that forked processes share is counted once. The peak is reported.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from rich.console import Console
from rich.table import Table
from throughput import ROOT, hand_in

from grader.course.load import load_course


def descendants(process: int) -> list[int]:
    """Return a process and everything that it and its children have started."""
    found = [process]
    tasks = Path(f"/proc/{process}/task")
    try:
        threads = os.listdir(tasks)
    except OSError:
        # It has ended since it was found.
        return found
    for thread in threads:
        try:
            children = (tasks / thread / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += descendants(int(child))
    return found


def pss_mib(process: int) -> float:
    """Return the proportional set size of a process in MiB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def peak_mib(folder: Path, students: int, jobs: int, exercises: list[str]) -> tuple[float, int]:
    """Grade a class; return the peak of its memory and the number of looks."""
    course = load_course(ROOT)
    chosen = [exercise for exercise in course.exercises if exercise.id in exercises]
    hand_in(folder / "submissions", chosen, students)
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "--course",
        str(ROOT),
        "grade",
        str(folder / "submissions"),
    ]
    command += ["--output", str(folder / "graded"), "--jobs", str(jobs)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    peaks: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            peaks.append(sum(map(pss_mib, descendants(process.pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    code = process.wait()
    ended.set()
    watcher.join()
    if code != 0:
        raise SystemExit(f"grading ended with {code}, so nothing was measured")
    return max(peaks), len(peaks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--exercise", action="append", help="these exercises only [default: ex02 to ex14]")
    arguments = parser.parse_args()
    exercises = arguments.exercise or [item.id for item in load_course(ROOT).exercises if item.number >= 2]
    table = Table(title=f"{len(exercises)} exercises, {arguments.jobs} slots")
    for name in ("students", "peak PSS, MiB", "of the first", "looks"):
        table.add_column(name, justify="right")
    first = 0.0
    for students in arguments.students:
        with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
            peak, looks = peak_mib(Path(folder), students, arguments.jobs, exercises)
        first = first or peak
        table.add_row(str(students), f"{peak:.0f}", f"{peak / first:.2f}", str(looks))
    Console().print(table)


if __name__ == "__main__":
    main()
