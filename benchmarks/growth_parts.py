"""How the program's own parts grow with a class: `growth.py` without the sandbox.

    python benchmarks/growth_parts.py [STUDENTS ...]

The grades are made up, with nine checks each. CPU of each part in this process, in ms a student.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from growth import hand_in
from throughput import ROOT

from grader.course.load import load_course
from grader.course.names import find_exercise
from grader.exports.class_files import write_reports
from grader.gradebook.store import Gradebook
from grader.grading.plan import plan_class
from grader.grading.run import grade_class
from grader.handin.find import find_submissions
from grader.model import Grade, Submission
from grader.similarity.answers import compare_answers
from tests.support.big_class import big_class
from tests.support.executor import FakeExecutor

Found = TypeVar("Found")


def parts(folder: Path, students: int) -> dict[str, float]:
    """Return the CPU ms a student of each part."""
    course = load_course(ROOT)
    exercise = find_exercise(course, "ex04")
    made_up = list(big_class(40))
    took: dict[str, float] = {}

    def timed(name: str, run: Callable[[], Found]) -> Found:
        started = time.process_time()
        found = run()
        took[name] = 1000 * (time.process_time() - started) / students
        return found

    def grade(submission: Submission) -> Grade:
        assert submission.path is not None
        digest = hashlib.sha256(submission.path.read_bytes()).hexdigest()
        grade = made_up[int(submission.student[-5:]) % len(made_up)]
        return replace(
            grade,
            student=submission.student,
            exercise=submission.exercise,
            path=str(submission.path),
            digest=digest,
        )

    hand_in(folder / "class", exercise, students)
    with Gradebook(folder / "graded" / "gradebook.db", course.id) as gradebook:
        for again in ("", " again"):
            found = timed(
                f"intake{again}",
                lambda: find_submissions(course, folder / "class", unpack_into=folder / "unpacked"),
            )
            chosen = [item for item in found.submissions if item.exercise == exercise.id]
            plan = timed(f"plan{again}", lambda: plan_class(course, chosen, gradebook))  # noqa: B023  Called at once.
            timed(f"grades{again}", lambda: grade_class(course, plan, gradebook, {}, FakeExecutor(grade)))  # noqa: B023
            timed(f"reports{again}", lambda: write_reports(course, gradebook, folder / "graded"))
    timed("similar", lambda: compare_answers([exercise], chosen, 0.6))
    return took


def main() -> None:
    """Measure and print."""
    sizes = [int(item) for item in sys.argv[1:]] or [100, 1000, 5000]
    found = []
    for students in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(parts(Path(folder), students))
    print(f"{'ms a student':15}", *(f"{students:>9}" for students in sizes))
    for name in found[0]:
        print(f"{name:15}", *(f"{took[name]:9.3f}" for took in found))


if __name__ == "__main__":
    main()
