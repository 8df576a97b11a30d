"""What a second `grader grade` costs when nothing has changed, and one decision by hand: CPU and wall seconds.

Run by `.venv/bin/python benchmarks/unchanged.py [STUDENTS]`. The class is made up and so are its grades, in this course's
gradebook: no sandbox is needed. Every number is that of a whole process, its start and imports included.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.grading.plan import plan_class
from grader.grading.run import grade_class
from grader.handin.find import find_submissions
from grader.model import Course, Explanation, Grade, Submission
from tests.support.big_class import big_class
from tests.support.executor import FakeExecutor
from tests.support.records import DIFFERENCE

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = 13
STUDENTS = 200


def main() -> None:
    """Make a class, grade it in name only, and run the commands on it."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS
    course = load_course(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _hand_in(folder / "submissions", course, students)
        _grade(course, folder)
        report = folder / "graded" / "reports"
        grade = ["grade", str(folder / "submissions")]
        _measure("first reports", folder, grade)
        _measure("unchanged", folder, grade)
        _measure("unchanged, again", folder, grade)
        decide = ["override", "student-007", "ex03", "--points", "3", "--why", "read by hand"]
        _measure("one override", folder, decide)
        _measure("unchanged after it", folder, grade)
        next((report / "students").iterdir()).unlink()
        _measure("one page deleted", folder, grade)
        _measure("history", folder, ["history", "student-007"])
        size = sum(path.stat().st_size for path in (folder / "graded").rglob("*") if path.is_file())
        print(f"{students} students x {EXERCISES} exercises, {size / 1e6:.0f} MB of files")


def _hand_in(folder: Path, course: Course, students: int) -> None:
    for number in range(students):
        home = folder / f"student-{number:03d}"
        home.mkdir(parents=True)
        for exercise in course.exercises[:EXERCISES]:
            answer = f"# {home.name} {exercise.id}\n" + "def max_pool(x):\n    return x\n" * 20
            (home / f"{exercise.id}.py").write_text(answer, encoding="utf-8")


def _grade(course: Course, folder: Path) -> None:
    found = find_submissions(course, folder / "submissions", unpack_into=folder / "handed-in").submissions
    made_up = {(grade.student, grade.exercise): grade for grade in big_class(len({s.student for s in found}))}

    with Gradebook(_new(folder / "graded") / "gradebook.db", course.id) as gradebook:
        plan = plan_class(course, found, gradebook)
        executor = FakeExecutor(lambda submission: _made_up(submission, made_up))
        grade_class(course, plan, gradebook, {}, executor)


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _made_up(submission: Submission, made_up: dict[tuple[str, str], Grade]) -> Grade:
    """Return a grade whose differences are nobody else's, so that nothing is cheap because it is repeated."""
    grade = made_up[submission.student, submission.exercise]
    assert submission.path is not None
    rng = np.random.default_rng([*f"{submission.student} {submission.exercise}".encode()])
    checks = []
    for check in grade.checks:
        if check.explanation is not None and check.explanation.difference is not None:
            values = tuple(str(value) for value in rng.normal(size=4).round(6))
            view = replace(DIFFERENCE.actual, cells=values)
            difference = replace(DIFFERENCE, actual=view)
            check = replace(check, explanation=Explanation("tensor.values", {}, difference))
        checks.append(check)
    digest = hashlib.sha256(submission.path.read_bytes()).hexdigest()
    return replace(grade, path=str(submission.path), digest=digest, checks=tuple(checks))


def _measure(name: str, folder: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "grader.cli", *arguments, "--graded", str(folder / "graded")]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--course", str(ROOT), "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    said = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{name}: {cpu:.2f} s of CPU, {wall:.2f} s", flush=True)
    assert process.returncode == 0, said


if __name__ == "__main__":
    main()
