"""Where the processor's time of one submission goes, beside the warm floor.

    python benchmarks/cpu_profile.py [--students 4] [--rounds 3]

One slot grades right answers to the tensor exercises (ex02 to ex14) in this process, as a slot's process does, so that
each part can be told apart: what the student's process takes, the warm process, the judge by what it does, and the
gradebook. In turns within each round the warm floor of `throughput.py` makes the same calls, and a runner without a
sandbox (`--isolation none`) grades the same files: the difference is what confining costs. All figures are CPU time, of
which other work on the machine takes less than of the clock, and page faults, which it does not change.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from throughput import ROOT, floor_processes, hand_in, observed_calls

from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.judge import judge as judging
from grader.judge import submission as submitting
from grader.judge.collect import collected
from grader.judge.evidence import BoundedEvidence
from grader.judge.judge import Judge
from grader.judge.reference import RecordedCaller
from grader.judge.reference_side import ReferenceSide, proven_reference
from grader.model import Submission, Verdict
from grader.runner.process import SandboxedRunner
from grader.runner.session import WorkerSession
from grader.runner.start import start_runner

_PARTS: tuple[tuple[str, Any, str], ...] = (
    ("read the file", judging, "read_source"),
    ("look for what is banned", submitting, "find_forbidden"),
    ("have it forked and loaded", SandboxedRunner, "open"),
    ("calls: encode, pipe, decode", WorkerSession, "call"),
    ("the reference's answers, by digest", RecordedCaller, "call"),
    ("keep the evidence", BoundedEvidence, "append"),
    ("commit to the gradebook", Gradebook, "add"),
)
_REST = "run the checks and compare"
_TICKS = os.sysconf("SC_CLK_TCK")

Figures = dict[str, float]


class Clock:
    """Adds up the CPU time of this process by what it does; a part that is called by another is taken out of that."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._names = [_REST]
        self._last = time.process_time()

    def turn(self) -> None:
        """Give the time since the last turn to the part that is at work."""
        now = time.process_time()
        self.seconds[self._names[-1]] += now - self._last
        self._last = now

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Let a part be at work."""
        self.turn()
        self._names.append(name)
        try:
            yield
        finally:
            self.turn()
            self._names.pop()

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is a part."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return call


def _descendants(process: int) -> Iterator[int]:
    for thread in os.listdir(f"/proc/{process}/task"):
        for child in map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split()):
            yield child
            yield from _descendants(child)


def warm_process(runner: SandboxedRunner) -> int:
    """Return the number of the process that forks."""
    assert runner._warm is not None
    assert runner._warm.process is not None
    first = runner._warm.process.pid
    *_, last = first, *_descendants(first)
    return last


def used(process: int) -> Figures:
    """Return what a process and its children have used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6
    forks = 1000 * (int(fields[13]) + int(fields[14])) / _TICKS
    return {"ms": own, "faults": int(fields[7]), "ms of forks": forks, "faults of forks": int(fields[8])}


def grade(
    judge: Judge,
    runner: SandboxedRunner,
    submissions: Sequence[Submission],
    gradebook: Gradebook,
    clock: Clock,
) -> tuple[Figures, Figures]:
    """Grade; return what the warm process and its forks took of it a submission, and each part of this one (ms)."""
    process = warm_process(runner)
    before = used(process)
    clock.turn()
    clock.seconds.clear()
    run = gradebook.begin_run({})
    for submission in submissions:
        grade, _ = judge.grade_with_evidence(submission)
        if grade.verdict is not Verdict.PASSED:
            raise SystemExit(f"a reference did not pass, so nothing was measured: {grade}")
        gradebook.add(run, grade)
    clock.turn()
    after, count = used(process), len(submissions)
    parts = {name: 1000 * seconds / count for name, seconds in clock.seconds.items()}
    return {name: (after[name] - before[name]) / count for name in after}, parts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    course = load_course(ROOT)
    exercises = [exercise for exercise in course.exercises if exercise.number >= 2]
    work, clock = observed_calls(course, exercises), Clock()
    for name, owner, function in _PARTS:
        setattr(owner, function, clock.watched(name, getattr(owner, function)))
    rows: dict[str, list[tuple[float, float]]] = {}

    def note(name: str, milliseconds: float, faults: float = 0) -> None:
        rows.setdefault(name, []).append((milliseconds, faults))

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-profile-")))
        with proven_reference(course, exercises, "full", 902, lambda exercise: None) as reference:
            answers = dict(reference.recordings)
        checks = stack.enter_context(collected(course, exercises))
        side = ReferenceSide(checks, lambda: start_runner(course, "full", 902), answers, is_naming=False)
        runners: Any = [stack.enter_context(start_runner(course, level, 900)) for level in ("full", "none")]
        gradebook = stack.enter_context(Gradebook(folder / "gradebook.db", course.id))
        for runner in runners:
            runner.wait()
        submissions = hand_in(folder, exercises, arguments.students)
        # As a slot's process does.
        gc.collect()
        gc.freeze()
        for number in range(arguments.rounds + 1):
            with floor_processes(course, work, arguments.students, 1, "warm") as (process,):
                floor = json.loads(process.communicate("\n")[0])
            (confined, parts), (bare, _) = (
                grade(Judge(runner, side), runner, submissions, gradebook, clock) for runner in runners
            )
            if number == 0:
                # What is done once is done in it.
                continue
            note("warm floor: fork and wait", floor["ms"], floor["faults"])
            note("warm floor: its fork", floor["ms of forks"], floor["faults of forks"])
            note("warm floor, together", floor["ms"] + floor["ms of forks"])
            note("the student's process", confined["ms of forks"], confined["faults of forks"])
            confining = confined["ms of forks"] - bare["ms of forks"]
            note(
                "  of that for being confined",
                confining,
                confined["faults of forks"] - bare["faults of forks"],
            )
            note("the warm process: fork, watch, reap, wipe", confined["ms"], confined["faults"])
            note("the judge and the gradebook", sum(parts.values()))
            for name in (*(name for name, _, _ in _PARTS), _REST):
                note(f"  {name}", parts.get(name, 0))
            note("grader, together", confined["ms of forks"] + confined["ms"] + sum(parts.values()))
    table = Table(title=f"CPU of a submission, {arguments.students} students, {len(exercises)} exercises")
    for column in ("where", "ms (median of rounds)", "page faults"):
        table.add_column(column, justify="left" if column == "where" else "right")
    for name, values in rows.items():
        faults = median(faults for _, faults in values)
        table.add_row(name, f"{median(ms for ms, _ in values):.2f}", f"{faults:.0f}" if faults else "")
    console = Console()
    console.print(table)
    ratios = [
        ours / floor
        for (ours, _), (floor, _) in zip(rows["grader, together"], rows["warm floor, together"], strict=True)
    ]
    console.print(f"of the warm floor: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
