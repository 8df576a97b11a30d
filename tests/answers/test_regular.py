"""A file that somebody swaps while it is read is opened as what it is by then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.answers import file as answers_file
from grader.answers.file import read_file, read_submitted
from grader.answers.regular import open_regular
from grader.errors import SubmissionError
from grader.model import Submission


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a class's folder, with what nobody handed in beside it."""
    (tmp_path / "solution").mkdir()
    (tmp_path / "solution" / "ex01.py").write_text("secret")
    (tmp_path / "class" / "ann" / "part").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "part" / "ex01.py").write_text("own")
    return tmp_path / "class"


def test_a_file_is_read_as_it_is(folder: Path) -> None:
    path = folder / "ann" / "part" / "ex01.py"
    assert read_file(path) == read_file(path, folder) == b"own"
    assert read_submitted(Submission("ann", "ex01", path, below=folder)) == b"own"


def swap_file(folder: Path) -> None:
    (folder / "ann/part/ex01.py").unlink()
    (folder / "ann/part/ex01.py").symlink_to(folder.parent / "solution" / "ex01.py")


def swap_near(folder: Path) -> None:
    (folder / "ann/part").rename(folder / "ann/before")
    (folder / "ann/part").symlink_to(folder.parent / "solution")


def swap_far(folder: Path) -> None:
    (folder / "ann").rename(folder / "before")
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "part").symlink_to(folder.parent / "solution")
    (folder / "ann").symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize("swap", [swap_file, swap_near, swap_far])
def test_no_link_is_followed_on_the_way(folder: Path, swap: object) -> None:
    assert callable(swap)
    swap(folder)
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        read_file(folder / "ann" / "part" / "ex01.py", folder)


def test_the_way_to_the_class_and_the_users_own_file_may_be_links(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert read_file(link / "ann/part/ex01.py", link) == b"own"
    (folder / "mine.py").symlink_to(folder / "ann/part/ex01.py")
    assert read_file(folder / "mine.py") == b"own"


@pytest.mark.parametrize("below", [True, False])
def test_a_pipe_is_not_waited_for(folder: Path, *, below: bool) -> None:
    path = folder / "ann" / "ex01.py"
    os.mkfifo(path)
    with pytest.raises(OSError, match="is not a file"):
        read_file(path, folder if below else None)


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path("/proc"), Path("/dev/null")])
def test_what_is_no_regular_file_is_not_read(path: Path) -> None:
    with pytest.raises(OSError, match="is not a file"):
        open_regular(path)


def test_a_file_that_grows_while_it_is_read_is_too_large(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_file, "MOST_BYTES", 2)
    with pytest.raises(SubmissionError):
        read_file(folder / "ann/part/ex01.py")
    # What `fstat` says is that of before it was written.
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((0o100644, *[0] * 9)))
    with pytest.raises(SubmissionError):
        read_file(folder / "ann/part/ex01.py")


def test_what_could_not_be_read_when_it_was_found_is_not_read_again(folder: Path) -> None:
    path = folder / "ann/part/ex01.py"
    with pytest.raises(OSError, match="No space left"):
        read_submitted(Submission("ann", "ex01", path, failure="No space left on device"))


def test_no_descriptor_is_left_open(folder: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for path in ("ann/part/ex01.py", "ann/part", "ann/none/ex01.py", "none"):
        try:
            open_regular(folder / path, folder).close()
        except OSError:
            continue
    assert len(os.listdir("/proc/self/fd")) == before
