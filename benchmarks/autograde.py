"""How long a class of notebooks takes: `nbgrader autograde` with our judge and without it, and `grader grade`.

    python benchmarks/autograde.py [--students 5] [--exercise ex03] [--rounds 2] [--jobs 2]

Every student hands in the reference, in a notebook of its own content; the same files go three ways, in turn within each
round, so that whatever else the machine does meets all three:

  with the judge   `nbgrader autograde` in a course that `grader nbgrader build` made
  plain            `nbgrader autograde` in a course without our configuration: nbgrader's own execution, in a kernel for
                   each notebook. Nothing of what our hidden checks do is in a notebook, so their cells are made into
                   ordinary test cells first: they make the calls that the check makes, on the same arrays, and assert that
                   the reference's arrays come back. Neither sandbox nor diagnosis: an assertion, and the points of a cell.
  grader grade     the same files, without nbgrader, in slots; gradebook and reports included

Seconds are those of whole commands, their imports included; `start` is what the first submission takes beyond one more;
`plain /` says how many times as long the plain way took.
Points are what the class got of what there is: with the plain execution a line on stderr costs a cell its points.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.checks.remote import Observed
from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.judge.collect import collected
from grader.judge.reference import read_reference
from grader.judge.reference_side import ReferenceSide
from grader.judge.submission import SubmissionCaller
from grader.model import Course, Exercise
from grader.nbgrader.check_cells import cell_names
from grader.runner.start import start_runner

ROOT = Path(__file__).resolve().parent.parent
GRADER = [sys.executable, "-m", "grader.cli"]
NBGRADER = [sys.executable, "-m", "nbgrader"]
PLAIN_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "plain"\nc.Execute.timeout = 60\n'
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Took:
    """What one way took for the class."""

    seconds: float
    """From the command's start to its end."""
    each: tuple[float, ...]
    """When each submission was done, since the start."""
    points: float

    @property
    def further(self) -> float:
        """Seconds of one more submission; the end of the command belongs to nobody."""
        return (self.each[-1] - self.each[0]) / (len(self.each) - 1)

    @property
    def start(self) -> float:
        """Seconds before the first submission, if that takes as long as one more."""
        return self.each[0] - self.further


def observed(course: Course, exercise: Exercise) -> dict[str, tuple[Observed, ...]]:
    """Return the calls that each hidden check makes of the reference, and what came of them, by the cell's name."""
    with (
        collected(course, [exercise]) as checks,
        start_runner(course, "full", 900) as tried,
        start_runner(course, "full", 901) as compared,
    ):
        caller = SubmissionCaller(tried, read_reference(exercise), exercise, is_limited=False)
        run = ReferenceSide(checks, lambda: compared).run_checks(exercise, caller)
        hidden = [(result, calls) for result, calls in run if not result.visible]
        names = cell_names([result for result, _ in hidden])
        found = dict(zip(names, [calls for _, calls in hidden], strict=True))
        caller.close()
        return found


def plain_test(title: str, calls: Sequence[Observed]) -> str:
    """Return a test cell that makes these calls and asserts on what comes back."""
    lines = [title, "### BEGIN HIDDEN TESTS", "import numpy as np"]
    for observed in calls:
        call, outcome = observed.call, observed.outcome
        values = (*call.args, *call.kwargs.values(), outcome)
        if call.target is not None or not all(
            isinstance(value, np.ndarray | int | float) for value in values
        ):
            raise SystemExit(f"{call.function}: only calls on arrays can be made into plain test cells")
        given = [
            *map(_literal, call.args),
            *(f"{name}={_literal(value)}" for name, value in call.kwargs.items()),
        ]
        lines.append(
            f"np.testing.assert_allclose({call.function}({', '.join(given)}), {_literal(outcome)}, 1e-5, 1e-5)"
        )
    return "\n".join([*lines, "### END HIDDEN TESTS"])


def _literal(value: Any) -> str:
    return (
        f"np.array({value.tolist()!r}, np.{value.dtype.name})"
        if isinstance(value, np.ndarray)
        else repr(value)
    )


