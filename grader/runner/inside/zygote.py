"""Fork a confined worker for each submission of one slot, watch it, and leave nothing of it behind.

This runs inside of the sandbox, as the pid 1 of its slot where there is a pid namespace. It answers to the control socket
alone (one packet a message), never reads a byte that student code wrote, and dies on anything odd: its owner
then has a new one forked. The socket's end is the end of everything in the slot.

    to it:    {"op": "fork", "limits": {...}, "data": "ex01..."} with the descriptors request, reply, log
              {"op": "times"} · {"op": "kill"}
    from it:  {"ready": true, ...} at first · {"times": [cpu, waited]} · {"done": "exit" | "memory" | "killed", "status": ..., ...}
              · {"done": "resisted"}, its last word where something of a worker is left or changed
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any, NoReturn

from grader.runner.inside import confine, worker
from grader.runner.inside.doors import Doors
from grader.runner.inside.wipe import remove_folder

_WATCH_MILLISECONDS = 50
_NAMESPACES = ("mnt", "pid", "net", "ipc", "uts", "cgroup", "user")
IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE)


class Zygote:
    """Holds the state of a slot's warm process."""

    def __init__(
        self,
        config: dict[str, Any],
        control: socket.socket,
        doors: Doors,
        landlock: int,
        prepared: worker.Worker,
    ) -> None:
        self.config, self.control, self.doors, self.landlock = config, control, doors, landlock
        self.worker = prepared
        self.is_init = os.getpid() == 1
        self.work = os.path.join(config["work"], "workers")
        os.mkdir(self.work, 0o711)
        self.null = os.open("/dev/null", os.O_RDWR)
        self.filter = bytes.fromhex(config["filter"])
        self.count = 0
        self.allowance = confine.own_allowance()
        self.baseline = {
            "own": confine.own_memory(os.getpid()),
            "data": int(confine.status_field("self", "VmData").split()[0]) * 1024,
            "size": int(confine.status_field("self", "VmSize").split()[0]) * 1024,
        }

    def send(self, **message: Any) -> None:
        """Send one message to the owner."""
        self.control.send(json.dumps(message).encode())

    def serve(self) -> None:
        """Fork for each request until the socket ends."""
        self.send(
            ready=True,
            landlock=self.landlock,
            seccomp=bool(self.filter),
            namespaces={name: os.readlink(f"/proc/self/ns/{name}") for name in _NAMESPACES},
            limits_processes=self.config["limit_processes"],
            uid=os.getuid(),
            memory=self.baseline["own"],
            missing_doors=self.doors.missing,
        )
        while True:
            message, descriptors = receive(self.control)
            if message["op"] == "fork" and len(descriptors) == 3:
                if confine.thread_count() != 1:
                    # A fork takes only the calling thread along: a thread pool's locks would never open again.
                    os._exit(71)
                self.run_worker(message, descriptors)
            else:
                for descriptor in descriptors:
                    os.close(descriptor)

    def run_worker(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Fork a worker, watch it, and leave nothing of it behind."""
        started = time.monotonic()
        self.count += 1
        folder = os.path.join(self.work, str(self.count))
        os.mkdir(folder, 0o700)
        process = os.fork()
        if process == 0:
            self.become_worker(message, descriptors, folder)
        for descriptor in descriptors:
            os.close(descriptor)
        try:
            reason, peak = self.watch(process, message["limits"]["memory_mib"] << 20)
            _, status, usage = os.wait4(process, 0)
            stray_count = self.sweep(process)
            self.compare_allowance()
            self.wipe(folder)
        except Exception:
            self.send(done="resisted")
            raise
        self.send(
            done=reason,
            status=status,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak=peak,
            strays=stray_count,
            seconds=time.monotonic() - started,
        )

    def watch(self, process: int, memory: int) -> tuple[str, int]:
        """Wait for the worker's end, or bring it about; return the reason and the peak of its own memory (bytes)."""
        pidfd = os.pidfd_open(process)
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        poll.register(self.control, select.POLLIN)
        reason, peak = "exit", 0
        try:
            while True:
                ready = [descriptor for descriptor, _ in poll.poll(_WATCH_MILLISECONDS)]
                if self.control.fileno() in ready:
                    message, extra = receive(self.control)
                    for descriptor in extra:
                        os.close(descriptor)
                    if message["op"] == "times":
                        self.send(times=confine.times(process))
                    else:
                        reason = "killed"
                elif ready:
                    break
                else:
                    with contextlib.suppress(OSError):
                        peak = max(peak, confine.own_memory(process) - self.baseline["own"])
                    if peak > memory:
                        reason = "memory"
                if reason != "exit":
                    os.kill(process, signal.SIGKILL)
                    break
        finally:
            os.close(pidfd)
        return reason, peak

    def sweep(self, process: int) -> int:
        """Kill every process that the worker started; return how many there were."""
        count = 0
        for _ in range(100):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                # Without a pid namespace -1 would reach processes of the user's: its own session is all there is.
                os.kill(-1, signal.SIGKILL) if self.is_init else os.killpg(process, signal.SIGKILL)
            try:
                while os.waitpid(-1, os.WNOHANG)[0] != 0:
                    count += 1
            except ChildProcessError:
                pass
            if not self.is_init or not [
                name for name in os.listdir("/proc") if name.isdigit() and name != "1"
            ]:
                return count
            time.sleep(0.001)
        raise RuntimeError("processes survived")

    def compare_allowance(self) -> None:
        """Die when this process may use more or less than at its start: every later fork would inherit that."""
        if confine.own_allowance() != self.allowance:
            raise RuntimeError("the limits of the warm process were changed")

    def wipe(self, folder: str) -> None:
        """Remove the worker's folder; anything that resists ends this zygote."""
        remove_folder(folder)
        if os.listdir(self.work):
            raise RuntimeError("files survived")

    def become_worker(self, message: dict[str, Any], descriptors: list[int], folder: str) -> None:
        """Close what is the zygote's, confine this process, which is the fork, and serve the judge; never return."""
        try:
            # Out of the way of the numbers that they are about to get.
            request, reply, log = (
                fcntl.fcntl(number, fcntl.F_DUPFD, worker.REPLY + 1) for number in descriptors
            )
            if not self.is_init:
                os.setsid()
            data = self.config["data"].get(message.get("data") or "")
            if data:
                os.symlink(data, os.path.join(folder, "data"))
            os.dup2(self.null, 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(request, worker.REQUEST)
            os.dup2(reply, worker.REPLY)
            os.closerange(3, worker.REQUEST)
            os.closerange(worker.REPLY + 1, 4096)
            for number in IGNORED:
                signal.signal(number, signal.SIG_DFL)
            os.chdir(folder)
            os.umask(0o077)
            # One by one: `update` asks of an abstract class, which looks at each of its subclasses.
            for name in ("HOME", "TMPDIR", "PWD"):
                os.environ[name] = folder
            if self.config["filter"]:
                confine.drop_capabilities()
            if self.landlock:
                readable = [*self.config["readable"], *([data] if data else [])]
                confine.restrict_files([folder, "/dev/null"], readable)
            limits = message["limits"]
            memory = limits["memory_mib"] << 20
            confine.restrict_resources(
                {
                    "CPU": limits["cpu_seconds"],
                    # Virtual sizes: what the warm process has mapped, the memory limit, and room for thread stacks
                    # and arenas (model.fit maps 2 GiB that it never touches).
                    "AS": self.baseline["size"] + memory + (3 << 30),
                    "DATA": self.baseline["data"] + memory + (1 << 30),
                    "FSIZE": limits["disk_mib"] << 20,
                    "NOFILE": 256,
                    "CORE": 0,
                    "MEMLOCK": 0,
                    "MSGQUEUE": 0,
                    **({"NPROC": limits["threads"]} if self.config["limit_processes"] else {}),
                }
            )
            # Without a namespace of processes nothing else ends it where this one's parent is killed.
            confine.end_with_parent()
            if self.filter:
                confine.restrict_calls(self.filter)
            worker.serve(self.worker, folder)
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.write(2, f"worker: {type(error).__name__}: {error}"[:2000].encode())
        os._exit(70)


def end() -> NoReturn:
    """End this process, and with it all that is in its namespaces."""
    os._exit(0)


def receive(line: socket.socket, at_end: Callable[[], NoReturn] = end) -> tuple[dict[str, Any], list[int]]:
    """Return the next message and its descriptors; an ended socket ends the process."""
    descriptors = array.array("i")
    packet, ancillary, _, _ = line.recvmsg(
        1 << 16, socket.CMSG_SPACE(8 * descriptors.itemsize), socket.MSG_CMSG_CLOEXEC
    )
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    if not packet:
        at_end()
    message: dict[str, Any] = json.loads(packet)
    return message, list(descriptors)
