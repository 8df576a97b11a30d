"""A student's practice in a folder: what is solved, what comes next, and what has to be checked again after a save."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from grader.errors import RequestError
from grader.model import Course, Exercise, Explanation, Grade, Isolation
from grader.practice.answers import require_own_folder
from grader.warm.answers import (
    Answer,
    answer_to,
    answers_of,
    as_one_file,
    check_answer,
    depends_on,
    files_to_watch,
)
from grader.warm.judge import Checked, Stopped, WarmJudge, course_state


class Checker(Protocol):
    """What answers are checked by."""

    def check(self, exercise: Exercise, path: Path) -> Checked:
        """Check an answer."""

    def stop(self) -> None:
        """Stop the check that runs, from another thread."""

    def close(self) -> None:
        """End it."""


class Practice:
    """Checks a folder's answers, and keeps what came of each."""

    def __init__(
        self,
        load: Callable[[], Course],
        isolation: Isolation,
        folder: Path,
        *,
        start: Callable[[Course, Sequence[Exercise], Isolation], Checker] = WarmJudge,
    ) -> None:
        """Load the course; `start` starts what checks, which is started anew when the course's files have changed."""
        self._load, self._isolation, self._folder, self._start = load, isolation, folder, start
        self.course = load()
        self.current: Exercise | None = None
        """The exercise that is worked on."""
        self.grades: dict[str, Grade] = {}
        """Exercise -> what came of its answer, as it was checked last."""
        self._needs: dict[str, frozenset[Path]] = {}
        self.is_over = False
        """Whether nothing is to be checked any more."""
        self._running: frozenset[Path] = frozenset()
        """What the answer that is being checked depends on."""
        self._judge: Checker | None = None
        self._state = ""

    @property
    def state(self) -> str:
        """Return what the warm judge was made of; empty while there is none."""
        return self._state if self._judge is not None else ""

    def close(self) -> None:
        """End the judge."""
        if self._judge is not None:
            judge, self._judge = self._judge, None
            judge.close()

    def warm(self) -> Checker:
        """Return the judge of the course as it is now.

        Raises:
            CourseError: the course cannot be loaded, or its checks cannot be run.
            RunnerError: the sandbox cannot be started.
        """
        if self._judge is None or course_state(self.course, self.course.exercises) != self._state:
            self.close()
            self.course = self._load()
            self._state = course_state(self.course, self.course.exercises)
            self._judge = self._start(self.course, self.course.exercises, self._isolation)
        return self._judge

    def check_file(self, id: str, path: Path) -> Checked:
        """Check a file that another command has made ready."""
        judge = self.warm()
        return judge.check(next(item for item in self.course.exercises if item.id == id), path)

    def answers(self, tell: Callable[[Explanation], None]) -> list[Answer]:
        """Return the folder's answers, and forget what was checked of files that are gone; of two answers to one exercise it is told."""
        self.warm()
        require_own_folder(self.course, self._folder)
        answers = answers_of(self.course, self._folder, tell)
        ids = {answer.exercise.id for answer in answers}
        self.grades = {id: grade for id, grade in self.grades.items() if id in ids}
        self._needs = {id: self._needs.get(id, frozenset()) for id in ids}
        return answers

    def affected(self, files: Collection[Path], tell: Callable[[Explanation], None]) -> list[Answer]:
        """Return the answers that saved files are, or are imported by; of a file for several exercises those that changed."""
        answers = [
            answer
            for answer in self.answers(tell)
            if answer.path in files or not self._needs[answer.exercise.id].isdisjoint(files)
        ]
        count = Counter(answer.path for answer in answers)
        return [answer for answer in answers if count[answer.path] == 1 or self._has_changed(answer)]

    def _has_changed(self, answer: Answer) -> bool:
        """Return whether an answer is another one than was checked, or what is wrong with it has to be told."""
        known = self.grades.get(answer.exercise.id)
        try:
            with as_one_file(self.course, answer) as (file, _):
                return known is None or hashlib.sha256(file.read_bytes()).hexdigest() != known.digest
        except (RequestError, OSError):
            return True

    def check(self, answer: Answer) -> Grade | None:
        """Check an answer; its exercise is the one that is worked on. None where it was stopped."""
        if self.is_over:
            return None
        self.current = answer.exercise
        # Known before it is checked: an answer that cannot be checked is checked again when one of these is saved.
        self._needs[answer.exercise.id] = self._running = depends_on(answer.path)
        try:
            grade = check_answer(self.course, answer, self.warm().check).grade
        except Stopped:
            return None
        finally:
            self._running = frozenset()
        self.grades[answer.exercise.id] = grade
        return grade

    def stop(self, files: Collection[Path] | None = None) -> None:
        """Stop the check that runs, from another thread; where `files` were saved, only if they are what is checked."""
        judge = self._judge
        if judge is not None and (files is None or not self._running.isdisjoint(files)):
            judge.stop()

    def is_solved(self, exercise: Exercise) -> bool:
        """Return whether nothing of an exercise is left to mend."""
        grade = self.grades.get(exercise.id)
        return grade is not None and grade.verdict.is_fine

    @property
    def solved(self) -> int:
        """Return how many exercises are solved."""
        return sum(map(self.is_solved, self.course.exercises))

    def move_on(self) -> Exercise | None:
        """Go to the next exercise that is not solved, after the last to the first; None where all are solved."""
        exercises = self.course.exercises
        ids = [item.id for item in exercises]
        at = ids.index(self.current.id) + 1 if self.current and self.current.id in ids else 0
        unsolved = [item for item in (*exercises[at:], *exercises[:at]) if not self.is_solved(item)]
        self.current = unsolved[0] if unsolved else None
        return self.current

    def answer_to(self, exercise: Exercise) -> Answer | None:
        """Return the folder's answer to an exercise, if there is one, and one only."""
        try:
            path = answer_to(self.course, exercise, self._folder)
        except RequestError:
            return None
        return None if path is None else Answer(exercise, path)

    def files(self) -> set[Path]:
        """Return the files whose saving counts."""
        return set(files_to_watch(self._folder, list(self._needs.values())))
