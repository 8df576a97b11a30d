"""How much memory grading takes, over all its processes, by students and by slots, and when each slot is ready.

    python benchmarks/memory.py [--students 50 500] [--jobs 2] [--exercise ex02 ...]
    python benchmarks/memory.py --students 20 --jobs 1 2 4 8 --rounds 3 [--source ../before]

The proportional set size (PSS) of the program, its judges and everything in their sandboxes is added up up to twenty times a
second: memory that forked processes share is counted once. The peak is reported, and the CPU time and the time on the clock
of the whole run and until the first grade; of several rounds the median. `--source` names a checkout of another version, which
takes turns with this one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

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


@dataclass(frozen=True)
class Seen:
    """What a run took."""

    peak_mib: float
    first_grade_seconds: float
    seconds: float
    cpu_seconds: float


def grade(source: Path, folder: Path, students: int, jobs: int, exercises: list[str]) -> Seen:
    """Grade a class with the program in `source`."""
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
    command += ["--output", str(folder / "graded"), "--jobs", str(jobs), "--json"]
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The answers that are kept of earlier runs would make the first run another than the later ones.
        env={
            **os.environ,
            "PYTHONPATH": str(source),
            "XDG_CACHE_HOME": str(folder.parent / "cache" / source.name),
        },
        cwd=source,
        text=True,
    )
    peaks: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            peaks.append(sum(map(pss_mib, descendants(process.pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    first = 0.0
    assert process.stdout is not None
    for line in process.stdout:
        if not first and json.loads(line).get("event") == "grade":
            first = time.monotonic() - started
    code, seconds = process.wait(), time.monotonic() - started
    ended.set()
    watcher.join()
    if code != 0:
        raise SystemExit(f"grading ended with {code}, so nothing was measured")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Seen(max(peaks), first, seconds, cpu)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--jobs", type=int, nargs="+", default=[2])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--source", type=Path, nargs="*", default=[], help="checkouts of other versions")
    parser.add_argument("--exercise", action="append", help="these exercises only [default: ex02 to ex14]")
    arguments = parser.parse_args()
    exercises = arguments.exercise or [item.id for item in load_course(ROOT).exercises if item.number >= 2]
    sources = [path.resolve() for path in (*arguments.source, ROOT)]
    rows = [
        (source, students, jobs)
        for students in arguments.students
        for jobs in arguments.jobs
        for source in sources
    ]
    seen: dict[tuple[Path, int, int], list[Seen]] = {row: [] for row in rows}
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as base:
        for number in range(arguments.rounds):
            for place, (source, students, jobs) in enumerate(rows):
                folder = Path(base, f"{number}-{place}")
                folder.mkdir()
                seen[source, students, jobs].append(grade(source, folder, students, jobs, exercises))
    table = Table(title=f"{len(exercises)} exercises, medians of {arguments.rounds} rounds")
    for name in (
        "version",
        "students",
        "slots",
        "peak PSS, MiB",
        "of the first",
        "first grade, s",
        "all, s",
        "CPU, s",
    ):
        table.add_column(name, justify="right")
    for source in sources:
        first = 0.0
        for row in (row for row in rows if row[0] == source):
            peak, start, seconds, cpu = (
                median(values) for values in zip(*map(astuple, seen[row]), strict=True)
            )
            first = first or peak
            numbers = (f"{peak:.0f}", f"{peak / first:.2f}", f"{start:.1f}", f"{seconds:.1f}", f"{cpu:.1f}")
            table.add_row(source.name, str(row[1]), str(row[2]), *numbers)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
