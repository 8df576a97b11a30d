"""The commands that look into a gradebook and decide by hand."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.store import Gradebook
from grader.model import Attempt, CheckResult, Grade, Text, Verdict
from tests.support.places import TINY
from tests.support.sandbox import needs_sandbox


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)


def graded(student: str, *, earned: tuple[float, float], content: bytes = b"code") -> Grade:
    """Return a grade of two checks worth 3 each."""
    checks = tuple(
        CheckResult(
            f"test_{name}",
            Text({"en": f"works on {name}", "ko": f"{name} 검사"}),
            True,
            3,
            points,
            Verdict.PASSED if points else Verdict.FAILED,
        )
        for name, points in zip(("rows", "columns"), earned, strict=True)
    )
    return Grade(
        student=student,
        exercise="ex01",
        points=sum(earned),
        possible=6,
        verdict=Verdict.PASSED if sum(earned) == 6 else Verdict.FAILED,
        checks=checks,
        path=f"submissions/{student}/ex01.py",
        digest=hashlib.sha256(content).hexdigest(),
        graded_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )


@contextmanager
def opened() -> Iterator[Gradebook]:
    with Gradebook(Path("graded/gradebook.db"), load_course(Path.cwd()).id) as gradebook:
        yield gradebook


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a copy of the tiny course in which a class of two was graded."""
    folder = tmp_path / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GRADER_AUTHOR", "prof-kim")
    moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    with opened() as gradebook:
        number = gradebook.begin_run({})
        for student, earned in (("ann", (3.0, 0.0)), ("ben", (3.0, 3.0))):
            grade = graded(student, earned=earned)
            attempt = Attempt(student, "ex01", grade.digest, grade.path, moment)
            gradebook.hand_in([(attempt, b"code")])
            gradebook.add(number, grade)
        gradebook.end_run(number)
    return folder


def test_an_override_is_recorded_and_in_every_file(course: Path) -> None:
    result = run("override", "ann", "ex1", "--points", "5.5", "--why", "typo in the statement")
    assert (result.exit_code, result.stdout) == (0, "ann ex01: points set to 5.5. Now 5.5*/6.\n")
    assert (course / "graded/grades.csv").read_text().splitlines()[1].startswith("ann,5.5,")
    (grade, _) = json.loads((course / "graded/results.json").read_text())["grades"]
    assert grade["points"] == 5.5
    assert grade["standing"]["override"]["author"] == "prof-kim"