def write_notebook(path: Path, document: Notebook) -> None:
    """Write a notebook, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def change_cells(document: Notebook, change: Callable[[str, str], str]) -> Notebook:
    """Return a notebook whose named cells have other sources."""
    document = json.loads(json.dumps(document))
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = change(name, "".join(cell["source"]))
    return document


def prepare(folder: Path, course: Course, exercise: Exercise, students: int) -> None:
    """Make both courses, and hand in the same notebooks in each."""
    name = exercise.exercise_folder.name
    _done([*GRADER, "nbgrader", "build", str(folder / "judge"), exercise.id, "--course", str(ROOT)], ROOT)
    source = json.loads((folder / "judge" / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    calls = observed(course, exercise)
    plain = change_cells(
        source, lambda cell, text: plain_test(text.splitlines()[0], calls[cell]) if cell in calls else text
    )
    write_notebook(folder / "plain" / "source" / name / f"{name}.ipynb", plain)
    (folder / "plain" / "nbgrader_config.py").write_text(PLAIN_CONFIG, encoding="utf-8")
    for way in ("judge", "plain"):
        _done([*NBGRADER, "generate_assignment", name], folder / way)
    solutions = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"] for cell in source["cells"]
    }
    released = json.loads((folder / "judge" / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for number in range(students):
        student = f"student{number:03d}"

        def solve(cell: str, text: str, student: str = student) -> str:
            code = "".join(solutions[cell]) if cell.startswith("solution_") else text
            return f"# {student}\n{code}" if cell.startswith("solution_") else code

        answer = change_cells(released, solve)
        for way in ("judge", "plain"):
            write_notebook(folder / way / "submitted" / student / name / f"{name}.ipynb", answer)
        write_notebook(folder / "grade" / student / f"{exercise.id}.ipynb", answer)


def _environment() -> dict[str, str]:
    # nbgrader calls Alembic by its name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    more = {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}
    return os.environ | more


def _done(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command} failed, so nothing was measured:\n{done.stdout}{done.stderr}")
    return done.stdout


def measure(command: Sequence[str], folder: Path, mark: str) -> Took:
    """Run a command; a line with the mark in it says that a submission is done."""
    each, said = [], []
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if mark in line:
                each.append(time.perf_counter() - started)
    if process.returncode:
        raise SystemExit(f"{command} failed, so nothing was measured:\n{''.join(said)}")
    return Took(time.perf_counter() - started, tuple(each), 0.0)


def autograde(folder: Path, name: str) -> Took:
    """Let nbgrader grade the class of a course again."""
    took = measure([*NBGRADER, "autograde", name, "--force"], folder, "Setting destination file permissions")
    _done([*NBGRADER, "export", "--to=scores.csv"], folder)
    lines = (folder / "scores.csv").read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("raw_score")
    return replace(took, points=sum(float(line.split(",")[column]) for line in lines[1:]))


def grade(folder: Path, jobs: int) -> Took:
    """Let `grader grade` grade the class anew."""
    with tempfile.TemporaryDirectory() as output:
        options = ["--course", str(ROOT), "--output", output, "--jobs", str(jobs), "--json"]
        took = measure([*GRADER, "grade", str(folder), *options], ROOT, '"event": "grade"')
        results = json.loads(Path(output, "results.json").read_text(encoding="utf-8"))
    return replace(took, points=sum(item["points"] for item in results["grades"]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=5, help="at least 2 [default: 5]")
    parser.add_argument("--exercise", default="ex03", help="one whose hidden checks call functions on arrays")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="slots of `grader grade`"
    )
    options = parser.parse_args()
    if options.students < 2:
        parser.error("it takes two students to see what a further one costs")
    course = load_course(ROOT)
    exercise = find_exercise(course, options.exercise)
    name = exercise.exercise_folder.name
    console = Console(width=100)
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as place:
        folder = Path(place)
        prepare(folder, course, exercise, options.students)
        ways: dict[str, Callable[[], Took]] = {
            "nbgrader, plain": lambda: autograde(folder / "plain", name),
            "nbgrader, judge": lambda: autograde(folder / "judge", name),
            f"grader grade, {options.jobs} slots": lambda: grade(folder / "grade", options.jobs),
        }
        took: dict[str, list[Took]] = {way: [] for way in ways}
        for number in range(options.rounds):
            for way, run in ways.items():
                took[way].append(run())
            seconds = ", ".join(f"{way} {runs[-1].seconds:.1f} s" for way, runs in took.items())
            console.print(f"round {number + 1}: {seconds}")
    possible = exercise.points * options.students
    table = Table(
        title=f"{options.students} notebooks of {exercise.id}, seconds, medians of {options.rounds} rounds"
    )
    table.add_column("way")
    for column in ("in all", "start", "each further", "plain / in all", "plain / further", "points"):
        table.add_column(column, justify="right")
    plain = next(iter(took.values()))
    for way, runs in took.items():
        table.add_row(
            way,
            f"{median(run.seconds for run in runs):.1f}",
            f"{median(run.start for run in runs):.1f}",
            f"{median(run.further for run in runs):.2f}",
            f"{median(slow.seconds / run.seconds for slow, run in zip(plain, runs, strict=True)):.1f}",
            f"{median(slow.further / run.further for slow, run in zip(plain, runs, strict=True)):.1f}",
            f"{min(run.points for run in runs):g} of {possible:g}",
        )
    console.print(table)


if __name__ == "__main__":
    main()
