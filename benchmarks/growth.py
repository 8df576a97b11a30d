"""How what a class costs grows with it: every part of `grader grade` and of what follows, for 50 to 5,000 students.

    python benchmarks/growth.py [--students 50 500 5000] [--jobs 1 2 4] [--exercise ex04]

The class is made up: one exercise, every student a file of its own content, four of five the reference and one a wrong
answer. The real commands grade it, in the real sandbox: with each number of slots, and a class of more than 1,000 with
two alone, which takes minutes enough. Then comes what follows: the same command with nothing to do, and with the pages
alone; the students' feedback, exports, and `grader similar`.

CPU seconds are those of all processes of a command, and so is the peak of memory (PSS, looked at five times a second); the
clock depends on what else the machine does. Beside each is what it is a student, and of what grading cost. The last column
says how many times as much CPU one more student costs between this size and the one before as between the two
before: about 1 is linear, less is better. Nothing is said of what takes less than half a second in all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from memory import descendants, pss_mib
from throughput import ROOT, reference_text

from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.model import Exercise

WRONG = "\n\n_right = {name}\n\n\ndef {name}(*inputs, **named):\n    return 1 + _right(*inputs, **named)\n"
LARGE = 1000
"""A larger class is graded with two slots alone."""
LEAST_SECONDS = 0.5
"""Of CPU, between two sizes: of less no ratio is told."""
EXPORTS = ("csv", "csv-checks", "json", "junit", "gradescope")
"""Those that need no class list."""


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    cpu: float
    wall: float
    mib: float
    bytes: int = 0
    """What it wrote."""


def hand_in(folder: Path, exercise: Exercise, students: int) -> None:
    """Write a class's files."""
    right = reference_text(exercise)
    wrong = right + WRONG.format(name=exercise.functions[0])
    for number in range(students):
        home = folder / f"student{number:05d}"
        home.mkdir(parents=True)
        text = wrong if number % 5 == 4 else right
        (home / f"{exercise.id}.py").write_text(f"{text}\n# student {number}\n", encoding="utf-8")


def measure(arguments: Sequence[str], wrote: Path | None = None) -> Cost:
    """Run a command of the grader, and look at what it wrote."""
    command = [sys.executable, "-m", "grader.cli", *arguments, "--course", str(ROOT), "--lang", "en"]
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    peaks, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.2):
            peaks.append(sum(map(pss_mib, descendants(process.pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command} failed, so nothing was measured:\n{said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, max(peaks), size_of(wrote) if wrote else 0)


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all that is in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def class_costs(folder: Path, exercise: Exercise, students: int, jobs: Sequence[int]) -> dict[str, Cost]:
    """Return what everything costs that is done with a class of this size."""
    handed_in, graded = folder / "class", folder
    hand_in(handed_in, exercise, students)
    grade = ["grade", str(handed_in), "--output"]
    costs = {}
    for count in jobs if students <= LARGE else [2]:
        graded = folder / f"graded{count}"
        slots = f"{count} slot{'s' * (count > 1)}"
        command = [*grade, str(graded), "--jobs", str(count)]
        costs[f"grade, {slots}; the gradebook"] = measure(command, graded / "gradebook.db")
    again = [*grade, str(graded)]
    costs["grade again, nothing changed"] = measure(again)
    reports = graded / "reports"
    for page in [*reports.rglob("*.html"), graded / "results.json", graded / "grades.csv"]:
        page.unlink()
    costs["all pages of the report anew"] = measure(again, reports)
    costs["feedback for all"] = measure(["feedback", "--graded", str(graded)], graded / "feedback")
    for name in EXPORTS:
        file = folder / f"export-{name}"
        costs[f"export {name}"] = measure(
            ["export", name, "--graded", str(graded), "--output", str(file)], file
        )
    costs["similar"] = measure(["similar", str(handed_in)])
    return costs


def growth(sizes: Sequence[int], costs: Sequence[Cost]) -> str:
    """Return how many times as much one more student costs at the end as before."""
    if len(sizes) < 3 or costs[-2].cpu - costs[-3].cpu < LEAST_SECONDS:
        return ""
    rates = [
        (costs[at].cpu - costs[at - 1].cpu) / (sizes[at] - sizes[at - 1])
        for at in range(len(sizes) - 2, len(sizes))
    ]
    return f"{rates[1] / rates[0]:.2f}"


def print_table(console: Console, title: str, found: dict[int, dict[str, Cost]]) -> None:
    """Print what everything cost, what by what."""
    table = Table(title=title)
    columns = (
        "students",
        "CPU s",
        "ms a student",
        "clock s",
        "of grading",
        "PSS MiB",
        "wrote KiB",
        "a student",
    )
    for column in ("what", *columns, "growth"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name in dict.fromkeys(name for costs in found.values() for name in costs):
        sizes = [students for students, costs in found.items() if name in costs]
        for at, students in enumerate(sizes):
            cost = found[students][name]
            grading = next(found[students][other] for other in found[students] if "2 slots" in other)
            table.add_row(
                "" if at else name,
                str(students),
                f"{cost.cpu:.2f}",
                f"{1000 * cost.cpu / students:.2f}",
                f"{cost.wall:.1f}",
                f"{100 * cost.cpu / grading.cpu:.2f} %",
                f"{cost.mib:.0f}",
                f"{cost.bytes / 1024:.0f}" if cost.bytes else "",
                f"{cost.bytes / 1024 / students:.1f}" if cost.bytes else "",
                growth(sizes[: at + 1], [found[size][name] for size in sizes[: at + 1]]),
            )
        table.add_section()
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, nargs="+", default=[50, 500, 5000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2, 4], help="2 is among them")
    parser.add_argument("--exercise", default="ex04")
    options = parser.parse_args()
    exercise = find_exercise(load_course(ROOT), options.exercise)
    console = Console(width=150)
    found: dict[int, dict[str, Cost]] = {}
    for students in options.students:
        with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
            found[students] = class_costs(Path(folder), exercise, students, options.jobs)
        console.print(f"{students} students done", style="dim")
    print_table(console, f"A class with one exercise ({exercise.id})", found)


if __name__ == "__main__":
    main()
