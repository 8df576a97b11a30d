"""Import what the course needs once, then fork the warm process of each slot: the only import, however many slots there are.

This runs inside of the sandbox, as its pid 1 where there is a pid namespace, and nothing of anybody's but the course's libraries
is ever executed in it. Each slot gets namespaces of its own, so that nothing in one sees another: not its processes, nor its files.
Where the sandbox has none to give, this process becomes the only slot itself.

    to it:    {"op": "slot"} with the slot's control socket; whoever holds the other end of the line may ask
              {"op": "many"} before that, where it pays to make the forks of many submissions cheaper
    from it:  at the control socket {"ready": false, "preload": 1, "error": ...}, or what the slot says (`zygote`)
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import time
from typing import Any, NoReturn

from grader.runner.inside import confine, libraries, namespaces, pages, worker
from grader.runner.inside.doors import Doors
from grader.runner.inside.first_operation import warm_up
from grader.runner.inside.preload import preload
from grader.runner.inside.zygote import IGNORED, Zygote, receive

_END_SECONDS = 2.0


class Warm:
    """Holds the state of the process that imports."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config
        # TensorFlow's import leaves a file in TMPDIR: this process's own folder is not its workers'.
        home = os.path.join(config["work"], "warm")
        os.mkdir(home, 0o700)
        os.environ.update(HOME=home, TMPDIR=home)
        self.line = socket.socket(fileno=config["control"])
        os.set_inheritable(config["control"], False)
        self.landlock = confine.landlock_version() if config["landlock"] else 0
        if self.landlock:
            confine.landlock_rights()
        self.doors = Doors()

    def preload(self) -> dict[str, Any] | None:
        """Import what the course names, and do what is done once; return what cannot be imported."""
        for number, name in enumerate(self.config["preload"]):
            try:
                preload([name])
            except Exception as error:
                message = f"{type(error).__name__}: {error}"[:1000]
                return {"ready": False, "preload": number, "name": name, "error": message}
        libraries.settle()
        for library in libraries.LIBRARIES:
            warm_up(library.first_steps())
        # Where libraries have noted that they keep files (TORCHINDUCTOR_CACHE_DIR): no worker may go there.
        for name, value in list(os.environ.items()):
            if value.startswith(f"{os.environ['TMPDIR']}/"):
                del os.environ[name]
        self.worker = worker.prepare(self.config["optional_modules"], self.doors)
        self.doors.place(self.config["banned"])
        gc.freeze()
        return None

    def serve(self, failure: dict[str, Any] | None) -> None:
        """Fork a slot for each request until nobody holds the line any more, or tell of the failure."""
        is_shared = failure is None and self.config["disk_mib"] is not None and namespaces.can_be_entered()
        while True:
            message, descriptors = receive(self.line, self.end)
            _reap()
            if message["op"] == "many":
                pages.collapse()
                continue
            if len(descriptors) != 1:
                os._exit(73)
            control = socket.socket(fileno=descriptors[0])
            if failure is not None:
                # Whoever asked may be gone.
                with contextlib.suppress(OSError):
                    control.send(json.dumps(failure).encode())
            elif not is_shared:
                pages.collapse()
                self.become_slot(control)
            elif confine.thread_count() != 1:
                # A fork takes only the calling thread along: a thread pool's locks would never open again.
                os._exit(71)
            elif process := os.fork():
                # It ends as soon as it has forked the slot.
                os.waitpid(process, 0)
            else:
                try:
                    namespaces.enter(self.config["work"], self.config["disk_mib"])
                    self.become_slot(control)
                except BaseException as error:
                    os.write(2, f"slot: {type(error).__name__}: {error}"[:2000].encode())
                os._exit(74)
            control.close()

    def end(self) -> NoReturn:
        """Wait for the slots, whose own sockets have ended, so that their times are counted; then end whatever is left."""
        until = time.monotonic() + _END_SECONDS
        while _reap() and time.monotonic() < until:
            time.sleep(0.01)
        os._exit(0)

    def become_slot(self, control: socket.socket) -> None:
        """Serve a slot until its end; nobody else's line stays open here."""
        self.line.close()
        Zygote(self.config, control, self.doors, self.landlock, self.worker).serve()


def _reap() -> bool:
    """Take leave of the slots that have ended; return whether there are others."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return False
    return True


def main() -> None:
    """Run the process."""
    warm = Warm(json.loads(os.environ.pop("GRADER_ZYGOTE")))
    failure = warm.preload()
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    if warm.config["landlock"] or warm.config["filter"]:
        confine.hide_memory()
    warm.serve(failure)
