"""Clones: folders with a `.git`, whose files have the dates of the clone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from grader.handin.git import last_commit
from grader.handin.records import Intake, Item, Origin
from grader.handin.times import time_on_disk


def is_clone(folder: Path) -> bool:
    """Return whether a folder is a clone; `.git` may also be a file that names another folder."""
    return os.path.lexists(folder / ".git")


def origin_in(intake: Intake, folder: Item, origin: Origin) -> Origin:
    """Return what is known inside of a folder: in a clone everything is the student's to write, the commit's date too."""
    if not origin.is_trusted or not is_clone(folder.path):
        return origin
    seconds = last_commit(folder.path / ".git")
    committed_at = None if seconds is None else time_on_disk(seconds, intake.zone)
    if committed_at is None:
        intake.note("submissions.clone", folder=folder.shown)
    else:
        key = "submissions.clone_counted" if intake.commit_times else "submissions.clone_committed"
        intake.note(key, folder=folder.shown, time=f"{committed_at:%Y-%m-%d %H:%M %Z}")
    stated_at = origin.stated_at or (committed_at if intake.commit_times else None)
    return replace(origin, stated_at=stated_at, is_trusted=False, is_timed=False)
