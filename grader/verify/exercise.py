"""The proof of one exercise: its reference passes, its stub earns nothing, known and automatic mistakes are caught."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.answers.file import read_source
from grader.checks.assertions import Comparison
from grader.course.files import files_of, name_in_course
from grader.errors import CourseError, Fault, SubmissionError
from grader.judge.evidence import Evidence
from grader.judge.probes import probe
from grader.judge.reference import line_of_function, read_reference
from grader.judge.reference_side import DEATHS, ReferenceSide, is_said, until_died
from grader.judge.run import CollectedChecks
from grader.judge.submission import SubmissionCaller
from grader.model import (
    CheckResult,
    Course,
    Exercise,
    Explanation,
    Isolation,
    Misconception,
    Source,
    Unit,
    Verdict,
)
from grader.verify.holes import Hole, HoleFinder, Ran, untouched
from grader.verify.questions import question_faults, wrong_answers
from grader.verify.shapes import shape_faults
from grader.verify.statements import file_faults, rules_of, unsaid_rules
from grader.verify.tolerance import CastCaller, differs, largest_difference, magnitude, noted_comparisons
from grader.verify.waivers import Waiver, apply_waivers, load_waivers

if TYPE_CHECKING:
    from grader.runner.process import SandboxedRunner
    from grader.verify.mutants import Mutant

WANTED_KILLED = 0.95
"""Share of an exercise's mutants, waived ones left out, that its checks must catch."""
_FLOAT32_STEPS = 16
"""Differences below this many steps of float32 are rounding."""
_NOISE_MARGIN = 10.0
"""A misconception's error counts as an error, and not as rounding, above this many times the noise."""


@dataclass(frozen=True, slots=True)
class Options:
    """How thoroughly a course is proved."""

    runs: int = 3
    """How often the reference is graded."""
    mutants: bool = True
    isolation: Isolation = "full"


