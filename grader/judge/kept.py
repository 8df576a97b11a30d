"""Keep what the reference and the known mistakes answered from one run to the next, in a folder of this user's alone.

What a file is named for has the digest of all that its content depends on, so that nothing in it is ever out of date. It
holds frames of the wire and no pickle. A file that is damaged, or that anybody else may write or read, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError
from grader.judge.diagnosis import AGAIN, Impostor, digest_of
from grader.judge.evidence import Outcome
from grader.judge.reference import Recordings
from grader.model import Exercise, Explanation, Misconception, Text, Verdict
from grader.platforms import NO_LINK, OPEN_FILE, own_user
from grader.runner.call import Call
from grader.runner.inside import wire
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.replies import UNREADABLE, Candidate, Reply, TooSlow

LARGEST_FILE = 16 << 20
"""Bytes of what is kept of one exercise's reference, and of its known mistakes."""
LARGEST_FOLDER = 512 << 20
"""Bytes of all that is kept; what was used longest ago goes first."""
_FORMAT = b"grader kept answers 1\n"
_DIGEST = hashlib.sha256().digest_size
_CANDIDATES = "0" * 2 * _DIGEST
"""Stands for the question which mistakes are known."""

Frames = list[tuple[str, bytes]]
"""Digests of questions, each with the frame of an answer; those of a question to several mistakes may be in more than one."""


@dataclass(frozen=True)
class KeptFolder:
    """A folder of files that this user alone may read and write; where it is not, it is empty and stays so."""

    path: Path

    def read(self, name: str) -> Frames | None:
        """Return what a file holds; None where there is none that can be believed."""
        with contextlib.suppress(OSError, *UNREADABLE), self._opened() as folder:
            descriptor = os.open(name, OPEN_FILE | NO_LINK, dir_fd=folder)
            with open(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode) or not _is_own(status) or status.st_size > LARGEST_FILE:
                    return None
                content = file.read()
                frames = _frames(name, content)
                # What is in use is not what was used longest ago; a disk that is read-only drops nothing.
                with contextlib.suppress(OSError):
                    os.utime(descriptor)
                return frames
        return None

    def write(self, name: str, frames: Frames) -> None:
        """Write a file whole or not at all, and drop what was used longest ago where there is too much."""
        if _size(frames) > LARGEST_FILE:
            return
        body = b"".join(bytes.fromhex(digest) + frame for digest, frame in frames)
        content = _FORMAT + _seal(name, body) + body
        with contextlib.suppress(OSError), self._opened() as folder:
            made = f"{name}.{os.getpid()}.{os.urandom(4).hex()}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK
            try:
                with open(os.open(made, flags, 0o600, dir_fd=folder), "wb") as file:
                    file.write(content)
                os.replace(made, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(made, dir_fd=folder)
                raise
            _drop_oldest(folder)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        """Open the folder, through no link, and make it where there is none.

        Raises:
            PermissionError: somebody else owns it, or may look into it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            self.path.mkdir(mode=0o700)
        descriptor = os.open(self.path, OPEN_FILE | NO_LINK)
        try:
            if not _is_own(os.fstat(descriptor)):
                raise PermissionError(str(self.path))
            yield descriptor
        finally:
            os.close(descriptor)


def _size(frames: Iterable[tuple[str, bytes]]) -> int:
    """Return the size of a file with these frames."""
    return len(_FORMAT) + _DIGEST + sum(_DIGEST + len(frame) for _, frame in frames)


def _is_own(status: os.stat_result) -> bool:
    return status.st_uid == own_user() and not status.st_mode & 0o077


def _seal(name: str, body: bytes) -> bytes:
    """Return what tells damage: it also tells a file that has another's name."""
    return hashlib.sha256(name.encode() + b"\n" + body).digest()


def _frames(name: str, content: bytes) -> Frames:
    """Return the frames of a file.

    Raises:
        ProtocolFault: it is damaged.
    """
    at = len(_FORMAT) + _DIGEST
    if content[:at] != _FORMAT + _seal(name, content[at:]):
        raise ProtocolFault("damaged")
    frames = []
    while at < len(content):
        digest, at = content[at : at + _DIGEST].hex(), at + _DIGEST
        text, body = wire.lengths(content[at : at + wire.HEAD_SIZE], LARGEST_FILE)
        length = wire.HEAD_SIZE + text + body
        frames.append((digest, content[at : at + length]))
        at += length
    return frames


def _decoded(frame: bytes) -> Any:
    text, _ = wire.lengths(frame[: wire.HEAD_SIZE], len(frame))
    return wire.decode(frame[wire.HEAD_SIZE : wire.HEAD_SIZE + text], frame[wire.HEAD_SIZE + text :])


def _drop_oldest(folder: int) -> None:
    entries = []
    for name in os.listdir(folder):
        # Another run may have dropped it.
        with contextlib.suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            entries.append((status.st_mtime_ns, status.st_size, name))
    left = sum(size for _, size, _ in entries)
    for _, size, name in sorted(entries):
        if left <= LARGEST_FOLDER:
            return
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=folder)
        left -= size


