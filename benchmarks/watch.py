"""How long it takes from a save to its result in `grader watch`, and what a watch costs while nothing is saved.

    .venv/bin/python benchmarks/watch.py [SAVES]

The students' version of this course, in a terminal of its own; a right and a wrong answer to ex03 are saved in turn. The time is
from before the file is written to the last line of the result.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRADER = str(Path(sys.executable).with_name("grader"))
LAST = b"q quit"
IDLE_SECONDS = 20


def main() -> None:
    """Save an answer a number of times, and print the times."""
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    right = (ROOT / "solutions/ex03_maxpool_2/solution.py").read_text(encoding="utf-8")
    wrong = (ROOT / "demo/answers/ex03_slices.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "course.yml", folder)
        shutil.copytree(ROOT / "exercises", folder / "exercises")
        (folder / "ex03.py").write_text(wrong, encoding="utf-8")
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.environ |= {"TERM": "xterm", "COLUMNS": "80"}
            os.execv(GRADER, [GRADER, "watch", "--lang", "en"])
        started = time.perf_counter()
        _await_result(terminal)
        print(f"ready: {time.perf_counter() - started:.1f} s")
        seconds = []
        for number in range(saves):
            time.sleep(0.3)
            started = time.perf_counter()
            (folder / "ex03.py").write_text(f"{wrong if number % 2 else right}# {number}\n", encoding="utf-8")
            _await_result(terminal)
            seconds.append(time.perf_counter() - started)
        print(
            f"{saves} saves: median {statistics.median(seconds):.3f} s, "
            f"least {min(seconds):.3f} s, most {max(seconds):.3f} s"
        )
        before, started = _cpu(child), time.perf_counter()
        time.sleep(IDLE_SECONDS)
        share = (_cpu(child) - before) / (time.perf_counter() - started)
        print(f"while nothing is saved: {100 * share:.2f} % of a core")
        os.write(terminal, b"q")
        print(f"exit code: {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")
        os.close(terminal)


def _await_result(terminal: int) -> None:
    """Read until the result stands in the terminal."""
    shown, deadline = b"", time.monotonic() + 120
    while LAST not in shown:
        if time.monotonic() > deadline:
            raise SystemExit(f"no result:\n{shown.decode()}")
        if select.select([terminal], [], [], 0.5)[0]:
            shown += os.read(terminal, 1 << 16)


def _cpu(process: int) -> float:
    """Return the CPU seconds of a process and of those below it."""
    ticks, parents = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(path.parent.name)
        parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    total = 0
    for number, used in ticks.items():
        above = number
        while above not in (0, process):
            above = parents.get(above, 0)
        total += used if above == process else 0
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
