"""`grader watch`: an answer is checked again whenever it is saved."""

from __future__ import annotations

import contextlib
import queue
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.check import print_grade, print_table
from grader.commands.hint import print_hint
from grader.commands.options import (
    Context,
    isolation_option,
    print_error,
    print_line,
    say,
    shared_options,
    terminal,
)
from grader.errors import GraderError, RequestError, reason
from grader.messages.sentences import text
from grader.model import Course, Exercise, Explanation, Grade, Isolation
from grader.platforms import has_single_keys, single_keys, system_name

if TYPE_CHECKING:
    from grader.warm.answers import Answer
    from grader.warm.judge import Checked
    from grader.warm.practice import Practice

_HANGUL = {"ㅂ": "q", "ㄱ": "r", "ㅣ": "l", "ㅗ": "h", "ㅜ": "n"}
"""What these keys write while the keyboard is set to Korean."""
Event = Callable[["_Watch"], None]
"""What happened, as what is to be done then."""


@click.command(help=say("help.watch"))
@click.argument(
    "folder", metavar=say("metavar.folder"), default=".", type=click.Path(file_okay=False, path_type=Path)
)
@isolation_option
@shared_options
@click.pass_context
def watch(ctx: click.Context, folder: Path, isolation: Isolation) -> None:
    """Check answers as they are saved."""
    from grader.runner.start import runs_plainly
    from grader.warm.door import open_door
    from grader.warm.judge import WarmJudge
    from grader.warm.practice import Practice

    context: Context = ctx.obj
    if not folder.is_dir():
        raise RequestError("request.no_watched", {"folder": str(folder)})

    def start(course: Course, exercises: Sequence[Exercise], isolation: Isolation) -> WarmJudge:
        return WarmJudge(course, exercises, isolation, is_plain=runs_plainly(course, folder))

    practice = Practice(lambda: context.course(isolation), isolation, folder.absolute(), start=start)
    if runs_plainly(practice.course, folder):
        context.tell(Explanation("check.plain", {"system": system_name()}))
    events: queue.Queue[Event] = queue.Queue()
    has_keys = sys.stdin.isatty() and sys.stdout.isatty() and has_single_keys()
    watching = _Watch(context, practice, has_keys)
    with _ended_by_signals(), contextlib.closing(practice):
        print_line(text("watch.starting", context.language))
        practice.warm()
        stop = threading.Event()
        with (
            open_door(practice.course, isolation, lambda: practice.state, partial(_hand, events)),
            single_keys(partial(_take_key, events, practice)) if has_keys else contextlib.nullcontext(),
        ):
            threading.Thread(
                target=_listen, args=(practice, folder.absolute(), stop, events), daemon=True
            ).start()
            try:
                watching.begin()
                while not practice.is_over:
                    events.get()(watching)
            finally:
                stop.set()


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End as by Ctrl-C when the terminal is closed or the process is asked to end, so that no process stays."""
    names = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, lambda number, _: sys.exit(128 + number)) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(practice: Practice, folder: Path, stop: threading.Event, events: queue.Queue[Event]) -> None:
    from grader.warm.saves import saves

    def tell(explanation: Explanation) -> None:
        events.put(lambda watching: watching.context.tell(explanation))

    for files in saves(folder, practice.files, stop, tell):
        practice.stop(files)
        events.put(partial(_Watch.saved, files=files))


def _hand(
    events: queue.Queue[Event], question: tuple[str, Path], answer: Callable[[Checked | None], None]
) -> None:
    events.put(partial(_Watch.asked, question=question, answer=answer))


def _take_key(events: queue.Queue[Event], practice: Practice, key: str) -> None:
    key = _HANGUL.get(key, key)
    if key == "q":
        # A check that runs is not waited for.
        practice.is_over = True
        practice.stop()
    events.put(partial(_Watch.pressed, key=key))


@dataclass
class _Watch:
    """What is on the screen, and what is done at each event."""

    context: Context
    practice: Practice
    has_keys: bool

    def begin(self) -> None:
        """Check all answers, and say which is next."""
        self._run_all()

    def saved(self, files: Collection[Path]) -> None:
        """Check what was saved."""
        with self._screen(is_cleared=False):
            answers = self.practice.affected(files, self.context.tell)
            if len(answers) == 1:
                self._check(answers[0])
            elif answers:
                self._check_all(answers)

    def asked(self, question: tuple[str, Path], answer: Callable[[Checked | None], None]) -> None:
        """Check what another command has asked for, and say nothing."""
        from grader.warm.judge import Stopped

        checked = None
        try:
            # Who asks meets the same error without this process.
            with contextlib.suppress(GraderError, Stopped, StopIteration):
                checked = self.practice.check_file(*question)
        finally:
            answer(checked)

    def pressed(self, key: str) -> None:
        """Do what a key stands for."""
        if key == "r":
            self._run_all()
        elif key == "l":
            with self._screen():
                self._list()
        elif key == "h":
            with self._screen(is_cleared=False):
                self._hint()
        elif key == "n":
            with self._screen():
                exercise = self.practice.move_on()
                answer = self.practice.answer_to(exercise) if exercise is not None else None
                if answer is not None:
                    self._check(answer)
                else:
                    self._say_next(exercise)

    def _run_all(self) -> None:
        with self._screen():
            self._check_all(self.practice.answers(self.context.tell))

    def _check_all(self, answers: Sequence[Answer]) -> None:
        refusals = []
        for answer in answers:
            try:
                self._grade(answer)
            except RequestError as error:
                # The others are checked as ever.
                refusals.append(error.explanation)
        if self.has_keys:
            terminal().clear()
        for refusal in refusals:
            self.context.tell(refusal)
        self._list()
        self.practice.current = None
        self._say_next(self.practice.move_on())

    def _check(self, answer: Answer) -> None:
        from grader.warm.judge import Stopped

        language = self.context.language
        grade = self._grade(answer)
        if grade is None:
            raise Stopped
        if self.has_keys:
            terminal().clear()
        is_solved = self.practice.is_solved(answer.exercise)
        following = self._following(self.practice.move_on()) if is_solved else ""
        print_grade(answer.exercise, answer.path, grade, language, following)

    def _grade(self, answer: Answer) -> Grade | None:
        from grader.practice.answers import digest_of
        from grader.practice.progress import remember_grade

        if self.has_keys:
            # A loop without end takes a while to be told.
            print_line(text("watch.checking", self.context.language, file=answer.path.name), "dim")
        digest = digest_of(answer.path)
        grade = self.practice.check(answer)
        if grade is not None:
            for note in remember_grade(self.practice.course, self.context.student_folder(), grade, digest):
                self.context.tell(note)
        return grade

    def _list(self) -> None:
        print_table(self.practice.course, list(self.practice.grades.values()), self.context.language)

    def _say_next(self, exercise: Exercise | None) -> None:
        print_line(self._following(exercise), "bold")

    def _following(self, exercise: Exercise | None) -> str:
        """Return what is said of the exercise that comes next; None says that there is none."""
        language = self.context.language
        if exercise is None:
            return text("answers.all_done", language)
        answer = self.practice.answer_to(exercise)
        title = exercise.title.in_language(language)
        file = answer.path.name if answer is not None else f"{exercise.id}.py"
        return text("watch.next", language, exercise=exercise.id, title=title, file=file)

    def _hint(self) -> None:
        """Show one more hint to the exercise that is worked on."""
        if self.practice.current is None:
            print_line(text("watch.no_hint", self.context.language))
        else:
            print_hint(self.context, self.practice.course, self.practice.current)

    @contextlib.contextmanager
    def _screen(self, *, is_cleared: bool = True) -> Iterator[None]:
        """Print what is to be seen now, errors too, and below it what can be done."""
        from grader.warm.judge import Stopped

        language = self.context.language
        if self.has_keys and is_cleared:
            terminal().clear()
        try:
            yield
        except Stopped:
            # What it was stopped for comes next.
            return
        except GraderError as error:
            print_error(error, language)
        except OSError as error:
            values = {"file": error.filename or "", "error": reason(error)}
            print_error(RequestError("request.unreadable", values), language)
        if self.has_keys:
            count = len(self.practice.course.exercises)
            print_line(text("watch.keys", language, solved=self.practice.solved, count=count), style="dim")
        sys.stdout.flush()
