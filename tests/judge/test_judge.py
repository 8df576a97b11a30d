from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from grader import scoring
from grader.answers.notebook import write_notebook
from grader.answers.python import MOST_CODE
from grader.errors import RunnerError, SubmissionError
from grader.judge.grades import not_handed_in, ungraded
from grader.judge.judge import Judge
from grader.judge.reference import Recordings
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Course, Exercise, Explanation, Grade, Limits, Submission, Text, Verdict
from grader.runner.call import Call
from grader.runner.replies import Reply
from tests.support.fakes import LOAD, FakeRunner, FakeSession, source_of
from tests.support.judging import GOOD, grade_files, grade_text, judging, reference_of, result_of, verdicts

DIED = RunnerError("runner.died", {"error": "out of luck"})
ALL = ("example", "scale", "random", "one_column", "no_table")


def expected(verdict: Verdict, *names: str) -> dict[str, Verdict]:
    """Return a right answer's verdicts, but another one for these checks, and what depends on them skipped."""
    found = {name: verdict if name in names else Verdict.PASSED for name in ALL}
    if "random" in names:
        found["one_column"] = Verdict.SKIPPED
    return found


def test_a_right_answer_earns_everything(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner()
    grade = grade_text(tiny, runner, tmp_path, GOOD)
    path = tmp_path / "answer.py"
    assert (grade.student, grade.exercise, grade.path) == ("answer", "ex01", str(path))
    assert (grade.points, grade.possible, grade.verdict) == (6, 6, Verdict.PASSED)
    assert grade.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert grade.graded_at is not None
    assert grade.graded_at.tzinfo is not None
    assert [result.visible for result in grade.checks] == [True, True, False, False, False]
    assert [result.earned for result in grade.checks] == [1, 1, 2, 1, 1]
    assert [result.call for result in grade.checks] == [
        "row_sums(int64 2x2)",
        "scale(int64 2, factor=3)",
        "row_sums(int64 3x5)",
        "row_sums(int64 2x1)",
        "row_sums(int64 2)",
    ]
    assert len(runner.opened) == 1
    assert runner.sessions[-1].closed


@pytest.mark.parametrize("verdict", [Verdict.TIMEOUT, Verdict.MEMORY, Verdict.CRASHED])
def test_a_death_costs_the_checks_that_die_and_no_other(
    verdict: Verdict, tiny: Course, tmp_path: Path
) -> None:
    grade = grade_text(tiny, FakeRunner({"scale": verdict}), tmp_path, GOOD)
    assert verdicts(grade) == expected(verdict, "scale")
    assert (grade.points, grade.verdict) == (5, verdict)


def test_a_dead_session_is_opened_again_for_the_next_check(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner({"row_sums": Verdict.CRASHED})
    grade = grade_text(tiny, runner, tmp_path, GOOD)
    assert verdicts(grade) == expected(Verdict.CRASHED, "example", "random", "no_table")
    assert grade.points == 1
    # It dies in the first, the third and the last check; the second and third are one session's.
    assert runner.calls == ["row_sums", "scale", "row_sums", "row_sums"]
    assert len(runner.opened) == 3
    assert all(session.closed for session in runner.sessions)


@pytest.mark.parametrize("verdict", [Verdict.TIMEOUT, Verdict.MEMORY, Verdict.CRASHED])
def test_a_file_that_dies_when_it_is_executed_is_tried_once(
    verdict: Verdict, tiny: Course, tmp_path: Path
) -> None:
    runner = FakeRunner({LOAD: verdict})
    grade = grade_text(tiny, runner, tmp_path, GOOD)
    assert verdicts(grade) == {**dict.fromkeys(ALL, verdict), "one_column": Verdict.SKIPPED}
    assert len(runner.opened) == 1


@pytest.mark.parametrize(
    ("where", "names"),
    [("scale", ("scale",)), (LOAD, ("example", "scale", "random", "no_table"))],
    ids=["call", "open"],
)
def test_a_sandbox_that_fails_costs_nobody_anything(
    where: str, names: tuple[str, ...], tiny: Course, tmp_path: Path
) -> None:
    grade = grade_text(tiny, FakeRunner({where: DIED}), tmp_path, GOOD)
    assert verdicts(grade) == expected(Verdict.UNGRADED, *names)
    assert grade.verdict is Verdict.UNGRADED
    assert result_of(grade, "scale").explanation == DIED.explanation


CODES: Mapping[str, tuple[str, dict[str, Verdict], str]] = {
    "raises": (
        GOOD.replace("return x * factor", "return x / nothing"),
        expected(Verdict.ERROR, "scale"),
        "submission.raised",
    ),
    "stub": (
        GOOD.replace("return x * factor", "raise NotImplementedError"),
        expected(Verdict.NOT_ATTEMPTED, "scale"),
        "submission.not_attempted",
    ),
    "out-of-memory": (
        GOOD.replace("return x * factor", "raise MemoryError"),
        expected(Verdict.MEMORY, "scale"),
        "submission.memory_error",
    ),
    "missing": (
        GOOD.replace("def scale", "def multiply"),
        expected(Verdict.ERROR, "scale"),
        "submission.no_function",
    ),
    "missing-after-an-error": (
        GOOD.replace("def scale", "@nothing\ndef scale"),
        expected(Verdict.ERROR, "scale"),
        "submission.load_raised",
    ),
    "there-after-an-error": (GOOD.replace("def scale", "1 / 0\ndef scale"), expected(Verdict.PASSED), ""),
    "error-that-harms-nothing": (f"{GOOD}\n1 / 0\n", expected(Verdict.PASSED), ""),
    "wrong-shape": (
        GOOD.replace("return x * factor", "return x[None] * factor"),
        expected(Verdict.FAILED, "scale"),
        "tensor.shape",
    ),
    "not-a-tensor": (
        GOOD.replace("return x * factor", "return (x * factor).tolist()"),
        expected(Verdict.FAILED, "scale"),
        "tensor.kind",
    ),
    "not-a-function": (
        GOOD.replace("def scale", "scale = 7\ndef other"),
        expected(Verdict.ERROR, "scale"),
        "submission.no_function",
    ),
    "private-object": (
        GOOD.replace("return x * factor", "return object()"),
        expected(Verdict.FAILED, "scale"),
        "tensor.kind",
    ),
}


@pytest.mark.parametrize(("code", "found", "key"), CODES.values(), ids=CODES.keys())
def test_code_earns_its_verdict(
    code: str, found: dict[str, Verdict], key: str, tiny: Course, tmp_path: Path
) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, code)
    assert verdicts(grade) == found
    explanation = result_of(grade, "scale").explanation
    assert (explanation.key if explanation else "") == key


def test_a_banned_function_is_not_called_and_the_others_are(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner()
    grade = grade_text(tiny, runner, tmp_path, GOOD.replace("[sum(row) for row in x]", "np.sum(x, axis=1)"))
    assert verdicts(grade) == expected(Verdict.FORBIDDEN, "example", "random", "no_table")
    assert runner.calls == ["scale"]
    explanation = result_of(grade, "example").explanation
    assert explanation is not None
    assert explanation.values["name"] == "np.sum"


USED = Explanation("submission.forbidden", {"function": "row_sums", "name": "np.sum", "place": "ex01.py:5"})


def test_a_function_that_used_what_is_banned_has_passed_no_check_before(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    call = FakeSession.call

    def seen_in_the_second_call(self: FakeSession, asked: Call, seconds: float = float("inf")) -> Reply:
        calls.append(asked.function)
        if calls.count("row_sums") == 2 and asked.function == "row_sums":
            raise SubmissionError(Verdict.FORBIDDEN, USED)
        return call(self, asked, seconds)

    monkeypatch.setattr(FakeSession, "call", seen_in_the_second_call)
    grade = grade_text(tiny, FakeRunner(), tmp_path, GOOD)
    assert verdicts(grade) == expected(Verdict.FORBIDDEN, "example", "random", "no_table")
    assert result_of(grade, "example").explanation == USED
    assert result_of(grade, "example").earned == 0
    assert calls.count("row_sums") == 2
    assert verdicts(grade)["scale"] is Verdict.PASSED


@pytest.mark.parametrize(
    ("between", "verdict"),
    [("", Verdict.PASSED), ("1 / 0", Verdict.PASSED), ("@nothing", Verdict.FORBIDDEN)],
    ids=["whole", "after-an-error", "failed"],
)
def test_a_definition_that_was_not_executed_does_not_lift_a_ban(
    between: str, verdict: Verdict, tiny: Course, tmp_path: Path
) -> None:
    again = GOOD.partition("def row_sums")[2].partition("def scale")[0]
    code = f"{GOOD.replace('[sum(row) for row in x]', 'np.sum(x, axis=1)')}\n{between}\ndef row_sums{again}"
    grade = grade_text(tiny, FakeRunner(), tmp_path, code)
    assert {verdicts(grade)[name] for name in ("example", "random", "no_table")} == {verdict}
    assert verdicts(grade)["scale"] is Verdict.PASSED


THREE = """
def first(x):
    return x

def second(x):
    return x

class Dense:
    def __call__(self, x):
        return x

def make():
    return Dense()
"""


def timed(course: Course, **limits: Any) -> Exercise:
    """Return the first exercise with other limits."""
    first = course.exercises[0]
    return replace(first, limits=replace(first.limits, **limits))


def outcome(caller: SubmissionCaller, call: Call) -> Explanation | None:
    """Return why a call took too long, None where it did not."""
    try:
        caller.call(call)
    except SubmissionError as error:
        return error.explanation
    return None


def test_loops_of_one_function_take_no_time_of_another(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.slow = {"row_sums": 100.0}
    grade = grade_text(tiny, runner, tmp_path, GOOD)
    assert verdicts(grade) == expected(Verdict.TIMEOUT, "example", "random", "no_table")
    assert runner.calls == ["row_sums", "scale", "row_sums"]
    keys = {name: result_of(grade, name).explanation for name in ("example", "random", "no_table")}
    timeout = Explanation("submission.timeout", {"seconds": 1.0})
    not_called = Explanation("submission.not_called", {"function": "row_sums"})
    assert list(keys.values()) == [timeout, timeout, not_called]


def test_a_function_that_ran_into_its_limit_twice_is_not_called_again(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 100.0}
    with closing(SubmissionCaller(runner, source_of(THREE), tiny.exercises[0])) as caller:
        found = []
        for name in ("first", "second", "first", "first", "second"):
            caller.begin_check()
            found.append(outcome(caller, Call(name, (1,))))
    assert [why.key if why else "" for why in found] == [
        "submission.timeout",
        "",
        "submission.timeout",
        "submission.not_called",
        "",
    ]
    assert runner.calls.count("first") == 2


def test_who_practises_waits_for_one_loop_alone(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 100.0}
    with closing(SubmissionCaller(runner, source_of(THREE), tiny.exercises[0], most_timeouts=1)) as caller:
        found = []
        for name in ("first", "first", "second"):
            caller.begin_check()
            found.append(outcome(caller, Call(name, (1,))))
    assert [why.key if why else "" for why in found] == [
        "submission.timeout",
        "submission.not_called_again",
        "",
    ]
    assert runner.calls.count("first") == 1


def test_a_layer_that_loops_counts_for_the_function_that_made_it(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = FakeRunner()
    monkeypatch.setattr("grader.runner.inside.libraries.LIBRARIES", [_Layers()])
    runner.slow = {"Dense": 100.0}
    with closing(SubmissionCaller(runner, source_of(THREE), tiny.exercises[0])) as caller:
        for _ in range(2):
            caller.begin_check()
            layer = caller.call(Call("make")).value
            why = outcome(caller, Call("Dense", (1,), target=layer))
            assert why == Explanation("submission.timeout", {"seconds": 1.0})
        assert outcome(caller, Call("make")) == Explanation("submission.not_called", {"function": "make"})
        assert outcome(caller, Call("first", (1,))) is None


class _Layers:
    """A library whose layers are the submission's own class."""

    def is_layer(self, value: object) -> bool:
        return type(value).__name__ == "Dense"

    def to_plain(self, value: object) -> None:
        return None

    def seed(self, seed: int) -> None:
        return None

    def begin(self) -> None:
        return None


def test_the_calls_of_one_check_share_its_time_and_those_of_the_next_do_not(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 3.0}
    exercise = timed(tiny, call_seconds=5.0, check_seconds=10.0, cpu_seconds=100)
    with closing(SubmissionCaller(runner, source_of(THREE), exercise)) as caller:
        for _ in range(2):
            caller.begin_check()
            whys = [outcome(caller, Call("first", (1,))) for _ in range(4)]
            assert whys[:3] == [None, None, None]
            assert whys[3] == Explanation("submission.time_used_up", {"seconds": 10.0})
    # The time of one that died counts too, and each had three calls and the beginning of a fourth.
    assert [session.seconds for session in runner.sessions] == [10.0, 10.0]


def test_a_call_that_finds_no_time_left_is_no_limit_that_its_function_ran_into(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 4.9, "second": 1.0}
    exercise = timed(tiny, call_seconds=5.0, check_seconds=10.0, cpu_seconds=100)
    used_up = Explanation("submission.time_used_up", {"seconds": 10.0})
    with closing(SubmissionCaller(runner, source_of(THREE), exercise)) as caller:
        for _ in range(2):
            caller.begin_check()
            for _ in range(2):
                assert outcome(caller, Call("first", (1,))) is None
            # The second one is called with 0.2 s left, and then not at all.
            assert outcome(caller, Call("second", (1,))) == used_up
            assert outcome(caller, Call("second", (1,))) == used_up
        caller.begin_check()
        assert outcome(caller, Call("first", (1,))) == Explanation(
            "submission.not_called", {"function": "first"}
        )
        assert outcome(caller, Call("second", (1,))) is None
    assert runner.calls.count("second") == 3


def test_a_check_gets_a_new_process_where_the_old_one_has_too_little_cpu_time_left(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 4.0}
    exercise = timed(tiny, load_seconds=5.0, call_seconds=5.0, check_seconds=10.0, cpu_seconds=20)
    with closing(SubmissionCaller(runner, source_of(THREE), exercise)) as caller:
        opened = []
        for _ in range(5):
            caller.begin_check()
            caller.call(Call("first", (1,)))
            opened.append(len(runner.opened))
    assert opened == [1, 1, 2, 2, 3]


@pytest.mark.parametrize(("loops", "calls"), [("row_sums", ["scale"]), (LOAD, [])])
def test_what_is_known_to_loop_is_not_called_and_comes_out_as_before(
    loops: str, calls: list[str], tiny: Course, tmp_path: Path
) -> None:
    first = FakeRunner()
    first.slow = {loops: 100.0}
    before = grade_text(tiny, first, tmp_path, GOOD)
    known = tuple(
        result
        for result in before.checks
        if result.explanation is not None
        and result.explanation.key != "submission.not_called"
        and result.verdict is Verdict.TIMEOUT
    )
    second = FakeRunner()
    with judging(tiny, tiny.exercises[:1], second) as judge:
        again = judge.grade(Submission("answer", "ex01", tmp_path / "answer.py", known_loops=known))
    assert second.calls == calls

    def shown(grade: Grade) -> list[CheckResult]:
        return [replace(result, seconds=0) for result in grade.checks]

    assert known
    assert shown(again) == shown(before)


def test_a_function_that_looped_in_one_check_is_called_in_a_check_that_was_changed(tiny: Course) -> None:
    runner = FakeRunner()
    result = CheckResult("old", Text({}), True, 1, 0, Verdict.TIMEOUT, Explanation("submission.timeout"))
    loops = [replace(result, call="first(1)")]
    exercise = tiny.exercises[0]
    with closing(SubmissionCaller(runner, source_of(THREE), exercise, known_loops=loops)) as caller:
        caller.begin_check("mended")
        assert outcome(caller, Call("first", (1,))) is None
        caller.begin_check("old")
        # Another call of the same check was not what looped.
        assert outcome(caller, Call("first", ("1",))) is None
        assert outcome(caller, Call("first", (1,))) == Explanation("submission.timeout")
    assert runner.calls == ["first", "first"]


def test_the_next_submission_has_its_own_time(tiny: Course, tmp_path: Path) -> None:
    paths = [tmp_path / "other.py", tmp_path / "good.py"]
    for path in paths:
        path.write_text(GOOD, encoding="utf-8")
    runner = FakeRunner()
    runner.slow = {"row_sums": 100.0}
    assert [grade.points for grade in grade_files(tiny, runner, paths)] == [1, 1]
    assert runner.calls == ["row_sums", "scale", "row_sums"] * 2


def test_the_reference_has_all_the_time_that_it_needs(tiny: Course) -> None:
    runner = FakeRunner()
    runner.slow = {"first": 0.9}
    with closing(
        SubmissionCaller(runner, source_of(THREE), timed(tiny, check_seconds=1.0), is_limited=False)
    ) as caller:
        for _ in range(50):
            caller.call(Call("first", (1,)))
    assert len(runner.opened) == 1


@pytest.mark.parametrize("verdict", [Verdict.CRASHED, Verdict.TIMEOUT])
def test_a_reference_that_dies_is_our_fault(verdict: Verdict, tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, GOOD, reference=FakeRunner({"row_sums": verdict}))
    assert result_of(grade, "random").verdict is Verdict.UNGRADED


def test_output_belongs_to_the_check_that_made_it(tiny: Course, tmp_path: Path) -> None:
    runner = FakeRunner({"row_sums": Verdict.CRASHED})
    runner.output = "first words"
    grade = grade_text(tiny, runner, tmp_path, GOOD)
    assert [result.output for result in grade.checks] == ["first words", "", "", "", ""]


def test_nothing_handed_in_is_not_attempted(tiny: Course) -> None:
    submission = Submission("ann", "ex01", None)
    with judging(tiny, tiny.exercises[:1], FakeRunner()) as judge:
        grade = judge.grade(submission)
    expected_grade = not_handed_in(submission, tiny.exercises[0])
    assert replace(grade, graded_at=None) == replace(expected_grade, graded_at=None)
    assert (grade.points, grade.possible, grade.verdict) == (0, 6, Verdict.NOT_ATTEMPTED)
    assert grade.notes == (Explanation("submission.nothing"),)


def test_an_ungraded_submission_keeps_its_path_and_has_no_points(tiny: Course) -> None:
    why = Explanation("submission.judge_died", {"error": "exit code -9"})
    grade = ungraded(Submission("ann", "ex01", Path("ann/ex01.py")), tiny.exercises[0], why)
    assert (grade.path, grade.points, grade.possible, grade.verdict) == (
        "ann/ex01.py",
        0,
        6,
        Verdict.UNGRADED,
    )
    assert (grade.checks, grade.notes) == ((), (why,))


def test_a_file_that_is_no_text_fails_all_checks_and_is_not_opened(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    path.write_bytes(b"'\x81 \x8d'")
    runner = FakeRunner()
    (grade,) = grade_files(tiny, runner, [path])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.ERROR)
    assert (grade.points, grade.possible) == (0, 6)
    assert grade.digest == hashlib.sha256(b"'\x81 \x8d'").hexdigest()
    assert runner.opened == []


def test_a_file_that_is_too_large_is_not_even_read(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    path.touch()
    os.truncate(path, 1 << 42)
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.ERROR)
    assert result_of(grade, "scale").explanation == Explanation("submission.too_large", {"mib": 100})


UNREAD = {
    "deep.py": ("def row_sums(x):\n    return x" + ".a" * 10_000, "submission.too_complex"),
    "large.py": ("#" * (MOST_CODE + 1), "submission.too_much_code"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_code_that_cannot_be_read_is_the_students_error(name: str, tiny: Course, tmp_path: Path) -> None:
    code, key = UNREAD[name]
    (tmp_path / name).write_text(code)
    (tmp_path / "good.py").write_text(GOOD)
    runner = FakeRunner()
    grade, after = grade_files(tiny, runner, [tmp_path / name, tmp_path / "good.py"])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.ERROR)
    explanation = result_of(grade, "scale").explanation
    assert explanation is not None
    assert explanation.key == key
    assert (after.points, len(runner.opened)) == (6, 1)


@pytest.mark.parametrize("where", ["judge.read_source", "submission.find_forbidden"])
def test_whatever_a_file_does_to_its_reader_is_an_error_of_that_file(
    where: str, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = where.split(".")
    real = getattr(import_module(f"grader.judge.{module}"), name)

    def fails_for_this_file(what: object, *others: object) -> object:
        if "what is too deep" in str(what):
            raise RecursionError("too deep")
        return real(what, *others)

    monkeypatch.setattr(f"grader.judge.{where}", fails_for_this_file)
    grade = grade_text(tiny, FakeRunner(), tmp_path, GOOD + "# what is too deep\n")
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.ERROR)
    assert result_of(grade, "scale").explanation == Explanation(
        "submission.unusable", {"type": "RecursionError", "message": "too deep"}
    )


def failing(error: Exception) -> Callable[..., object]:
    """Return what raises an error, whatever it is called with."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


OUR_READERS = {
    "its transformer": ("grader.answers.notebook._transformer", AttributeError("no transformer")),
    "the notebook's format": ("nbformat.reads", KeyError("another version of a library")),
    "what looks for bans": ("grader.bans.search._found", TypeError("ours")),
    "a library that is not there": ("grader.judge.judge.read_source", ImportError("no nbformat")),
    "memory": ("grader.judge.judge.read_source", MemoryError()),
}


@pytest.mark.parametrize("what", OUR_READERS)
def test_what_keeps_us_from_reading_any_file_is_ungraded(
    what: str, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, error = OUR_READERS[what]
    monkeypatch.setattr(where, failing(error))
    path = tmp_path / "ex01.ipynb"
    path.write_text(write_notebook(["%matplotlib inline", GOOD]))
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.UNGRADED)
    explanation = result_of(grade, "scale").explanation
    assert explanation is not None
    assert (explanation.key, explanation.values["type"]) == ("submission.judge_raised", type(error).__name__)


NO_NOTEBOOKS = {
    "{": "submission.notebook_cut",
    '{"nbformat": 4}': "submission.wrong_kind",
    " ": "submission.empty",
}


@pytest.mark.parametrize("text", NO_NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_the_students_error(text: str, tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "EX01.IPYNB"
    path.write_text(text)
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.ERROR)
    explanation = result_of(grade, "scale").explanation
    assert explanation is not None
    assert explanation.key == NO_NOTEBOOKS[text]


def test_a_notebook_may_be_named_in_capitals(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "EX01.IPYNB"
    path.write_text(write_notebook(["%matplotlib inline", GOOD]))
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert (grade.points, grade.verdict) == (6, Verdict.PASSED)


def test_a_null_byte_is_the_students_error(tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, GOOD + "\0")
    assert verdicts(grade) == {**dict.fromkeys(ALL, Verdict.ERROR), "one_column": Verdict.SKIPPED}
    explanation = result_of(grade, "scale").explanation
    assert explanation is not None
    assert "null bytes" in explanation.values["message"]


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_a_file_that_cannot_be_read_is_ungraded(kind: str, tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert verdicts(grade) == dict.fromkeys(ALL, Verdict.UNGRADED)
    explanation = result_of(grade, "scale").explanation
    assert explanation is not None
    assert explanation.key == "submission.unreadable"


def test_a_notebook_is_graded_and_its_notes_are_kept(tiny: Course, tmp_path: Path) -> None:
    sources = ["%matplotlib inline", *GOOD.split("\n\n\ndef scale")]
    sources[2] = f"def scale{sources[2]}"
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for text in sources
    ]
    path = tmp_path / "ex01.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    (grade,) = grade_files(tiny, FakeRunner(), [path])
    assert (grade.points, grade.verdict) == (6, Verdict.PASSED)
    assert [note.key for note in grade.notes] == ["submission.magic_skipped"]


def test_the_reference_passes_its_own_checks_and_its_answers_are_kept(tiny: Course) -> None:
    recordings: Recordings = {}
    reference = FakeRunner()
    with reference_of(tiny, tiny.exercises, reference=reference, recordings=recordings) as side:
        scores = [scoring.score(side.check_reference(exercise)) for exercise in tiny.exercises]
    assert scores == [(6, Verdict.PASSED), (3, Verdict.PASSED), (4, Verdict.PASSED)]
    # ex02's hidden check asks for two images; a visible and a hidden check each ask for one more.
    assert len(recordings) == 5 + 3 + 2 == len(reference.calls)
    assert reference.closed


def test_with_the_recordings_no_reference_is_started(tiny: Course, tmp_path: Path) -> None:
    recordings: Recordings = {}
    (tmp_path / "answer.py").write_text(GOOD, encoding="utf-8")
    submission = Submission("ann", "ex01", tmp_path / "answer.py")
    first = tiny.exercises[:1]
    with reference_of(tiny, first, recordings=recordings) as side:
        side.prove(first)
    reference = FakeRunner()
    with judging(tiny, first, FakeRunner(), reference=reference, recordings=recordings) as judge:
        assert judge.grade(submission).points == 6
    assert reference.opened == []


def test_a_known_mistake_is_named(tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, GOOD.replace("for row in x]", "for row in x.T]"))
    named = {result.name: result.misconception.id for result in grade.checks if result.misconception}
    assert named == {"test_example": "column-sums", "test_random": "column-sums"}


def test_what_only_looks_like_a_known_mistake_in_the_example_is_not_named_elsewhere(
    tiny: Course, tmp_path: Path
) -> None:
    code = "def max_pool(x):\n    return x[:, 1::2, 1::2] if x[0, 0, 0, 0] == 0 else x[:, ::2, ::2] + 100\n"
    grade = grade_text(tiny, FakeRunner(), tmp_path, code, exercise=2)
    assert verdicts(grade) == {"example": Verdict.PASSED, "random": Verdict.FAILED}
    assert [result.misconception for result in grade.checks] == [None, None]


def test_what_is_too_large_is_not_kept_as_evidence(tiny: Course, tmp_path: Path) -> None:
    large = GOOD.replace("for row in x]", "for row in x] if x.shape != (3, 5) else np.zeros(5 << 20)")
    (tmp_path / "answer.py").write_text(large, encoding="utf-8")
    with reference_of(tiny, tiny.exercises[:1]) as side:
        judge = Judge(FakeRunner(), side)
        grade, evidence = judge.grade_with_evidence(Submission("ann", "ex01", tmp_path / "answer.py"))
        grade = side.diagnosed(grade, evidence)
    assert verdicts(grade)["random"] is Verdict.FAILED
    # And after the checks there is no probe of what is not kept.
    assert [len(calls) for calls in evidence] == [1, 1, 0, 0, 1, 0]
    assert result_of(grade, "random").misconception is None


def test_limits_of_the_course_reach_the_runner(tiny: Course, tmp_path: Path) -> None:
    seen: list[tuple[Limits, str]] = []

    class Noting(FakeRunner):
        def open(self, source, limits, *, data=""):  # type: ignore[no-untyped-def]  # as the one above
            seen.append((limits, data))
            return super().open(source, limits, data=data)

    grade_text(tiny, Noting(), tmp_path, "def max_pool(x):\n    return x\n", exercise=3)
    assert seen == [(tiny.exercises[2].limits, "")]


def test_a_failing_answer_is_told_which_absent_library_it_uses(tiny: Course, tmp_path: Path) -> None:
    course = replace(tiny, runner=replace(tiny.runner, optional_modules=("no_such_library", "numpy")))
    code = f"{GOOD}\ndef row_sums(x):\n    return lib.sums(x)\n"
    code = f"try:\n    import no_such_library as lib\nexcept ImportError:\n    lib = None\n{code}"
    (note,) = grade_text(course, FakeRunner(), tmp_path, code).notes
    assert (note.key, note.values["name"]) == ("submission.uses_absent", "lib.sums")
    assert grade_text(course, FakeRunner(), tmp_path, f"{code}{GOOD}").notes == ()


def test_a_file_without_code_is_told_so(tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner(), tmp_path, " \n")
    assert result_of(grade, "random").explanation == Explanation("submission.empty")
