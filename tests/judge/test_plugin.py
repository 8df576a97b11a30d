from __future__ import annotations

import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.files import check_files
from grader.course.load import load_course
from grader.errors import CourseError
from grader.judge.collect import collected
from grader.judge.fixtures import check_seed
from grader.judge.reference_side import ReferenceSide
from grader.model import CheckResult, Course, Explanation, Verdict
from tests.support.fakes import FakeRunner
from tests.support.judging import GOOD, grade_files, grade_text, result_of, verdicts

HIDDEN = "solutions/ex01_row_sums/test_ex01_hidden.py"
VISIBLE = "exercises/ex01_row_sums/test_ex01.py"


def faults_of(folder: Path) -> list[tuple[str, str, str]]:
    """Return the faults that are found when the checks are collected: file, place and key."""
    course = load_course(folder)
    with pytest.raises(CourseError) as caught, collected(course, course.exercises):
        raise AssertionError("the checks are usable")
    return [(fault.file, fault.place, fault.explanation.key) for fault in caught.value.faults]


def names_in(course: Course) -> dict[str, list[tuple[str, bool]]]:
    """Return the collected checks of each exercise: name and whether students see it."""
    with collected(course, course.exercises) as checks:
        return {
            exercise.id: [(item.name, item.visible) for item in checks.blank_results(exercise)]
            for exercise in course.exercises
        }


def with_check(folder: Path, body: str, given: str = "submission, rng, request") -> CheckResult:
    """Return what comes of the check `test_scale` with another body, for a right answer."""
    path = folder / VISIBLE
    head, _ = path.read_text(encoding="utf-8").split("def test_scale(submission: Submission) -> None:\n")
    path.write_text(f"{head}def test_scale({given}):\n    {body}\n", encoding="utf-8")
    grade = grade_text(load_course(folder), FakeRunner(), folder, GOOD)
    assert all(item.verdict is Verdict.PASSED for item in grade.checks if item.name != "test_scale")
    return result_of(grade, "scale")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that stands once in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_visible_checks_come_first_then_hidden_ones_in_the_order_of_their_file(tiny: Course) -> None:
    assert names_in(tiny) == {
        "ex01": [
            ("test_example", True),
            ("test_scale", True),
            ("test_random", False),
            ("test_one_column", False),
            ("test_no_table", False),
        ],
        "ex02": [("test_example", True), ("test_random", False)],
        "ex03": [("test_example", True), ("test_random", False)],
    }


def test_the_files_of_an_exercise_are_its_own(tiny: Course) -> None:
    files = [path.relative_to(tiny.root).as_posix() for path in check_files(tiny.exercises[:1])]
    assert files == [VISIBLE, HIDDEN]


def test_a_seed_depends_on_file_and_check_and_not_on_the_folder() -> None:
    seed = check_seed(Path("a/test_ex01_hidden.py"), "test_random")
    assert seed == check_seed(Path("b/test_ex01_hidden.py"), "test_random") == 4847037595583453343
    assert seed != check_seed(Path("a/test_ex01_hidden.py"), "test_other")
    assert seed != check_seed(Path("a/test_ex02_hidden.py"), "test_random")


@pytest.mark.parametrize("error", [AssertionError, KeyboardInterrupt, SystemExit, pytest.exit.Exception])
def test_what_is_raised_while_checks_are_used_comes_out_and_nothing_of_them_stays(
    error: type[BaseException], tiny: Course
) -> None:
    modules, finders = set(sys.modules), list(sys.meta_path)
    with pytest.raises(error, match="by a judge"), collected(tiny, tiny.exercises):
        raise error("by a judge")
    assert not [name for name in set(sys.modules) - modules if "test_" in name]
    assert sys.meta_path == finders


def test_checks_are_read_again_when_they_are_collected_again(tiny_copy: Path) -> None:
    course = load_course(tiny_copy)
    names_in(course)
    edit(tiny_copy, VISIBLE, "def test_scale(", "def test_factor(")
    assert ("test_factor", True) in names_in(course)["ex01"]


