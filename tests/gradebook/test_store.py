from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from grader.errors import GradebookError, RequestError
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.store import Gradebook
from grader.model import (
    Attempt,
    CheckResult,
    Difference,
    Explanation,
    Grade,
    LatePolicy,
    Standing,
    TensorView,
    Text,
    Verdict,
    WrongPlace,
)
from tests.support import records

DUE = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

COURSE = replace(records.COURSE, exercises=(replace(records.EXERCISE, number=3, due=DUE),))
DIFFERENCE = Difference(
    "values",
    TensorView("tensor", (1, 2), "int64", ("1", "2")),
    TensorView("tensor", (1, 2), "int64", ("1", "3")),
    wrong=(1,),
    wrong_count=1,
    total=2,
    first=(WrongPlace((0, 1), "2", "3"),),
    largest_error="1",
)
CHECK = CheckResult(
    name="test_batch",
    title=Text({"en": "works on a batch", "ko": "배치에서 동작한다"}),
    visible=True,
    points=2,
    earned=0,
    verdict=Verdict.FAILED,
    explanation=Explanation("tensor.values", {}, DIFFERENCE),
    call="max_pool(int64 1x2)",
    output="hello",
    seconds=0.25,
)
GRADE = Grade(
    student="이서연",
    exercise="ex03",
    points=8,
    possible=10,
    verdict=Verdict.FAILED,
    checks=(CHECK,),
    notes=(Explanation("submission.magic_skipped", {"cell": 2, "line": "!ls"}),),
    path="submissions/이서연/ex03.py",
    digest="ab" * 32,
    seconds=1.5,
    graded_at=datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC),
)
COUNTED = replace(GRADE, standing=Standing(earned=8))


def handed_in(content: bytes, day: int, student: str = "ann") -> tuple[Attempt, bytes]:
    """Return an attempt at noon of a day of November, and its content."""
    digest = hashlib.sha256(content).hexdigest()
    moment = datetime(2026, 11, day, 12, 0, tzinfo=UTC)
    return Attempt(student, "ex03", digest, f"{student}/ex03.py", moment), content


def graded(item: tuple[Attempt, bytes], points: float) -> Grade:
    """Return the grade of an attempt."""
    attempt, _ = item
    return replace(
        GRADE,
        student=attempt.student,
        digest=attempt.digest,
        path=attempt.path,
        points=points,
        checks=(),
        verdict=Verdict.PASSED if points == 10 else Verdict.FAILED,
    )


def test_a_grade_comes_back_as_it_was(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({"jobs": 2}), GRADE)
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        assert gradebook.grades(COURSE) == (COUNTED,)


def test_the_newest_grade_counts_and_the_older_is_kept(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), GRADE)
        gradebook.add(gradebook.begin_run({}), replace(GRADE, points=10, checks=()))
        assert [grade.points for grade in gradebook.grades(COURSE)] == [10]
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection, connection:
        assert connection.execute("select count(*) from grades").fetchone() == (2,)


def test_what_is_ungraded_has_no_points(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), replace(GRADE, verdict=Verdict.UNGRADED))
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection, connection:
        assert connection.execute("select points from grades").fetchone() == (None,)


def test_a_result_is_committed_when_it_is_added(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        gradebook.add(gradebook.begin_run({}), GRADE)
        with Gradebook(tmp_path / "gradebook.db", "cnn") as other:
            assert other.grades(COURSE) == (COUNTED,)


def test_another_courses_gradebook_is_refused(tmp_path: Path) -> None:
    Gradebook(tmp_path / "gradebook.db", "cnn").close()
    with pytest.raises(GradebookError) as caught:
        Gradebook(tmp_path / "gradebook.db", "rnn")
    assert caught.value.explanation.key == "gradebook.other_course"
    assert caught.value.explanation.values["there"] == "cnn"


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_text("these are not the bytes of a database, and more than sixteen")
    with pytest.raises(GradebookError) as caught:
        Gradebook(path, "cnn")
    assert caught.value.explanation.key == "gradebook.cannot_open"
    assert path.read_text().startswith("these are not")


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GradebookError) as caught:
        Gradebook(tmp_path / "file" / "gradebook.db", "cnn")
    assert caught.value.explanation.key == "gradebook.cannot_open"


