"""Which mistakes are named in answers that nobody here has seen, and what naming costs.

  python benchmarks/naming.py [--changes 1000] [--seed 0] [--sample 50] [--students 200] [--exercise ex05]
      [--rounds 3] [--only names|costs|class]

names   the right answers of `right_answers/` in a dozen styles, each changed in one place (`one_change.py`), are graded in
        the sandbox. Of those that fail a check: how many are named, how many are told a symptom; and a sample with the
        changed line beside the name, for a person to judge. A name is counted as refuted by the changed line where it speaks of
        something (padding, a dtype, the bias, ...) of which the line before and after the change has no trace: an estimate,
        for what a line does is not always in its words
costs   CPU of a failing submission, everything that it takes in all processes: when its kind of mistake comes for the first time
        (cold), when it comes again (warm), and without naming, in turn; each is the least of the rounds
class   a class of which every second answer is wrong, with and without naming in turn, from the first submission taken to
        the last grade committed; the ratio within one round is what counts, and that of the CPU where the machine is shared
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, median

from memory import descendants
from one_change import ANSWERS, Change, changes
from rich.console import Console
from rich.table import Table
from throughput import ROOT

from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.grading.local import LocalSlots
from grader.grading.plan import plan_class
from grader.grading.run import grade_class
from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.judge.run import CollectedChecks
from grader.judge.symptoms import SYMPTOMS
from grader.model import Course, Grade, Submission, Verdict
from grader.runner.process import SandboxedRunner
from grader.runner.start import start_runner

_TICK = os.sysconf("SC_CLK_TCK")

SPEAKS_OF = {
    "padding": (
        "pad|same|edge-of|zeros-win",
        r"pad|same|valid|inf|lowest|constant|before|bottom|right|top|left|first|last",
    ),
    "dtype": (
        "dtype|float|int|cast|trunc|after-the-point",
        r"dtype|astype|int|float|zeros|empty|//|array|result|tolist",
    ),
    "bias": ("bias", r"bias|\bb\b"),
    "activation": ("activation|relu|negative", r"activation|relu|maximum|< 0"),
    "filters": ("filter", r"filter|\bf\b|kernel|bias|weights|index"),
    "channels": ("channel", r"\bc\b|channel|shape|reshape|transpose|axis|stack|kernel|weights|, 0"),
    "images": ("batch|each-image|images", r"\bn\b|batch|image|len\(x\)|shape|axis|x\[|stack|range"),
}
"""What names speak of: how their ids say it, and what a line has that can be its cause."""


@dataclass(frozen=True)
class Told:
    """What was said of a changed answer."""

    change: Change
    grade: Grade

    @property
    def has_failed(self) -> bool:
        """Return whether a check failed or raised: what ran into a limit is not named."""
        return any(check.verdict in (Verdict.FAILED, Verdict.ERROR) for check in self.grade.checks)

    @property
    def has_looped(self) -> bool:
        """Return whether a check ran into a limit of time: its seconds would hide what naming costs."""
        return any(check.verdict is Verdict.TIMEOUT for check in self.grade.checks)

    @property
    def only_raises(self) -> bool:
        """Return whether no check got as far as to a wrong value."""
        return not any(check.verdict is Verdict.FAILED for check in self.grade.checks)

    @property
    def names(self) -> list[str]:
        """Return the ids that are told, mistakes and symptoms."""
        found = (check.misconception for check in self.grade.checks)
        return list(dict.fromkeys(item.id for item in found if item is not None))

    @property
    def is_symptom(self) -> bool:
        """Return whether a symptom is told, which is true whatever was done."""
        return any(name in SYMPTOMS for name in self.names)

    @property
    def foreign(self) -> list[str]:
        """Return what the names speak of and the changed line has no trace of."""
        line = f"{self.change.before} {self.change.after}"
        return [
            what
            for what, (said, traces) in SPEAKS_OF.items()
            if any(re.search(said, name) for name in self.names) and not re.search(traces, line)
        ]


class Bench:
    """Grades changed answers in one process, with the runners of all exercises."""

    def __init__(self, course: Course, stack: ExitStack) -> None:
        # What loops is of no interest here.
        exercises = tuple(
            replace(item, limits=replace(item.limits, call_seconds=1.0, check_seconds=2.0))
            for item in course.exercises
        )
        self.course = replace(course, exercises=exercises)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-benchmark-")))
        self._tried = stack.enter_context(start_runner(course, "full", 900))
        self._compared = stack.enter_context(start_runner(course, "full", 901))
        self._stack = stack

    def checks(self, exercise: str) -> CollectedChecks:
        """Collect an exercise's checks."""
        chosen = [item for item in self.course.exercises if item.id == exercise]
        return self._stack.enter_context(collected(self.course, chosen))

    def judge(self, checks: CollectedChecks, exercise: str, *, is_naming: bool = True) -> Judge:
        """Return a judge that has met no wrong answer yet."""
        side = ReferenceSide(checks, lambda: _Kept(self._compared), is_naming=is_naming)
        side.prove([side.exercise(exercise)])
        return Judge(self._tried, side)

    def submission(self, change: Change, number: int) -> Submission:
        """Hand a changed answer in."""
        path = self.folder / f"{number:04d}-{change.exercise}.py"
        path.write_text(change.code, encoding="utf-8")
        return Submission(f"student{number:04d}", change.exercise, path)


