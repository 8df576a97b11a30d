"""A gradebook of an earlier version becomes one of this version, in place, with a copy of what it was beside it.

All of it is one transaction of the file: whoever is killed on the way leaves the gradebook as it was, and the next command
begins anew. Nobody else writes meanwhile, for the gradebook's own lock is held.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from filecmp import cmp
from functools import cache
from itertools import count
from pathlib import Path

from grader.errors import GradebookError
from grader.gradebook.lock import gradebook_lock

MIGRATED = "2"
"""The schema that is brought up to date."""
_WAIT_SECONDS = 10.0
"""How long to wait for another process that writes."""
_STEPS = """
CREATE TABLE new_checks (
    grade INTEGER NOT NULL REFERENCES grades (id),
    position INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    title JSON NOT NULL,
    visible BOOLEAN NOT NULL,
    points FLOAT NOT NULL,
    earned FLOAT NOT NULL,
    verdict VARCHAR NOT NULL,
    explanation JSON,
    call VARCHAR NOT NULL,
    output VARCHAR NOT NULL,
    seconds FLOAT NOT NULL,
    misconception JSON,
    PRIMARY KEY (grade, position)
);
INSERT INTO new_checks
    SELECT grade, position, name, by_language(title_en, title_ko), visible, points, earned, verdict, explanation, call,
        output, seconds, misconception
    FROM checks;
DROP TABLE checks;
ALTER TABLE new_checks RENAME TO checks;
UPDATE about SET value = '3' WHERE name = 'schema';
"""


def migrate(path: Path) -> Path | None:
    """Bring a gradebook up to date; return the copy of what it was, None where another process was first.

    Raises:
        GradebookError: another process is grading into it, or the disk is full.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            with closing(_connect(path)) as connection:
                if not _is_old(connection):
                    return None
            with _sole_writer(path):
                return _migrate(path)
        except GradebookError as error:
            if error.explanation.key != "gradebook.in_use" or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        except (sqlite3.Error, OSError) as error:
            values = {"file": str(path), "error": str(error)}
            raise GradebookError("gradebook.cannot_migrate", values) from error


@contextmanager
def _sole_writer(path: Path) -> Iterator[None]:
    """Hold the gradebook's lock, which this process may hold already."""
    with ExitStack() as stack:
        try:
            stack.enter_context(gradebook_lock(path))
        except GradebookError as error:
            if error.explanation.values.get("process") != str(os.getpid()):
                raise
        yield


def _migrate(path: Path) -> Path | None:
    with closing(_connect(path)) as connection:
        connection.create_function("by_language", 2, cache(_by_language), deterministic=True)
        connection.execute("BEGIN IMMEDIATE")
        if not _is_old(connection):
            return None
        backup = _back_up(path)
        for step in _STEPS.split(";\n"):
            connection.execute(step)
        connection.execute("COMMIT")
    return backup


def _connect(path: Path) -> sqlite3.Connection:
    # Transactions begin where they are said to.
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)


def _is_old(connection: sqlite3.Connection) -> bool:
    (schema,) = connection.execute("SELECT value FROM about WHERE name = 'schema'").fetchone()
    return bool(schema == MIGRATED)


def _by_language(en: str, ko: str) -> str:
    return json.dumps({"en": en, "ko": ko})


def _back_up(path: Path) -> Path:
    """Copy a gradebook to beside it, whole or not at all; an earlier copy of another one stays."""
    base = f"{path.name}.schema-{MIGRATED}.backup"
    part = path.with_name(f"{base}.part")
    part.unlink(missing_ok=True)
    shutil.copyfile(os.devnull, part)
    shutil.copymode(path, part)
    # By SQLite itself: what it has not yet moved out of its log into the file is in the copy too.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for number in count(1):
        backup = path.with_name(base if number == 1 else f"{base}-{number}")
        if not backup.exists() or cmp(part, backup, shallow=False):
            break
    os.replace(part, backup)
    return backup
