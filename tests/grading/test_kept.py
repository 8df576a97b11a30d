"""No reference is started and nothing is proven again while a course is unchanged; every kind of change has it done anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from grader.errors import CourseError
from grader.grading import kept as kept_module
from grader.grading.kept import kept_answers
from grader.judge import reference_side
from grader.judge.reference_side import proven_reference
from grader.model import Course, Exercise, Isolation, RunnerSettings, Verdict
from grader.runner.sandbox import Protections
from grader.warm import judge as warm_judge
from tests.support.fakes import FakeRunner, FakeSession
from tests.support.judging import GOOD, check_one

WRONG = GOOD.replace("for row in x])", "for row in x]) + 1")


class Started(FakeRunner):
    """A runner that counts how many were started, and which file was opened in which."""

    places: list[tuple[int, str]]
    count = 0

    def __init__(self, *_: object) -> None:
        super().__init__()
        type(self).count += 1
        self.number = type(self).count

    def open(self, source: Any, limits: Any, *, data: str = "") -> FakeSession:
        type(self).places.append((self.number, source.units[0].name))
        return super().open(source, limits, data=data)

    def wait(self) -> Protections:
        return Protections("full", True, 6, True, 1, (), True)

    def close(self) -> None:
        """Do nothing."""

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""


@pytest.fixture(autouse=True)
def no_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the runners that are started, and start none."""
    for module in (warm_judge, reference_side):
        monkeypatch.setattr(module, "start_runner", Started)
    Started.count, Started.places = 0, []


@pytest.fixture
def course(tiny_copy: Path) -> Course:
    return load_course(tiny_copy)


def prove(course: Course, exercises: int = 1, isolation: Isolation = "full") -> int:
    """Prove some exercises of a course as a run does; return how many runners that started."""
    before, told = Started.count, list[str]()
    chosen = course.exercises[:exercises]
    kept = kept_answers(course, chosen, isolation)
    with proven_reference(course, chosen, isolation, 0, lambda item: told.append(item.id), kept) as side:
        assert side.recordings
    assert told == [item.id for item in chosen]
    return Started.count - before


def check(course: Course, tmp_path: Path, code: str, isolation: Isolation = "full") -> tuple[int, Any]:
    path = tmp_path / "answer.py"
    path.write_text(code, encoding="utf-8")
    before = Started.count
    grade, _ = check_one(course, course.exercises[0], path, isolation=isolation)
    return Started.count - before, grade


def test_an_unchanged_course_is_proven_once(course: Course) -> None:
    assert [prove(course), prove(course), prove(course)] == [1, 0, 0]
    # Those that were not proven yet are, and they alone.
    assert [prove(course, 3), prove(course, 3), prove(course, 2)] == [1, 0, 0]


def test_the_same_answers_come_back(course: Course) -> None:
    def answers() -> dict[str, bytes]:
        chosen = course.exercises
        with proven_reference(
            course, chosen, "full", 0, lambda item: None, kept_answers(course, chosen, "full")
        ) as side:
            return {key: repr(answer.__reduce__()).encode() for key, answer in side.recordings.items()}

    first = answers()
    assert first
    assert answers() == first


