from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.model import Explanation
from grader.warm.saves import _EMPTY_SECONDS, saves
from tests.support.waiting import SECONDS

Listen = Callable[[], "queue.Queue[set[str]]"]


class Panic(BaseException):
    """What Rust's panics are in Python."""


def watching_ends_with(error: BaseException) -> Callable[..., Iterator[set[object]]]:
    def watch(*_: object, **__: object) -> Iterator[set[object]]:
        yield set()
        raise error

    return watch


WITHOUT_EVENTS: dict[str, Any] = {
    "not installed": None,
    "limit": SimpleNamespace(watch=watching_ends_with(OSError("OS file watch limit reached."))),
    "unknown": SimpleNamespace(watch=watching_ends_with(ValueError("what"))),
    "panic": SimpleNamespace(watch=watching_ends_with(Panic())),
    "ended": SimpleNamespace(watch=lambda *_, **__: iter(())),
}


@pytest.fixture(params=["events", *WITHOUT_EVENTS])
def listen(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Listen]:
    """Listen to what is saved in the test's folder, where there are events and where there are none."""
    if request.param in WITHOUT_EVENTS:
        monkeypatch.setitem(sys.modules, "watchfiles", WITHOUT_EVENTS[request.param])
    told: list[Explanation] = []
    stop, is_listening = threading.Event(), threading.Event()
    saved: queue.Queue[set[str]] = queue.Queue()

    looks: list[None] = []

    def files() -> list[Path]:
        # At the second look it is known how they were at the first.
        if looks:
            is_listening.set()
        looks.append(None)
        return [*tmp_path.glob("*.py"), tmp_path / "package" / "helper.py"]

    def run() -> None:
        for paths in saves(tmp_path, files, stop, told.append):
            saved.put({path.name for path in paths})

    thread = threading.Thread(target=run)

    def begin() -> queue.Queue[set[str]]:
        thread.start()
        assert is_listening.wait(SECONDS)
        return saved

    yield begin
    stop.set()
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert [note.key for note in told] == ["watch.no_events"] * (request.param not in ("events", "ended"))
    assert all(note.values["error"] for note in told)


def test_each_save_is_told_once(tmp_path: Path, listen: Listen) -> None:
    file = tmp_path / "ex01.py"
    file.write_text("a = 1\n")
    saved = listen()
    for text in ("a = 2\n", "a = 3\n"):
        # Both within a second, of the same length, and never empty in between.
        with file.open("r+") as opened:
            opened.write(text)
        assert saved.get(timeout=SECONDS) == {"ex01.py"}
    with pytest.raises(queue.Empty):
        saved.get(timeout=0.5)


def test_a_new_file_counts_and_so_does_one_in_its_place(tmp_path: Path, listen: Listen) -> None:
    saved = listen()
    file = tmp_path / "ex01.py"
    file.write_text("a = 1\n")
    assert saved.get(timeout=SECONDS) == {"ex01.py"}
    # An editor that keeps the old one, and puts a new one in its place a moment later.
    os.rename(file, tmp_path / "ex01.py~")
    (tmp_path / "new").write_text("a = 2\n")
    os.rename(tmp_path / "new", file)
    assert saved.get(timeout=SECONDS) == {"ex01.py"}


def test_a_file_that_is_written_in_pieces_is_told_when_it_is_whole(
    tmp_path: Path, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ex01.py"
    file.write_text("a = 1\n")

    def sleep(seconds: float) -> None:
        # Its second piece comes while it is waited for, however busy the machine is.
        if seconds == _EMPTY_SECONDS:
            file.write_text("a = 2\n")
        time.sleep(seconds)

    monkeypatch.setattr("grader.warm.saves.time", SimpleNamespace(sleep=sleep))
    saved = listen()
    file.write_text("")
    assert saved.get(timeout=SECONDS) == {"ex01.py"}
    with pytest.raises(queue.Empty):
        saved.get(timeout=0.5)


def test_a_module_in_a_package_counts(tmp_path: Path, listen: Listen) -> None:
    (tmp_path / "package").mkdir()
    saved = listen()
    (tmp_path / "package" / "helper.py").write_text("x = 1\n")
    assert saved.get(timeout=SECONDS) == {"helper.py"}
