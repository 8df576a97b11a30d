"""One table: what a submission costs here, beside the floors, a pytest process each and other graders, for one class.

    python benchmarks/table.py [--students 60] [--exercise ex03] [--jobs 2] [--rounds 2]

Every student hands in the reference, in a notebook of its own content. All ways take the same notebooks, in turns within each
round, so that whatever else the machine does meets all of them; the slow ones take the first few. `throughput.py` says what
the ways are, `autograde.py` how plain nbgrader is made to run the same checks, and `otter_run.py` how otter-grader is, where it is
installed. The clock of a submission leaves out what is paid once a run; CPU is that of all processes, start included.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from autograde import autograde, prepare
from otter_run import is_installed, otter_seconds, prepare_otter
from throughput import ROOT, floor_seconds, grader_seconds, observed_calls, processes_seconds

from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.model import DISTRIBUTION, Submission

FEW = 4
"""How many submissions the slow ways take a round."""


@dataclass
class Way:
    """One way of grading: what a round of it took."""

    name: str
    count: int
    run: Callable[[], float]
    """Grades so many submissions; returns the seconds of one, start left out."""
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Run a round."""
        before = _cpu()
        self.seconds.append(self.run())
        self.cpu.append(_cpu() - before)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime + time.process_time()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if "model name" in line), "unknown")


def versions() -> str:
    """Return what the figures were made with."""
    named = {"grader": DISTRIBUTION} | {name: name for name in ("tensorflow", "nbgrader", "otter-grader")}
    shown = [f"Python {platform.python_version()}"]
    shown += [f"{name} {_version(package)}" for name, package in named.items()]
    return ", ".join([*shown, f"{len(os.sched_getaffinity(0))} x {_processor()}"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=60, help=f"at least {FEW}")
    parser.add_argument("--exercise", default="ex03", help="one whose hidden checks call functions on arrays")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    course = load_course(ROOT)
    exercise = find_exercise(course, options.exercise)
    students, jobs = options.students, options.jobs
    work = observed_calls(course, [exercise])
    console = Console(width=120)
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as place:
        folder = Path(place)
        prepare(folder, course, exercise, students)
        for student in sorted((folder / "plain" / "submitted").iterdir())[FEW:]:
            shutil.rmtree(student)
        submissions = [
            Submission(path.parent.name, exercise.id, path) for path in sorted(folder.glob("grade/*/*.ipynb"))
        ]
        ways = [
            Way(
                f"grader, {jobs} slots",
                students,
                lambda: grader_seconds(course, submissions, folder, jobs)[0] / students,
            ),
            Way("floor", students, lambda: floor_seconds(course, work, students, jobs) / students),
            Way(
                "warm floor", students, lambda: floor_seconds(course, work, students, jobs, "warm") / students
            ),
            Way(
                f"pytest, a process each, {jobs} at a time",
                FEW,
                lambda: processes_seconds(course, submissions[:FEW], jobs) / FEW,
            ),
            Way(
                "nbgrader autograde, plain",
                FEW,
                lambda: autograde(folder / "plain", exercise.exercise_folder.name).further,
            ),
        ]
        if is_installed():
            points = prepare_otter(folder / "autograder.zip", course, exercise)
            notebooks = sorted(folder.glob("grade/*/*.ipynb"))[:FEW]
            ways.append(
                Way(
                    "otter run",
                    FEW,
                    lambda: otter_seconds(folder / "autograder.zip", notebooks, folder, points) / FEW,
                )
            )
        for number in range(options.rounds):
            for way in ways:
                way.take()
            shown = ", ".join(f"{way.name} {1000 * way.seconds[-1]:.0f} ms" for way in ways)
            console.print(f"round {number + 1}: {shown}", style="dim")
    table = Table(title=f"Notebooks of {exercise.id}, medians of {options.rounds} rounds")
    for column in (
        "way",
        "submissions a round",
        "ms a submission, clock",
        "of grader",
        "CPU s a round, start included",
    ):
        table.add_column(column, justify="left" if column == "way" else "right")
    for way in ways:
        ratio = median(mine / ours for mine, ours in zip(way.seconds, ways[0].seconds, strict=True))
        table.add_row(
            way.name,
            str(way.count),
            f"{1000 * median(way.seconds):.1f}",
            f"{ratio:.2f}",
            f"{median(way.cpu):.1f}",
        )
    console.print(table)
    console.print(versions(), style="dim")


if __name__ == "__main__":
    main()
