"""Which of a class's files are made again: those whose grades, course or program changed, and those that are not there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.exports.class_files import write_reports
from grader.gradebook.store import Gradebook
from grader.model import Course, Grade, Text, Verdict
from grader.reports.pages import written
from grader.reports.pages.written import STATE, page_name
from tests.support.records import COURSE, GRADE, RUN, WRONG

ANN, BEN = f"reports/{page_name('ann')}", f"reports/{page_name('ben')}"
OF_ALL = {
    "grades.csv",
    "results.json",
    "reports/index.html",
    "reports/exercises/ex01.html",
    "reports/exercises/ex02.html",
}
Remade = Callable[..., set[str]]


def graded(student: str, exercise: str, points: float = 1) -> Grade:
    return replace(
        GRADE,
        student=student,
        exercise=exercise,
        points=points,
        digest=f"{student} {exercise}",
        graded_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """Return the gradebook of a class of two."""
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        run = gradebook.begin_run({})
        for student in ("ann", "ben"):
            for exercise in ("ex01", "ex02"):
                gradebook.add(run, graded(student, exercise))
        gradebook.end_run(run, dict(RUN))
        yield gradebook


@pytest.fixture
def remade(book: Gradebook, tmp_path: Path) -> Remade:
    """Return what writes the reports and tells which files it wrote."""

    def files() -> dict[str, int]:
        found = [path for path in tmp_path.rglob("*") if path.is_file() and "gradebook" not in path.name]
        return {path.relative_to(tmp_path).as_posix(): path.stat().st_ino for path in found}

    def write(course: Course = COURSE) -> set[str]:
        # A file that is written is a new one beside the old; the links hold the old ones' numbers.
        kept = [
            (path, tmp_path / f"{number}.gradebook")
            for number, path in enumerate(map(tmp_path.joinpath, files()))
        ]
        for path, link in kept:
            os.link(path, link)
        before = files()
        write_reports(course, book, tmp_path)
        for _, link in kept:
            link.unlink()
        return {name for name, number in files().items() if before.get(name) != number} - {str(STATE)}

    return write


def test_everything_is_made_once_and_then_not_even_read(
    book: Gradebook, remade: Remade, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remade() == {*OF_ALL, ANN, BEN}
    monkeypatch.setattr(Gradebook, "with_checks", None)
    assert remade() == set()


def test_a_decision_makes_the_class_and_its_students_page_again(book: Gradebook, remade: Remade) -> None:
    remade()
    book.adjust("comment", "ann", "ex01", why="well done", author="kim")
    assert remade() == {*OF_ALL, ANN}
    assert remade() == set()


def test_the_same_points_from_another_run_are_another_page(book: Gradebook, remade: Remade) -> None:
    remade()
    run = book.begin_run({})
    other = replace(WRONG, output="something else")
    book.add(run, replace(graded("ben", "ex02"), checks=(other,)))
    assert remade() == {*OF_ALL, BEN}
    assert "something else" in (book.path.parent / BEN).read_text(encoding="utf-8")


def test_what_a_run_says_of_itself_is_on_the_overview_alone(book: Gradebook, remade: Remade) -> None:
    remade()
    book.end_run(book.begin_run({}), {**RUN, "seconds": 77.0})
    assert remade() == OF_ALL


@pytest.mark.parametrize("name", [ANN, "reports/index.html", "grades.csv", "reports/exercises/ex02.html"])
def test_a_file_that_was_deleted_comes_back_alone(book: Gradebook, remade: Remade, name: str) -> None:
    remade()
    path = book.path.parent / name
    content = path.read_bytes()
    path.unlink()
    assert remade() == {name}
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", [BEN, "results.json"])
def test_a_file_that_was_edited_comes_back(book: Gradebook, remade: Remade, name: str) -> None:
    remade()
    path = book.path.parent / name
    content = path.read_bytes()
    path.write_bytes(content.replace(b"a", b"b"))
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert remade() == {name}
    path.write_bytes(content + b"\n")
    assert remade() == {name}
    assert path.read_bytes() == content


def test_another_course_or_another_program_is_another_report(
    remade: Remade, monkeypatch: pytest.MonkeyPatch
) -> None:
    remade()
    assert remade(replace(COURSE, title=Text({"en": "New", "ko": "새"}))) == {*OF_ALL, ANN, BEN}
    assert remade(replace(COURSE, title=Text({"en": "New", "ko": "새"}))) == set()
    monkeypatch.setattr(written, "report_fingerprint", lambda: "another")
    assert remade(replace(COURSE, title=Text({"en": "New", "ko": "새"}))) == {*OF_ALL, ANN, BEN}


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 1}', '{"format": 2, "files": {}}', '{"format": 1, "files": {"a": 3}}']
)
def test_where_nothing_is_known_everything_is_made_again(
    book: Gradebook, remade: Remade, content: str
) -> None:
    remade()
    (book.path.parent / STATE).write_text(content, encoding="utf-8")
    assert remade() == {*OF_ALL, ANN, BEN}


def test_the_page_of_somebody_who_is_gone_is_removed_though_nothing_is_written(
    book: Gradebook, remade: Remade
) -> None:
    remade()
    stranger = (book.path.parent / BEN).with_name("stranger.html")
    stranger.write_text("", encoding="utf-8")
    assert remade() == set()
    assert not stranger.exists()


def test_a_class_has_an_exercise_once_it_is_given_out(book: Gradebook, tmp_path: Path) -> None:
    opens = datetime(2026, 12, 1, 9, tzinfo=UTC)
    course = replace(
        COURSE, exercises=(*COURSE.exercises, replace(COURSE.exercises[0], number=3, opens=opens))
    )
    run = book.begin_run({})
    for student in ("ann", "ben"):
        nothing = replace(
            graded(student, "ex03"), path="", digest="", verdict=Verdict.NOT_ATTEMPTED, points=0
        )
        book.add(run, replace(nothing, checks=()))

    def seen(now: datetime) -> tuple[str, int, bool, float, bool]:
        grades = write_reports(course, book, tmp_path, now)
        result = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
        points = sum(exercise["points"] for exercise in result["exercises"])
        has_page = (tmp_path / "reports/exercises/ex03.html").exists()
        in_page = "ex03" in (tmp_path / ANN).read_text(encoding="utf-8")
        table = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
        return " ".join(table), len(grades), has_page, points, in_page

    before = "student,ex01,ex02,total,possible ann,1,1,2,8 ben,1,1,2,8"
    after = "student,ex01,ex02,ex03,total,possible ann,1,1,0,2,12 ben,1,1,0,2,12"
    assert seen(opens - timedelta(seconds=1)) == (before, 4, False, 8, False)
    assert seen(opens) == (after, 6, True, 12, True)
    assert seen(opens - timedelta(seconds=1)) == (before, 4, False, 8, False)
    book.add(run, replace(graded("ben", "ex03"), path="ben/ex03.py"))
    assert seen(opens - timedelta(days=9))[:2] == (
        "student,ex01,ex02,ex03,total,possible ann,1,1,0,2,12 ben,1,1,1,3,12",
        6,
    )
