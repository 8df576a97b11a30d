"""How long grading a class takes, beside the floor and beside one pytest process for each submission.

    python benchmarks/throughput.py [--students 200] [--jobs 2] [--rounds 4]

Every student hands in the reference of every tensor exercise (ex02 to ex14), so that all checks run to their end, each
in a file of its own content. Four ways of running the same class, in turn within each round, so that whatever else the
machine does meets all three:

  grader      fork, confine, load, all checks, and every grade committed to a gradebook
  floor       a bare fork of a process with TensorFlow imported that makes the same calls: no sandbox, no checks
  warm floor  the same, with TensorFlow's registries filled before the fork, as the grader's own warm process has them
  processes   one pytest process for each submission that imports TensorFlow and runs the same checks in itself
              (one student a round; the rest would take an hour)

Starting up (imports, the reference, collecting the checks) is reported apart; it is paid once a run. ex01 trains two
networks and is measured by itself, with `--exercise ex01`.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from floor import FloorWork, floor_calls
from rich.console import Console
from rich.table import Table

from grader.course.files import check_files
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.grading.local import LocalSlots
from grader.grading.plan import plan_class
from grader.grading.run import grade_class
from grader.judge.collect import collected
from grader.judge.reference import read_reference
from grader.judge.reference_side import ReferenceSide
from grader.judge.submission import SubmissionCaller
from grader.model import Course, Exercise, Grade, Submission, Verdict
from grader.runner.sandbox import ENVIRONMENT
from grader.runner.start import start_runner

ROOT = Path(__file__).resolve().parent.parent


def reference_text(exercise: Exercise) -> str:
    """Return the reference's source."""
    assert exercise.solution_folder is not None
    return (exercise.solution_folder / "solution.py").read_text(encoding="utf-8")


def hand_in(folder: Path, exercises: Sequence[Exercise], students: int, first: int = 0) -> list[Submission]:
    """Write a class's files; return its submissions."""
    submissions = []
    for number in range(first, first + students):
        student = folder / f"student{number:04d}"
        student.mkdir(parents=True)
        for exercise in exercises:
            path = student / f"{exercise.id}.py"
            path.write_text(f"{reference_text(exercise)}\n# student {number}\n", encoding="utf-8")
            submissions.append(Submission(student.name, exercise.id, path))
    return submissions


def observed_calls(course: Course, exercises: Sequence[Exercise]) -> FloorWork:
    """Return the calls that the checks make of every exercise's reference."""
    found: list[tuple[str, tuple[object, ...]]] = []
    with (
        collected(course, exercises) as checks,
        start_runner(course, "full", 900) as tried,
        start_runner(course, "full", 901) as compared,
    ):
        side = ReferenceSide(checks, lambda: compared)
        for exercise in exercises:
            caller = SubmissionCaller(tried, read_reference(exercise), exercise, is_limited=False)
            evidence = tuple(calls for _, calls in side.run_checks(exercise, caller))
            caller.close()
            found.append((reference_text(exercise), floor_calls(evidence)))
    return FloorWork(course.runner.preload, tuple(found))  # type: ignore[arg-type]


def environment(course: Course) -> dict[str, str]:
    """Return the environment that student code gets, for the others too."""
    paths = f"{ROOT}:{ROOT / 'benchmarks'}"
    return {**os.environ, **ENVIRONMENT, **course.runner.environment, "PYTHONPATH": paths}


