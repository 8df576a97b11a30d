"""What a released course knows of wrong answers, and what a student of it is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.course.files import files_of
from grader.course.load import load_course
from grader.errors import CourseError
from grader.ipython import run_checks
from grader.judge.reference import read_reference
from grader.judge.stored import LARGEST, DamagedFile, Secrets, named_from_file, read_known
from grader.judge.submission import SubmissionCaller
from grader.model import CheckResult, Course, Exercise, Grade, Text, Verdict
from grader.release.build import Release, make_release, with_known_mistakes
from grader.release.leaks import find_leaks
from grader.release.mistakes import KnownMistakes, known_mistakes
from grader.reports.views import notes_of
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_text, judging, reference_of
from tests.support.places import TINY

COURSE = load_course(TINY)
EX2, EX3 = (f"exercises/{item.exercise_folder.name}/known_mistakes.json" for item in COURSE.exercises[1:])
MIN = """
def max_pool(x):
    rows, columns = x.shape[1] // 2, x.shape[2] // 2
    x = x[:, : 2 * rows, : 2 * columns]
    return x.reshape(len(x), rows, 2, columns, 2, x.shape[3]).min(axis=(2, 4))
"""


def known_of(course: Course) -> KnownMistakes:
    with reference_of(course, course.exercises) as side:
        side.prove(course.exercises)
        return known_mistakes(course, side)


def written(release: Release, folder: Path) -> Course:
    """Return a release that is written to a folder."""
    for name, content in release.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return load_course(folder)


@pytest.fixture(scope="module")
def known() -> KnownMistakes:
    return known_of(COURSE)


@pytest.fixture(scope="module")
def released(known: KnownMistakes, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return written(with_known_mistakes(make_release(COURSE), known), tmp_path_factory.mktemp("released"))


@pytest.fixture
def own_copy(released: Course, tmp_path: Path) -> Course:
    """Return a copy of the release that is a test's to change."""
    return load_course(shutil.copytree(released.root, tmp_path / "copy"))


def sentences(grade: Grade) -> set[Text]:
    return {result.misconception.text for result in grade.checks if result.misconception is not None}


# --- what a student is told -------------------------------------------------------------------------------------------


def test_a_mistake_is_named_in_the_released_course(released: Course, tmp_path: Path) -> None:
    grade = grade_text(released, FakeRunner(), tmp_path, MIN, exercise=3)
    (told,) = sentences(grade)
    assert told.in_language("en").startswith("Each window gave its smallest value.")
    assert told.in_language("ko").startswith("각 윈도우에서 가장 작은 값이 나왔습니다.")


def test_a_mistake_is_named_in_a_notebook(released: Course) -> None:
    names: dict[str, object] = {"In": ["", MIN]}
    exec(compile(MIN, "<ipython-input-1-abc>", "exec"), names)
    (told,) = sentences(run_checks(released, released.exercises[2], names))
    assert told.in_language("en").startswith("Each window gave its smallest value.")


def test_an_unknown_mistake_and_a_right_answer_are_not_named(released: Course, tmp_path: Path) -> None:
    for code in ("def max_pool(x):\n    return x[:, ::2, ::2] * 3 - 77\n", MIN.replace(".min", ".max")):
        assert sentences(grade_text(released, FakeRunner(), tmp_path, code, exercise=3)) == set()


def candidates(exercise: Exercise) -> list[tuple[str, Text]]:
    with closing(SubmissionCaller(FakeRunner(), read_reference(exercise), exercise)) as caller:
        return [(item.key, item.misconception.text) for item in caller.candidates()]


def told(released: Course, exercise: Exercise, key: str) -> Iterator[CheckResult]:
    """Yield what the released course says of an answer that is a known mistake."""
    asked = SubmissionCaller(FakeRunner(), read_reference(exercise), exercise, is_limited=False)
    given = next(item for item in released.exercises if item.id == exercise.id)
    with judging(released, [given], FakeRunner()) as judge, closing(asked) as caller:
        caller.choose(key)
        run = list(judge._reference.run_checks(given, caller))
        grade = Grade("", given.id, 0, 0, Verdict.FAILED, tuple(result for result, _ in run))
        yield from named_from_file(given, grade, tuple(calls for _, calls in run)).checks


