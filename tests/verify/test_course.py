from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.messages.sentences import explain, text
from grader.model import Explanation
from grader.verify.course import verify_course
from grader.verify.exercise import Options, VerifyReport
from tests.support.sandbox import needs_sandbox


def verified(folder: Path, *, mutants: bool = False, runs: int = 2, number: int = 2) -> VerifyReport:
    course = load_course(folder)
    return verify_course(course, [course.exercises[number - 1]], Options(runs=runs, mutants=mutants), jobs=1)[
        0
    ]


def faults(report: VerifyReport) -> list[tuple[str, str, str]]:
    return [(fault.file, fault.place, fault.explanation.key) for fault in report.faults]


def append(path: str, code: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / path
        file.write_text(file.read_text(encoding="utf-8") + code, encoding="utf-8")

    return change


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / path
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new), encoding="utf-8")

    return change


EX = "exercises/ex02_maxpool_1"
SOL = "solutions/ex02_maxpool_1"
MISCONCEPTIONS = f"{SOL}/misconceptions.py"


@needs_sandbox
def test_a_good_exercise_is_proved(tiny_copy: Path) -> None:
    report = verified(tiny_copy, mutants=True)
    assert faults(report) == []
    assert [item.is_caught and item.is_named for item in report.misconceptions] == [True, True]
    assert report.mutants == 16
    assert report.killed == report.mutants


SHORTCOMINGS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "equals-reference": (
        append(
            MISCONCEPTIONS,
            '\n@misconception("right", en="a", ko="가")\ndef max_pool(x):\n    import solution\n    return solution.max_pool(x)\n',
        ),
        MISCONCEPTIONS,
        "verify.misconception_passes",
    ),
    "stub-imports": (append(f"{EX}/stub.py", "\nimport absent\n"), f"{EX}/stub.py", "verify.stub_module"),
    "foreign-function": (
        append(
            MISCONCEPTIONS,
            '\n@misconception("other", en="a", ko="가")\ndef no_function(x):\n    return x\n',
        ),
        MISCONCEPTIONS,
        "verify.misconception_function",
    ),
    "only-raises": (
        append(
            MISCONCEPTIONS,
            '\n@misconception("boom", en="a", ko="가")\ndef max_pool(x):\n    raise ZeroDivisionError\n',
        ),
        MISCONCEPTIONS,
        "verify.misconception_crashes",
    ),
    "twin": (
        append(
            MISCONCEPTIONS,
            '\n@misconception("twin", en="a", ko="가")\ndef max_pool(x):\n    return x[:, 1::2, 1::2] * 1\n',
        ),
        MISCONCEPTIONS,
        "verify.misconception_unnamed",
    ),
    "too-few-numbers": (
        append(
            MISCONCEPTIONS,
            '\n@misconception("one", en="a", ko="가")\ndef max_pool(x):\n    y = x[:, 1::2, 1::2] if np.array_equal(x.ravel(), np.arange(16)) else x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4))\n    return y + (y == 5) * np.array_equal(x.ravel(), np.arange(16))\n',
        ),
        MISCONCEPTIONS,
        "verify.misconception_nameless",
    ),
    "tasks": (replaced(f"{EX}/README.ko.md", "2. 다른", "다른"), f"{EX}/README.ko.md", "verify.tasks_differ"),
    "section": (replaced(f"{EX}/README.md", "## Tasks", "## Work"), f"{EX}/README.md", "verify.no_tasks"),
    "number": (replaced(f"{EX}/README.md", "# ex02", "# ex3"), f"{EX}/README.md", "verify.other_number"),
    "stray": (
        lambda folder: (folder / EX / "notes.txt").write_text("x"),
        f"{EX}/notes.txt",
        "verify.stray_file",
    ),
    "stub": (
        replaced(
            f"{EX}/stub.py",
            "raise NotImplementedError",
            "return x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4))",
        ),
        f"{EX}/stub.py",
        "verify.stub_earns",
    ),
    "reference": (
        append(f"{SOL}/solution.py", "\n_right = max_pool\n\n\ndef max_pool(x):\n    return _right(x) + 1\n"),
        f"{SOL}/solution.py",
        "course.reference_fails",
    ),
    "flaky": (
        append(
            f"{SOL}/solution.py",
            "\nimport os\n_right = max_pool\n_factor = 1 + os.urandom(1)[0] % 2\n\n\ndef max_pool(x):\n    return _right(x) * _factor\n",
        ),
        f"{SOL}/solution.py",
        "verify.flaky",
    ),
}
"""What is changed, the file that falls short then, and how."""
TOGETHER = (
    (
        "foreign-function",
        "only-raises",
        "too-few-numbers",
        "tasks",
        "number",
        "stray",
        "stub",
    ),
    ("equals-reference", "section", "twin", "stub-imports"),
    ("reference",),
    ("flaky",),
)
"""What is proved of one course: proving takes a second, and every fault of an exercise is told."""


@needs_sandbox
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: " ".join(names))
def test_what_falls_short_is_named_with_its_file(names: tuple[str, ...], tiny_copy: Path) -> None:
    for name in names:
        change, *_ = SHORTCOMINGS[name]
        change(tiny_copy)
    # Half of the runs of what is flaky fail: that 40 are alike is one chance in half a trillion.
    found = faults(verified(tiny_copy, runs=40 if names == ("flaky",) else 2))
    for name in names:
        _, file, key = SHORTCOMINGS[name]
        assert {one for one, _, other in found if other == key} == {file}, name
    for file, place, key in found:
        assert file != MISCONCEPTIONS or place.startswith("line "), key


def test_nothing_that_falls_short_is_left_out() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(SHORTCOMINGS)


@needs_sandbox
def test_a_declared_twin_is_accepted(tiny_copy: Path) -> None:
    code = '\n@misconception("twin", en="a", ko="가", same_as="lower-right-corner")\ndef max_pool(x):\n    return x[:, 1::2, 1::2] * 1\n'
    append(MISCONCEPTIONS, code)(tiny_copy)
    assert faults(verified(tiny_copy)) == []


@needs_sandbox
def test_checks_that_miss_mutants_fall_short_and_show_them(tiny_copy: Path) -> None:
    replaced(f"{SOL}/test_ex02_hidden.py", "rng.integers(-9, 9, ", "rng.integers(5, 6, ")(tiny_copy)
    replaced(f"{EX}/test_ex02.py", "np.arange(16)", "np.full(16, 5)")(tiny_copy)
    replaced(f"{EX}/test_ex02.py", "[[5, 7], [13, 15]]).reshape", "[[5, 5], [5, 5]]).reshape")(tiny_copy)
    report = verified(tiny_copy, mutants=True)
    assert report.survivors
    assert all(mutant.diff.startswith("--- solution.py") for mutant in report.survivors)


def test_a_faults_sentence_is_there_in_both_languages() -> None:
    why = Explanation("submission.vanished")
    values = {"check": "test_a", "at": "a.py", "count": 1, "runs": 3, "why": explain(why, "en")}
    assert "1 of 3" in text("verify.flaky", "en", **values)
    assert "3번 중 1번" in text("verify.flaky", "ko", **values)
