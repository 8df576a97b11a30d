"""How long grading takes: the tensor exercises (ex02 to ex14) of a class, beside importing TensorFlow once.

    python benchmarks/throughput.py [--students 20] [--jobs 2]

Every student hands in the reference of every exercise, so that all checks run to their end. "A student" is thirteen
submissions, each in a fork of its own with all its checks; the time to start the slots is reported apart. The import is
timed in fresh processes, in turn with nothing else running, before and after.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from grader.course import load_course
from grader.grading import grade_all
from grader.model import Submission, Verdict

ROOT = Path(__file__).resolve().parent.parent


def import_seconds(times: int = 3) -> list[float]:
    """Return the wall time of importing TensorFlow in a fresh process, several times."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import tensorflow.keras.layers"], env=environment, check=True)
        seconds.append(time.perf_counter() - started)
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    course = load_course(ROOT)
    exercises = [exercise for exercise in course.exercises if exercise.number >= 2]
    submissions = [
        Submission(f"student{number:03d}", exercise.id, exercise.solution_folder / "solution.py")
        for exercise in exercises
        if exercise.solution_folder is not None
        for number in range(arguments.students)
    ]
    imports = import_seconds()
    started = time.perf_counter()
    outcome = grade_all(course, submissions, jobs=arguments.jobs)
    whole = time.perf_counter() - started
    imports += import_seconds()
    wrong = [grade for grade in outcome.grades if grade.verdict is not Verdict.PASSED]
    if wrong:
        raise SystemExit(f"{len(wrong)} references did not pass, so nothing was measured: {wrong[0]}")
    a_student = outcome.seconds / arguments.students
    an_import = statistics.median(imports)
    table = Table(title=f"{arguments.students} students, 13 exercises each, {arguments.jobs} slots")
    for name in ("what", "seconds", "of one import"):
        table.add_column(name, justify="left" if name == "what" else "right")
    rows = [
        ("importing TensorFlow once (median of 6)", an_import),
        ("start: imports, reference, collecting the checks", whole - outcome.seconds),
        ("a student: 13 submissions with all checks", a_student),
        ("a submission", outcome.seconds / len(submissions)),
        ("CPU of one core for a submission", outcome.seconds * arguments.jobs / len(submissions)),
    ]
    for name, seconds in rows:
        table.add_row(name, f"{seconds:.3f}", f"{seconds / an_import:.3f}")
    Console().print(table)
    print(f"{len(submissions) / outcome.seconds:.1f} submissions a second")


if __name__ == "__main__":
    main()
