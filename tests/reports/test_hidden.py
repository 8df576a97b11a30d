"""A student reads one of a few kinds of a hidden check, whatever their code does; docs/security.md counts them."""

from __future__ import annotations

import itertools
import operator
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from babel.messages.mofile import read_mo

from grader.course.load import load_course
from grader.judge.collect import collected
from grader.judge.symptoms import SYMPTOMS
from grader.messages.sentences import LOCALE
from grader.model import CheckResult, Course, Explanation, Grade, Misconception, Text, Verdict
from grader.reports.views import Note, instructor_view, notes_of, student_view
from grader.runner.process import SandboxedRunner
from grader.scoring import score
from tests.messages.test_catalogues import key_of
from tests.reports.test_verdicts import RENDERERS
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text
from tests.support.places import ROOT, real_course
from tests.support.records import DIFFERENCE, PASSED
from tests.support.sandbox import needs_sandbox
from tests.test_families import executed

CHAPTER = (ROOT / "docs/security.md").read_text(encoding="utf-8")
with (LOCALE / "en" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
    # The compiled catalogue, for an installed package has no other.
    COMPILED = {key_of(message) for message in read_mo(file)}
KEYS = [
    key
    for key in sorted(COMPILED)
    if key.split(".")[0] in ("submission", "check", "tensor", "relation", "layer", "runner")
]
HIDDEN = replace(PASSED, name="test_h", visible=False)
MISTAKES = [Misconception(f"m{number}", Text({"en": f"mistake {number}"})) for number in range(4)]


def raised(place: str, message: str, kind: str = "ValueError") -> Explanation:
    values = {"type": kind, "message": message, "place": place, "denied": False}
    return Explanation("submission.raised", values)


def failed(verdict: Verdict, why: Explanation | None) -> CheckResult:
    return replace(PASSED, verdict=verdict, explanation=why, earned=0)


SITUATIONS: list[tuple[list[CheckResult], list[Explanation]]] = [
    ([PASSED], []),
    ([failed(Verdict.ERROR, raised("ex01.py:4", "x")), failed(Verdict.ERROR, raised("ex01.py:9", "y"))], []),
    (
        [
            failed(Verdict.ERROR, Explanation("submission.no_function", {"function": "double"})),
            failed(Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted")),
            failed(Verdict.CRASHED, Explanation("submission.exit", {"code": 3})),
        ],
        [
            Explanation("submission.no_function", {"function": "double"}),
            Explanation("submission.load_timeout", {"seconds": 5}),
        ],
    ),
]
"""What a student knows before a hidden check runs: the visible checks' results, and what is said of the file."""


def reasons(known: Iterable[CheckResult], notes: Iterable[Explanation]) -> list[Explanation | None]:
    """Return everything that may be said of a check, with other values twice, and all that is known already."""
    values = [{"type": kind, "message": kind, "place": kind, "denied": kind} for kind in ("input", "file")]
    made = [
        Explanation(key, value, shown) for key in KEYS for value in values for shown in (None, DIFFERENCE)
    ]
    seen = [result.explanation for result in known]
    again = [raised("ex01.py:4", "another text"), raised("ex01.py:5", "x"), raised("ex01.py:4", "x", "E4")]
    return [None, *made, *seen, *notes, *again]


def ways() -> list[int]:
    """Return how many ways of showing one hidden check a submission can choose from, whatever it does and knows.

    The first number is that where no mistake is known, the next that where one is, and so on.
    """
    most = [0] * (1 + len(MISTAKES))
    for visible, notes in SITUATIONS:
        named: dict[Misconception | None, set[str]] = {mistake: set() for mistake in (None, *MISTAKES)}
        causes = itertools.product(Verdict, reasons(visible, notes), named)
        for number, (verdict, why, mistake) in enumerate(causes):
            # What is skipped follows from another check.
            if verdict is Verdict.SKIPPED:
                continue
            result = replace(
                HIDDEN,
                verdict=verdict,
                explanation=why,
                misconception=mistake,
                earned=float(verdict is Verdict.PASSED),
                call=f"f({number})",
                output=f"{number}",
                seconds=number,
            )
            *_, view = student_view([*visible, result], [Note(note) for note in notes])
            named[mistake].add(repr(view))
        shown = itertools.accumulate(named.values(), operator.or_)
        most = [max(pair) for pair in zip(most, map(len, shown), strict=True)]
    return most


def counted() -> tuple[int, int]:
    """Return what the chapter counts: the ways of a hidden check, and how many more each known mistake adds."""
    rows = re.findall(r"^\|.*\| (\d) \| (\d) \|$", CHAPTER.split("| exercise |")[0], re.MULTILINE)
    return sum(int(own) for own, _ in rows), sum(int(more) for _, more in rows)


@pytest.mark.slow
def test_the_chapter_counts_the_ways_that_there_are() -> None:
    own, more = counted()
    assert ways() == [own + more * mistakes for mistakes in range(1 + len(MISTAKES))]
    assert (own, more) == (9, 2)


def own_mistakes(folder: Path) -> int:
    """Return how many known mistakes an exercise has beside those of its family."""
    with pytest.MonkeyPatch.context() as patch:
        # They are counted and not called, and TensorFlow takes long to import.
        patch.setitem(sys.modules, "tensorflow", MagicMock())
        patch.setitem(sys.modules, "solution", executed(folder / "solution.py"))
        return len(executed(folder / "misconceptions.py").__dict__["__misconceptions__"])


def test_the_courses_exercises_tell_no_more_than_the_chapter_says() -> None:
    number = r"([\d.]+)"
    row = rf"^\| (ex\d\d) \| {number} \| {number} \| {number} \| {number} \| {number} \|$"
    rows = {name: tuple(map(float, figures)) for name, *figures in re.findall(row, CHAPTER, re.MULTILINE)}
    assert rows
    course = real_course()
    own, more = counted()
    with collected(course, course.exercises) as checks:
        for exercise in course.exercises:
            if exercise.id not in rows:
                # The chapter has the lecture's exercises; a course may grow.
                continue
            results = checks.blank_results(exercise)
            visible = sum(result.visible for result in results)
            hidden = len(results) - visible
            assert exercise.solution_folder is not None
            mistakes = own_mistakes(exercise.solution_folder) + len(SYMPTOMS)
            if exercise.family is not None:
                made = executed(ROOT / "solutions" / "families" / f"{exercise.family}.py").__dict__[
                    "__family__"
                ]
                mistakes += len({knob.id for knob in made.knobs if {*knob.functions} & {*exercise.functions}})
            # An exercise has one story: which mistake is named is told once, and at each check whether it is.
            bits = log2(own + more)
            attempt = hidden * bits + visible + log2(1 + mistakes)
            expected = (visible, hidden, mistakes, round(bits, 2), round(attempt, 1))
            assert rows.pop(exercise.id) == expected
    assert rows == {}


def why_of(*results: CheckResult, notes: Sequence[Explanation] = ()) -> str:
    """Return what a student reads of the last check."""
    *_, view = student_view(results, [Note(note) for note in notes])
    return f"{view.verdict}: {view.why and view.why.in_language('en')}"


RETURNED_NOTHING = "Your code returned nothing here: it raised an exception, ran out of memory or ended."


@pytest.mark.parametrize(
    ("verdict", "why", "said"),
    [
        (Verdict.ERROR, raised("ex01.py:4", "x was 4242"), f"error: {RETURNED_NOTHING}"),
        (Verdict.MEMORY, Explanation("submission.memory_error"), f"error: {RETURNED_NOTHING}"),
        (Verdict.CRASHED, Explanation("submission.exit", {"code": 3}), f"error: {RETURNED_NOTHING}"),
        (Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"), f"error: {RETURNED_NOTHING}"),
        (
            Verdict.TIMEOUT,
            Explanation("submission.cpu", {"seconds": 20}),
            "timeout: Your code did not end within its limit of time: look for slow code, or for a loop that never ends.",
        ),
        (
            Verdict.FORBIDDEN,
            Explanation("submission.forbidden", {"function": "double", "name": "numpy.add", "place": "x"}),
            "forbidden: Your code uses what this exercise does not allow: write it by hand.",
        ),
    ],
)
def test_each_kind_is_one_sentence(verdict: Verdict, why: Explanation, said: str) -> None:
    assert why_of(PASSED, replace(HIDDEN, verdict=verdict, explanation=why)) == said


@pytest.mark.parametrize(
    ("place", "kind", "is_told"),
    [("ex01.py:4", "ValueError", True), ("ex01.py:5", "ValueError", False), ("ex01.py:4", "KeyError", False)],
)
def test_the_line_is_told_where_the_same_code_fails_in_a_visible_check(
    place: str, kind: str, is_told: bool
) -> None:
    seen = failed(Verdict.ERROR, raised("ex01.py:4", "x was 3"))
    hidden = replace(HIDDEN, verdict=Verdict.ERROR, explanation=raised(place, "x was 4242", kind))
    as_there = "error: As at “doubles”."
    assert why_of(seen, hidden) == (as_there if is_told else f"error: {RETURNED_NOTHING}")


def test_a_stub_is_not_attempted_in_hidden_checks_too() -> None:
    stub = failed(Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"))
    assert why_of(stub, replace(stub, visible=False)) == "not_attempted: As at “doubles”."


def test_what_loading_met_is_told_at_hidden_checks_too() -> None:
    note = replace(raised("ex01.py:1", "x"), key="submission.load_raised")
    hidden = replace(HIDDEN, verdict=Verdict.ERROR, explanation=note)
    assert why_of(PASSED, hidden, notes=[note]).startswith("error: Not run: see what is said of the file")


WAYS = {
    "wrong": """
return x
return x * 7.5
return 'a text of %d' % x.max()
return x.astype('int8')
print('x' * 9999); return x
""",
    "error": """
raise ValueError(str(x))
raise KeyError(str(x))
raise type('Leak%d' % x.max(), (Exception,), {})
raise PermissionError(13, 'no')
raise NotImplementedError
raise MemoryError
raise SystemExit(3)
raise RecursionError
return 1 // 0
return []['a']
import nothing_of_this_name
open('nothing_of_this_name')
return input()
return row_sums(x)
bytearray(1 << 29).count(b'1')
import os; os._exit(3)
import os; os._exit(4)
import os; os.abort()
import os; os.write(11, b'x' * 99)
""",
    "timeout": """
while True: pass
import time; time.sleep(99)
""",
}
"""What a submission does for each hidden input, by what is to be read of it."""
BODIES = [(kind, line) for kind, lines in WAYS.items() for line in lines.split("\n") if line]
HEAD = """import numpy as np
import pytest
from grader import Submission, assert_tensor, check

"""


def course_with(folder: Path, checks: str) -> Course:
    """Return the tests' course with these hidden checks of its first exercise, in this copy of it."""
    (folder / "solutions/ex01_row_sums/test_ex01_hidden.py").write_text(HEAD + checks, encoding="utf-8")
    settings = folder / "course.yml"
    points = 2 + (len(BODIES) if "range(" in checks else checks.count("points=1"))
    text = re.sub(r"points: \d+", f"points: {points}", settings.read_text(encoding="utf-8"), count=1)
    settings.write_text(text, encoding="utf-8")
    return load_course(folder)


def alone(grade: Grade, number: int) -> Grade:
    """Return a grade with one of its hidden checks alone: what it would be, had all hidden inputs been that one."""
    visible = [check for check in grade.checks if check.visible]
    hidden = [check for check in grade.checks if not check.visible]
    points, verdict = score((*visible, hidden[number]))
    return replace(grade, points=points, verdict=verdict, checks=(*visible, hidden[number]), possible=3)


@needs_sandbox
def test_whatever_a_submission_does_with_a_hidden_input_is_read_as_its_kind(
    tiny_copy: Path, tmp_path: Path
) -> None:
    """Each hidden check gives another number, and the answer does something else with each."""
    course = course_with(
        tiny_copy,
        f"""
@check(points={len(BODIES)}, en="keeps the secret", ko="비밀")
@pytest.mark.parametrize("secret", range({len(BODIES)}))
def test_secret(submission: Submission, secret: int) -> None:
    assert_tensor(submission.row_sums(np.full((1, 1, 1), secret)), np.array(4242))
""",
    )
    code = [
        "def row_sums(x):",
        "    if x.ndim == 2: return np.array([3, 7])",
        "    secret = int(x.ravel()[0])",
    ]
    for number, (_, body) in enumerate(BODIES):
        code += [f"    if secret == {number}:", f"        {body}"]
    text = "\n".join(["import numpy as np", *code, "def scale(x, factor=2):", "    return x * factor"])
    with SandboxedRunner(course.runner, slot=908) as runner:
        grade = grade_text(course, runner, tmp_path, text)
    hidden = [check for check in grade.checks if not check.visible]
    kinds = {"wrong": (Verdict.FAILED,), "timeout": (Verdict.TIMEOUT,)}
    others = (Verdict.ERROR, Verdict.MEMORY, Verdict.CRASHED, Verdict.NOT_ATTEMPTED)
    for (kind, body), check in zip(BODIES, hidden, strict=True):
        assert check.verdict in kinds.get(kind, others), body
    seen = {kind: [number for number, (other, _) in enumerate(BODIES) if other == kind] for kind in WAYS}
    for name, render in RENDERERS.items():
        for language in ("en", "ko"):
            shown = {kind: {render(alone(grade, at), language) for at in seen[kind]} for kind in seen}
            assert {kind: len(texts) for kind, texts in shown.items()} == dict.fromkeys(WAYS, 1), name
            assert len({text for texts in shown.values() for text in texts}) == len(WAYS), name
    # An instructor sees each.
    assert len({repr(view) for view in instructor_view(hidden)}) == len(BODIES)


CHECKS = """
@check(points=1, en="first", ko="첫째")
def test_first(submission: Submission) -> None:
    assert_tensor(submission.row_sums(np.array([[{secret}, 0]])), np.array([4242]))

@check(points=1, en="second", ko="둘째")
def test_second(submission: Submission) -> None:
    assert_tensor(submission.scale(np.array([1]), 9), np.array([4242]))

@check(points=1, en="third", ko="셋째")
def test_third(submission: Submission) -> None:
    assert_tensor(submission.row_sums(np.array([[1, 2]])), np.array([4242]))
"""
CARRIER = """
import sys
import numpy as np
from absent import nothing
secret = getattr(sys, "left_by_a_hidden_check", 0)
if secret % 2:
    raise ValueError(f"the secret is {secret}")
if secret > 40:
    row_sums = secret
else:
    def row_sums(x):
        if x[0, 1] == 0:
            sys.left_by_a_hidden_check = int(x[0, 0])
        return x.dot([1] * x.shape[1]) if x.shape[0] == 2 else x
def scale(x, factor=2):
    return x * factor
"""


class DiesOnce(dict[str, Any]):
    """Ends the process at the first call of `scale` after a hidden check has left its word."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return what a call dies of."""
        if name == "scale" and hasattr(sys, "left_by_a_hidden_check"):
            return Verdict.CRASHED
        return default


@pytest.fixture
def carried(tiny_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, Grade]:
    """Return what came of an answer whose process leaves a hidden input to the next, for three inputs."""
    grades = {}
    for secret in (2, 7, 44):
        monkeypatch.setattr(sys, "left_by_a_hidden_check", 0, raising=False)
        monkeypatch.delattr(sys, "left_by_a_hidden_check")
        runner = FakeRunner()
        runner.deaths = DiesOnce()
        code = CARRIER.replace("absent import", "absent_module import")
        grades[secret] = grade_text(
            course_with(tiny_copy, CHECKS.replace("{secret}", str(secret))), runner, tmp_path, code
        )
        assert len(runner.opened) == 2
    return grades


def test_what_a_process_leaves_to_the_next_is_not_told(carried: dict[int, Grade]) -> None:
    # How long a visible check took is told, and is another time each time.
    timeless = [
        replace(grade, checks=tuple(replace(check, seconds=0) for check in grade.checks))
        for grade in (carried[2], carried[7])
    ]
    for name, render in RENDERERS.items():
        texts = {render(grade, "en") for grade in timeless}
        assert len(texts) == 1, name
        assert "the secret is" not in str(texts)
    shown = {secret: [note.explanation.key for note in notes_of(grade)] for secret, grade in carried.items()}
    assert set(map(tuple, shown.values())) == {("submission.load_no_module",)}


def test_an_instructor_reads_what_a_process_left_to_the_next(carried: dict[int, Grade]) -> None:
    said = [note.text.in_language("en") for note in notes_of(carried[7], is_instructor=True)]
    assert len(said) == 2
    assert said[1].endswith("the secret is 7")
    (_, note) = notes_of(carried[44], is_instructor=True)
    assert note.explanation.key == "submission.no_function"


def test_a_function_that_the_file_never_had_is_told_after_a_death_too(
    tiny_copy: Path, tmp_path: Path
) -> None:
    runner = FakeRunner()
    runner.deaths = {"row_sums": Verdict.CRASHED}
    course = course_with(tiny_copy, CHECKS.replace("{secret}", "7"))
    grade = grade_text(course, runner, tmp_path, "def row_sums(x):\n    return x")
    notes = notes_of(grade)
    assert [note.text.in_language("en") for note in notes] == [
        "Your file defines no function `scale`. Keep the names of the stub."
    ]
    views = [view for view in student_view(grade.checks, notes) if view.hidden]
    assert [str(view.why and view.why.in_language("en")).split(":")[0] for view in views] == [
        "As at “[[1, 2], [3, 4]] becomes [3, 7]”.",
        "Not run",
        "As at “[[1, 2], [3, 4]] becomes [3, 7]”.",
    ]


@pytest.mark.parametrize("hidden", [True, False])
def test_too_much_output_is_told_of_visible_checks_alone(
    hidden: bool, tiny_copy: Path, tmp_path: Path
) -> None:
    course = course_with(tiny_copy, CHECKS.replace("{secret}", "7"))
    at = "x.shape[0] == 1" if hidden else "True"
    code = f"def row_sums(x):\n    if {at}: print('x' * 99999)\n    return x.dot([1] * x.shape[1])\ndef scale(x, factor=2): return x"
    with SandboxedRunner(course.runner, slot=909) as runner:
        grade = grade_text(course, runner, tmp_path, code)
    keys = [[note.explanation.key for note in notes_of(grade, is_instructor=who)] for who in (False, True)]
    assert keys == [[] if hidden else ["submission.output_dropped"], ["submission.output_dropped"]]