def test_two_collections_may_be_open_at_once(tiny: Course) -> None:
    with collected(tiny, tiny.exercises[:1]) as outer:
        with collected(tiny, tiny.exercises[1:2]) as inner:
            assert (list(outer.items), list(inner.items)) == (["ex01"], ["ex02"])
        assert len(outer.blank_results(tiny.exercises[0])) == 5


@pytest.mark.parametrize(
    "line", ["import sys; sys.exit()", "import os; os._exit(3)", "import pytest; pytest.exit('enough')"]
)
def test_a_file_of_checks_that_ends_the_collection_is_a_fault_of_the_course(
    line: str, tiny_copy: Path
) -> None:
    path = tiny_copy / VISIBLE
    path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert faults_of(tiny_copy) == [(VISIBLE, "line 1", "course.check_file")]


def test_a_file_of_checks_without_an_end_is_told(tiny_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.judge.collect._SECONDS", 0.2)
    path = tiny_copy / HIDDEN
    path.write_text(f"while True: pass\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert faults_of(tiny_copy) == [(HIDDEN, "line 1", "course.check_endless")]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("import sys; sys.exit(3)", "course.check_broken"),
        ("import os; os._exit(3)", "course.check_broken"),
        ("while True: pass", "course.check_endless"),
    ],
)
def test_a_check_that_ends_the_judge_or_has_no_end_is_told(line: str, key: str, tiny_copy: Path) -> None:
    edit(tiny_copy, "course.yml", "check_seconds: 2", "check_seconds: 1")
    path = tiny_copy / HIDDEN
    text = path.read_text(encoding="utf-8")
    at = text.index("def test_random(")
    end = text.index("\n", at) + 1
    path.write_text(f"{text[:end]}    {line}\n{text[end:]}", encoding="utf-8")
    course = load_course(tiny_copy)
    with (
        collected(course, course.exercises[:1]) as checks,
        closing(ReferenceSide(checks, FakeRunner)) as side,
        pytest.raises(CourseError) as caught,
    ):
        side.prove(course.exercises[:1])
    (fault,) = caught.value.faults
    assert (fault.file, fault.explanation.key) == (HIDDEN, key)
    assert fault.place == f"line {text[:end].count(chr(10)) + 1}"


