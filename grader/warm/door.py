"""The door to a warm judge: a socket that only this user can open, by which `grader check` finds a running watch.

A question is a line of JSON, and so is the answer. Whatever is not as it should be is no door: who asks then starts a judge
of its own, which gives the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from grader.model import DISTRIBUTION, Course, Exercise, Isolation
from grader.platforms import own_user, tells_who_calls
from grader.warm.judge import Checked, WarmJudge, course_state

_GREETING_SECONDS = 2.0
"""How long who asks waits to be let in: a watch that was stopped (Ctrl-Z) answers nobody."""
_LONGEST_QUESTION = 1 << 16


@cache
def _checked() -> TypeAdapter[Checked]:
    # To make it takes a tenth of a second, and most who ask find no door.
    return TypeAdapter(Checked)


Question = tuple[str, Path]
"""An exercise's id, and the file that is to be checked."""
Hand = Callable[[Question, Callable[[Checked | None], None]], None]
"""Takes a question, and what sends its answer."""


def _folder() -> Path | None:
    """Return the folder of the doors, made if need be; None where others can look into it."""
    runtime, cache = os.environ.get("XDG_RUNTIME_DIR"), os.environ.get("XDG_CACHE_HOME")
    folder = Path(runtime or cache or Path.home() / ".cache") / "grader"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return None
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == own_user()
    return folder if is_own and not status.st_mode & 0o077 else None


def _address(course: Course, isolation: Isolation) -> Path | None:
    """Return where the door of a course is: another version, environment or isolation has another one."""
    if not tells_who_calls():
        return None
    folder = _folder()
    told = [str(course.root.resolve()), version(DISTRIBUTION), str(Path(__file__)), sys.prefix, isolation]
    digest = hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()
    return folder and folder / f"{digest[:16]}.socket"


def _is_own(connection: socket.socket) -> bool:
    """Return whether a process of this user is at the other end."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", raw)
    return bool(user == own_user())


def _enter(address: Path) -> socket.socket | None:
    """Return a connection to a door; None where nobody is behind it. A dead one is removed."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_GREETING_SECONDS)
    try:
        connection.connect(str(address))
        if _is_own(connection):
            return connection
    except ConnectionRefusedError:
        with suppress(OSError):
            address.unlink()
    except OSError:
        pass
    connection.close()
    return None


@contextmanager
def open_door(course: Course, isolation: Isolation, state: Callable[[], str], hand: Hand) -> Iterator[None]:
    """Let this user's commands ask for checks meanwhile, as long as `state` is the course's as they see it.

    Where there can be no door, or another watch of the course has it, none is opened.
    """
    address = _address(course, isolation)
    other = _enter(address) if address is not None else None
    if other is not None:
        other.close()
    if address is None or other is not None:
        yield
        return
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        try:
            listener.bind(str(address))
        except OSError:
            # A path that is too long for a socket, or a watch that was quicker.
            yield
            return
        stack.callback(address.unlink, missing_ok=True)
        listener.listen()
        thread = threading.Thread(target=_listen, args=(listener, state, hand), daemon=True)
        thread.start()
        stack.callback(thread.join, _GREETING_SECONDS)
        # Who waits for the next to knock is not woken by closing it.
        stack.callback(listener.shutdown, socket.SHUT_RDWR)
        yield


def _listen(listener: socket.socket, state: Callable[[], str], hand: Hand) -> None:
    # Shutting the listener down ends this.
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            try:
                _let_in(connection, state, hand)
            except (OSError, ValueError, LookupError, TypeError, AttributeError):
                connection.close()


def _let_in(connection: socket.socket, state: Callable[[], str], hand: Hand) -> None:
    connection.settimeout(_GREETING_SECONDS)
    with connection.makefile("rb") as reader:
        question = json.loads(reader.readline(_LONGEST_QUESTION)) if _is_own(connection) else {}
    if question.get("state") != state():
        connection.close()
        return
    connection.sendall(b"\n")

    def answer(checked: Checked | None) -> None:
        # Who asked may be gone; nothing is sent where it could not be checked.
        with connection, suppress(OSError):
            if checked is not None:
                connection.settimeout(_GREETING_SECONDS)
                connection.sendall(_checked().dump_json(checked) + b"\n")

    hand((str(question["exercise"]), Path(question["path"])), answer)


def ask(course: Course, isolation: Isolation, exercise: Exercise, path: Path) -> Checked | None:
    """Return what the warm judge of a running watch says of a file; None where none is of this course as it is now."""
    address = _address(course, isolation)
    connection = _enter(address) if address is not None else None
    if connection is None:
        return None
    question: dict[str, Any] = {
        "state": course_state(course, course.exercises),
        "exercise": exercise.id,
        "path": str(path.absolute()),
    }
    with connection, connection.makefile("rb") as reader:
        try:
            connection.sendall(json.dumps(question).encode() + b"\n")
            if not reader.readline():
                return None
            # Let in: it takes as long as it takes there.
            connection.settimeout(None)
            return _checked().validate_json(reader.readline())
        except (OSError, ValueError):
            return None


@contextmanager
def judge_for(
    course: Course, exercises: list[Exercise], isolation: Isolation, *, is_plain: bool = False
) -> Iterator[Callable[[Exercise, Path], Checked]]:
    """Yield what checks a file: a running watch of the same course, and where there is none, a judge of its own.

    What is yielded raises CourseError where the checks cannot be run, and RunnerError where no sandbox can be started.
    """
    with ExitStack() as stack:
        judges: list[WarmJudge] = []

        def check(exercise: Exercise, path: Path) -> Checked:
            checked = None if judges else ask(course, isolation, exercise, path)
            if checked is not None:
                return checked
            if not judges:
                judges.append(stack.enter_context(WarmJudge(course, exercises, isolation, is_plain=is_plain)))
            return judges[0].check(exercise, path)

        yield check