@pytest.mark.parametrize(
    ("number", "key", "text"),
    [(exercise.number, *item) for exercise in COURSE.exercises for item in candidates(exercise)],
    ids=str,
)
def test_a_known_mistake_is_told_as_itself_or_not_at_all(
    number: int, key: str, text: Text, released: Course
) -> None:
    results = list(told(released, COURSE.exercises[number - 1], key))
    assert {item.misconception.text for item in results if item.misconception is not None} <= {text}


def test_of_two_mistakes_that_give_the_same_none_is_named(known: KnownMistakes) -> None:
    rows = json.loads(known.files[EX2])["mistakes"]
    seen = [tuple(row[:4]) for row in rows]
    assert len(set(seen)) == len(seen)


# --- what is in the file ----------------------------------------------------------------------------------------------


def test_the_same_course_gives_the_same_file(known: KnownMistakes) -> None:
    assert known_of(COURSE) == known
    assert all(len(content) <= LARGEST for content in known.files.values())


def test_what_is_right_is_in_the_file_only_where_a_visible_check_says_it(known: KnownMistakes) -> None:
    for path, content in known.files.items():
        checks = next((TINY / path).parent.glob("test_*.py")).read_text(encoding="utf-8")
        for _, right in json.loads(content)["calls"]:
            ((numbers),) = right["value"].values()
            assert str(numbers) in re.sub(r"\], \[", ", ", checks)


def test_there_is_no_code_in_the_file(known: KnownMistakes) -> None:
    text = known.files[EX3].decode()
    assert "def " not in text
    assert "knob" not in text
    assert "min-instead-of-max" not in text


HIDDEN = """
import numpy as np

@check(points=1, en="as small as they are", ko="작은 값")
def test_smallest(submission: Submission, reference: Reference) -> None:
    image = np.repeat(np.repeat(np.array([[0, 2], [10, 12]]), 2, 0), 2, 1).reshape(1, 4, 4, 1)
    assert_tensor(submission.max_pool(image), reference.max_pool(image))
"""


def test_a_wrong_result_that_is_right_in_a_hidden_check_is_left_out(
    tiny_copy: Path, known: KnownMistakes
) -> None:
    """The smallest values of the visible check's image are what is right for another image."""
    checks = tiny_copy / "solutions/ex03_maxpool_2/test_ex03_hidden.py"
    checks.write_text(checks.read_text(encoding="utf-8") + HIDDEN, encoding="utf-8")
    settings = tiny_copy / "course.yml"
    text = settings.read_text(encoding="utf-8")
    points = load_course(tiny_copy).exercises[2].points
    head, _, tail = text.rpartition(f"points: {points:g}")
    settings.write_text(f"{head}points: {points + 1:g}{tail}", encoding="utf-8")
    changed = known_of(load_course(tiny_copy))
    assert "[0, 2, 10, 12]" in known.files[EX3].decode()
    assert "[0, 2, 10, 12]" not in changed.files[EX3].decode()


def test_numbers_are_compared_whatever_their_shape() -> None:
    secrets = Secrets([np.arange(4.0).reshape(2, 2), "a text", 3])
    assert secrets.has([0, 1, 2, 3])
    assert not secrets.has([0, 1, 2, 4])
    assert not secrets.has([0, 1, 2])


def test_what_has_no_room_is_not_named_and_names_nobody_else(
    monkeypatch: pytest.MonkeyPatch, known: KnownMistakes, tmp_path: Path
) -> None:
    most = len(known.files[EX3]) * 2 // 3
    monkeypatch.setattr("grader.release.mistakes.LARGEST", most)
    small = known_of(COURSE)
    assert small.left_out["ex03"] > 0
    assert len(small.files[EX3]) <= most
    before, after = (json.loads(made.files[EX3])["mistakes"] for made in (known, small))
    named, named_still = ({row[4]["en"] for row in rows if row[4]} for rows in (before, after))
    assert named_still < named
    folder = written(with_known_mistakes(make_release(COURSE), small), tmp_path / "small")
    for key, text in candidates(COURSE.exercises[2]):
        for result in told(folder, COURSE.exercises[2], key):
            assert result.misconception is None or result.misconception.text == text


