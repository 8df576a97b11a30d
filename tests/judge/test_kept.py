"""What a reference has answered is kept: for this user alone, whole or not at all, and no more than there is room for."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import SubmissionError
from grader.judge import kept
from grader.judge.kept import KeptAnswers, KeptFolder, KeptMistakes
from grader.judge.reference import Recordings
from grader.model import Course, Explanation, Misconception, Text, Verdict
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.replies import Candidate, Reply, TooSlow

KEY = "ab" * 32


@pytest.fixture
def folder(tmp_path: Path) -> KeptFolder:
    return KeptFolder(tmp_path / "cache" / "grader")


def frames(*numbers: int) -> kept.Frames:
    return [(f"{number:064x}", wire.encode(number)) for number in numbers]


def raised(kind: str, verdict: Verdict = Verdict.ERROR) -> SubmissionError:
    values = {"type": kind, "message": "no", "place": "solution.py:3", "denied": False}
    return SubmissionError(verdict, Explanation("submission.raised", values), type_names=(kind, "Exception"))


ANSWERS: list[Any] = [
    None,
    True,
    3,
    2.5,
    "그리고",
    b"\x00\xff",
    [1, (2, {3}), {"a": (4,)}],
    wire.Handle(7, "Conv2D"),
    [wire.Handle(8, "Counter", "object"), wire.Opaque("dtype[object_]")],
    np.arange(6, dtype=np.int8).reshape(1, 2, 3),
    np.array([np.nan, -0.0, np.inf], np.float32),
    np.array([], np.float64),
    np.array([True, False]),
]


def test_every_answer_comes_back_as_it_was(folder: KeptFolder, tiny: Course) -> None:
    exercise = tiny.exercises[0]
    given: Recordings = {
        f"{place:064x}": Reply(value, (0, 2), 0.25, "printed") for place, value in enumerate(ANSWERS)
    }
    given[f"{99:064x}"] = raised("ValueError")
    KeptAnswers(folder, {exercise.id: KEY}).keep(exercise, given)
    there = KeptAnswers(folder, {exercise.id: KEY}).recordings(exercise)
    assert there is not None
    assert list(there) == list(given)
    for digest, answer in given.items():
        again = there[digest]
        if isinstance(answer, SubmissionError):
            assert isinstance(again, SubmissionError)
            assert again.__reduce__() == answer.__reduce__()
            continue
        assert isinstance(again, Reply)
        assert (again.changed, again.seconds, again.output) == ((0, 2), 0.25, "printed")
        assert type(again.value) is type(answer.value)
        if isinstance(answer.value, np.ndarray):
            assert again.value.dtype == answer.value.dtype
            np.testing.assert_array_equal(again.value, answer.value)
        else:
            assert again.value == answer.value


def test_what_has_no_place_in_a_frame_is_not_kept_at_all(folder: KeptFolder, tiny: Course) -> None:
    exercise = tiny.exercises[0]
    side = KeptAnswers(folder, {exercise.id: KEY})
    side.keep(exercise, {f"{1:064x}": Reply(1), f"{2:064x}": Reply(object())})
    assert not folder.path.exists()
    assert not side.has(exercise)


def test_one_exercise_has_nothing_of_another(folder: KeptFolder, tiny: Course) -> None:
    first, second, *_ = tiny.exercises
    side = KeptAnswers(folder, {first.id: KEY, second.id: "cd" * 32})
    side.keep(first, {f"{1:064x}": Reply(1)})
    assert not side.has(second)
    assert KeptAnswers(folder, {first.id: KEY}).has(first)


def test_files_and_folder_are_this_users_alone(folder: KeptFolder) -> None:
    before = os.umask(0)
    try:
        folder.write("a", frames(1))
    finally:
        os.umask(before)
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.path.iterdir()] == [("a", 0o600)]


def _link_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))


def _link_file(folder: Path) -> None:
    (folder / "a").rename(folder / "b")
    (folder / "a").symlink_to("b")


def _become_a_pipe(folder: Path) -> None:
    (folder / "a").unlink()
    os.mkfifo(folder / "a", 0o600)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: folder.chmod(0o750),
        lambda folder: folder.chmod(0o701),
        lambda folder: (folder / "a").chmod(0o640),
        lambda folder: (folder / "a").chmod(0o602),
        _link_folder,
        _link_file,
        _become_a_pipe,
        lambda folder: (folder / "a").rename(folder / "other") and (folder / "a").mkdir(0o700),
    ],
)
def test_what_anybody_else_could_have_written_or_reads_is_not_believed(
    folder: KeptFolder, change: Callable[[Path], object]
) -> None:
    folder.write("a", frames(1, 2))
    assert folder.read("a") == frames(1, 2)
    change(folder.path)
    assert folder.read("a") is None


@pytest.mark.parametrize("place", ["folder", "file"])
def test_what_is_somebody_elses_is_not_believed(
    folder: KeptFolder, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", frames(1))
    wanted = (folder.path if place == "folder" else folder.path / "a").stat().st_ino
    real = os.fstat

    def foreign(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        return (
            os.stat_result((*status[:4], status.st_uid + 1, *status[5:]))
            if status.st_ino == wanted
            else status
        )

    monkeypatch.setattr(os, "fstat", foreign)
    assert folder.read("a") is None


def test_nothing_is_written_into_a_folder_that_others_look_into(folder: KeptFolder) -> None:
    folder.path.mkdir(parents=True)
    folder.path.chmod(0o755)
    folder.write("a", frames(1))
    assert list(folder.path.iterdir()) == []


def test_a_link_at_a_files_place_is_replaced_and_not_followed(folder: KeptFolder, tmp_path: Path) -> None:
    folder.write("b", frames(1))
    (tmp_path / "mine").write_text("untouched")
    (folder.path / "a").symlink_to(tmp_path / "mine")
    folder.write("a", frames(2))
    assert (tmp_path / "mine").read_text() == "untouched"
    assert folder.read("a") == frames(2)


def test_every_damage_makes_a_file_none_and_it_is_made_anew(folder: KeptFolder) -> None:
    folder.write("a", frames(1, 2))
    whole = (folder.path / "a").read_bytes()
    for place in range(0, len(whole), 7):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            (folder.path / "a").write_bytes(damaged)
            assert folder.read("a") is None, place
    (folder.path / "a").write_bytes(whole + b"x")
    assert folder.read("a") is None
    folder.write("a", frames(1, 2))
    assert folder.read("a") == frames(1, 2)


def test_a_file_under_another_name_is_not_believed(folder: KeptFolder) -> None:
    folder.write("a", frames(1))
    (folder.path / "a").rename(folder.path / "b")
    assert folder.read("b") is None


def test_a_frame_that_holds_something_else_is_no_answer(folder: KeptFolder, tiny: Course) -> None:
    exercise = tiny.exercises[0]
    folder.write(f"{KEY}.reference", frames(1))
    assert not KeptAnswers(folder, {exercise.id: KEY}).has(exercise)


def test_what_was_used_longest_ago_makes_room(folder: KeptFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a", frames(*range(50)))
    size = (folder.path / "a").stat().st_size
    monkeypatch.setattr(kept, "LARGEST_FOLDER", 2 * size + size // 2)
    folder.write("b", frames(*range(50)))
    for name, moment in (("a", 100), ("b", 200)):
        os.utime(folder.path / name, (moment, moment))
    # That it is read says that it is in use.
    assert folder.read("a")
    folder.write("c", frames(*range(50)))
    assert sorted(path.name for path in folder.path.iterdir()) == ["a", "c"]


def test_what_is_too_large_is_not_written(folder: KeptFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGEST_FILE", 1000)
    folder.write("a", frames(*range(50)))
    assert folder.read("a") is None


def test_several_runs_at_once_leave_a_whole_file(folder: KeptFolder) -> None:
    found: list[kept.Frames | None] = []

    def work(number: int) -> None:
        for _ in range(20):
            folder.write("a", frames(number, number + 1, number + 2))
            found.append(folder.read("a"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(item in [frames(n, n + 1, n + 2) for n in range(4)] for item in found)
    assert [path.name for path in folder.path.iterdir()] == ["a"]


def test_where_nothing_can_be_written_everything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = KeptFolder(tmp_path / "file" / "grader")
    folder.write("a", frames(1))
    assert folder.read("a") is None


def test_what_is_kept_on_a_disk_that_is_read_only_is_read(
    folder: KeptFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a", frames(1))

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "utime", refuse)
    assert folder.read("a") == frames(1)


class Wrong:
    """Gives ten times the argument times its own number; the reference another number each time."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], int]] = []
        self.listed = 0
        self.slow: set[str] = set()

    def candidates(self) -> tuple[Candidate, ...]:
        self.listed += 1
        text = Text({"en": "One is missing.", "ko": "하나가 빠졌습니다."})
        return (
            Candidate("1", Misconception("one", text, ("f",), "two", 12), is_family=True, works_only=True),
            Candidate("2", Misconception("two", Text({}), ("f", "g")), memory=True),
        )

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Any]]:
        self.asked.append((tuple(candidates), len(sequences)))
        return [[self._one(key, call) for calls in sequences for call in calls] for key in candidates]

    def _one(self, key: str, call: Call) -> Any:
        if key in self.slow:
            return TooSlow()
        if key == "2":
            return raised("IndexError")
        return Reply(call.args[0] * 10 * int(key or "0") + len(self.asked), output="x")