class _Kept:
    """A runner that outlives who uses it."""

    def __init__(self, runner: SandboxedRunner) -> None:
        self.open = runner.open

    def close(self) -> None:
        """Leave it open."""


def cpu_seconds() -> float:
    """Return the CPU time of this process and of all that it has started, those that have ended included."""
    total = 0
    for process in descendants(os.getpid()):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / _TICK


def grouped(made: Sequence[Change]) -> dict[str, list[tuple[int, Change]]]:
    """Return the changes of each exercise, with their numbers."""
    rows: dict[str, list[tuple[int, Change]]] = {}
    for number, change in enumerate(made):
        rows.setdefault(change.exercise, []).append((number, change))
    return dict(sorted(rows.items()))


def told(course: Course, made: Sequence[Change], most: int) -> Iterator[Told]:
    """Grade the changed answers, of each exercise until so many have failed."""
    with ExitStack() as stack:
        bench = Bench(course, stack)
        for exercise, rows in grouped(made).items():
            judge = bench.judge(bench.checks(exercise), exercise)
            graded = (Told(item, judge.grade(bench.submission(item, number))) for number, item in rows)
            failed = 0
            while failed < most and (item := next(graded, None)) is not None:
                failed += item.has_failed and not item.has_looped
                yield item
            judge._reference.close()


def show_names(console: Console, all_told: Sequence[Told], sample: int, seed: int) -> None:
    """Print how many are named, and some for a person to judge."""
    failed = [item for item in all_told if item.has_failed]
    if not failed:
        raise SystemExit("no answer failed a check, so nothing was measured")
    named = [item for item in failed if item.names and not item.is_symptom]
    symptoms = [item for item in failed if item.is_symptom]
    raising = [item for item in failed if item.only_raises]
    refuted = [item for item in named if item.foreign]
    table = Table(
        title=f"{len(all_told)} answers changed in one place, {len({i.change.style for i in all_told})} styles"
    )
    table.add_column("")
    table.add_column("answers", justify="right")
    table.add_column("of those that fail", justify="right")
    for name, rows in {
        "fail a check": failed,
        "a mistake is named": named,
        "a symptom is told": symptoms,
        "something is told": [*named, *symptoms],
        "nothing is told, and no wrong value is seen": [item for item in raising if not item.names],
        "named, and refuted by the changed line": refuted,
    }.items():
        table.add_row(name, str(len(rows)), f"{100 * len(rows) / len(failed):.1f} %")
    console.print(table)
    for title, rows in {
        "refuted by the changed line": refuted,
        f"a sample of {sample} to judge": random.Random(seed).sample(named, min(sample, len(named))),
    }.items():
        console.print(f"\n{title}:")
        for item in rows:
            change = item.change
            about = f" ({', '.join(item.foreign)}?)" if item.foreign else ""
            console.print(f"  {', '.join(item.names)}{about}", style="bold")
            console.print(
                f"    {change.style}:{change.line}: {change.before}  ->  {change.after}",
                highlight=False,
                markup=False,
            )


