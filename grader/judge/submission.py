"""Call a submission's code in a runner, within its limits of time, or the reference's without them."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grader.bans.search import find_forbidden
from grader.checks.remote import format_call
from grader.errors import SubmissionError
from grader.judge.loading import Loading
from grader.model import CheckResult, Exercise, Explanation, Misconception, Source, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Candidate, Loaded, Reply, TooSlow
from grader.runner.session import Runner, Session

_GENERATIONS = itertools.count(1)
_MOST_TIMEOUTS = 2
"""How often a function may run into a limit of time before it is not called again."""


class SubmissionCaller:
    """Calls a submission's functions, within the time that each check has; opens it again after it died."""

    def __init__(
        self,
        runner: Runner,
        source: Source,
        exercise: Exercise,
        *,
        is_limited: bool = True,
        known_loops: Iterable[CheckResult] = (),
    ) -> None:
        """Prepare to call; `is_limited` is False for the reference, which answers for a whole class.

        What is known to loop (`Submission.known_loops`) is not called again.
        """
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
        self._known_loops: dict[str, tuple[str, SubmissionError]] = {}
        """Check -> its call that loops, and what comes of it."""
        for result in known_loops:
            if result.explanation is not None:
                error = SubmissionError(Verdict.TIMEOUT, result.explanation)
                if result.explanation.key == "submission.load_timeout":
                    self._unopenable = error
                else:
                    self._known_loops[result.name] = (result.call, error)
        self._chosen = ""
        self.generation = 0
        """The number of the process that it is open in; no two processes have the same."""
        self._check = ""
        self._spent = defaultdict[str, float](float)
        """Function -> the seconds that its calls took in this check."""
        self._timeouts = Counter[str]()
        """Function -> how often it ran into a limit of time."""
        self._makers: dict[int, str] = {}
        """Layer in the open process -> the function that made it."""
        self._output = ""
        self._printed_too_much = False

    def begin_check(self, name: str = "") -> None:
        """Give the next check its own time; of a process that has little CPU time left it gets a new one."""
        self._check, limits = name, self._exercise.limits
        self._spent.clear()
        spare = max(1.0, limits.cpu_seconds - limits.load_seconds - limits.check_seconds)
        if self._is_limited and self._session is not None and self._session.seconds > spare:
            self.close()

    def call(self, call: Call) -> Reply:
        """Call a function, or call or describe a layer that the submission made.

        Raises:
            SubmissionError: the verdict of the call: it raised, died, is banned, is missing, took too long.
        """
        self._refuse_forbidden(call)
        function = call.function if call.target is None else self._makers.get(call.target.number, "")
        if self._is_limited and self._timeouts[function] >= _MOST_TIMEOUTS:
            raise SubmissionError(
                Verdict.TIMEOUT, Explanation("submission.not_called", {"function": function})
            )
        looping, error = self._known_loops.get(self._check, ("", None))
        if error is not None and looping == format_call(call.function, call.args, call.kwargs):
            self._timeouts[function] += 1
            raise error
        if self._is_limited and self._left <= 0:
            raise self._used_up()
        session = self._opened()
        # Opening it may have shown that a later definition is not in force.
        self._refuse_forbidden(call)
        if call.target is None and call.function not in session.loaded.functions:
            raise self._loading.missing(call.function, self._source, session.loaded)
        try:
            reply = self._answer(session, call, function)
        except SubmissionError as error:
            raise error if call.target else self._loading.raised(error, call.function, self._source) from None
        finally:
            self._keep_last_words(session)
        for handle in wire.handles_in(reply.value):
            self._makers.setdefault(handle.number, function)
        return reply

    def _answer(self, session: Session, call: Call, function: str) -> Reply:
        """Make a call within what is left of the check's time; who ran into its limit is the function that took most."""
        if not self._is_limited:
            return session.call(call)
        before, left = session.seconds, self._left
        try:
            try:
                return session.call(call, left)
            finally:
                self._spent[function] += session.seconds - before
        except SubmissionError as error:
            if error.explanation.key == "submission.timeout" and left < self._exercise.limits.call_seconds:
                self._timeouts[max(self._spent, key=self._spent.__getitem__)] += 1
                raise self._used_up() from error
            self._timeouts[function] += error.verdict is Verdict.TIMEOUT
            raise

    @property
    def _left(self) -> float:
        """Return what is left of the check's time."""
        return self._exercise.limits.check_seconds - sum(self._spent.values())

    def _used_up(self) -> SubmissionError:
        values = {"seconds": self._exercise.limits.check_seconds}
        return SubmissionError(Verdict.TIMEOUT, Explanation("submission.time_used_up", values))

    def _refuse_forbidden(self, call: Call) -> None:
        if call.target is None and call.function in self._forbidden:
            raise SubmissionError(Verdict.FORBIDDEN, self._forbidden[call.function])

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the misconceptions that lie beside the reference."""
        return self._opened().loaded.misconceptions

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known wrong answer beside the reference, in the order in which they are named."""
        return self._opened().candidates()

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Reply | SubmissionError | TooSlow]]:
        """Make the same calls of several known wrong answers, each call at most `seconds` long."""
        return self._opened().ask(candidates, sequences, seconds)

    def choose(self, misconception: str) -> None:
        """Let a known wrong answer answer from now on, by its key, or with an empty one the reference again."""
        self._chosen = misconception
        self._opened().choose(misconception)

    def _opened(self) -> Session:
        if self._unopenable is not None:
            # What looped or crashed when it was executed does so again: once is enough.
            raise self._unopenable
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
    def notes(self) -> tuple[Explanation, ...]:
        """Return what is to be said of the submission as a whole: why it or a part of it was not executed."""
        if self._unopenable is not None:
            return (self._unopenable.explanation,)
        notes = self._loading.notes(self._source, self._loaded)
        if self._printed_too_much:
            values = {"kib": self._exercise.limits.output_kib}
            notes = (*notes, Explanation("submission.output_dropped", values))
        return notes

    def _keep_last_words(self, session: Session) -> None:
        if session.dead:
            self._output += session.take_output()

    def take_output(self) -> str:
        """Return what was printed since the last time."""
        output, self._output = self._output, ""
        output += self._session.take_output() if self._session is not None else ""
        if self._session is not None and self._session.printed_too_much and not self._session.dead:
            self._printed_too_much = True
        return output

    def close(self) -> None:
        """End the submission's process."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self._makers = {}