def values(rows: list[list[Any]]) -> list[list[Any]]:
    return [[getattr(item, "value", type(item).__name__) for item in row] for row in rows]


SEQUENCES = [[Call("f", (1,))], [Call("f", (2,)), Call("g", (3,))]]


def test_a_known_mistake_is_asked_the_same_once_for_all_runs(folder: KeptFolder) -> None:
    real = Wrong()
    first = KeptMistakes(folder, "m", lambda: real)
    listed = first.candidates()
    rows = values(first.ask(["1", "2"], SEQUENCES, 1.0))
    assert rows == [[11, 21, 31], ["SubmissionError"] * 3]
    first.save()

    def nobody() -> Wrong:
        raise AssertionError("the reference was started")

    second = KeptMistakes(folder, "m", nobody)
    assert second.candidates() == listed
    again = second.ask(["2", "1"], SEQUENCES, 1.0)
    assert values(again) == [rows[1], rows[0]]
    assert again[0][1].__reduce__() == raised("IndexError").__reduce__()
    assert values(second.ask(["1"], SEQUENCES[1:], 1.0)) == [[21, 31]]


def test_only_what_is_not_kept_is_asked(folder: KeptFolder) -> None:
    real = Wrong()
    first = KeptMistakes(folder, "m", lambda: real)
    first.ask(["1"], SEQUENCES[:1], 1.0)
    first.save()
    second = KeptMistakes(folder, "m", lambda: real)
    assert values(second.ask(["1", "2"], SEQUENCES, 1.0))[0] == [11, 22, 32]
    assert real.asked == [(("1",), 1), (("1", "2"), 2)]
    assert values(second.ask(["2"], [[Call("f", (9,))]], 1.0)) == [["SubmissionError"]]
    assert real.asked[2:] == [(("2",), 1)]