class KeptAnswers:
    """What is kept of some exercises' references and known mistakes."""

    def __init__(self, folder: KeptFolder, keys: Mapping[str, str]) -> None:
        """Take the folder, and for each exercise the digest of all that its reference's answers depend on."""
        self._folder = folder
        self._keys = keys
        self._recordings: dict[str, Recordings | None] = {}

    def recordings(self, exercise: Exercise) -> Recordings | None:
        """Return the reference's answers to an exercise's checks, all of which it passed; None where they are not kept."""
        if exercise.id not in self._recordings:
            frames = self._folder.read(f"{self._keys[exercise.id]}.reference")
            self._recordings[exercise.id] = None
            with contextlib.suppress(*UNREADABLE):
                if frames is not None:
                    self._recordings[exercise.id] = {
                        digest: _answer(_decoded(frame)) for digest, frame in frames
                    }
        return self._recordings[exercise.id]

    def has(self, exercise: Exercise) -> bool:
        """Return whether the reference's answers to an exercise's checks are kept."""
        return self.recordings(exercise) is not None

    def keep(self, exercise: Exercise, recordings: Recordings) -> None:
        """Keep the reference's answers to all checks of an exercise; nothing where one has no place in a frame."""
        with contextlib.suppress(ProtocolFault):
            frames = [(digest, wire.encode(_packed(answer))) for digest, answer in recordings.items()]
            self._folder.write(f"{self._keys[exercise.id]}.reference", frames)

    def mistakes(self, exercise: Exercise, open_real: Callable[[], Impostor]) -> KeptMistakes:
        """Return an exercise's known mistakes, which answer from what is kept where they can."""
        return KeptMistakes(self._folder, f"{self._keys[exercise.id]}.mistakes", open_real)


