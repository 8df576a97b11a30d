"""Prove the small courses beside this file, or those that are named: `python examples/prove.py numpy-ml`.

Each is verified against every mutant; the class of its class.yml is graded and every score compared, before and after a
person has graded the questions; it is released, and a released answer checked; and it is built for nbgrader. A course whose
library is not installed is skipped, unless it is named.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from grader.course.load import load_course
from grader.model import Course, Verdict

EXAMPLES = Path(__file__).resolve().parent
ROOT = EXAMPLES.parent
sys.path.insert(0, str(ROOT / "demo"))

# What the demo class is written and compared with; the line above lets them be found. Ruff would sort the first elsewhere where there
# is a folder build/.
from build import Answer, ClassError, DemoClass, load_class, write_class  # noqa: E402  # isort: skip
from run import differences, expected_scores, table_of  # noqa: E402  # isort: skip

CONSOLE = Console(highlight=False, soft_wrap=True)


class NotProved(Exception):
    """Says what does not hold."""


def main(names: list[str]) -> int:
    """Prove the courses; return 0 when each that was not skipped holds."""
    failed = False
    for folder in [EXAMPLES / name for name in names] or sorted(EXAMPLES.glob("*/course.yml")):
        folder = folder if folder.is_dir() else folder.parent
        course = load_course(folder)
        missing = sorted({name for name in map(_library, course.runner.preload) if not _is_installed(name)})
        if missing:
            how = f"not installed: {', '.join(missing)} (`make prove-torch` installs PyTorch)"
            CONSOLE.print(f"prove: {course.id}: {'cannot be proved' if names else 'skipped'}, {how}")
            failed |= bool(names)
            continue
        started = time.monotonic()
        try:
            prove(course)
        except (NotProved, ClassError) as error:
            CONSOLE.print(f"prove: {course.id}: {error}", style="bold red")
            failed = True
        else:
            CONSOLE.print(
                f"prove: {course.id}: holds ({time.monotonic() - started:.0f} s)", style="bold green"
            )
    return 1 if failed else 0


def _library(name: str) -> str:
    return name.partition(".")[0]


def _is_installed(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def prove(course: Course) -> None:
    """Prove a course.

    Raises:
        NotProved: something does not hold.
        ClassError: class.yml is wrong.

    """
    work = ROOT / "build" / "examples" / course.id
    shutil.rmtree(work, ignore_errors=True)
    demo = load_class(course, course.root / "class.yml")
    write_class(demo, work / "submissions")
    graded = work / "graded"
    _grader(course, "verify")
    _grader(course, "grade", work / "submissions", "--output", graded)
    _compare(
        _before_a_person(demo), course, json.loads((graded / "results.json").read_text(encoding="utf-8"))
    )
    for answer in demo.answers:
        for question, points in answer.given.items():
            words = ("--question", question, "--points", str(points), "--why", "as class.yml says")
            _grader(course, "override", answer.student, answer.exercise, *words, "--graded", graded)
    _grader(course, "export", "json", "--output", work / "results.json", "--graded", graded)
    _compare(demo, course, json.loads((work / "results.json").read_text(encoding="utf-8")))
    students = work / "students"
    _grader(course, "release", students)
    for exercise in course.exercises:
        assert exercise.solution_folder is not None
        shutil.copyfile(exercise.solution_folder / "solution.py", students / f"{exercise.id}.py")
        _grader(load_course(students), "check", exercise.id)
    _grader(course, "nbgrader", "build", work / "nbgrader")


def _before_a_person(demo: DemoClass) -> DemoClass:
    """Return the class as it is while its questions wait."""
    return DemoClass(demo.students, tuple(map(_waiting, demo.answers)))


def _waiting(answer: Answer) -> Answer:
    if not answer.given:
        return answer
    # What failed stays so; what would pass waits.
    verdict = Verdict.FAILED if answer.verdict is Verdict.FAILED else Verdict.WAITING
    return replace(answer, points=answer.points - sum(answer.given.values()), verdict=verdict)


def _compare(demo: DemoClass, course: Course, results: dict[str, Any]) -> None:
    wrong = differences(expected_scores(demo, course), results["grades"])
    if wrong:
        CONSOLE.print(table_of(wrong))
        raise NotProved(f"{len(wrong)} of {len(results['grades'])} scores are not as expected")
    CONSOLE.print(f"all {len(results['grades'])} scores are as expected", style="bold green")


def _grader(course: Course, *words: str | Path) -> None:
    """Run a command in the course's folder, as an author does."""
    shown = " ".join(str(word).replace(f"{ROOT}/", "") for word in words)
    CONSOLE.print(f"{course.id}$ grader {shown}")
    command = [Path(sys.executable).with_name("grader"), *words, "--lang", "en"]
    done = subprocess.run(command, cwd=course.root, check=False)
    if done.returncode:
        raise NotProved(f"grader {shown}: exit code {done.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