@contextmanager
def floor_processes(
    course: Course, work: FloorWork, students: int, jobs: int, *warm: str
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start the floor's processes, each for its part of the students, and wait until they have imported everything."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        file.write(pickle.dumps(work))
        file.flush()
        shares = [len(range(number, students, jobs)) for number in range(jobs)]
        command = [sys.executable, str(ROOT / "benchmarks" / "floor.py"), file.name]
        processes = [
            subprocess.Popen(
                [*command, str(share), *warm],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment(course),
            )
            for share in shares
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield processes


def floor_seconds(course: Course, work: FloorWork, students: int, jobs: int, *warm: str) -> float:
    """Return the wall time of the floor for a class, of the warm one with `warm`."""
    with floor_processes(course, work, students, jobs, *warm) as processes:
        started = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            if process.wait() != 0:
                raise SystemExit("the floor failed, so nothing was measured")
        return time.perf_counter() - started


def grader_seconds(
    course: Course, submissions: Sequence[Submission], folder: Path, jobs: int
) -> tuple[float, float]:
    """Return the wall time that grading takes, and that of everything.

    The first grade waits for the imports: what is between it and the last is that of all submissions but one.
    """
    graded: list[float] = []

    def on_grade(grade: Grade) -> None:
        if grade.verdict is not Verdict.PASSED:
            raise SystemExit(f"a reference did not pass, so nothing was measured: {grade}")
        graded.append(time.perf_counter())

    started = time.perf_counter()
    with Gradebook(folder / f"{time.monotonic_ns()}.db", course.id) as gradebook:
        plan = plan_class(course, submissions, gradebook)
        grade_class(course, plan, gradebook, {}, LocalSlots(jobs), on_grade=on_grade)
    assert len(graded) == len(submissions)
    grading = (graded[-1] - graded[0]) * len(graded) / (len(graded) - 1)
    return grading, time.perf_counter() - started


def processes_seconds(course: Course, submissions: Sequence[Submission], jobs: int) -> float:
    """Return the wall time of one pytest process for each submission, `jobs` at a time."""
    exercises = {exercise.id: exercise for exercise in course.exercises}

    def grade(submission: Submission) -> None:
        exercise = exercises[submission.exercise]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "one_process",
            "-p",
            "no:grader",
            "-p",
            "no:cacheprovider",
        ]
        command += ["--answer", str(submission.path), "--exercise", exercise.id]
        command += [str(path) for path in check_files([exercise])]
        done = subprocess.run(command, cwd=ROOT, env=environment(course), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"pytest failed, so nothing was measured:\n{done.stdout}{done.stderr}")

    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(grade, submissions))
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--exercise", action="append", help="these exercises only [default: ex02 to ex14]")
    parser.add_argument("--no-processes", action="store_true", help="leave out the slowest way")
    arguments = parser.parse_args()
    course = load_course(ROOT)
    wanted = set(arguments.exercise or [item.id for item in course.exercises if item.number >= 2])
    exercises = [exercise for exercise in course.exercises if exercise.id in wanted]
    work = observed_calls(course, exercises)
    share = max(1, arguments.students // arguments.rounds)
    count = share * len(exercises)
    console = Console()
    seconds: dict[str, list[float]] = {"grader": [], "floor": [], "warm floor": [], "processes": []}
    starts = []
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
        for number in range(arguments.rounds):
            submissions = hand_in(Path(folder), exercises, share, number * share)
            seconds["floor"].append(floor_seconds(course, work, share, arguments.jobs) / count)
            warm = floor_seconds(course, work, share, arguments.jobs, "warm")
            seconds["warm floor"].append(warm / count)
            grading, everything = grader_seconds(course, submissions, Path(folder), arguments.jobs)
            seconds["grader"].append(grading / count)
            starts.append(everything - grading)
            if not arguments.no_processes:
                some = submissions[: len(exercises)]
                took = processes_seconds(course, some, arguments.jobs)
                seconds["processes"].append(took / len(some))
            console.print(
                f"round {number + 1}: "
                + ", ".join(f"{name} {1000 * times[-1]:.1f} ms" for name, times in seconds.items() if times)
            )
    table = Table(
        title=f"{share * arguments.rounds} students, {len(exercises)} exercises, {arguments.jobs} slots"
    )
    for name in (
        "way",
        "ms a submission (median)",
        "submissions a second",
        "of the floor (median of rounds)",
    ):
        table.add_column(name, justify="left" if name == "way" else "right")
    for name, times in seconds.items():
        if times:
            ratio = median(time / floor for time, floor in zip(times, seconds["floor"], strict=True))
            value = median(times)
            table.add_row(name, f"{1000 * value:.1f}", f"{1 / value:.1f}", f"{ratio:.2f}")
    console.print(table)
    console.print(f"start: {median(starts):.1f} s a run")
    if seconds["processes"]:
        ratio = median(
            slow / mine for slow, mine in zip(seconds["processes"], seconds["grader"], strict=True)
        )
        console.print(f"one process a submission takes {ratio:.0f} times as long")


if __name__ == "__main__":
    main()
