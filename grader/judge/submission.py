"""Call a submission's code in a runner, within its limits of time, or the reference's without them."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from grader.bans.search import find_forbidden
from grader.checks.remote import format_call
from grader.errors import SubmissionError
from grader.judge.loading import Loading
from grader.model import CheckResult, Exercise, Explanation, Misconception, Source, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Candidate, Loaded, Reply, TooSlow, is_left_open
from grader.runner.session import Runner, Session

MOST_TIMEOUTS = 2
"""How often a function may run into a limit of time before it is not called again."""
_MOST_LAYERS = 1000
"""Layers in one answer that are remembered by the function that made them."""


class SubmissionCaller:
    """Calls a submission's functions, within the time that each check has; opens it again after it died."""

    is_limited = False
    """Whether it is a student's, and not an author's own."""

    def __init__(
        self,
        runner: Runner,
        source: Source,
        exercise: Exercise,
        *,
        is_limited: bool = True,
        known_loops: Iterable[CheckResult] = (),
        most_timeouts: int = MOST_TIMEOUTS,
    ) -> None:
        """Prepare to call; `is_limited` is False for the reference, which answers for a whole class.

        What is known to loop (`Submission.known_loops`) is not called again.
        """
        self._runner = runner
        # The reference is trusted, and `verify` grades it like a submission.
        self._source = replace(
            source,
            seed=exercise.seed,
            tensors=exercise.tensors,
            banned=exercise.banned if is_limited else {},
            variables=exercise.variables,
        )
        self._exercise = exercise
        self.is_limited = is_limited
        self._most_timeouts = most_timeouts
        self._forbidden = find_forbidden(source, exercise.banned)
        self._used: dict[str, Explanation] = {}
        """What was seen to use what it may not while it was called."""
        self.called: frozenset[str] = frozenset()
        """The functions that this check has called."""
        self._stopped: dict[str, set[int]] = {}
        self._loading = self._told = Loading()
        """`_told` is what a student reads of the file: nothing of what it did once a hidden check's input was in its reach."""
        self._loaded = self._latest = Loaded(())
        """What executing it gave, until then and at last."""
        self._is_hidden = self._has_met_hidden = False
        """Whether the check that runs is a hidden one, and whether one has called something."""
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
        self._check = ""
        self._spent = defaultdict[str, float](float)
        """Function -> the seconds that its calls took in this check."""
        self._timeouts = Counter[str]()
        """Function -> how often it ran into a limit of time."""
        self._makers: dict[int, str] = {}
        """Layer in the open process -> the function that made it."""
        self._output = ""
        self._printed_too_much: set[bool] = set()
        """Whether too much was printed in a visible check (False), in a hidden one (True), or in both."""

    def begin_check(self, name: str = "", *, is_hidden: bool = False) -> None:
        """Give the next check its own time; of a process that has little CPU time left it gets a new one."""
        self._check, self._is_hidden, limits = name, is_hidden, self._exercise.limits
        self._spent.clear()
        self.called = frozenset()
        spare = max(1.0, limits.cpu_seconds - limits.load_seconds - limits.check_seconds)
        if self.is_limited and self._session is not None and self._session.seconds > spare:
            self.close()

    def call(self, call: Call) -> Reply:
        """Call a function, or call or describe a layer that the submission made.

        Raises:
            SubmissionError: the verdict of the call: it raised, died, is banned, is missing, took too long.
        """
        function = call.function if call.target is None else self._makers.get(call.target.number, "")
        self.called |= {function}
        if call.target is not None:
            call = replace(call, maker=function)
        self._refuse_forbidden(call)
        if self.is_limited and self._timeouts[function] >= self._most_timeouts:
            key = "submission.not_called" if self._timeouts[function] > 1 else "submission.not_called_again"
            raise SubmissionError(Verdict.TIMEOUT, Explanation(key, {"function": function}))
        looping, error = self._known_loops.get(self._check, ("", None))
        if error is not None and looping == format_call(call.function, call.args, call.kwargs):
            self._timeouts[function] += 1
            raise error
        if self.is_limited and self._left <= 0:
            raise self._used_up()
        session = self._opened()
        # Opening it may have shown that a later definition is not in force.
        self._refuse_forbidden(call)
        is_named = call.target is None and not call.is_about_last
        if is_named and call.function not in session.loaded.functions:
            raise self._missing(call.function)
        self._has_met_hidden |= self._is_hidden
        try:
            reply = self._answer(session, call, function)
        except SubmissionError as error:
            if error.verdict is Verdict.FORBIDDEN:
                self._used[function] = self._forbidden[function] = error.explanation
            raise self._loading.raised(error, "" if call.target else call.function, self._source) from None
        finally:
            self._keep_last_words(session)
        if (
            call.operation == "value"
            and call.function in self._exercise.functions
            and is_left_open(reply.value)
        ):
            raise SubmissionError(Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"))
        for handle in wire.handles_in(reply.value)[:_MOST_LAYERS]:
            if function in self._exercise.banned:
                # Whoever gave it away before: this function is answered by what it does.
                self._makers[handle.number] = function
            self._makers.setdefault(handle.number, function)
        return reply

    def _answer(self, session: Session, call: Call, function: str) -> Reply:
        """Make a call within what is left of the check's time; who ran into its limit is the function that took most."""
        if not self.is_limited:
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
            # What prints without end is stopped at the limit of time too, and told as what it is.
            is_flood = error.explanation.key == "submission.flood"
            self._timeouts[function] += is_flood or error.verdict is Verdict.TIMEOUT
            raise

    @property
    def _left(self) -> float:
        """Return what is left of the check's time."""
        return self._exercise.limits.check_seconds - sum(self._spent.values())

    def _used_up(self) -> SubmissionError:
        values = {"seconds": self._exercise.limits.check_seconds}
        return SubmissionError(Verdict.TIMEOUT, Explanation("submission.time_used_up", values))

    def _missing(self, function: str) -> SubmissionError:
        """Return why a function is not there; a student reads it only if that was so before any hidden check."""
        if function in self._loaded.functions:
            return self._loading.missing(function, self._source, self._latest)
        return self._told.missing(function, self._source, self._loaded)

    def _refuse_forbidden(self, call: Call) -> None:
        if call.target is None and call.function in self._forbidden:
            raise SubmissionError(Verdict.FORBIDDEN, self._forbidden[call.function])

    @property
    def loaded(self) -> Loaded:
        """Return what executing the file gave."""
        return self._opened().loaded

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
        try:
            return self._opened().ask(candidates, sequences, seconds)
        except SubmissionError:
            # What was asked for a long class may have used up the limits of its process; a new one has them all.
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
            if self._has_met_hidden and self._loading is self._told:
                self._loading = copy.deepcopy(self._told)
            try:
                self._session = self._open()
                self._note_stopped(self._session)
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
                if rest is None or not self.is_limited:
                    raise
                self._source = rest

    def _note_stopped(self, session: Session) -> None:
        """Look at the bans again where a statement was not executed to its end: its definition may not be in force."""
        self._latest = session.loaded
        if self._loading is self._told:
            self._loaded = session.loaded
        stopped = {unit.name: set(unit.left_out) for unit in self._source.units if unit.left_out}
        for failure in session.loaded.failures:
            stopped.setdefault(failure.unit, set()).add(failure.line)
        if stopped != self._stopped:
            self._stopped = stopped
            self._forbidden = find_forbidden(self._source, self._exercise.banned, stopped) | self._used

    def judged_again(self, result: CheckResult, called: Collection[str]) -> CheckResult:
        """Return a check's result after all checks: a function that used what it may not has passed none before either."""
        used = [self._used[function] for function in sorted(called) if function in self._used]
        if not used or result.verdict is not Verdict.PASSED:
            return result
        return replace(result, verdict=Verdict.FORBIDDEN, earned=0, explanation=used[0])

    @property
    def notes(self) -> tuple[Explanation, ...]:
        """Return what is to be said of the submission as a whole: why it or a part of it was not executed.

        What it did once a hidden check's input was in its reach is marked, for it could carry that input out.
        """
        is_told = self._loading is self._told
        notes = latest = self._told.notes(self._source, self._loaded)
        if self._unopenable is not None:
            latest = (self._unopenable.explanation,)
            notes = latest if is_told else notes
        elif not is_told:
            latest = self._loading.notes(self._source, self._latest)
        dropped = Explanation("submission.output_dropped", {"kib": self._exercise.limits.output_kib})
        notes += (dropped,) if False in self._printed_too_much else ()
        latest += (dropped,) if True in self._printed_too_much else ()
        return (*notes, *(_after_hidden(note) for note in latest if note not in notes))

    def _keep_last_words(self, session: Session) -> None:
        if session.dead:
            self._output += session.take_output()

    def take_output(self) -> str:
        """Return what was printed since the last time."""
        output, self._output = self._output, ""
        output += self._session.take_output() if self._session is not None else ""
        if self._session is not None and self._session.printed_too_much and not self._session.dead:
            self._printed_too_much.add(self._is_hidden)
        return output

    def close(self) -> None:
        """End the submission's process."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self._makers = {}


def _after_hidden(note: Explanation) -> Explanation:
    return replace(note, values={**note.values, "after_hidden": True})