@dataclass(frozen=True, slots=True)
class MisconceptionReport:
    """What became of one misconception."""

    id: str
    points: float
    """What it still earns."""
    is_caught: bool
    is_named: bool
    """Whether it was diagnosed as itself, or as the one that it is declared to equal."""
    named_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was found out about one exercise."""

    exercise: str
    checks: int
    visible_checks: int
    points: float
    misconceptions: tuple[MisconceptionReport, ...]
    known: int
    """How many known wrong answers the checks were tried with, those of the family too."""
    holes: tuple[Hole, ...]
    mutants: int
    killed: int
    waived: int
    survivors: tuple[Mutant, ...]
    faults: tuple[Fault, ...]
    seconds: float


class Proof:
    """The proof of one exercise."""

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        checks: CollectedChecks,
        options: Options,
        runners: Mapping[str, SandboxedRunner],
    ) -> None:
        self.course = course
        self.exercise = exercise
        self.checks = checks
        self.options = options
        self.runners = runners
        patience = exercise.limits.call_seconds
        self.reference = ReferenceSide(checks, lambda: runners["reference"], patience=patience)
        self.faults: list[Fault] = [
            *file_faults(course, exercise),
            *shape_faults(exercise),
            *question_faults(exercise),
        ]
        assert exercise.solution_folder is not None
        self.solutions = f"solutions/{exercise.solution_folder.name}"
        self.folder = exercise.solution_folder
        self._right: list[Ran] = []
        """What came of each check when the reference was graded last, and what it called."""

    def run(self) -> VerifyReport:
        """Prove it."""
        started = time.monotonic()
        blank = self.checks.blank_results(self.exercise)
        self.reference.open(self.exercise)
        passes = self._passes()
        noise = self._noise() if passes else {}
        self._stub()
        misconceptions = self._misconceptions(noise) if passes else ()
        waivers = self._waivers()
        known, holes, waived_holes = self._holes(waivers) if passes else (0, (), 0)
        kept, waived, survivors = self._mutants(waivers) if passes and self.options.mutants else ((), 0, ())
        # The runners are for the next exercise too.
        self.reference.forget_layers()
        return VerifyReport(
            exercise=self.exercise.id,
            checks=len(blank),
            visible_checks=sum(result.visible for result in blank),
            points=self.exercise.points,
            misconceptions=misconceptions,
            known=len(misconceptions) + known,
            holes=holes,
            mutants=len(kept),
            killed=len(kept) - len(survivors),
            waived=waived + waived_holes,
            survivors=survivors,
            faults=tuple(self.faults),
            seconds=time.monotonic() - started,
        )

    def fault(self, file: str, place: str, key: str, **values: Any) -> None:
        """Note that something falls short."""
        self.faults.append(Fault(file, place, Explanation(key, values)))

    def caller(self, source: Source, exercise: Exercise | None = None) -> closing[SubmissionCaller]:
        """Open what is tried."""
        tried = self.runners["tried"]
        return closing(SubmissionCaller(tried, source, exercise or self.exercise, is_limited=False))

    def _run(self, caller: SubmissionCaller) -> tuple[tuple[CheckResult, ...], Evidence]:
        run = tuple(self.reference.run_checks(self.exercise, caller))
        return tuple(result for result, _ in run), tuple(calls for _, calls in run)

    def _passes(self) -> bool:
        """Grade the reference several times; it passes every check every time, and the statements say what checks hold.

        Raises:
            CourseError: the reference, or a check, does not come to an end: whatever else is tried would wait for it again.
        """
        missed: dict[str, list[Fault]] = defaultdict(list)
        is_passed = True
        for _ in range(self.options.runs):
            self._right = []
            with self.caller(read_reference(self.exercise)) as caller:
                for result, calls in until_died(self.reference.run_checks(self.exercise, caller)):
                    self._right.append((result, calls))
                    is_passed &= result.verdict is Verdict.PASSED
                    fault = self.reference.fault(self.exercise, result)
                    if fault is not None and fault.explanation.key in (
                        "course.reference_died",
                        "course.check_endless",
                    ):
                        raise CourseError((fault,))
                    if fault is not None:
                        missed[result.name].append(fault)
        for name, faults in missed.items():
            fault, count = faults[-1], len(faults)
            if count < self.options.runs:
                file, place = self.checks.place(self.exercise, name)
                values = {"check": name, "count": count, "runs": self.options.runs}
                values |= {
                    "at": f"{file.rpartition('/')[2]}, {place}",
                    "why": fault.explanation.values.get("why"),
                }
                fault = replace(fault, explanation=Explanation("verify.flaky", values))
            self.faults += [] if is_said(fault, self.faults) else [fault]
        observed = [item for _, calls in self._right for item in calls]
        self.faults += unsaid_rules(self.course, self.exercise, rules_of(observed))
        return is_passed

    def _stub(self) -> None:
        """Grade the stub; it passes no check."""
        path = files_of(self.exercise).stub
        with self.caller(read_source(path.read_bytes(), path.name)) as caller:
            results, _ = self._run(caller)
            file = path.relative_to(self.course.root).as_posix()
            # One that does not come to an end has failed every check.
            with suppress(SubmissionError):
                for item in caller.loaded.failures:
                    # What uses a function that is still to be written may raise.
                    if item.explanation.key == "submission.load_no_module":
                        explanation = Explanation("verify.stub_module", item.explanation.values)
                        self.faults.append(Fault(file, f"line {item.line}", explanation))
        for result in results:
            if result.verdict is Verdict.PASSED:
                check, line = self.checks.place(self.exercise, result.name)
                own = line_of_function(path, result.call.partition("(")[0])
                at = (file, own) if own else (check, line)
                values = {"check": result.name, "points": f"{result.points:g}"}
                self.fault(*at, "verify.stub_earns", **values, at=f"{check.rpartition('/')[2]}, {line}")

    def _misconceptions(self, noise: dict[tuple[str, int], float]) -> tuple[MisconceptionReport, ...]:
        known = self.reference.misconceptions(self.exercise)
        file = f"{self.solutions}/misconceptions.py"
        # All are tried before one is named: those that come to no end would be asked with every other one.
        tried = [self._tried(item, file) for item in known]
        reports = []
        for item, (results, evidence, noted) in zip(known, tried, strict=True):
            if not self._is_of_exercise(item, file):
                continue
            reports.append(self._misconception(item, file, results, evidence))
            self._hidden_by_tolerance(item, file, results, noted, noise)
        # Where nothing is to be programmed (a quiz, a question that a person grades), nothing is known to go wrong.
        if not known and not {*self.exercise.functions} <= {*self.exercise.variables}:
            self.fault(file, "", "verify.no_misconceptions")
        return tuple(reports)

    def _is_of_exercise(self, item: Misconception, file: str) -> bool:
        """Return whether a misconception replaces what the exercise asks for, and note where it does not."""
        foreign = [name for name in item.functions if name not in self.exercise.functions]
        if foreign:
            values = {"id": item.id, "name": foreign[0], "known": ", ".join(self.exercise.functions)}
            self.fault(file, f"line {item.line}", "verify.misconception_function", **values)
        return not foreign

    def _tried(
        self, item: Misconception, file: str
    ) -> tuple[tuple[CheckResult, ...], Evidence, dict[str, list[Comparison]]]:
        """Run the checks against a misconception; return what came of them.

        Raises:
            CourseError: it comes to no end.
        """
        # Bans hold for students; a known wrong answer may take a short way.
        exercise = replace(self.exercise, banned={})
        with self.caller(read_reference(exercise), exercise) as caller, noted_comparisons() as noted:
            caller.choose(item.id)
            run = tuple(
                until_died(
                    self.reference.run_checks(exercise, caller, untouched(self._right, item.functions))
                )
            )
            results, evidence = tuple(result for result, _ in run), tuple(calls for _, calls in run)
            if results and results[-1].verdict in DEATHS:
                # No value comes of it that a student's could be compared with.
                values = {"id": item.id, "check": results[-1].name, "why": results[-1].explanation}
                explanation = Explanation("verify.misconception_dies", values)
                raise CourseError((Fault(file, f"line {item.line}", explanation),))
            evidence += (probe(caller, partial(self.reference.script, exercise), results, evidence),)
        return results, evidence, noted

    def _misconception(
        self, item: Misconception, file: str, results: tuple[CheckResult, ...], evidence: Evidence
    ) -> MisconceptionReport:
        place = f"line {item.line}"
        is_caught = any(result.verdict is not Verdict.PASSED for result in results)
        broken = next((result for result in results if result.verdict is Verdict.UNGRADED), None)
        named: tuple[str, ...] = ()
        if broken is not None:
            self.fault(file, place, "verify.misconception_broken", id=item.id, why=broken.explanation)
        elif not is_caught:
            self.fault(file, place, "verify.misconception_passes", id=item.id)
        else:
            diagnosed = self.reference.diagnose(self.exercise, results, evidence)
            found = [result.misconception.id for result in diagnosed if result.misconception is not None]
            named = tuple(sorted(set(found)))
            raised = next((result for result in results if result.verdict is Verdict.ERROR), None)
            if not named and raised is not None:
                why = raised.explanation
                self.fault(file, place, "verify.misconception_crashes", id=item.id, why=why)
            elif not named and _is_told_by_checks(results, evidence):
                named = (item.id,)
            elif not named:
                self.fault(file, place, "verify.misconception_nameless", id=item.id)
            elif not set(named) & {item.id, item.same_as}:
                values = {"id": item.id, "named": ", ".join(named)}
                self.fault(file, place, "verify.misconception_unnamed", **values)
        return MisconceptionReport(
            id=item.id,
            points=sum(result.earned for result in results),
            is_caught=is_caught,
            is_named=bool(set(named) & {item.id, item.same_as}),
            named_as=named,
        )

    def _hidden_by_tolerance(
        self,
        item: Misconception,
        file: str,
        results: Sequence[CheckResult],
        noted: dict[str, list[Comparison]],
        noise: dict[tuple[str, int], float],
    ) -> None:
        """Note a comparison that passes although the misconception's value is off by more than rounding."""
        for result in results:
            for index, comparison in enumerate(noted.get(result.name, ())):
                if differs(comparison.actual, comparison.expected, comparison):
                    continue
                error = largest_difference(comparison.actual, comparison.expected)
                rounding = noise.get((result.name, index))
                # Keras computes in float32, whatever it is given.
                least = (
                    _FLOAT32_STEPS
                    * float(np.finfo(np.float32).eps)
                    * max(1.0, magnitude(comparison.expected))
                )
                if rounding is not None and error > max(_NOISE_MARGIN * rounding, least):
                    values = {"id": item.id, "check": result.name, "error": f"{error:.2g}"}
                    self.fault(file, f"line {item.line}", "verify.tolerance_hides", **values)

    def _noise(self) -> dict[tuple[str, int], float]:
        """Return by how much the reference differs between float32 and float64, for each comparison of a check."""
        runs = []
        for dtype in (np.float32, np.float64):
            with self.caller(read_reference(self.exercise)) as caller, noted_comparisons() as noted:
                self._run(CastCaller(caller, dtype))
            runs.append(noted)
        noise: dict[tuple[str, int], float] = {}
        for name, narrow in runs[0].items():
            for index, (low, high) in enumerate(zip(narrow, runs[1].get(name, ()), strict=False)):
                rounding = largest_difference(low.actual, high.actual)
                # Where the expected value is a literal, its own digits are a limit too.
                noise[name, index] = max(rounding, largest_difference(high.actual, high.expected))
                # Layers with random weights differ by themselves: no rounding.
                is_rounding = rounding < 1e-2 * max(1.0, magnitude(high.actual))
                if is_rounding and differs(low.actual, high.actual, low):
                    values = {"check": name, "error": f"{rounding:.2g}"}
                    self.fault(f"{self.solutions}/solution.py", "", "verify.tolerance_below_noise", **values)
        return noise

    def _waivers(self) -> tuple[Waiver, ...]:
        path = self.folder / "waivers.yml"
        return load_waivers(path) if path.is_file() else ()

    def _holes(self, waivers: Sequence[Waiver]) -> tuple[int, tuple[Hole, ...], int]:
        """Look for the family's mistakes that no check catches; return how many there are in all, the holes, the waived."""
        files = files_of(self.exercise).family
        known, found = 0, tuple[Hole, ...]()
        if files:
            file, unlike = name_in_course(files[0]), None
            try:
                finder = HoleFinder(self.exercise, self.reference, self.runners["tried"])
                known, found, unlike = finder.find()
            except SubmissionError as error:
                values = {"exercise": self.exercise.id, "why": error.explanation}
                self.fault(file, "", "verify.no_inputs", **values)
            else:
                if not known:
                    values = {"exercise": self.exercise.id, "functions": ", ".join(self.exercise.functions)}
                    self.fault(file, "", "verify.family_unused", **values)
            if unlike is not None:
                values = {"exercise": self.exercise.id, **asdict(unlike)}
                self.fault(file, line_of_function(files[0], "run"), "verify.family_unlike", **values)
        holes, waived, stale = apply_waivers(found, [item for item in waivers if not item.is_mutant])
        self.faults += stale
        for hole in holes:
            key = "verify.hole_later" if hole.memory else "verify.hole"
            self.fault(f"{self.solutions}/test_{self.exercise.id}_hidden.py", "", key, **asdict(hole))
        return known, holes, len(waived)

    def _mutants(self, waivers: Sequence[Waiver]) -> tuple[tuple[Mutant, ...], int, tuple[Mutant, ...]]:
        """Try every automatic mutant; return those that count, how many are waived, and which survive."""
        # The mutation library takes half a second to import: only those who verify pay for it.
        from grader.verify.mutants import make_mutants

        made = make_mutants((self.folder / "solution.py").read_text(encoding="utf-8-sig"))
        kept, waived, stale = apply_waivers(made, [item for item in waivers if item.is_mutant])
        self.faults += stale
        # A mutant that loops is as dead as one that is wrong: no need to wait for it as for a student.
        limits = self.exercise.limits
        short = replace(limits, call_seconds=min(limits.call_seconds, 10.0))
        exercise = replace(self.exercise, limits=short, banned={})
        survivors = []
        for mutant in kept:
            source = Source((Unit("solution.py", mutant.source, "solution"),))
            with self.caller(source, exercise) as caller:
                # Nothing is run after the first check that does not pass.
                run = self.reference.run_checks(exercise, caller)
                passes = all(result.verdict is Verdict.PASSED for result, _ in run)
                if passes and not [*wrong_answers(self.exercise, mutant.source.encode())]:
                    survivors.append(mutant)
        killed = len(kept) - len(survivors)
        if kept and killed < WANTED_KILLED * len(kept):
            values = {"killed": killed, "total": len(kept), "wanted": f"{WANTED_KILLED:.0%}"}
            self.fault(f"{self.solutions}/test_{self.exercise.id}_hidden.py", "", "verify.mutants", **values)
        return tuple(kept), len(waived), tuple(survivors)


def _is_told_by_checks(results: Sequence[CheckResult], evidence: Evidence) -> bool:
    """Return whether all failed checks ask for files or time: they say themselves what is wrong, and nothing is named by it."""
    return all(
        any(observed.is_more_asked for observed in calls)
        for result, calls in zip(results, evidence, strict=False)
        if result.verdict is Verdict.FAILED
    )
