from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.messages.sentences import explain
from grader.model import Course, Exercise, Explanation, Grade, Verdict
from grader.warm import door
from grader.warm.door import Question, ask, judge_for, open_door
from grader.warm.judge import Checked, course_state
from tests.support.records import GRADE
from tests.support.waiting import SECONDS

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "SO_PEERCRED"), reason="Linux tells who is at the other end"
)

CHECKED = Checked(GRADE, None)


@pytest.fixture(autouse=True)
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # A socket's path is short.
    folder = tmp_path_factory.mktemp("run")
    folder.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    # On a busy machine who is behind the door may be slow to greet.
    monkeypatch.setattr(door, "_GREETING_SECONDS", SECONDS)
    yield folder
    assert list(folder.glob("grader/*.socket")) == []


def give(
    checked: Checked | None, seen: list[Question]
) -> Callable[[Question, Callable[[Checked | None], None]], None]:
    def hand(question: Question, answer: Callable[[Checked | None], None]) -> None:
        seen.append(question)
        answer(checked)

    return hand


def state(course: Course) -> Callable[[], str]:
    return lambda: course_state(course, course.exercises)


def test_who_asks_gets_the_same_as_without(tiny: Course, tmp_path: Path, runtime: Path) -> None:
    seen: list[Question] = []
    exercise, path = tiny.exercises[0], tmp_path / "ex01 한.py"
    assert ask(tiny, "full", exercise, path) is None
    with open_door(tiny, "full", state(tiny), give(CHECKED, seen)):
        (file,) = runtime.glob("grader/*.socket")
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert ask(tiny, "full", exercise, path) == CHECKED
        # Other isolation has another door.
        assert ask(tiny, "none", exercise, path) is None
    assert seen == [("ex01", path)]


def test_another_state_of_the_course_is_not_let_in(tiny: Course, tmp_path: Path) -> None:
    with open_door(tiny, "full", lambda: "another", give(CHECKED, [])):
        assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") is None


def test_another_version_has_another_door(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_door(tiny, "full", state(tiny), give(CHECKED, [])):
        monkeypatch.setattr(door, "version", lambda _: "9.9")
        assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") is None


def test_what_could_not_be_checked_there_is_checked_here(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[OwnJudge | None] = []

    class OwnJudge:
        def __init__(self, *_: object, **__: object) -> None:
            started.append(self)

        def __enter__(self) -> OwnJudge:
            return self

        def __exit__(self, *_: object) -> None:
            started.append(None)

        def check(self, exercise: Exercise, path: Path) -> Checked:
            return CHECKED

    monkeypatch.setattr(door, "WarmJudge", OwnJudge)
    with open_door(tiny, "full", state(tiny), give(None, [])):
        with judge_for(tiny, list(tiny.exercises), "full") as check:
            for exercise in tiny.exercises:
                assert check(exercise, tmp_path / "answer.py") == CHECKED
        assert len(started) == 2


def test_a_dead_socket_is_removed(tiny: Course, tmp_path: Path, runtime: Path) -> None:
    with open_door(tiny, "full", state(tiny), give(CHECKED, [])):
        (file,) = runtime.glob("grader/*.socket")
    for find in ("ask", "open"):
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(file))
        assert file.exists()
        if find == "ask":
            assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") is None
            assert not file.exists()
        else:
            with open_door(tiny, "full", state(tiny), give(CHECKED, [])):
                assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") == CHECKED


def test_a_second_watch_leaves_the_door_to_the_first(tiny: Course, tmp_path: Path) -> None:
    first: list[Question] = []
    with open_door(tiny, "full", state(tiny), give(CHECKED, first)):
        with open_door(tiny, "full", state(tiny), give(None, [])):
            assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") == CHECKED
        assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") == CHECKED
    assert len(first) == 2


@pytest.mark.parametrize("wrong", ["open to others", "a link", "a file", "too long"])
def test_where_others_could_come_there_is_no_door(
    wrong: str, tiny: Course, tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = runtime / "grader"
    if wrong == "open to others":
        folder.mkdir()
        folder.chmod(0o755)
    elif wrong == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    elif wrong == "a file":
        folder.write_text("")
    else:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 120)))
    with open_door(tiny, "full", state(tiny), give(CHECKED, [])):
        assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") is None


def test_another_user_is_not_let_in(tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Question] = []
    with open_door(tiny, "full", state(tiny), give(CHECKED, seen)):
        user = os.geteuid()
        folder = door._folder()
        monkeypatch.setattr(door, "_folder", lambda: folder)
        monkeypatch.setattr("os.geteuid", lambda: user + 1)
        assert ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py") is None
    assert seen == []


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"[]\n", b"{}\n", b"no JSON\n", b"x" * 70000, b'{"state": "s"}\n']
)
def test_what_is_no_question_gets_no_answer(line: bytes, tiny: Course, runtime: Path) -> None:
    with open_door(tiny, "full", lambda: "s", give(CHECKED, [])):
        (file,) = runtime.glob("grader/*.socket")
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS)
            client.connect(str(file))
            client.sendall(line)
            client.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(100).strip() == b""
        # It still answers.
        assert ask(tiny, "full", tiny.exercises[0], Path("ex01.py")) is None


def test_every_kind_of_explanation_comes_through(tiny: Course, tmp_path: Path) -> None:
    inner = Explanation("submission.exit", {"code": 3})
    note = Explanation("submission.left_out", {"place": "ex01.py:1", "why": inner, "code": "exit()"})
    checked = Checked(Grade("", "ex01", 0, 4, Verdict.ERROR, (), notes=(note,)), None)
    with open_door(tiny, "full", state(tiny), give(checked, [])):
        found = ask(tiny, "full", tiny.exercises[0], tmp_path / "ex01.py")
    assert found is not None
    assert explain(found.grade.notes[0], "en") == explain(note, "en")