def show_costs(console: Console, course: Course, all_told: Sequence[Told], kinds: int, rounds: int) -> None:
    """Print what naming costs in each exercise; of each kind of failure one answer is taken."""
    table = Table(title=f"CPU of a failing submission, ms; the least of {rounds} rounds")
    for heading in ("exercise", "kinds", "without naming", "first of all", "cold", "warm"):
        table.add_column(heading, justify="left" if heading == "exercise" else "right")
    more: list[tuple[float, float]] = []
    with ExitStack() as stack:
        bench = Bench(course, stack)
        taken = [item.change for item in all_told if item.has_failed and not item.has_looped]
        for exercise, rows in grouped(taken).items():
            submissions = [bench.submission(change, number) for number, change in rows[:kinds]]
            checks = bench.checks(exercise)
            plain, first, cold, warm = [], [], [], []
            for _ in range(rounds):
                judge = bench.judge(checks, exercise)
                first.append(_seconds_each(judge, submissions[:1]))
                cold.append(_seconds_each(judge, submissions[1:]))
                warm.append(_seconds_each(judge, submissions))
                judge._reference.close()
                judge = bench.judge(checks, exercise, is_naming=False)
                plain.append(_seconds_each(judge, submissions))
                judge._reference.close()
            base = min(plain)
            more.append((min(cold) - base, min(warm) - base))
            added = [f"+{1000 * (min(values) - base):.1f}" for values in (first, cold, warm)]
            console.print(f"{exercise}: cold {added[1]}, warm {added[2]} ms")
            table.add_row(exercise, str(len(submissions)), f"{1000 * base:.1f}", *added)
    table.add_row("mean", "", "", "", *(f"+{1000 * mean(values):.1f}" for values in zip(*more, strict=True)))
    console.print(table)


def _seconds_each(judge: Judge, submissions: Sequence[Submission]) -> float:
    started = cpu_seconds()
    for submission in submissions:
        judge.grade(submission)
    return (cpu_seconds() - started) / len(submissions)


def show_class(
    console: Console,
    course: Course,
    all_told: Sequence[Told],
    exercise: str,
    students: int,
    jobs: int,
    rounds: int,
) -> None:
    """Print how long a class takes, half of which is wrong."""
    wrong = [item.change for item in all_told if item.has_failed and item.change.exercise == exercise]
    right = [path.read_text(encoding="utf-8") for path in sorted(ANSWERS.glob(f"{exercise}_*.py"))]
    ratios: dict[str, list[float]] = {"wall": [], "CPU": []}
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as name:
        submissions = []
        for number in range(students):
            path = Path(name) / f"student{number:04d}.py"
            code = wrong[number // 2 % len(wrong)].code if number % 2 else right[number % len(right)]
            path.write_text(f"{code}\n# student {number}\n", encoding="utf-8")
            submissions.append(Submission(path.stem, exercise, path))
        for turn in range(rounds):
            took = {}
            for is_naming in (False, True) if turn % 2 else (True, False):
                used: list[float] = []

                def note(grade: Grade, used: list[float] = used) -> None:
                    used.append(cpu_seconds())

                with Gradebook(Path(name) / f"{turn}-{is_naming}.db", course.id) as gradebook:
                    plan = plan_class(course, submissions, gradebook)
                    slots = LocalSlots(jobs, is_naming=is_naming)
                    outcome = grade_class(course, plan, gradebook, {}, slots, on_grade=note)
                took[is_naming] = outcome.seconds, used[-1] - used[0]
            for at, kind in enumerate(ratios):
                ratios[kind].append(took[True][at] / took[False][at])
            console.print(
                f"round {turn + 1}: {exercise}, {students} students, half of them wrong: "
                f"{took[True][0]:.1f} s with naming, {took[False][0]:.1f} s without; "
                f"CPU {took[True][1]:.1f} s and {took[False][1]:.1f} s"
            )
    shown = ", ".join(f"{kind} {median(values):.2f}" for kind, values in ratios.items())
    console.print(f"with naming it takes so many times as long (median): {shown}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument(
        "--kinds", type=int, default=12, help="failing answers of an exercise whose costs are measured"
    )
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument(
        "--exercise", action="append", help="of these alone [default: all; ex05 and ex12 as classes]"
    )
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("names", "costs", "class"), action="append")
    arguments = parser.parse_args()
    wanted = arguments.only or ["names", "costs", "class"]
    console = Console(width=200 if not os.isatty(1) else None)
    course = load_course(ROOT)
    started = time.perf_counter()
    classes = arguments.exercise or ["ex05", "ex12"]
    made = changes(arguments.changes, arguments.seed)
    if wanted == ["class"] or arguments.exercise:
        made = [change for change in made if change.exercise in classes]
    all_told = list(told(course, made, arguments.kinds if wanted == ["costs"] else len(made)))
    console.print(f"graded in {time.perf_counter() - started:.0f} s")
    if "names" in wanted:
        show_names(console, all_told, arguments.sample, arguments.seed)
    if "costs" in wanted:
        show_costs(console, course, all_told, arguments.kinds, arguments.rounds)
    if "class" in wanted:
        for exercise in classes:
            show_class(
                console, course, all_told, exercise, arguments.students, arguments.jobs, arguments.rounds
            )


if __name__ == "__main__":
    main()