def test_a_locked_gradebook_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.gradebook.store.LOCK_SECONDS", 0.05)
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        blocker = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
        blocker.execute("begin immediate")
        with pytest.raises(GradebookError) as caught:
            gradebook.begin_run({})
        blocker.close()
    assert caught.value.explanation.key == "gradebook.cannot_write"
    assert "locked" in caught.value.explanation.values["error"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook(tmp_path / "gradebook.db", "cnn") as gradebook:
        yield gradebook


def counting(book: Gradebook, attempts: str = "last", **policy: float) -> list[tuple[float, int, int]]:
    """Return points, number of the attempt that counts, and attempts, of each student."""
    course = replace(COURSE, attempts=attempts, late_policy=LatePolicy(**policy))  # type: ignore[arg-type]
    found = []
    for grade in book.grades(course):
        assert grade.standing is not None
        found.append((grade.points, grade.standing.attempt, grade.standing.attempts))
    return found


def test_every_attempt_is_kept_and_the_last_or_the_best_counts(book: Gradebook) -> None:
    first, second = handed_in(b"first", 10), handed_in(b"second", 12)
    # The second is found in an earlier run than the first: the times handed in tell.
    book.hand_in([second])
    book.hand_in([first])
    run = book.begin_run({})
    book.add(run, graded(first, 9))
    book.add(run, graded(second, 4))
    assert counting(book, "last") == [(4, 2, 2)]
    assert counting(book, "best") == [(9, 1, 2)]
    assert book.content(first[0].digest) == b"first"
    assert [item.digest for item in book.attempts()] == [second[0].digest, first[0].digest]


def test_the_best_attempt_is_the_one_that_is_best_after_lateness(book: Gradebook) -> None:
    timely, late = handed_in(b"timely", 20), handed_in(b"late", 22)
    book.hand_in([timely, late])
    run = book.begin_run({})
    book.add(run, graded(timely, 8))
    book.add(run, graded(late, 9))
    assert counting(book, "best", percent_per_day=10) == [(8, 1, 2)]
    assert counting(book, "last", percent_per_day=10) == [(9 * 0.8, 2, 2)]


def test_attempts_that_are_found_together_keep_their_order_whatever_their_dates_say(book: Gradebook) -> None:
    first, second = handed_in(b"first", 12), handed_in(b"second", 10)
    book.hand_in([first, second])
    run = book.begin_run({})
    book.add(run, graded(first, 9))
    book.add(run, graded(second, 4))
    assert counting(book, "last") == [(4, 2, 2)]


def test_without_times_what_was_found_later_is_the_later_attempt(book: Gradebook) -> None:
    items = [handed_in(content, 10) for content in (b"first", b"second")]
    items = [(replace(attempt, submitted_at=None), content) for attempt, content in items]
    run = book.begin_run({})
    for item, points in zip(items, (9, 4), strict=True):
        book.hand_in([item])
        book.add(run, graded(item, points))
    assert counting(book, "last") == [(4, 2, 2)]


def test_the_same_file_again_is_no_new_attempt(book: Gradebook) -> None:
    book.hand_in([handed_in(b"same", 10)])
    book.hand_in([handed_in(b"same", 14)])
    (attempt,) = book.attempts()
    assert attempt.submitted_at == datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


def test_who_handed_in_something_is_not_told_that_nothing_came(book: Gradebook) -> None:
    nothing = replace(graded(handed_in(b"", 10), 0), digest="", path="", verdict=Verdict.NOT_ATTEMPTED)
    item = handed_in(b"code", 12)
    run = book.begin_run({})
    book.add(run, nothing)
    book.hand_in([item])
    book.add(run, graded(item, 10))
    book.add(book.begin_run({}), nothing)
    assert counting(book) == [(10, 1, 1)]


def test_an_unreadable_file_leaves_it_open_until_it_can_be_read(book: Gradebook) -> None:
    good = handed_in(b"code", 12)
    book.hand_in([good])
    run = book.begin_run({})
    book.add(run, graded(good, 9))
    unreadable = replace(graded(good, 0), digest="", verdict=Verdict.UNGRADED, graded_at=datetime.now(UTC))
    book.add(run, unreadable)
    for attempts in ("last", "best"):
        (grade,) = book.grades(replace(COURSE, attempts=attempts))
        assert grade.is_open
    book.hand_in([good])
    assert counting(book) == [(9, 1, 1)]


def test_an_open_attempt_leaves_open_what_counts_unless_nothing_better_is_possible(book: Gradebook) -> None:
    first, second = handed_in(b"first", 10), handed_in(b"second", 12)
    book.hand_in([first, second])
    run = book.begin_run({})
    book.add(run, graded(first, 9))
    book.add(run, replace(graded(second, 0), verdict=Verdict.UNGRADED))
    for attempts in ("last", "best"):
        (grade,) = book.grades(replace(COURSE, attempts=attempts))
        assert grade.is_open
    book.add(run, graded(first, 10))
    (grade,) = book.grades(replace(COURSE, attempts="best"))
    assert (grade.points, grade.is_open) == (10, False)


def test_an_override_stays_through_a_regrade_and_can_be_withdrawn(book: Gradebook) -> None:
    item = handed_in(b"code", 22)
    book.hand_in([item])
    book.add(book.begin_run({}), graded(item, 3))
    number = book.adjust("override", "ann", "ex03", points=7, why="oral exam", author="kim")
    book.add(book.begin_run({}), graded(item, 5))
    (grade,) = book.grades(COURSE)
    assert grade.standing is not None
    assert grade.standing.override is not None
    assert (grade.points, grade.standing.earned, grade.standing.override.why) == (7, 5, "oral exam")
    assert book.withdraw(number, author="lee").points == 7
    assert counting(book) == [(5, 1, 1)]
    (past,) = book.adjustments("ann")
    assert (past.withdrawn_by, past.withdrawn_at is not None) == ("lee", True)
    with pytest.raises(RequestError):
        book.withdraw(number, author="lee")


def test_an_override_settles_what_could_not_be_graded(book: Gradebook) -> None:
    item = handed_in(b"code", 12)
    book.hand_in([item])
    book.add(book.begin_run({}), replace(graded(item, 0), verdict=Verdict.UNGRADED))
    book.adjust("override", "ann", "ex03", points=6, why="read by hand", author="kim")
    (grade,) = book.grades(COURSE)
    assert (grade.points, grade.is_open) == (6, False)


def test_an_extension_takes_the_place_of_the_due_date(book: Gradebook) -> None:
    item = handed_in(b"code", 22)
    book.hand_in([item])
    book.add(book.begin_run({}), graded(item, 10))
    assert counting(book, percent_per_day=10) == [(8, 1, 1)]
    until = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    book.adjust("extension", "ann", "ex03", until=until, why="ill", author="kim")
    assert counting(book, percent_per_day=10) == [(9, 1, 1)]


def test_a_proposed_run_counts_only_when_it_is_applied(book: Gradebook) -> None:
    item = handed_in(b"code", 12)
    book.hand_in([item])
    book.add(book.begin_run({}), graded(item, 5), "old")
    run = book.begin_run({}, "proposed")
    book.add(run, graded(item, 8), "new")
    assert counting(book) == [(5, 1, 1)]
    assert [grade.points for grade in book.grades(COURSE, proposed=True)] == [8]
    found = book.proposal()
    assert found is not None
    assert (found.run, found.grades) == (run, 1)
    assert [key for key, _ in book.keys().values()] == ["old"]
    book.settle(run, "counted")
    assert counting(book) == [(8, 1, 1)]
    assert [grade.points for grade in book.grades(COURSE, until=run - 1)] == [5]
    assert (book.proposal(), [key for key, _ in book.keys().values()]) == (None, ["new"])


def test_what_is_ungraded_has_no_key(book: Gradebook) -> None:
    item = handed_in(b"code", 12)
    book.hand_in([item])
    book.add(book.begin_run({}), replace(graded(item, 0), verdict=Verdict.UNGRADED), "key")
    assert book.keys() == {}


def test_a_second_writer_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "graded" / "gradebook.db"
    with gradebook_lock(path), pytest.raises(GradebookError) as caught, gradebook_lock(path):
        raise AssertionError("two writers")
    assert caught.value.explanation.key == "gradebook.in_use"
    assert caught.value.explanation.values["process"] == str(os.getpid())
    with gradebook_lock(path):
        pass


def test_a_full_disk_is_a_clear_error_and_loses_nothing(book: Gradebook, tmp_path: Path) -> None:
    item = handed_in(b"code", 12)
    book.hand_in([item])
    book.add(book.begin_run({}), graded(item, 5))

    @event.listens_for(book._engine, "checkout")
    def fill(connection: sqlite3.Connection, *_rest: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}").fetchone()

    with pytest.raises(GradebookError) as caught:
        book.hand_in([handed_in(os.urandom(100_000), 13, "ben")])
    assert "full" in caught.value.explanation.values["error"]
    with Gradebook(tmp_path / "gradebook.db", "cnn") as other:
        assert counting(other) == [(5, 1, 1)]
        assert len(other.attempts()) == 1


def test_a_gradebook_of_another_format_is_refused(tmp_path: Path) -> None:
    Gradebook(tmp_path / "gradebook.db", "cnn").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection, connection:
        connection.execute("update about set value = '1' where name = 'schema'")
    with pytest.raises(GradebookError) as caught:
        Gradebook(tmp_path / "gradebook.db", "cnn")
    assert caught.value.explanation.key == "gradebook.other_schema"
