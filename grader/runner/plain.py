"""Run student code in a plain process with time limits and no sandbox, where a system has none.

It is for people who try their own answer: nothing here keeps it from their files. Nothing is forked, so this works on
every system; each submission has a process of its own, which imports the libraries anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from grader.errors import RunnerError
from grader.model import Limits, RunnerSettings, Source
from grader.platforms import own_user
from grader.runner.sandbox import Protections
from grader.runner.session import Deadline, Ended, WorkerSession

_CHUNK = 1 << 20
_MOST_CHUNKS = 16
"""Parts of an answer that wait to be looked at; a process that sends more stands still."""
_WATCH_SECONDS = 0.05
_END_SECONDS = 5.0


class PlainRunner:
    """Runs one process after another; the first starts at once, and imports while its owner does something else."""

    def __init__(
        self,
        settings: RunnerSettings,
        data: dict[str, Path] | None = None,
        *,
        banned: Sequence[Sequence[str]] = (),
        keeps_spare: bool = False,
    ) -> None:
        """Start a process; with `keeps_spare` the next one starts as soon as one is taken, for who checks again and again."""
        self._settings = settings
        self._data = data or {}
        self._banned = banned
        self._keeps_spare = keeps_spare
        self._processes: list[_Process] = []
        self._next: _Process | None = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait(self) -> Protections:
        """Return that no protection is in force."""
        return Protections("none", False, 0, False, own_user(), (), False)

    def open(self, source: Source, limits: Limits, *, data: str = "") -> PlainSession:
        """Execute a submission's units in a process of its own.

        Raises:
            SubmissionError: the file's own execution looped, crashed or took too much memory.
            RunnerError: the process did not start.
        """
        process = self._next or self._started()
        self._next = None
        session = PlainSession(process, limits)
        try:
            session.greet()
            process.begin(limits.memory_mib << 20, self._data.get(data))
            self._next = self._started() if self._keeps_spare else None
            session.load(source)
        except BaseException:
            session.close()
            raise
        return session

    def _started(self) -> _Process:
        self._processes = [process for process in self._processes if not process.has_ended]
        self._processes.append(_Process(self._settings, self._banned))
        return self._processes[-1]

    def end_worker(self) -> None:
        """End the process that is in use, which another thread may wait for."""
        for process in self._processes:
            if process is not self._next:
                process.end_worker()

    def close(self) -> None:
        """End every process."""
        for process in self._processes:
            process.end_worker()


class _Process:
    """One process: it imports what the course names, and waits for one submission."""

    def __init__(self, settings: RunnerSettings, banned: Sequence[Sequence[str]]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="grader-"))
        self.work = self.folder / "work"
        self.work.mkdir()
        log = self.folder / "log"
        config = {
            "preload": settings.preload,
            "optional_modules": settings.optional_modules,
            "banned": banned,
        }
        # The user's own environment stays: a system may need any of it, to find its libraries or a place for files.
        environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONIOENCODING": "utf-8",
            **settings.environment,
            "GRADER_PLAIN": json.dumps(config),
        }
        main = Path(__file__).parent / "inside" / "__main__.py"
        try:
            with log.open("ab") as written:
                self.process = subprocess.Popen(
                    [sys.executable, "-P", str(main), "plain"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=written,
                    cwd=self.work,
                    env=environment,
                    bufsize=0,
                    # Ctrl-C is for who waits: it ends this process itself.
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise RunnerError("runner.no_plain", {"error": str(error)}) from error
        self.log = log.open("rb", buffering=0)
        self.replies: queue.Queue[bytes] = queue.Queue(_MOST_CHUNKS)
        self._seen = psutil.Process(self.process.pid)
        self._cpu_seconds = 0.0
        self._most: int | None = None
        """Bytes that it may hold; None until it has imported everything."""
        self._reason = "exit"
        self._ending = threading.Lock()
        self.has_ended = False
        threading.Thread(target=self._read_replies, daemon=True).start()

    def _read_replies(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while chunk := self.process.stdout.read(_CHUNK):
                self.replies.put(chunk)
        self.replies.put(b"")

    def begin(self, memory: int, data: Path | None) -> None:
        """Limit what it holds from now on to so many bytes more, and let it see an exercise's data."""
        with contextlib.suppress(psutil.Error):
            self._most = memory + self._seen.memory_info().rss
        if data is not None:
            # A copy: nothing keeps an answer from writing there, and Windows lets few people make links.
            shutil.copytree(data, self.work / "data")

    def is_too_large(self) -> bool:
        """Return whether it holds more than it may, which ends it."""
        with contextlib.suppress(psutil.Error):
            if self._most is not None and self._seen.memory_info().rss > self._most:
                self._reason = "memory"
                self._kill()
                return True
        return False

    def times(self) -> tuple[float, float] | None:
        """Return its CPU time; how long it waited for a processor no system says of another process."""
        with contextlib.suppress(psutil.Error):
            used = self._seen.cpu_times()
            self._cpu_seconds = used.user + used.system
            return self._cpu_seconds, 0.0
        return None

    def _kill(self) -> None:
        """End it, and what it started."""
        with contextlib.suppress(psutil.Error):
            for child in self._seen.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    child.kill()
        self.process.kill()

    def end_worker(self) -> None:
        """End it, and remove what it wrote."""
        with self._ending:
            if self.has_ended:
                return
            self.has_ended = True
            self._kill()
            self.process.wait()
            self._empty()
            self.log.close()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _empty(self) -> None:
        """Take what is left, so that the thread that reads comes to its end, and leave the end for who waits for it."""
        with contextlib.suppress(queue.Empty):
            while self.replies.get(timeout=_END_SECONDS):
                pass
        self.replies.put(b"")

    def await_end(self) -> dict[str, Any] | None:
        """Return how it ended, as a warm process tells it of its worker."""
        try:
            code = self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        status = code << 8 if code >= 0 else -code
        return {"done": self._reason, "status": status, "cpu_seconds": self._cpu_seconds}


