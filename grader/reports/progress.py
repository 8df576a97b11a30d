"""How far a class is: a bar in a terminal, plain lines elsewhere, or one JSON object a line for other programs."""

from __future__ import annotations

import json
import sys
import time
from typing import IO, Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from grader.messages.sentences import text
from grader.model import Grade, Language, Verdict

_LINE_SECONDS = 10.0
"""Between two lines where there is no terminal."""


class ClassProgress:
    """What grading a class reports to; this one counts, and shows nothing."""

    def __init__(self) -> None:
        self.total = self.done = self.failures = 0
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self, *, submissions: int, kept: int, exercises: int) -> None:
        """Say what there is to do: submissions to be graded, those whose grade is kept, exercises to be proved."""
        self.total = submissions

    def reference(self, exercise: str) -> None:
        """Say that an exercise's reference passed its checks."""

    def grade(self, grade: Grade) -> None:
        """Say that a grade is committed."""
        if self.done == 0:
            # The rate is that of grading; starting up is told apart.
            self._started = time.monotonic()
        self.done += 1
        self.failures += not grade.verdict.is_fine and grade.verdict is not Verdict.NOT_ATTEMPTED

    @property
    def rate(self) -> float:
        """Return how many grades come in a second."""
        seconds = time.monotonic() - self._started
        return (self.done - 1) / seconds if self.done > 1 and seconds > 0 else 0.0


class BarProgress(ClassProgress):
    """A bar with count, rate, time left and failures so far."""

    def __init__(self, language: Language, stream: IO[str]) -> None:
        super().__init__()
        self._language = language
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[facts]}"),
        )
        self._progress = Progress(*columns, console=Console(file=stream), transient=True)
        self._reference: TaskID | None = None
        self._grading: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def start(self, *, submissions: int, kept: int, exercises: int) -> None:
        """Show what there is to do."""
        super().start(submissions=submissions, kept=kept, exercises=exercises)
        self._reference = self._progress.add_task(
            text("cli.starting", self._language), total=exercises, facts=""
        )
        self._grading = self._progress.add_task(
            text("cli.grading", self._language), total=submissions, facts=""
        )

    def reference(self, exercise: str) -> None:
        """Move the bar of the references."""
        if self._reference is not None:
            self._progress.advance(self._reference)

    def grade(self, grade: Grade) -> None:
        """Move the bar of the submissions."""
        super().grade(grade)
        facts = text("cli.rate", self._language, rate=self.rate, failures=self.failures)
        if self._grading is not None:
            self._progress.update(self._grading, advance=1, facts=facts)


class LineProgress(ClassProgress):
    """A line now and then, for logs."""

    def __init__(self, language: Language, stream: IO[str]) -> None:
        super().__init__()
        self._language = language
        self._stream = stream
        self._last = time.monotonic()

    def start(self, *, submissions: int, kept: int, exercises: int) -> None:
        """Say what there is to do."""
        super().start(submissions=submissions, kept=kept, exercises=exercises)
        self._print(text("cli.to_do", self._language, submissions=submissions, kept=kept))

    def grade(self, grade: Grade) -> None:
        """Say how far it is, not too often."""
        super().grade(grade)
        now = time.monotonic()
        rate = self.rate
        # One grade alone tells no rate, and so not how long the others will take.
        if now - self._last < _LINE_SECONDS or not rate:
            return
        self._last = now
        left = (self.total - self.done) / rate
        self._print(
            text(
                "cli.so_far",
                self._language,
                done=self.done,
                total=self.total,
                rate=rate,
                left=f"{int(left) // 60}:{int(left) % 60:02d}",
                failures=self.failures,
            )
        )

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class JsonProgress(ClassProgress):
    """One JSON object a line; `docs/grading.md` describes them."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__()
        self._stream = stream

    def start(self, *, submissions: int, kept: int, exercises: int) -> None:
        """Say what there is to do."""
        super().start(submissions=submissions, kept=kept, exercises=exercises)
        self.event("start", submissions=submissions, kept=kept, exercises=exercises)

    def reference(self, exercise: str) -> None:
        """Say that a reference passed."""
        self.event("reference", exercise=exercise)

    def grade(self, grade: Grade) -> None:
        """Say what came of a submission."""
        super().grade(grade)
        self.event(
            "grade",
            student=grade.student,
            exercise=grade.exercise,
            path=grade.path,
            verdict=grade.verdict.value,
            points=None if grade.verdict is Verdict.UNGRADED else grade.points,
            possible=grade.possible,
            seconds=round(grade.seconds, 4),
            done=self.done,
            total=self.total,
        )

    def event(self, name: str, **values: Any) -> None:
        """Print an event."""
        print(json.dumps({"event": name, **values}, ensure_ascii=False), file=self._stream, flush=True)


def class_progress(language: Language, *, as_json: bool) -> ClassProgress:
    """Return what fits where the output goes."""
    if as_json:
        return JsonProgress(sys.stdout)
    if sys.stderr.isatty():
        return BarProgress(language, sys.stderr)
    return LineProgress(language, sys.stderr)