class KeptMistakes:
    """Answers as everything that is known to be wrong, and starts it only for what is not kept."""

    def __init__(self, folder: KeptFolder, name: str, open_real: Callable[[], Impostor]) -> None:
        self._folder = folder
        self._name = name
        self._open_real = open_real
        self._frames: dict[str, list[bytes]] = {}
        for digest, frame in folder.read(name) or ():
            self._frames.setdefault(digest, []).append(frame)
        self._new: Frames = []
        self._room = LARGEST_FILE - _size(
            (key, frame) for key, kept in self._frames.items() for frame in kept
        )
        self._turns = Counter[str]()
        """Question -> how often the reference was asked it: each second time it is asked the same once more."""

    def candidates(self) -> tuple[Candidate, ...]:
        """Return every known mistake, in the order in which they are named."""
        with contextlib.suppress(*UNREADABLE):
            for frame in self._frames.get(_CANDIDATES, ()):
                return tuple(map(_candidate, _decoded(frame)))
        found = self._open_real().candidates()
        plain = [
            replace(item, misconception=replace(item.misconception, text=dict(item.misconception.text)))  # type: ignore[arg-type]  # the wire has no Text
            for item in found
        ]
        self._keep(_CANDIDATES, [astuple(item) for item in plain])
        return found

    def ask(
        self, candidates: Sequence[str], sequences: Sequence[Sequence[Call]], seconds: float
    ) -> list[list[Outcome]]:
        """Make the same calls of several known mistakes; the empty key is the reference."""
        digests = [digest_of(calls) for calls in sequences]
        names = self._named(candidates, digests)
        given = [self._given(digest) for digest in digests]
        asked = [place for place, known in enumerate(given) if any(name not in known for name in names)]
        if asked:
            missing = [name for name in names if any(name not in given[place] for place in asked)]
            keys = ["" if name == AGAIN else name for name in missing]
            rows = self._open_real().ask(keys, [sequences[place] for place in asked], seconds)
            start = 0
            for place in asked:
                end = start + len(sequences[place])
                found = {
                    name: row[start:end]
                    for name, row in zip(missing, rows, strict=True)
                    if name not in given[place]
                }
                given[place] |= found
                self._keep_outcomes(digests[place], found)
                start = end
        return [[outcome for known in given for outcome in known[name]] for name in names]

    def _named(self, candidates: Sequence[str], digests: Sequence[str]) -> list[str]:
        """Return by what the answers are known: one that does not repeat itself must not be known by one answer alone."""
        names = []
        for key in candidates:
            if key == "":
                together = "".join(digests)
                key = AGAIN if self._turns[together] % 2 else ""
                self._turns[together] += 1
            names.append(key)
        return names

    def _given(self, digest: str) -> dict[str, list[Outcome]]:
        """Return what is kept of a question: name -> the outcomes of its calls, equal ones being one object."""
        given: dict[str, list[Outcome]] = {}
        with contextlib.suppress(*UNREADABLE):
            for frame in self._frames.get(digest, ()):
                names, rows, outcomes = _decoded(frame)
                answers = [_answer(item) for item in outcomes]
                for name, row in zip(names, rows, strict=True):
                    given[name] = [answers[place] for place in row]
        return given

    def _keep_outcomes(self, digest: str, found: Mapping[str, Sequence[Outcome]]) -> None:
        """Keep what was found, but for what was too slow just now: on another day it may not be."""
        kept = {
            name: row
            for name, row in found.items()
            if not any(isinstance(outcome, TooSlow) for outcome in row)
        }
        outcomes = {id(outcome): outcome for row in kept.values() for outcome in row}
        places = {key: place for place, key in enumerate(outcomes)}
        rows = [[places[id(outcome)] for outcome in row] for row in kept.values()]
        with contextlib.suppress(ProtocolFault):
            packed = [_packed(outcome) for outcome in outcomes.values() if not isinstance(outcome, TooSlow)]
            self._keep(digest, [list(kept), rows, packed])

    def _keep(self, digest: str, message: object) -> None:
        frame = wire.encode(message)
        size = _DIGEST + len(frame)
        if size <= self._room:
            self._room -= size
            self._frames.setdefault(digest, []).append(frame)
            self._new.append((digest, frame))

    def save(self) -> None:
        """Write what is new beside what is there by now: another run may have kept something else."""
        if self._new:
            together = list(dict.fromkeys([*(self._folder.read(self._name) or ()), *self._new]))
            while _size(together) > LARGEST_FILE:
                together.pop()
            self._folder.write(self._name, together)
            self._new = []


def _candidate(parts: tuple[Any, ...]) -> Candidate:
    key, (name, texts, functions, same_as, line), *flags = parts
    return Candidate(key, Misconception(name, Text(texts), functions, same_as, line), *flags)


def _packed(answer: Reply | SubmissionError) -> list[Any]:
    """Return an answer as plain values.

    Raises:
        ProtocolFault: it says more than an exception that the code raised does.
    """
    if isinstance(answer, Reply):
        return [answer.value, answer.changed, answer.seconds, answer.output]
    explanation = answer.explanation
    if explanation.difference is not None:
        raise ProtocolFault("a difference has no place in a frame")
    return [answer.verdict.value, explanation.key, explanation.values, answer.type_names, "raised"]


def _answer(parts: list[Any]) -> Reply | SubmissionError:
    if len(parts) == 4:
        return Reply(*parts)
    verdict, key, values, type_names, _ = parts
    return SubmissionError(Verdict(verdict), Explanation(key, values), type_names=type_names)