def test_a_decision_can_be_withdrawn_and_stays_in_the_history(course: Path) -> None:
    run("override", "ann", "ex1", "--points", "5", "--why", "oral exam")
    run("comment", "ann", "ex1", "well explained", "--author", "ta-lee")
    run("extend", "ann", "ex1", "--until", "2026-12-05T23:59:00+09:00", "--why", "ill")
    result = run("withdraw", "1", "--author", "ta-lee")
    assert result.stdout == "ann ex01: decision 1 withdrawn. Now 3/6.\n"
    events = json.loads(run("history", "ann", "--json").stdout)["events"]
    assert [(event["what"], event["who"], event["withdrawn"]) for event in events if event["who"]] == [
        ("override", "prof-kim", True),
        ("comment", "ta-lee", False),
        ("extension", "prof-kim", False),
        ("withdrawn", "ta-lee", False),
    ]
    assert {event["what"] for event in events} >= {"handed_in", "graded"}
    shown = run("history", "ann").stdout
    for part in (
        "points set to 5: oral exam",
        "comment: well explained",
        "extended until",
        "withdrew #1",
        "3/6",
    ):
        assert part in " ".join(shown.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("override", "zoe", "ex1", "--points", "1", "--why", "x"), "knows no student 'zoe'"),
        (("override", "ann", "ex9", "--points", "1", "--why", "x"), "There is no exercise 'ex9'"),
        (("override", "ann", "ex1", "--points", "-1", "--why", "x"), "between 0 and 60, not -1"),
        (("override", "ann", "ex1", "--points", "1", "--why", " "), "--why is empty"),
        (("comment", "ann", "ex1", " "), "is empty"),
        (("extend", "ann", "ex1", "--until", "tomorrow", "--why", "x"), "no moment with a time zone"),
        (
            ("extend", "ann", "ex1", "--until", "2026-12-05T23:59:00", "--why", "x"),
            "no moment with a time zone",
        ),
        (("withdraw", "7"), "no decision with the number 7"),
        (("history", "zoe"), "knows no student 'zoe'"),
        (("diff", "1", "9"), "holds no run 9"),
        (("regrade",), "--preview, --apply or --cancel"),
        (("regrade", "--apply"), "No regrade waits"),
        (("regrade", "--cancel"), "No regrade waits"),
        (("history", "ann", "--output", "nowhere"), "There is no gradebook nowhere/gradebook.db"),
    ],
)
def test_what_cannot_be_done_is_explained_and_changes_nothing(
    arguments: tuple[str, ...], message: str, course: Path
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    with opened() as gradebook:
        assert gradebook.adjustments() == ()


def test_a_gradebook_that_another_process_writes_is_left_alone(course: Path) -> None:
    with gradebook_lock(course / "graded/gradebook.db"):
        for arguments in (
            ("comment", "ann", "ex1", "hello"),
            ("regrade", "--preview"),
            ("grade", "submissions"),
        ):
            Path("submissions/ann").mkdir(parents=True, exist_ok=True)
            Path("submissions/ann/ex01.py").write_text("code")
            result = run(*arguments)
            assert result.exit_code == 2
            assert "is grading into" in result.stderr
        assert run("history", "ann").exit_code == 0


def proposed(*, whole: bool = True) -> None:
    """Propose that ann gains a check and ben loses one."""
    with opened() as gradebook:
        number = gradebook.begin_run({}, "proposed")
        gradebook.add(number, graded("ann", earned=(3, 3)))
        gradebook.add(number, graded("ben", earned=(3, 0)))
        if whole:
            gradebook.end_run(number)


def test_a_regrade_is_applied_as_one_set(course: Path) -> None:
    proposed()
    refused = run("regrade", "--preview")
    assert (refused.exit_code, "waits for a decision" in refused.stderr) == (2, True)
    result = run("regrade", "--apply")
    assert (result.exit_code, result.stdout) == (0, "Applied run 2: 2 grades count now.\n")
    assert [line.split(",")[1] for line in (course / "graded/grades.csv").read_text().splitlines()[1:]] == [
        "6",
        "3",
    ]
    changes = json.loads(run("diff", "1", "2", "--json").stdout)["changes"]
    assert [(item["student"], item["before"], item["after"]) for item in changes] == [
        ("ann", 3, 6),
        ("ben", 6, 3),
    ]
    assert [(check["name"], check["before"], check["after"]) for check in changes[0]["checks"]] == [
        ("test_columns", 0, 3)
    ]
    shown = run("diff", "1", "2").stdout
    assert "works on columns" in shown
    assert "Up: 1, down: 1" in shown


def test_a_regrade_is_dropped_as_one_set(course: Path) -> None:
    proposed()
    assert run("regrade", "--cancel").exit_code == 0
    assert [line.split(",")[1] for line in (course / "graded/grades.csv").read_text().splitlines()[1:]] == [
        "3",
        "6",
    ]
    assert [item["state"] for item in json.loads(run("runs", "--json").stdout)["runs"]] == [
        "counted",
        "cancelled",
    ]
    assert "cancelled" in run("runs").stdout


def test_a_preview_that_was_killed_cannot_be_applied(course: Path) -> None:
    proposed(whole=False)
    result = run("regrade", "--apply")
    assert (result.exit_code, "No regrade waits" in result.stderr) == (2, True)
    assert [item["state"] for item in json.loads(run("runs", "--json").stdout)["runs"]][1] == "cancelled"


def test_a_date_is_the_end_of_that_day_in_the_courses_zone(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    settings = course / "course.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("format: 1", "format: 1\ntimezone: Asia/Seoul"), encoding="utf-8")
    told = run("extend", "ann", "ex1", "--until", "2026-12-05", "--why", "ill").stdout
    assert "extended until 2026-12-05 23:59 KST" in told
    assert "extended until 2026-12-05 23:59 KST" in run("history", "ann").stdout
    (event,) = [
        item for item in json.loads(run("history", "ann", "--json").stdout)["events"] if "until" in item
    ]
    assert event["until"] == "2026-12-05T14:59:59+00:00"
    with opened() as gradebook:
        (extension,) = gradebook.adjustments("ann")
    assert extension.until == datetime(2026, 12, 5, 14, 59, 59, tzinfo=UTC)
    assert re.search(r"\d\d:\d\d KST", run("runs").stdout)


def test_the_decisions_speak_korean(course: Path) -> None:
    result = run("override", "ann", "ex1", "--points", "5", "--why", "구술 시험", language="ko")
    assert "점수를 5로 정했습니다" in result.stdout
    assert "점수를 5로 정함: 구술 시험" in " ".join(run("history", "ann", language="ko").stdout.split())


@needs_sandbox
def test_a_mended_check_is_previewed_and_applied(
    tmp_path: Path, tiny_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_copy)
    answer = Path("submissions/ann/ex02.py")
    answer.parent.mkdir(parents=True)
    shutil.copy("solutions/ex02_maxpool_1/solution.py", answer)
    check = Path("exercises/ex02_maxpool_1/test_ex02.py")
    right = check.read_text(encoding="utf-8")
    # As it was before it was mended: one check asked for more than it had to.
    hidden = Path("solutions/ex02_maxpool_1/test_ex02_hidden.py")
    asked = hidden.read_text(encoding="utf-8")
    hidden.write_text(asked + "\n# mended\n", encoding="utf-8")
    lines = [
        json.loads(line) for line in run("grade", "submissions", "--jobs", "1", "--json").stdout.splitlines()
    ]
    assert [line["event"] for line in lines] == ["start", "reference", "grade", "end"]
    assert (lines[2]["points"], lines[3]["graded"], lines[3]["kept"]) == (3, 1, 0)
    answer.unlink()
    hidden.write_text(asked, encoding="utf-8")
    check.write_text(right.replace("points=1", "points=1.0"), encoding="utf-8")
    result = run("regrade", "--preview", "ex2", "--jobs", "1")
    assert (result.exit_code, "Up: 0, down: 0" in result.stdout) == (0, True)
    assert run("regrade", "--apply").exit_code == 0
    assert "Nothing to grade again" in run("regrade", "--preview").stderr
