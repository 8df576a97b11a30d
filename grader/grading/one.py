"""One answer is graded, in a sandbox of its own.

Where the reference's answers are kept it needs no sandbox. If a failing answer asks for one that is not kept, the reference
is forked from the answer's own warm process: only once the answer's process has ended, with all that it left, and nobody
else's code runs there after it.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from pathlib import Path

from grader.errors import CourseError, RunnerError
from grader.model import Course, Exercise, Grade, Isolation, Submission
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import Protections
from grader.runner.start import start_runner


def check_one(
    course: Course, exercise: Exercise, path: Path, *, isolation: Isolation = "full"
) -> tuple[Grade, Protections]:
    """Grade one answer to one exercise.

    Raises:
        CourseError: the exercise's checks cannot be run.
        RunnerError: the sandbox cannot be started.
    """
    with ExitStack() as stack:

        def start(slot: int) -> SandboxedRunner:
            return stack.enter_context(start_runner(course, isolation, slot))

        runner = start(0)
        # Imported while the warm process imports for itself.
        from grader.grading.kept import kept_answers
        from grader.judge.collect import collected
        from grader.judge.judge import Judge
        from grader.judge.reference_side import ReferenceSide

        kept = kept_answers(course, [exercise], isolation)
        is_kept = kept is not None and kept.has(exercise)
        # Without hidden checks nobody is going to ask for the reference.
        spare = start(1) if exercise.solution_folder is not None and not is_kept else None
        has_ended = False

        def open_reference() -> SandboxedRunner:
            # Nothing of a reference is ever where an answer of a student's still runs.
            return spare or (runner if has_ended else start(1))

        checks = stack.enter_context(collected(course, [exercise]))
        protections = runner.wait()
        reference = stack.enter_context(closing(ReferenceSide(checks, open_reference, kept=kept)))
        if kept is not None:
            # One that fails its own checks is looked into by whoever runs them, and is not kept.
            with suppress(CourseError, RunnerError):
                reference.prove([exercise])
        grade, evidence = Judge(runner, reference).grade_with_evidence(Submission("", exercise.id, path))
        has_ended = is_kept
        return reference.diagnosed(grade, evidence), protections