def test_a_reference_that_answers_otherwise_each_time_is_kept_as_such(folder: KeptFolder) -> None:
    real = Wrong()
    first = KeptMistakes(folder, "m", lambda: real)
    # In two messages, as where answers are large.
    rows = [values(first.ask([""], SEQUENCES[:1], 1.0)) for _ in range(2)]
    assert rows == [[[1]], [[2]]]
    first.save()
    second = KeptMistakes(folder, "m", lambda: real)
    assert values(second.ask(["", ""], SEQUENCES[:1], 1.0)) == [[1], [2]]
    assert len(real.asked) == 2


def test_what_was_too_slow_is_asked_again_in_the_next_run(folder: KeptFolder) -> None:
    real = Wrong()
    real.slow = {"2"}
    first = KeptMistakes(folder, "m", lambda: real)
    assert values(first.ask(["1", "2"], SEQUENCES[:1], 1.0)) == [[11], ["TooSlow"]]
    first.save()
    real.slow = set()
    second = KeptMistakes(folder, "m", lambda: real)
    assert values(second.ask(["1", "2"], SEQUENCES[:1], 1.0))[1] == ["SubmissionError"]
    assert real.asked[1:] == [(("2",), 1)]


def test_two_runs_keep_what_either_has_found(folder: KeptFolder) -> None:
    real = Wrong()
    one, other = (KeptMistakes(folder, "m", lambda: real) for _ in range(2))
    one.ask(["1"], SEQUENCES[:1], 1.0)
    other.ask(["1"], SEQUENCES[1:], 1.0)
    one.save()
    other.save()
    asked = len(real.asked)
    KeptMistakes(folder, "m", lambda: real).ask(["1"], SEQUENCES, 1.0)
    assert len(real.asked) == asked


def test_a_full_file_keeps_nothing_more_and_answers_all_the_same(
    folder: KeptFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LARGEST_FILE", 1000)
    real = Wrong()
    mistakes = KeptMistakes(folder, "m", lambda: real)
    for number in range(20):
        assert len(mistakes.ask(["1"], [[Call("f", (number,))]], 1.0)) == 1
    mistakes.save()
    size = (folder.path / "m").stat().st_size
    assert 700 < size <= 1000
    # Another run has filled it meanwhile.
    other = KeptMistakes(folder, "none", lambda: real)
    other._name = "m"
    other.ask(["1"], [[Call("g", (1,))]], 1.0)
    other.save()
    assert (folder.path / "m").stat().st_size == size
