"""The queue of a class: who is graded next, who gets another try, and grades kept as they come."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence

from grader.errors import RunnerError
from grader.grading.executor import Executor, Graded, Lost, Outcome
from grader.judge.grades import not_handed_in, ungraded
from grader.model import Course, Exercise, Explanation, Grade, Submission, Verdict
from grader.runner.sandbox import Protections

MOST_TRIES = 2
"""Of a submission that may be what the process that graded it died of, or whose grade is missing through our fault."""
MOST_LOSSES = 20
"""Of a submission that was lost with a worker while others were graded there."""


def grade_all(
    course: Course,
    submissions: Sequence[Submission],
    executor: Executor,
    *,
    on_grades: Callable[[Sequence[Grade]], None] = lambda grades: None,
    on_reference: Callable[[Exercise], None] = lambda exercise: None,
) -> Outcome:
    """Grade submissions; `on_grades` hears of the grades that exist, before anything is waited for that takes long.

    Raises:
        CourseError: the course's checks cannot be run, or its reference does not pass them; nothing was graded.
        RunnerError: no sandbox can be started, or what grades is gone.
    """
    exercises = {exercise.id: exercise for exercise in course.exercises}
    # Exercises one after another: a slot stays with the code and data that it has just used.
    handed_in = sorted(
        (submission for submission in submissions if submission.path is not None),
        key=lambda submission: exercises[submission.exercise].number,
    )
    waiting, under_way, tries = deque(handed_in), 0, Counter[Submission]()
    done: list[Graded] = []
    grades: list[Grade] = []
    unkept: list[Grade] = []
    protections: Protections | None = None

    def keep() -> None:
        if unkept:
            on_grades(unkept)
            grades.extend(unkept)
            unkept.clear()

    def keep_missing() -> None:
        missing = (item for item in submissions if item.path is None)
        unkept.extend(not_handed_in(item, exercises[item.exercise]) for item in missing)
        keep()

    if not handed_in:
        keep_missing()
        return Outcome(tuple(grades), None, 0.0)
    with executor.start(course, handed_in, on_reference) as diagnosed:
        started = time.monotonic()
        keep_missing()
        while waiting or under_way or done:
            while waiting and executor.hand(waiting[0]):
                waiting.popleft()
                under_way += 1
            # While the next ones are graded it is found out what the last ones' mistakes are.
            for graded in done:
                if graded.evidence:
                    # To name mistakes takes time, in which nothing lies uncommitted.
                    keep()
                try:
                    unkept.append(diagnosed(graded.grade, graded.evidence))
                except RunnerError:
                    # The points stand; only the explanation is missing.
                    unkept.append(graded.grade)
            keep()
            done = []
            for submission, answer in executor.receive() if waiting or under_way else ():
                under_way -= 1
                tries[submission] += 1
                if _has_another_try(answer, tries[submission]):
                    waiting.appendleft(submission)
                elif isinstance(answer, Lost):
                    explanation = Explanation("submission.judge_died", {"error": answer.why})
                    unkept.append(ungraded(submission, exercises[submission.exercise], explanation))
                else:
                    protections = answer.protections or protections
                    done.append(answer)
            keep()
        return Outcome(tuple(grades), protections, time.monotonic() - started)


def _has_another_try(answer: Graded | Lost, tries: int) -> bool:
    if isinstance(answer, Lost):
        return tries < (MOST_TRIES if answer.is_suspect else MOST_LOSSES)
    # Its runner died, or something else is our fault.
    return answer.grade.verdict is Verdict.UNGRADED and tries < MOST_TRIES