# --- what is scanned --------------------------------------------------------------------------------------------------


def test_explanations_are_no_secret_in_these_files_and_in_no_other(known: KnownMistakes) -> None:
    text = "Each window gave its smallest value. Compare one window of the picture with its result."
    assert text in known.explanations
    assert find_leaks(COURSE, {"exercises/ex03_maxpool_2/README.md": f"{text}\n".encode()}) != ()
    assert find_leaks(COURSE, known.files, dict.fromkeys(known.files, known.explanations)) == ()
    assert find_leaks(COURSE, known.files) != ()


@pytest.mark.parametrize("more", ["def average_pool(x): # given", "{line}"])
def test_something_else_of_the_solutions_in_such_a_file_is_found(known: KnownMistakes, more: str) -> None:
    text = files_of(COURSE.exercises[2]).family[0].read_text(encoding="utf-8")
    line = "result[:, i, j] = at.reduce(image[:, rows, columns], axis=(1, 2))"
    assert line in text
    content = known.files[EX3].replace(
        b'"format": 1', f'"format": 1, "x": "{more}"'.replace("{line}", line).encode()
    )
    changed = replace(known, files={**known.files, EX3: content})
    if more == "{line}":
        with pytest.raises(CourseError) as raised:
            with_known_mistakes(make_release(COURSE), changed)
        assert {fault.file for fault in raised.value.faults} == {EX3}
    else:
        with_known_mistakes(make_release(COURSE), changed)


# --- what a student did to it -----------------------------------------------------------------------------------------

DAMAGE = {
    "empty": b"",
    "no JSON": b"{",
    "another thing": b"[1, 2]",
    "another format": b'{"format": 2}',
    "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "too large": b" " * (LARGEST + 1),
    "a field is missing": b'{"format": 1, "calls": [], "outcomes": []}',
    "a row too short": b'{"format": 1, "calls": [["ca", null]], "outcomes": [], "mistakes": [["", "", false, false, {}]]}',
    "an unknown name": b'{"format": 1, "calls": [["ca", null]], "outcomes": [], "mistakes": [["a1", "", false, false, {}]]}',
    "a wrong length": b'{"format": 1, "calls": [["ca", {"value": {"int64 2": [1]}}]], "outcomes": [], "mistakes": []}',
    "no dtype": b'{"format": 1, "calls": [["ca", {"value": {"object 1": [1]}}]], "outcomes": [], "mistakes": []}',
    "out of range": b'{"format": 1, "calls": [["ca", {"value": {"int8 1": [1e9]}}]], "outcomes": [], "mistakes": []}',
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_said_and_nothing_more(kind: str, own_copy: Course, tmp_path: Path) -> None:
    path = files_of(own_copy.exercises[2]).known_mistakes
    path.write_bytes(DAMAGE[kind])
    with pytest.raises(DamagedFile):
        read_known(path)
    grade = grade_text(own_copy, FakeRunner(), tmp_path, MIN, exercise=3)
    assert sentences(grade) == set()
    (note,) = notes_of(grade)
    assert note.text.in_language("en").startswith("ex03_maxpool_2/known_mistakes.json cannot be read")
    assert note.text.in_language("ko").startswith("ex03_maxpool_2/known_mistakes.json을 읽을 수 없어")


def test_a_release_without_the_file_names_nothing(own_copy: Course, tmp_path: Path) -> None:
    files_of(own_copy.exercises[2]).known_mistakes.unlink()
    grade = grade_text(own_copy, FakeRunner(), tmp_path, MIN, exercise=3)
    assert (sentences(grade), notes_of(grade), grade.verdict) == (set(), [], Verdict.FAILED)


def test_a_file_of_an_authors_own_is_not_released(tiny_copy: Path) -> None:
    (tiny_copy / EX3).write_text("{}", encoding="utf-8")
    made = make_release(load_course(tiny_copy))
    assert EX3 not in made.files
    assert EX3 in made.left_out