def test_a_file_of_checks_that_imports_the_solution_is_told_of_the_reference(tiny_copy: Path) -> None:
    path = tiny_copy / HIDDEN
    path.write_text(f"import solution\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert faults_of(tiny_copy) == [(HIDDEN, "line 1", "course.check_solution")]


def test_a_check_that_students_have_takes_no_reference(tiny_copy: Path) -> None:
    edit(tiny_copy, VISIBLE, "def test_scale(submission", "def test_scale(reference, submission")
    ((file, _, key),) = faults_of(tiny_copy)
    assert (file, key) == (VISIBLE, "course.check_reference")


def test_without_exercises_nothing_is_collected(tiny: Course) -> None:
    with collected(tiny, ()) as checks:
        assert checks.items == {}


def test_a_conftest_and_settings_of_the_course_are_not_used(tiny_copy: Path) -> None:
    (tiny_copy / "conftest.py").write_text("raise RuntimeError('conftest')")
    (tiny_copy / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    assert len(names_in(load_course(tiny_copy))["ex01"]) == 5


def test_every_fault_of_the_checks_is_told_at_once(tiny_copy: Path) -> None:
    edit(
        tiny_copy,
        VISIBLE,
        '@check(points=1, en="[1, 2] times 3 is [3, 6]", ko="[1, 2]의 3배는 [3, 6]이다")\n',
        "",
    )
    edit(tiny_copy, HIDDEN, 'after="test_random"', 'after="test_scale"')
    edit(tiny_copy, "exercises/ex02_maxpool_1/test_ex02.py", "points=1", "points=2")
    edit(tiny_copy, "exercises/ex03_maxpool_2/test_ex03.py", "points=2", "points=0")
    assert sorted(faults_of(tiny_copy)) == [
        ("course.yml", "exercises[1].points", "course.points_sum"),
        (VISIBLE, "line 13", "course.check_undecorated"),
        ("exercises/ex03_maxpool_2/test_ex03.py", "line 11", "course.check_points"),
        (HIDDEN, "line 15", "course.check_after"),
    ]


def test_every_wrong_sum_is_told(tiny_copy: Path) -> None:
    for number, slug in ((2, "maxpool_1"), (3, "maxpool_2")):
        edit(tiny_copy, f"solutions/ex0{number}_{slug}/test_ex0{number}_hidden.py", "points=2", "points=2.5")
    assert faults_of(tiny_copy) == [
        ("course.yml", "exercises[1].points", "course.points_sum"),
        ("course.yml", "exercises[2].points", "course.points_sum"),
    ]


@pytest.mark.parametrize("after", ["test_random_tables", "test_itself", "test_later"])
def test_after_names_a_check_above(after: str, tiny_copy: Path) -> None:
    path = tiny_copy / HIDDEN
    path.write_text(
        path.read_text(encoding="utf-8").replace("points=2, en", "points=1, en")
        + f'\n\n@check(points=0.5, after="{after}", en="a", ko="가")\ndef test_itself(submission):\n    pass\n'
        + '\n\n@check(points=0.5, en="b", ko="나")\ndef test_later(submission):\n    pass\n',
        encoding="utf-8",
    )
    faults = [key for file, _, key in faults_of(tiny_copy) if file == HIDDEN]
    assert faults == ["course.check_after"]


def test_the_sum_of_points_is_not_asked_for_to_the_last_bit(tiny_copy: Path) -> None:
    # 0.7 + 0.1 + 0.2 is less than 1.
    edit(tiny_copy, "course.yml", "points: 6", "points: 1.0")
    for file, old, new in (
        (VISIBLE, 'points=1, en="[[', 'points=0.7, en="[['),
        (VISIBLE, 'points=1, en="[1, 2]', 'points=0.1, en="[1, 2]'),
        (HIDDEN, "points=2", "points=0.1"),
        (HIDDEN, 'points=1, en="works on a table of one', 'points=0.05, en="works on a table of one'),
        (HIDDEN, 'points=1, en="refuses', 'points=0.05, en="refuses'),
    ):
        edit(tiny_copy, file, old, new)
    assert len(names_in(load_course(tiny_copy))["ex01"]) == 5


def test_a_file_of_checks_that_cannot_be_imported_is_told(tiny_copy: Path) -> None:
    path = tiny_copy / VISIBLE
    path.write_text(f"import no_such_library\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    course = load_course(tiny_copy)
    with pytest.raises(CourseError) as caught, collected(course, course.exercises):
        raise AssertionError("the checks are usable")
    (fault,) = caught.value.faults
    assert (fault.file, fault.place, fault.explanation.key) == (VISIBLE, "line 1", "course.check_file")
    assert "No module named 'no_such_library'" in fault.explanation.values["error"]


def test_each_submission_meets_the_checks_anew(tiny: Course, tmp_path: Path) -> None:
    answers = {
        "good": GOOD,
        "columns": GOOD.replace("for row in x", "for row in x.T"),
        "power": GOOD.replace("x * factor", "x**factor"),
        "again": GOOD,
    }
    paths = []
    for name, code in answers.items():
        paths.append(tmp_path / f"{name}.py")
        paths[-1].write_text(code, encoding="utf-8")
    runner, reference = FakeRunner(), FakeRunner()
    grades = grade_files(tiny, runner, paths, reference=reference)
    assert [grade.points for grade in grades] == [6, 2, 5, 6]
    assert [grade.student for grade in grades] == ["good", "columns", "power", "again"]
    failed = {"example": Verdict.FAILED, "random": Verdict.FAILED, "one_column": Verdict.SKIPPED}
    assert verdicts(grades[1]) == {**verdicts(grades[0]), **failed}
    assert verdicts(grades[2]) == {**verdicts(grades[0]), "scale": Verdict.FAILED}
    assert len(runner.opened) == 4


def test_every_student_gets_the_same_random_numbers(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text(GOOD, encoding="utf-8")
    reference = FakeRunner()
    grade_files(tiny, FakeRunner(), [path, path, path], reference=reference)
    # The reference is asked once for each check's table: the second student's is the first one's.
    assert reference.calls == ["row_sums", "row_sums"]


def test_what_depends_on_a_check_that_did_not_pass_is_skipped(tiny: Course, tmp_path: Path) -> None:
    grade = grade_text(tiny, FakeRunner({"row_sums": Verdict.CRASHED}), tmp_path, GOOD)
    result = result_of(grade, "one_column")
    assert (result.verdict, result.earned, result.call) == (Verdict.SKIPPED, 0, "")
    assert result.explanation == Explanation("check.skipped", {"after": "test_random"})


BODIES: dict[str, tuple[str, Verdict, str]] = {
    "fine": ("pass", Verdict.PASSED, ""),
    "assertion": ("assert submission.scale(2) == 5, 'not five'", Verdict.FAILED, "check.assert"),
    "arithmetic-on-none": ("submission.scale(2).shape[0] + 1", Verdict.FAILED, "check.unusable"),
    "index": ("submission.scale([1])[7]", Verdict.FAILED, "check.unusable"),
    "unpacking": ("a, b = submission.scale(1)", Verdict.FAILED, "check.unusable"),
    "conversion": ("int(submission.scale('a'))", Verdict.FAILED, "check.unusable"),
    "division": ("1 / (submission.scale(2) - 4)", Verdict.FAILED, "check.unusable"),
    "memory": ("import numpy; numpy.zeros(10**15)", Verdict.FAILED, "check.unusable"),
    "recursion": ("f = lambda: f(); f()", Verdict.FAILED, "check.unusable"),
    "iteration": ("next(iter(()))", Verdict.FAILED, "check.unusable"),
    "own-file": ("open('/no/such/file')", Verdict.UNGRADED, "check.broken"),
    "own-bug": ("raise RuntimeError('the check')", Verdict.UNGRADED, "check.broken"),
    "import": ("import no_such_library", Verdict.UNGRADED, "check.broken"),
    "pytest-skip": ("import pytest; pytest.skip('later')", Verdict.UNGRADED, "check.broken"),
    "pytest-raises": (
        "import pytest\n    with pytest.raises(ValueError):\n        submission.scale(1)",
        Verdict.FAILED,
        "check.no_exception",
    ),
    "pytest-fail": ("import pytest; pytest.fail('no')", Verdict.UNGRADED, "check.broken"),
    "fixture": ("request.getfixturevalue('no_such_fixture')", Verdict.FAILED, "check.unusable"),
}


@pytest.mark.parametrize(("body", "verdict", "key"), BODIES.values(), ids=BODIES.keys())
def test_what_a_check_raises_decides_whose_fault_it_is(
    body: str, verdict: Verdict, key: str, tiny_copy: Path
) -> None:
    result = with_check(tiny_copy, body)
    assert result.verdict is verdict
    assert (result.explanation.key if result.explanation else "") == key
    assert result.earned == (1 if verdict is Verdict.PASSED else 0)


@pytest.mark.parametrize("name", sorted(BODIES.keys() - {"fixture"}))
def test_a_check_that_is_only_called_says_what_one_does_that_pytest_sets_up(
    name: str, tiny_copy: Path
) -> None:
    # One that asks for `request` goes through all of pytest's protocol.
    body, before = BODIES[name][0], (tiny_copy / VISIBLE).read_text(encoding="utf-8")
    called = with_check(tiny_copy, body, "submission, rng")
    (tiny_copy / VISIBLE).write_text(before, encoding="utf-8")
    set_up = with_check(tiny_copy, body)
    assert replace(called, seconds=0.0) == replace(set_up, seconds=0.0)


@pytest.mark.parametrize(
    ("mark", "verdict"),
    [
        ("skip", Verdict.UNGRADED),
        ("usefixtures('gone')", Verdict.UNGRADED),
        ("filterwarnings('error')", Verdict.PASSED),
    ],
)
def test_a_check_with_a_mark_of_pytests_own_is_run_as_pytest_runs_it(
    mark: str, verdict: Verdict, tiny_copy: Path
) -> None:
    body = f"pass\n\n\nimport pytest\n\npytest.mark.{mark}(test_scale)"
    assert with_check(tiny_copy, body, "submission, rng").verdict is verdict


def test_a_check_that_calls_nothing_does_not_show_the_call_of_the_one_before(tiny_copy: Path) -> None:
    assert with_check(tiny_copy, "pass").call == ""


def test_an_unusable_value_is_told_with_the_error(tiny_copy: Path) -> None:
    result = with_check(tiny_copy, "submission.scale([1])[7]")
    assert result.explanation == Explanation(
        "check.unusable", {"type": "IndexError", "message": "list index out of range"}
    )
    assert result.call == "scale([1])"


@pytest.mark.parametrize(
    "fixture",
    [
        "@pytest.fixture\ndef rng():\n    raise ValueError('setup')",
        "@pytest.fixture\ndef rng():\n    yield 1\n    raise ValueError('teardown')",
    ],
    ids=["setup", "teardown"],
)
def test_a_fixture_that_breaks_is_our_fault(fixture: str, tiny_copy: Path) -> None:
    path = tiny_copy / HIDDEN
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("import numpy as np", f"import numpy as np\nimport pytest\n{fixture}\n"),
        encoding="utf-8",
    )
    edit(tiny_copy, HIDDEN, "def test_no_table(submission: Submission)", "def test_no_table(submission, rng)")
    edit(
        tiny_copy,
        HIDDEN,
        "reference: Reference, rng: Rng) -> None:\n    table = rng.integers(-9, 9, size=(3, 5))",
        "reference):\n    table = np.ones((3, 5))",
    )
    grade = grade_text(load_course(tiny_copy), FakeRunner(), tiny_copy, GOOD)
    result = result_of(grade, "no_table")
    assert result.verdict is Verdict.UNGRADED
    assert result.explanation is not None
    assert result.explanation.key == "check.broken"
    assert (grade.points, grade.verdict) == (5, Verdict.UNGRADED)


def test_state_of_one_check_file_is_not_torn_between_submissions(tiny_copy: Path) -> None:
    # A fixture of the whole session must not outlive the submission that it was made for.
    edit(
        tiny_copy,
        VISIBLE,
        '@check(points=1, en="[1, 2]',
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef kept():\n    return []\n\n\n@check(points=1, en=\"[1, 2]",
    )
    edit(
        tiny_copy,
        VISIBLE,
        "def test_scale(submission: Submission)",
        "def test_scale(submission: Submission, kept: list)",
    )
    with (tiny_copy / VISIBLE).open("a", encoding="utf-8") as file:
        file.write("    kept.append(1)\n    assert kept == [1]\n")
    paths = [tiny_copy / "answer.py"] * 2
    paths[0].write_text(GOOD, encoding="utf-8")
    assert [grade.points for grade in grade_files(load_course(tiny_copy), FakeRunner(), paths)] == [6, 6]


def test_the_students_version_has_only_what_students_see(tiny_copy: Path) -> None:
    shutil.rmtree(tiny_copy / "solutions")
    assert names_in(load_course(tiny_copy))["ex01"] == [("test_example", True), ("test_scale", True)]
