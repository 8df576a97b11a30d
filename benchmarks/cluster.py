"""What a Dask cluster costs its client: hand out, receive and commit, with workers that answer at once.

    python benchmarks/cluster.py [--students 2000] [--rounds 3]

Scheduler and workers are threads of one other process. Each worker gives every submission the grade that this machine's own
judge gave to a right answer first, with all its checks, so what is left is the client's part: reading the files, the
network, and the commits. CPU is that of the client's process with all its threads, from the first submission handed out to
the last grade committed; the clock says what scheduler and workers need beside it, on the same processors.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from throughput import ROOT, hand_in

from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.gradebook.store import Gradebook
from grader.grading import cluster_worker
from grader.grading.cluster import Cluster
from grader.grading.executor import Graded, Ready
from grader.grading.local import LocalSlots
from grader.grading.plan import plan_class
from grader.grading.run import grade_class
from grader.model import Course, Grade, Submission, Verdict

WORKERS, THREADS = 4, 4


class PromptSlot:
    """In place of a judge process: the same grade for everybody, at once."""

    template: bytes
    """The grade as it came through the pipe of a judge: no two submissions share an object."""

    def __init__(self, *_: Any) -> None:
        self._submission: Submission | None = None

    def give(self, recordings: Any) -> None:
        """Take the reference's answers, and need none."""

    def hand(self, submission: Submission) -> None:
        """Take a submission."""
        self._submission = submission

    def receive(self) -> Ready | Graded:
        """Return the grade."""
        if self._submission is None:
            return Ready({})
        submission = self._submission
        graded: Graded = pickle.loads(self.template)
        assert submission.path is not None
        digest = hashlib.sha256(submission.path.read_bytes()).hexdigest()
        grade = replace(graded.grade, student=submission.student, path=str(submission.path), digest=digest)
        return replace(graded, grade=grade)

    def stop(self) -> None:
        """End nothing."""


def serve(file: str) -> None:
    """Be the scheduler and its workers, until there is no more input."""
    from distributed import LocalCluster

    PromptSlot.template = Path(file).read_bytes()
    vars(cluster_worker)["Slot"] = PromptSlot
    with LocalCluster(  # type: ignore[no-untyped-call]  # Dask says nothing of it.
        n_workers=WORKERS,
        threads_per_worker=THREADS,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=":0",
    ) as started:
        print(started.scheduler_address, flush=True)
        sys.stdin.read()


@contextmanager
def prompt_cluster(template: Graded, folder: Path) -> Iterator[str]:
    """Start scheduler and workers; yield their address."""
    file = folder / "template.pickle"
    file.write_bytes(pickle.dumps(template))
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--serve", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


class _Kept(LocalSlots):
    """Slots of this machine, of whose answers the last one is kept."""

    graded: Graded

    def receive(self) -> Any:
        answers = super().receive()
        for _, self.graded in answers:  # type: ignore[assignment]  # A right answer is not lost.
            pass
        return answers


def client_costs(
    course: Course, submissions: list[Submission], folder: Path, address: str
) -> tuple[float, float]:
    """Return CPU and wall seconds of the client."""
    started: list[float] = []
    ended: list[float] = []

    def on_grade(grade: Grade) -> None:
        ended[:] = [time.process_time()]
        if grade.verdict is not Verdict.PASSED:
            raise SystemExit(f"not graded, so nothing was measured: {grade}")

    class Timed(Cluster):
        def hand(self, submission: Submission) -> bool:
            if not started:
                started.append(time.process_time())
            return super().hand(submission)

    with Gradebook(folder / f"{time.monotonic_ns()}.db", course.id) as gradebook:
        plan = plan_class(course, submissions, gradebook)
        outcome = grade_class(course, plan, gradebook, {}, Timed(address), on_grade=on_grade)
    assert len(outcome.grades) == len(submissions)
    # Closing the client belongs to no submission.
    return ended[0] - started[0], outcome.seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--exercise", default="ex04")
    parser.add_argument("--serve", metavar="FILE", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    course = load_course(ROOT)
    exercise = find_exercise(course, arguments.exercise)
    table = Table(title=f"{arguments.students} submissions, {WORKERS} workers with {THREADS} threads")
    for name in ("round", "CPU of the client, ms a submission", "clock, ms a submission"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as place:
        folder = Path(place)
        submissions = hand_in(folder / "class", [exercise], arguments.students)
        slots = _Kept(1)
        with Gradebook(folder / "first.db", course.id) as gradebook:
            grade_class(course, plan_class(course, submissions[:1], gradebook), gradebook, {}, slots)
        costs = []
        with prompt_cluster(slots.graded, folder) as address:
            for number in range(arguments.rounds):
                cpu, wall = client_costs(course, submissions, folder, address)
                costs.append((1000 * cpu / len(submissions), 1000 * wall / len(submissions)))
                table.add_row(str(number + 1), *(f"{value:.2f}" for value in costs[-1]))
    table.add_section()
    table.add_row("median", *(f"{median(column):.2f}" for column in zip(*costs, strict=True)))
    Console().print(table)


if __name__ == "__main__":
    main()
