"""What an author's mistake is called where it keeps the course from being proved or graded: once, with file and line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError, Fault
from grader.judge.reference_side import proven_reference
from grader.messages.sentences import fault_text, languages
from grader.verify.course import verify_course
from grader.verify.exercise import Options
from tests.support.sandbox import needs_sandbox
from tests.verify.test_course import append, replaced

Change = Callable[[Path], None]

EX = "exercises/ex02_maxpool_1"
SOLUTION = "solutions/ex02_maxpool_1/solution.py"
MISTAKES = "solutions/ex02_maxpool_1/misconceptions.py"
HIDDEN = "solutions/ex02_maxpool_1/test_ex02_hidden.py"
FAMILY = "solutions/families/pooling.py"
LOOP = "\n\nwhile True:\n    pass\n"
LOOPS = '\n\n@misconception("loops", en="It loops.", ko="끝나지 않습니다.")\ndef max_pool(x):\n    while True:\n        pass\n'


def place_of(folder: Path, file: str, place: str) -> str:
    """Return a place as it is; of a line of code, the line at which it stands last in the file."""
    lines = (folder / file).read_text(encoding="utf-8", errors="replace").splitlines()
    found = [number for number, line in enumerate(lines, start=1) if place and line.strip() == place]
    return f"line {found[-1]}" if found else place


def verified(folder: Path) -> None:
    course = load_course(folder)
    verify_course(course, course.exercises[1:], Options(runs=2, mutants=False), jobs=1)


def graded(folder: Path) -> None:
    course = load_course(folder)
    with proven_reference(course, course.exercises[1:], "full", 0, lambda exercise: None):
        pass


def the_fault(act: Callable[[Path], None], folder: Path) -> Fault:
    started = time.monotonic()
    with pytest.raises(CourseError) as caught:
        act(folder)
    (fault,) = caught.value.faults
    for language in languages():
        assert fault_text(fault, language).startswith(f"{fault.file}: ")
    assert time.monotonic() - started < 300
    return fault


def in_utf_16(file: str, content: str) -> Change:
    def change(folder: Path) -> None:
        (folder / file).write_text(content, encoding="utf-16")

    return change


FAULTS: dict[str, tuple[Change, str, str, str]] = {
    "preload": (
        replaced("course.yml", "[numpy]", "[numpy, nunpy]"),
        "course.yml",
        "runner.preload[1]",
        "course.preload",
    ),
    "mistakes-no-python": (append(MISTAKES, "\ndef f(:\n"), MISTAKES, "def f(:", "course.python"),
    "mistakes-raise": (append(MISTAKES, "\nabsent.x\n"), MISTAKES, "absent.x", "course.raised"),
    "solution-imports": (
        append(SOLUTION, "\nimport absent\n"),
        SOLUTION,
        "import absent",
        "course.no_module",
    ),
    "mistakes-loop": (append(MISTAKES, LOOP), MISTAKES, "while True:", "course.not_executed"),
    "family-no-python": (append(FAMILY, "\ndef f(:\n"), FAMILY, "def f(:", "course.python"),
    "family-raises": (
        append(FAMILY, '\nknob("x", no_place=np.min, en="a", ko="가")\n'),
        FAMILY,
        'knob("x", no_place=np.min, en="a", ko="가")',
        "course.raised",
    ),
    "mistakes-mute": (
        append(MISTAKES, '\n\n@misconception("mute", en="a")\ndef max_pool(x):\n    return x\n'),
        MISTAKES,
        '@misconception("mute", en="a")',
        "course.mistake_text",
    ),
    "mistakes-same-language": (
        append(MISTAKES, '\n\n@misconception("mute", en="a", ko="b")\ndef max_pool(x):\n    return x\n'),
        MISTAKES,
        '@misconception("mute", en="a", ko="b")',
        "course.mistake_text",
    ),
    "mistakes-other-language": (
        append(
            MISTAKES,
            '\n\n@misconception("typo", en="a", ko="가", kor="나")\ndef max_pool(x):\n    return x\n',
        ),
        MISTAKES,
        '@misconception("typo", en="a", ko="가", kor="나")',
        "course.mistake_language",
    ),
    "family-mute": (
        append(FAMILY, '\nknob("mute", reduce=np.min, en="a")\n'),
        FAMILY,
        'knob("mute", reduce=np.min, en="a")',
        "course.mistake_text",
    ),
    "family-other-language": (
        append(FAMILY, '\nknob("typo", reduce=np.min, en="a", ko="가", kor="나")\n'),
        FAMILY,
        'knob("typo", reduce=np.min, en="a", ko="가", kor="나")',
        "course.mistake_language",
    ),
    "waivers-in-utf-16": (
        in_utf_16("solutions/ex02_maxpool_1/waivers.yml", "[]\n"),
        "solutions/ex02_maxpool_1/waivers.yml",
        "line 1",
        "course.other_encoding",
    ),
    "solution-raises": (append(SOLUTION, "\nabsent.x\n"), SOLUTION, "absent.x", "course.raised"),
    "solution-loops": (append(SOLUTION, LOOP), SOLUTION, "while True:", "course.not_executed"),
    "reference-loops": (
        append(SOLUTION, "\n\ndef max_pool(x):\n    while True:\n        pass\n"),
        SOLUTION,
        "def max_pool(x):",
        "course.reference_died",
    ),
    "unknown-function": (
        replaced(HIDDEN, "submission.max_pool", "submission.maxpool"),
        HIDDEN,
        "line 10",
        "course.check_name_near",
    ),
    "unknown-in-reference": (
        replaced(HIDDEN, "reference.max_pool", "reference.zzz"),
        HIDDEN,
        "line 10",
        "course.check_name",
    ),
    "stub-lacks": (
        replaced(f"{EX}/stub.py", "def max_pool(", "def maxpool("),
        f"{EX}/stub.py",
        "",
        "course.stub_lacks",
    ),
    "check-twice": (
        append(
            HIDDEN,
            "\n\n@check(points=1, en='a', ko='가')\ndef test_random(submission: Submission) -> None:\n    pass\n",
        ),
        HIDDEN,
        "def test_random(submission: Submission) -> None:",
        "course.check_twice",
    ),
    "unknown-fixture": (
        replaced(HIDDEN, "rng: Rng", "rgn: Rng"),
        HIDDEN,
        "line 6",
        "course.check_fixture",
    ),
    "wrong-language": (replaced(HIDDEN, "en=", "language="), HIDDEN, "line 6", "course.check_language"),
    "no-text": (
        replaced(HIDDEN, ', ko="부호와 관계없이 동작한다"', ""),
        HIDDEN,
        "line 6",
        "course.check_text",
    ),
    "slug-twice": (
        replaced("course.yml", "slug: maxpool-2", "slug: maxpool-1"),
        "course.yml",
        "exercises[2].slug",
        "course.slug_twice",
    ),
    "slug-misspelt": (
        replaced("course.yml", "slug: maxpool-2", "slug: maxpol-2"),
        "course.yml",
        "exercises[2].slug",
        "course.folder_renamed",
    ),
}


@needs_sandbox
@pytest.mark.parametrize("act", [verified, graded])
@pytest.mark.parametrize(("change", "file", "place", "key"), FAULTS.values(), ids=FAULTS.keys())
def test_a_mistake_is_told_once_with_its_place(
    change: Change, file: str, place: str, key: str, act: Callable[[Path], None], tiny_copy: Path
) -> None:
    change(tiny_copy)
    fault = the_fault(act, tiny_copy)
    where = place_of(tiny_copy, file, place)
    assert (fault.file, fault.place, fault.explanation.key) == (file, where, key)
    assert (fault.line > 0) == (file == "course.yml")


@needs_sandbox
def test_a_misconception_without_an_end_is_told_before_it_is_asked_with_the_others(tiny_copy: Path) -> None:
    append(MISTAKES, LOOPS)(tiny_copy)
    fault = the_fault(verified, tiny_copy)
    where = place_of(tiny_copy, MISTAKES, LOOPS.splitlines()[2])
    assert (fault.file, fault.place) == (MISTAKES, where)
    assert fault.explanation.key == "verify.misconception_dies"


@needs_sandbox
def test_a_misconception_that_writes_into_a_list_leaves_the_others_what_they_were_given(
    tiny_copy: Path,
) -> None:
    replaced(SOLUTION, "def max_pool", "def _pool")(tiny_copy)
    append(
        SOLUTION,
        "\n\ndef max_pool(x):\n    return _pool(x[0] if isinstance(x, list) else x)\n",
    )(tiny_copy)
    replaced(HIDDEN, "max_pool(image)", "max_pool([image])")(tiny_copy)
    (tiny_copy / MISTAKES).write_text(
        "from grader import misconception\nimport solution\n\n"
        '@misconception("writes", en="It writes.", ko="씁니다.")\n'
        "def max_pool(x):\n    x = x[0] if isinstance(x, list) else x\n    x += 1\n    return solution.max_pool(x)\n\n"
        '@misconception("twice", en="It is twice that.", ko="두 배입니다.")\n'
        "def max_pool(x):\n    return 2 * solution.max_pool(x)\n",
        encoding="utf-8",
    )
    course = load_course(tiny_copy)
    (report,) = verify_course(course, course.exercises[1:2], Options(runs=1, mutants=False), jobs=1)
    assert [item.named_as for item in report.misconceptions] == [("writes",), ("twice",)]


@needs_sandbox
def test_what_a_check_itself_raises_is_told_with_its_own_line(tiny_copy: Path) -> None:
    replaced(HIDDEN, "    for _ in", "    rng.no_such()\n    for _ in")(tiny_copy)
    fault = the_fault(graded, tiny_copy)
    assert (fault.file, fault.place, fault.explanation.key) == (HIDDEN, "line 8", "course.check_broken")


@needs_sandbox
def test_a_function_that_the_stub_asks_for_is_missing_in_the_solution_and_not_in_the_check(
    tiny_copy: Path,
) -> None:
    replaced(SOLUTION, "def max_pool", "def pool")(tiny_copy)
    fault = the_fault(graded, tiny_copy)
    assert (fault.file, fault.explanation.key) == (SOLUTION, "course.reference_lacks")
    course = load_course(tiny_copy)
    (report,) = verify_course(course, course.exercises[1:2], Options(runs=1, mutants=False), jobs=1)
    assert report.faults == (fault,)
