"""How long a class takes in which some answers never end, beside an earlier revision of this program.

    python benchmarks/loops.py [--students 150] [--loops 20] [--exercise ex03] [--jobs 2] [--rounds 1] [--before REVISION]

Every student hands in the reference; in the answers of some, spread over the class, the exercise's first function is an
endless loop (with `--everywhere` every function is). The same files are graded by `grader grade` of this tree and by that
of `--before`, each with its own course.yml, in turn within each round, so that whatever else the machine does meets both.

Measure on a quiet machine: a limit is not used up while a loop waits for a processor, so that on a busy one it takes as much
longer as the machine is busy. Each line says the load, in processes for each processor, as it is at the end.

  seconds    of the whole command, its imports included
  loop       what one of the endless answers costs: the seconds beyond those of the same class without any, by slot
  timeouts   checks that ran into a limit, and those that were not called any more
  points     of the endless answers: what their other functions earned
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.course.files import files_of
from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.model import Exercise

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Took:
    """What one way took for the class, and what came of its endless answers."""

    seconds: float
    timeouts: int
    points: float


def hand_in(folder: Path, exercise: Exercise, students: int, endless: int, *, everywhere: bool) -> None:
    """Write a class's files; the names of students with endless answers begin with `loop`."""
    reference = files_of(exercise).solution.read_text(encoding="utf-8")
    functions = exercise.functions if everywhere else exercise.functions[:1]
    loops = "".join(
        f"\n\ndef {name}(*args, **kwargs):\n    while True:\n        pass\n" for name in functions
    )
    for number in range(students):
        is_endless = (number + 1) * endless // students > number * endless // students
        student = folder / f"{'loop' if is_endless else 'good'}{number:04d}"
        student.mkdir(parents=True)
        code = f"{reference}{loops if is_endless else ''}\n# student {number}\n"
        (student / f"{exercise.id}.py").write_text(code, encoding="utf-8")


def grade(tree: Path, handed_in: Path, exercise: Exercise, jobs: int, output: Path) -> Took:
    """Grade a class with the program and the course of a tree."""
    command = [sys.executable, "-m", "grader.cli", "grade", str(handed_in), "--course", str(tree)]
    command += ["--exercise", exercise.id, "--jobs", str(jobs), "--output", str(output)]
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"grading failed, so nothing was measured:\n{done.stdout}{done.stderr}")
    grades = json.loads((output / "results.json").read_text(encoding="utf-8"))["grades"]
    for item in grades:
        if item["student"].startswith("good") and item["verdict"] != "passed":
            raise SystemExit(f"a reference did not pass, so nothing was measured: {item}")
    endless = [item for item in grades if item["student"].startswith("loop")]
    timeouts = sum(check["verdict"] == "timeout" for item in endless for check in item["checks"])
    return Took(seconds, timeouts, sum(item["points"] for item in endless))


def tree_of(revision: str, folder: Path) -> Path:
    """Unpack a revision of this repository."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", revision], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=150)
    parser.add_argument("--loops", type=int, default=20)
    parser.add_argument("--exercise", default="ex03")
    parser.add_argument("--everywhere", action="store_true", help="every function is an endless loop")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--before", metavar="REVISION", help="a revision to measure beside this tree")
    arguments = parser.parse_args()
    exercise = find_exercise(load_course(ROOT), arguments.exercise)
    console = Console()
    took: dict[str, list[Took]] = {}
    plain: dict[str, list[Took]] = {}
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as name:
        folder = Path(name)
        trees = {"now": ROOT}
        if arguments.before:
            trees = {arguments.before: tree_of(arguments.before, folder / "before"), **trees}
        for kind, endless in (("plain", 0), ("loops", arguments.loops)):
            hand_in(folder / kind, exercise, arguments.students, endless, everywhere=arguments.everywhere)
        for turn in range(arguments.rounds):
            for tree_name, tree in trees.items():
                for kind, results in (("plain", plain), ("loops", took)):
                    output = folder / f"graded-{kind}-{tree_name.replace('/', '-')}-{turn}"
                    result = grade(tree, folder / kind, exercise, arguments.jobs, output)
                    results.setdefault(tree_name, []).append(result)
                    load = os.getloadavg()[0] / len(os.sched_getaffinity(0))
                    console.print(
                        f"round {turn + 1}: {tree_name}, {kind}: {result.seconds:.1f} s (load {load:.1f})"
                    )
    table = Table(
        title=f"{arguments.students} students, {arguments.loops} endless, {exercise.id}, {arguments.jobs} slots"
    )
    for heading in ("program", "seconds", "without loops", "loop", "timeouts", "points"):
        table.add_column(heading, justify="left" if heading == "program" else "right")
    for tree_name, measured in took.items():
        seconds = median(item.seconds for item in measured)
        without = median(item.seconds for item in plain[tree_name])
        each = (seconds - without) * arguments.jobs / max(1, arguments.loops)
        row = (f"{seconds:.1f}", f"{without:.1f}", f"{each:.1f}", str(measured[0].timeouts))
        table.add_row(tree_name, *row, f"{measured[0].points:g}")
    console.print(table)


if __name__ == "__main__":
    main()
