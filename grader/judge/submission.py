"""Call a submission's code in a runner, within its limits of time, or the reference's without them."""

from __future__ import annotations

import itertools
from dataclasses import replace

from grader.bans.search import find_forbidden
from grader.errors import SubmissionError
from grader.judge.loading import Loading
from grader.model import Exercise, Explanation, Misconception, Source, Verdict
from grader.runner.call import Call
from grader.runner.replies import Loaded, Reply
from grader.runner.session import Runner, Session

_GENERATIONS = itertools.count(1)


class SubmissionCaller:
    """Calls a submission's functions; opens it again after it died, within the time that it has in all."""

    def __init__(
        self, runner: Runner, source: Source, exercise: Exercise, *, is_limited: bool = True
    ) -> None:
        """Prepare to call; `is_limited` is False for the reference, which answers for a whole class."""
        self._runner = runner
        self._source = replace(source, seed=exercise.seed)
        self._exercise = exercise
        self._is_limited = is_limited
        self._forbidden = find_forbidden(source, exercise.banned)
        self._stopped: dict[str, set[int]] = {}
        self._loading = Loading()
        self._loaded: Loaded | None = None
        self._session: Session | None = None
        self._unopenable: SubmissionError | None = None
        self._chosen = ""
        self.generation = 0
        """The number of the process that it is open in; no two processes have the same."""
        self._spent_before = 0.0
        """Seconds that the student's code has had in sessions that are closed."""
        self._output = ""

    def call(self, call: Call) -> Reply:
        """Call a function, or call or describe a layer that the submission made.

        Raises:
            SubmissionError: the verdict of the call: it raised, died, is banned, is missing, the time is used up.
        """
        self._refuse_forbidden(call)
        session = self._opened()
        # Opening it may have shown that a later definition is not in force.
        self._refuse_forbidden(call)
        if call.target is None and call.function not in session.loaded.functions:
            raise self._loading.missing(call.function, self._source, session.loaded)
        try:
            return session.call(call)
        except SubmissionError as error:
            raise error if call.target else self._loading.raised(error, call.function, self._source) from None
        finally:
            self._keep_last_words(session)

    def _refuse_forbidden(self, call: Call) -> None:
        if call.target is None and call.function in self._forbidden:
            raise SubmissionError(Verdict.FORBIDDEN, self._forbidden[call.function])

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the misconceptions that lie beside the reference."""
        return self._opened().loaded.misconceptions

    def choose(self, misconception: str) -> None:
        """Let a misconception answer from now on, or with an empty name the reference again."""
        self._chosen = misconception
        self._opened().choose(misconception)

    def _opened(self) -> Session:
        if self._unopenable is not None:
            # What looped or crashed when it was executed does so again: once is enough.
            raise self._unopenable
        limit = self._exercise.limits.submission_seconds
        if self._is_limited and self._spent > limit:
            raise SubmissionError(Verdict.TIMEOUT, Explanation("submission.time_used_up", {"seconds": limit}))
        if self._session is None or self._session.dead:
            self.close()
            try:
                self._session = self._open()
                self._note_stopped(self._session)
                self.generation = next(_GENERATIONS)
                if self._chosen:
                    self._session.choose(self._chosen)
            except SubmissionError as error:
                self._unopenable = error
                raise
        return self._session

    def _open(self) -> Session:
        """Execute the file; what ends its process or takes too long is left out, and the rest is executed again.

        The bans are looked at again before anything is called, for what was left out replaces no definition.
        """
        data = self._exercise.id if self._exercise.data_folder is not None else ""
        while True:
            try:
                return self._runner.open(self._source, self._exercise.limits, data=data)
            except SubmissionError as error:
                rest = self._loading.without(self._source, error, self._exercise.functions)
                if rest is None or not self._is_limited:
                    raise
                self._source = rest

    def _note_stopped(self, session: Session) -> None:
        """Look at the bans again where a statement was not executed to its end: its definition may not be in force."""
        self._loaded = session.loaded
        stopped = {unit.name: set(unit.left_out) for unit in self._source.units if unit.left_out}
        for failure in session.loaded.failures:
            stopped.setdefault(failure.unit, set()).add(failure.line)
        if stopped != self._stopped:
            self._stopped = stopped
            self._forbidden = find_forbidden(self._source, self._exercise.banned, stopped)

    @property
    def _spent(self) -> float:
        """Return the seconds that the student's code has had; the start of a warm process is not among them."""
        return self._spent_before + (self._session.seconds if self._session is not None else 0.0)

    @property
    def notes(self) -> tuple[Explanation, ...]:
        """Return what is to be said of the file as a whole: why it or a part of it was not executed."""
        if self._unopenable is not None:
            return (self._unopenable.explanation,)
        return self._loading.notes(self._source, self._loaded)

    def _keep_last_words(self, session: Session) -> None:
        if session.dead:
            self._output += session.take_output()

    def take_output(self) -> str:
        """Return what was printed since the last time."""
        output, self._output = self._output, ""
        return output + (self._session.take_output() if self._session is not None else "")

    def close(self) -> None:
        """End the submission's process."""
        if self._session is not None:
            self._spent_before += self._session.seconds
            self._session.close()
            self._session = None