class PlainSession(WorkerSession):
    """Reaches a process through its standard streams; what it prints is in a file, which never makes it stand still."""

    def __init__(self, process: _Process, limits: Limits) -> None:
        super().__init__(process, limits)
        self._process = process
        self._left = bytearray()
        """What was received and not looked at yet."""

    def greet(self) -> None:
        """Wait until the libraries are imported.

        Raises:
            RunnerError: they could not be.
        """
        if not self._is_greeted():
            output = self.take_output()
            self.close()
            raise RunnerError("runner.no_plain", {"error": output[-2000:].strip()})

    def _write(self, frame: bytes, deadline: Deadline) -> None:
        # The answer is waited for with a limit; should the process never take the frame, its end ends the thread too.
        threading.Thread(target=self._send, args=(frame,), daemon=True).start()

    def _send(self, frame: bytes) -> None:
        stream = self._process.process.stdin
        assert stream is not None
        view = memoryview(frame)
        with contextlib.suppress(OSError, ValueError):
            while view:
                view = view[stream.write(view) or 0 :]

    def _read_exactly(self, count: int, deadline: Deadline) -> bytes:
        while len(self._left) < count:
            seconds = min(deadline.left(), _WATCH_SECONDS)
            try:
                chunk = self._process.replies.get(timeout=seconds)
            except queue.Empty:
                self._drain_log()
                if self._process.is_too_large():
                    raise Ended from None
                continue
            if not chunk:
                # For whoever asks next.
                self._process.replies.put(chunk)
                raise Ended
            self._left += chunk
        taken = bytes(self._left[:count])
        del self._left[:count]
        return taken

    def _drain_log(self) -> bool:
        if self._process.has_ended:
            return False
        # Another thread may end the process, and close its log with it.
        with contextlib.suppress(ValueError):
            while chunk := self._process.log.read(_CHUNK):
                self._keep(chunk)
        return True

    def _close_pipes(self) -> None:
        self._process.end_worker()
