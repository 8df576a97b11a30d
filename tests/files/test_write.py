from __future__ import annotations

import errno
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import Any

import pytest

from grader.errors import RequestError
from grader.files.write import write_file, write_new


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "grades.csv"
    write_file(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write_file(path, "new \ud800")
    assert path.read_text() == "old\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError) as caught:
        write_file(tmp_path / "file" / "grades.csv", "x")
    assert caught.value.explanation.key == "request.unwritable"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "elsewhere").read_text() == "old"
    assert (tmp_path / "link").read_bytes() == b"new"
    assert not (tmp_path / "link").is_symlink()


def test_of_what_is_new_no_part_stays_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(BufferedWriter):
        def write(self, content: Any, /) -> int:
            super().write(content[:1])
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda path, mode: Full(FileIO(path, mode)))
        with pytest.raises(OSError, match="No space left"):
            write_new(tmp_path / "ex01.py", b"def row_sums(x):\n")
    assert list(tmp_path.iterdir()) == []
    write_new(tmp_path / "ex01.py", b"new")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "ex01.py", b"newer")
    assert (tmp_path / "ex01.py").read_bytes() == b"new"
