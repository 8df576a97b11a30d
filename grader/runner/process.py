"""Have a warm process forked for a slot, have it fork a worker for each submission, and end it."""

from __future__ import annotations

import array
import contextlib
import json
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import CourseError, Fault, RunnerError
from grader.messages.printable import printable
from grader.model import Explanation, Isolation, Limits, RunnerSettings, Source
from grader.runner.inside.confine import LANDLOCK_NEEDED
from grader.runner.packages import find_packages
from grader.runner.sandbox import Protections, python_roots
from grader.runner.session import SandboxedSession
from grader.runner.warm_process import WarmPlan, WarmProcess

_START_SECONDS = 120.0
_END_SECONDS = 30.0
"""A machine that is overloaded, or was put to sleep, answers late."""
_LOST = {"done": "lost"}
"""Stands for the end of a worker that is not its own doing."""


def _namespace(name: str) -> str:
    return os.readlink(f"/proc/self/ns/{name}")


class SandboxedRunner:
    """Runs the warm process of a slot in a sandbox. It starts at once, and `wait` returns when it is ready."""

    def __init__(
        self,
        settings: RunnerSettings,
        data: dict[str, Path] | None = None,
        *,
        isolation: Isolation = "full",
        slot: int = 0,
        banned: Sequence[Sequence[str]] = (),
        course: Path | None = None,
        warm: Callable[[WarmPlan], WarmProcess] = WarmProcess,
    ) -> None:
        """Start it; the folder of the `course` is never seen in the sandbox, but for the exercises' data.

        `warm` gives the process that has imported for it: one of its own, or one that serves others too.

        Raises:
            RunnerError: what the level of isolation needs is missing.
        """
        self._plan = WarmPlan(settings, data or {}, isolation, slot, banned, course)
        self._open_warm = warm
        self._warm: WarmProcess | None = None
        self._control: socket.socket | None = None
        self._busy = False
        self._done: dict[str, Any] | None = None
        """What the zygote said of the worker's end, where that came in place of another answer."""
        self._refusal: RunnerError | CourseError | None = None
        self.protections: Protections | None = None
        self.warm_bytes = 0
        """The memory that the process holds by itself once it is ready."""
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process without waiting for its imports.

        Raises:
            RunnerError: what the level of isolation needs is missing, or it died at once.
        """
        self._warm = self._open_warm(self._plan)
        try:
            self._control = self._warm.fork()
        except RunnerError:
            self.close()
            raise
        self._busy, self.protections = False, None

    def wait(self) -> Protections:
        """Wait until the imports are done; return which protections are in force.

        Raises:
            RunnerError: the process died, or took longer than two minutes.
            CourseError: a module that the course preloads cannot be imported.
        """
        if self.protections is not None:
            return self.protections
        if self._refusal is not None:
            # It greets once: whoever asks again would wait for nothing.
            raise self._refusal
        hello = self._receive(_START_SECONDS)
        if hello is None and self._warm is not None and self._warm.is_dead:
            # It may have died while it imported for others, or serve one slot alone: this one gets another.
            self.restart()
            hello = self._receive(_START_SECONDS)
        if hello is not None and "preload" in hello:
            self._refusal = self._not_preloaded(hello)
            raise self._refusal
        if hello is None or not hello.get("ready"):
            raise RunnerError("runner.no_start", {"error": self._last_errors()})
        self._refusal = self._missing(hello)
        if self._refusal is not None:
            raise self._refusal
        self.warm_bytes = int(hello["memory"])
        namespaces = tuple(name for name, own in hello["namespaces"].items() if own != _namespace(name))
        self.protections = Protections(
            self._plan.isolation,
            {"pid", "mnt", "net"} <= set(namespaces),
            int(hello["landlock"]),
            bool(hello["seccomp"]),
            int(hello["uid"]),
            namespaces,
            bool(hello["limits_processes"]),
            tuple(hello["missing_doors"]),
        )
        return self.protections

    def _not_preloaded(self, hello: dict[str, Any]) -> CourseError:
        # A judge starts without what reads course.yml.
        from grader.course.yaml import FILE_NAME, with_lines

        values = {"module": str(hello["name"]), "error": printable(str(hello["error"]))}
        place = ".".join(("runner", f"preload[{int(hello['preload'])}]"))
        explanation = Explanation("course.preload", values)
        name = values["module"].partition(".")[0]
        for folder, why in find_packages(python_roots(), self._plan.course).hidden:
            if (folder / name).exists() or (folder / f"{name}.py").exists() or folder.name == name:
                explanation = Explanation(
                    "course.preload_hidden", values | {"folder": str(folder), "why": why}
                )
        fault = Fault(FILE_NAME, place, explanation)
        return CourseError(
            with_lines(self._plan.course / FILE_NAME, [fault]) if self._plan.course else (fault,)
        )

    def _missing(self, hello: dict[str, Any]) -> RunnerError | None:
        """Return what the level of isolation needs and this machine has not; it will not have it at a second try."""
        if self._plan.isolation != "none" and not hello["seccomp"]:
            return RunnerError("runner.no_seccomp")
        if self._plan.isolation == "reduced" and hello["landlock"] < LANDLOCK_NEEDED:
            return RunnerError(
                "runner.no_landlock", {"version": hello["landlock"], "needed": LANDLOCK_NEEDED}
            )
        return None

    def open(self, source: Source, limits: Limits, *, data: str = "") -> SandboxedSession:
        """Fork a worker and execute a submission's units in it.

        Raises:
            SubmissionError: the file's own execution looped, crashed or took too much memory.
            RunnerError: no worker could be started, or what the exercise bans could not be seen.
        """
        for attempt in (1, 2):
            try:
                self.wait()
                self.await_end()
                session = self._fork(limits, data)
                session.greet()
                break
            except RunnerError:
                # A zygote that died (it does on anything odd) is replaced once; twice in a row is our fault.
                if attempt == 2 or self._refusal is not None:
                    raise
                self.restart()
        try:
            missing = self.wait().missing_doors
            if source.banned and missing:
                raise RunnerError("runner.missing_doors", {"names": "; ".join(missing)})
            session.load(source)
        except BaseException:
            session.close()
            raise
        return session

    def _fork(self, limits: Limits, data: str) -> SandboxedSession:
        assert self._control is not None
        request_end, request = os.pipe2(os.O_CLOEXEC)
        reply, reply_end = os.pipe2(os.O_CLOEXEC)
        log, log_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(request, False)
        os.set_blocking(log, False)
        message = {
            "op": "fork",
            "data": data,
            "limits": {
                "cpu_seconds": limits.cpu_seconds,
                "memory_mib": limits.memory_mib,
                "disk_mib": limits.disk_mib,
                "threads": limits.threads,
            },
        }
        workers = [request_end, reply_end, log_end]
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", workers))]
        try:
            self._control.sendmsg([json.dumps(message).encode()], rights)
        except OSError as error:
            for descriptor in (request, reply, log):
                os.close(descriptor)
            raise RunnerError("runner.died", {"error": self._last_errors()}) from error
        finally:
            for descriptor in workers:
                os.close(descriptor)
        self._busy, self._done = True, None
        return SandboxedSession(self, limits, request, reply, log)

    def times(self) -> tuple[float, float] | None:
        """Return the current worker's CPU time and its waiting; None if it has ended, or nothing is heard."""
        assert self._control is not None
        if self._done is not None:
            return None
        with contextlib.suppress(OSError):
            self._control.send(b'{"op": "times"}')
            answer = self._receive(_END_SECONDS) or {}
            if "times" in answer:
                cpu, waited = answer["times"]
                return cpu, waited
            self._done = answer or None
        return None

    def end_worker(self) -> None:
        """Ask for the end of the current worker."""
        control = self._control
        if control is None:
            # Asked by another thread while the process is replaced: the worker is gone with it.
            return
        # That the process has died is found out by who waits for the worker's end.
        with contextlib.suppress(OSError):
            control.send(b'{"op": "kill"}')

    def await_end(self) -> dict[str, Any] | None:
        """Wait for the end of the last worker; return what the zygote says of it, None if the zygote died of it.

        It is `{"done": "lost"}` where no submission brings that about: the zygote is silent, or has died without a word.
        """
        if not self._busy:
            return None
        done, self._done = self._done or self._receive(_END_SECONDS), None
        while done is not None and "done" not in done:
            # An answer to what was asked before.
            done = self._receive(_END_SECONDS)
        self._busy = False
        if done is None and self._plan.isolation != "none":
            # A worker that is confined has no signal for the zygote, which says so where the worker resists.
            done = _LOST
        if done is None or done["done"] in ("lost", "resisted"):
            self.restart()
            self.wait()
        return done

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """Return what the zygote says next; None where it has ended, "lost" where it is silent for so long."""
        assert self._control is not None
        self._control.settimeout(seconds)
        try:
            packet = self._control.recv(1 << 16)
        except TimeoutError:
            return _LOST
        except OSError:
            return None
        message: dict[str, Any] | None = json.loads(packet) if packet else None
        return message

    def _last_errors(self) -> str:
        return "" if self._warm is None else self._warm.last_errors()

    def restart(self) -> None:
        """End the process and have another one forked."""
        self.close()
        self.start()

    def close(self) -> None:
        """End the process and all that is in its slot."""
        if self._control is not None:
            self._control.close()
        if self._warm is not None:
            self._warm.close()
        self._warm = self._control = None
