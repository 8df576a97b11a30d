from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.runner.inside.written import Written


def test_files_are_those_that_are_new_or_changed_since_the_call_began(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("1")
    (tmp_path / "changed").write_text("1")
    written = Written(100, str(tmp_path))
    written.begin()
    (tmp_path / "changed").write_text("2")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "new").write_text("3")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "other").write_text("4")
    assert written.names() == ["changed", "inner/new"]
    assert written.read("changed") == b"2"
    written.begin()
    assert written.names() == []


def test_what_is_no_plain_file_is_none_and_one_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    written = Written(3, str(tmp_path))
    written.begin()
    os.symlink("/etc/passwd", tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_text("1234")
    assert written.names() == ["large"]
    for name in ("link", "pipe", "large", "../large", "/etc/passwd"):
        with pytest.raises(OSError, match=r"no file|no plain file"):
            written.read(name)


def test_without_a_limit_nothing_is_looked_at(tmp_path: Path) -> None:
    written = Written(0, str(tmp_path))
    written.begin()
    (tmp_path / "new").write_text("1")
    assert written.names() == []
