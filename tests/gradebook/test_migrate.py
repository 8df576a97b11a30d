"""A gradebook of the version before is brought up to date in place: whole or not at all, with a copy of what it was."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.errors import GradebookError
from grader.gradebook import migrate
from grader.gradebook.lock import gradebook_lock
from grader.gradebook.store import Gradebook
from grader.messages.sentences import explain
from tests.support.places import ROOT, TESTS

MADE = TESTS / "made_before"
COURSE = "made-before"
BACKUP = "gradebook.db.schema-2.backup"
FORM = ("table_info", "foreign_key_list", "index_list")
OPEN = f"Gradebook(Path(sys.argv[1]), {COURSE!r}).close()"
BEGINNING = """
import os, signal, sys
from pathlib import Path
from grader.gradebook import migrate
from grader.gradebook.store import Gradebook

def die(*_arguments):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a copy of a gradebook of the version before."""
    return Path(shutil.copy(MADE / "gradebook.db", tmp_path / "gradebook.db"))


def content(path: Path) -> list[str]:
    """Return all that is in a database file."""
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump()]


def schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("select value from about where name = 'schema'").fetchone()[0])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"gradebook.db-wal", "gradebook.db-shm"}


def refused(path: Path) -> dict[str, Any]:
    """Return why a gradebook is not opened; it can be said in both languages."""
    with pytest.raises(GradebookError) as caught:
        Gradebook(path, COURSE)
    found = caught.value.explanation
    assert str(path) in explain(found, "en")
    assert str(path) in explain(found, "ko")
    return {"key": found.key, **found.values}


def started(path: Path, code: str = "") -> subprocess.Popen[bytes]:
    """Open a gradebook in another process, after some more code."""
    program = f"{BEGINNING}\n{code}\n{OPEN}"
    return subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT)


def test_what_it_was_is_kept_beside_it(old: Path) -> None:
    before = content(old)
    old.chmod(0o640)
    with Gradebook(old, COURSE) as gradebook:
        assert gradebook.backup == old.with_name(BACKUP)
        assert len(gradebook.adjustments()) == 6
    assert (schema(old), schema(old.with_name(BACKUP))) == ("3", "2")
    assert content(old.with_name(BACKUP)) == before
    assert old.with_name(BACKUP).stat().st_mode & 0o777 == 0o640
    assert names(old.parent) == {"gradebook.db", "gradebook.db.lock", BACKUP}
    with Gradebook(old, COURSE) as gradebook:
        assert gradebook.backup is None


def test_only_the_titles_are_kept_otherwise(old: Path, tmp_path: Path) -> None:
    query = "select grade, position, name, {}, visible, points, earned, verdict, explanation, call, output, seconds, misconception from checks order by grade, position"
    with closing(sqlite3.connect(old)) as connection:
        before = connection.execute(query.format("title_en, title_ko")).fetchall()
        others = {
            table: connection.execute(f"select * from {table}").fetchall()
            for table in ("runs", "files", "attempts", "grades", "adjustments")
        }
    Gradebook(old, COURSE).close()
    Gradebook(tmp_path / "new.db", COURSE).close()
    with closing(sqlite3.connect(old)) as connection:
        after = connection.execute(query.format("title, title")).fetchall()
        # Columns that came later hold what held before.
        others["adjustments"] = [(*row, "") for row in others["adjustments"]]
        for table, rows in others.items():
            assert connection.execute(f"select * from {table}").fetchall() == rows, table
        kept = [connection.execute(f"pragma {about}(checks)").fetchall() for about in FORM]
    assert [(row[:3], json.loads(row[3]), row[5:]) for row in after] == [
        (row[:3], {"en": row[3], "ko": row[4]}, row[5:]) for row in before
    ]
    assert len(after) > 30
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert [connection.execute(f"pragma {about}(checks)").fetchall() for about in FORM] == kept


def test_what_is_still_in_the_log_is_in_the_copy(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("update adjustments set why = 'written last' where id = 1")
        connection.commit()
        assert b"written last" not in old.read_bytes()
        with Gradebook(old, COURSE) as gradebook:
            assert gradebook.adjustments()[0].why == "written last"
    assert any("written last" in line for line in content(old.with_name(BACKUP)))


DEATHS = {
    "while it is copied": "migrate.shutil.copymode = die",
    "before the copy has its name": "migrate.os.replace = die",
    "after the copy": "migrate._STEPS = 'SELECT by_language(1, 2)'; migrate._by_language = die",
    "in the middle": "migrate._by_language = lambda en, ko: die() if 'axes' in en else '{}'",
    "before the last step": "migrate._STEPS = migrate._STEPS.replace('UPDATE', 'SELECT by_language(1, 2);\\nUPDATE')\n"
    "migrate._by_language = lambda en, ko: die() if en == 1 else '{}'",
    "before it is committed": "migrate._STEPS += ';\\nSELECT by_language(1, 2)'\n"
    "migrate._by_language = lambda en, ko: die() if en == 1 else '{}'",
}


@pytest.mark.parametrize("code", DEATHS.values(), ids=DEATHS.keys())
def test_who_is_killed_on_the_way_begins_anew(code: str, old: Path) -> None:
    before = content(old)
    assert started(old, code).wait(60) == -signal.SIGKILL
    assert content(old) == before
    with Gradebook(old, COURSE) as gradebook:
        assert gradebook.backup == old.with_name(BACKUP)
    assert schema(old) == "3"
    assert content(old.with_name(BACKUP)) == before
    assert names(old.parent) == {"gradebook.db", "gradebook.db.lock", BACKUP}


def test_two_at_once_bring_it_up_to_date_once(old: Path) -> None:
    before = content(old)
    slow = "import time; back_up = migrate._back_up; migrate._back_up = lambda path: [time.sleep(0.5), back_up(path)][1]"
    both = [started(old, slow) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert schema(old) == "3"
    assert content(old.with_name(BACKUP)) == before
    assert names(old.parent) == {"gradebook.db", "gradebook.db.lock", BACKUP}


def test_the_copy_of_another_gradebook_stays(old: Path) -> None:
    Gradebook(old, COURSE).close()
    first = content(old.with_name(BACKUP))
    for name in ("gradebook.db-wal", "gradebook.db-shm"):
        old.with_name(name).unlink(missing_ok=True)
    shutil.copy(MADE / "gradebook.db", old)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("update adjustments set why = 'another'")
        connection.commit()
    with Gradebook(old, COURSE) as gradebook:
        assert gradebook.backup == old.with_name(f"{BACKUP}-2")
    assert content(old.with_name(BACKUP)) == first
    assert any("'another'" in line for line in content(old.with_name(f"{BACKUP}-2")))


@pytest.fixture
def _held_by_another(old: Path) -> Iterator[None]:
    with old.with_name("gradebook.db.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("1")
        file.flush()
        yield


@pytest.mark.usefixtures("_held_by_another")
def test_while_another_process_grades_it_stays_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_WAIT_SECONDS", 0.2)
    before = content(old)
    assert (refused(old)["key"], refused(old)["process"]) == ("gradebook.in_use", "1")
    assert content(old) == before
    assert not old.with_name(BACKUP).exists()


def test_who_holds_the_lock_brings_it_up_to_date(old: Path) -> None:
    with gradebook_lock(old):
        Gradebook(old, COURSE).close()
        with pytest.raises(GradebookError), gradebook_lock(old):
            pass
    assert schema(old) == "3"


def test_one_that_cannot_be_copied_stays_as_it_was(old: Path) -> None:
    old.with_name(f"{BACKUP}.part").mkdir()
    before = content(old)
    assert refused(old)["key"] == "gradebook.cannot_migrate"
    assert content(old) == before


def test_one_of_another_course_stays_as_it_was(old: Path) -> None:
    with pytest.raises(GradebookError) as caught:
        Gradebook(old, "another")
    assert caught.value.explanation.key == "gradebook.other_course"
    assert schema(old) == "2"
    assert not old.with_name(BACKUP).exists()


def test_one_of_a_newer_version_is_refused_and_not_touched(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("update about set value = '4' where name = 'schema'")
        connection.execute("drop table adjustments")
        connection.commit()
    before = content(old)
    found = refused(old)
    assert (found["key"], found["schema"], found["known"]) == ("gradebook.newer_schema", "4", 3)
    assert content(old) == before


@pytest.mark.parametrize(
    ("language", "said"), [("en", "was of an earlier version"), ("ko", "이전 버전의 성적부")]
)
@pytest.mark.parametrize(
    "command", [["history", "high"], ["comment", "high", "ex1", "well done"]], ids=["read", "write"]
)
def test_a_command_says_so_once(command: list[str], language: str, said: str, old: Path) -> None:
    students = Gradebook(Path(shutil.copy(old, old.with_name("other.db"))), COURSE)
    command = [students.students()[0] if word == "high" else word for word in command]
    students.close()
    options = ["--output", str(old.parent), "--course", str(MADE / "course"), "--lang", language]
    results = [CliRunner().invoke(main, [*command, *options]) for _ in range(2)]
    assert [result.exit_code for result in results] == [0, 0], results[0].output
    assert [said in result.stderr for result in results] == [True, False]
    assert os.path.basename(BACKUP) in results[0].stderr
    assert load_course(MADE / "course").id == COURSE


def test_an_unused_new_gradebook_takes_no_copy_along(tmp_path: Path, tiny_copy: Path) -> None:
    folder = tmp_path / "graded"
    folder.mkdir()
    folder.joinpath(BACKUP).write_text("kept", encoding="utf-8")
    handed_in = tmp_path / "handed_in"
    handed_in.mkdir()
    arguments = ["grade", str(handed_in), "--output", str(folder), "--course", str(tiny_copy)]
    assert CliRunner().invoke(main, arguments).exit_code == 2
    assert folder.joinpath(BACKUP).read_text(encoding="utf-8") == "kept"