def append(place: str) -> Callable[[Course], Course]:
    def change(course: Course) -> Course:
        path = course.root / place
        path.parent.mkdir(exist_ok=True, parents=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n# changed\n")
        return load_course(course.root)

    return change


def first_changed(**values: object) -> Callable[[Course], Course]:
    def change(course: Course) -> Course:
        exercise: Exercise = replace(course.exercises[0], **values)  # type: ignore[arg-type]  # of the test's own
        return replace(course, exercises=(exercise, *course.exercises[1:]))

    return change


def folder_of(kind: str) -> str:
    (folder,) = {path.name for path in Path(__file__).parents[1].glob("tiny_course/exercises/ex01*")}
    return f"{kind}/{folder}"


MISSES: dict[str, Callable[[Course], Course]] = {
    "reference": append(f"{folder_of('solutions')}/solution.py"),
    "hidden checks": append(f"{folder_of('solutions')}/test_ex01_hidden.py"),
    "misconceptions": append(f"{folder_of('solutions')}/misconceptions.py"),
    "visible checks": append(f"{folder_of('exercises')}/test_ex01.py"),
    "stub": append(f"{folder_of('exercises')}/stub.py"),
    "data": append(f"{folder_of('exercises')}/data/more.txt"),
    "variables": first_changed(variables=("answer",)),
    "seed": first_changed(seed=77),
    "tensors": first_changed(tensors="torch"),
    "bans": first_changed(banned={"row_sums": ("numpy.sort",)}),
    "runner": lambda course: replace(course, runner=RunnerSettings(("numpy", "json"))),
    "languages": lambda course: replace(course, languages=tuple(reversed(course.languages))),
}


@pytest.mark.parametrize("kind", MISSES)
def test_every_kind_of_change_has_the_course_proven_again(course: Course, kind: str) -> None:
    assert prove(course) == 1
    before = kept_module._key(course, course.exercises[0], "full")
    changed = MISSES[kind](course)
    assert kept_module._key(changed, changed.exercises[0], "full") != before
    if kind not in ("variables", "tensors"):
        assert [prove(changed), prove(changed)] == [1, 0]


def test_a_change_of_the_family_is_one(course: Course) -> None:
    family = course.root / "solutions" / "families" / "shared.py"
    family.parent.mkdir(exist_ok=True)
    family.write_text("A = 1\n")
    changed = first_changed(family="shared")(course)
    before = kept_module._key(changed, changed.exercises[0], "full")
    family.write_text("A = 2\n")
    assert kept_module._key(changed, changed.exercises[0], "full") != before


@pytest.mark.parametrize("kind", ["processor", "package", "version", "isolation"])
def test_another_machine_or_environment_is_one(
    course: Course, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def key(isolation: Isolation = "full") -> str:
        return kept_module._key(course, course.exercises[0], isolation)

    before = key()
    if kind == "processor":
        monkeypatch.setattr(kept_module, "_machine", lambda: ["x86_64", "flags : sse"])
    elif kind == "package":
        (tmp_path / "site-packages" / "anything-2.0.dist-info").mkdir(parents=True)
        monkeypatch.syspath_prepend(tmp_path / "site-packages")
        kept_module._installed.cache_clear()
    elif kind == "version":
        monkeypatch.setattr("grader.grading.fingerprint.environment", lambda: {"numpy": "0.1"})
    assert key("reduced" if kind == "isolation" else "full") != before
    monkeypatch.undo()
    kept_module._installed.cache_clear()
    assert key() == before


@pytest.mark.parametrize("file", ["README.md", "README.ko.md"])
def test_a_statement_in_other_words_is_none(course: Course, file: str) -> None:
    assert prove(course) == 1
    assert prove(append(f"{folder_of('exercises')}/{file}")(course)) == 0


def test_another_exercise_is_none(course: Course) -> None:
    assert prove(course, 2) == 1
    assert prove(first_changed(seed=77)(course), 2) == 1
    with_second = replace(course.exercises[1], seed=77)
    other = replace(course, exercises=(course.exercises[0], with_second, *course.exercises[2:]))
    assert prove(other, 1) == 0


def test_a_damaged_entry_is_made_anew(course: Course, tmp_path: Path) -> None:
    assert prove(course) == 1
    (entry,) = kept_folder().glob("*.reference")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert [prove(course), prove(course)] == [1, 0]


def kept_folder() -> Path:
    folder = kept_module._folder()
    assert folder is not None
    return folder


def test_without_isolation_nothing_is_read_or_written(course: Course, tmp_path: Path) -> None:
    assert [prove(course, isolation="none"), prove(course, isolation="none")] == [1, 1]
    assert check(course, tmp_path, WRONG, "none")[0] == 2
    assert not kept_folder().exists()
    assert prove(course) == 1
    state = sorted((path.name, path.stat().st_mtime_ns) for path in kept_folder().iterdir())
    assert prove(course, isolation="none") == 1
    assert sorted((path.name, path.stat().st_mtime_ns) for path in kept_folder().iterdir()) == state


def test_a_course_that_fails_its_reference_is_never_kept(course: Course) -> None:
    path = course.root / folder_of("solutions") / "solution.py"
    path.write_text(path.read_text().replace("result += column", "result -= column"))
    broken = load_course(course.root)
    for _ in range(2):
        with pytest.raises(CourseError):
            prove(broken)
    assert not list(kept_folder().glob("*")) if kept_folder().exists() else True


@pytest.mark.parametrize("place", ["course", "python"])
def test_nothing_lies_where_a_sandbox_shows_it(
    course: Course, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = {"course": course.root, "python": tmp_path / "python"}
    monkeypatch.setattr(kept_module, "python_roots", lambda: [tmp_path / "python"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(roots[place] / "cache"))
    assert kept_answers(course, course.exercises, "full") is None


def test_the_folder_is_that_of_the_users_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert kept_module._folder() == tmp_path / ".cache" / "grader"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert kept_module._folder() == tmp_path / "x" / "grader"


def test_a_released_course_has_nothing_to_keep(course: Course, tmp_path: Path) -> None:
    shutil.rmtree(course.root / "solutions")
    released = load_course(course.root)
    assert kept_answers(released, released.exercises, "full") is None
    assert check(released, tmp_path, GOOD)[0] == 1


def test_one_answer_starts_one_runner_where_the_course_is_known(course: Course, tmp_path: Path) -> None:
    first, grade = check(course, tmp_path, GOOD)
    assert (first, grade.verdict) == (2, Verdict.PASSED)
    second, again = check(course, tmp_path, GOOD)
    assert second == 1
    assert [item.verdict for item in again.checks] == [item.verdict for item in grade.checks]


def test_a_failing_answer_starts_a_reference_of_its_own_and_the_next_one_none(
    course: Course, tmp_path: Path
) -> None:
    assert check(course, tmp_path, GOOD)[0] == 2
    count, grade = check(course, tmp_path, WRONG)
    assert (count, grade.verdict) == (2, Verdict.FAILED)
    Started.places = []
    count, again = check(course, tmp_path, WRONG)
    assert count == 1
    assert again.checks == tuple(
        replace(item, seconds=other.seconds) for item, other in zip(grade.checks, again.checks, strict=True)
    )
    assert [name for _, name in Started.places] == ["answer.py"]


def test_a_reference_that_cannot_be_executed_is_the_courses_fault(course: Course, tmp_path: Path) -> None:
    path = course.root / folder_of("solutions") / "solution.py"
    path.write_text(f"{path.read_text()}\n\nraise ValueError('three')\n")
    with pytest.raises(CourseError) as caught:
        check(load_course(course.root), tmp_path, GOOD)
    assert [fault.file for fault in caught.value.faults] == [f"{folder_of('solutions')}/solution.py"]


def test_a_reference_that_fails_its_checks_is_the_courses_fault(course: Course, tmp_path: Path) -> None:
    path = course.root / folder_of("solutions") / "solution.py"
    path.write_text(path.read_text().replace("result += column", "result -= column"))
    with pytest.raises(CourseError) as caught:
        check(load_course(course.root), tmp_path, GOOD)
    assert {fault.explanation.key for fault in caught.value.faults} == {"course.reference_fails"}
