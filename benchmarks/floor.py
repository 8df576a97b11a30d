"""The floor: what grading would cost with no sandbox and no checks.

A process with TensorFlow imported forks for each submission; the child executes the student's file and makes the calls
that the checks would make, on the same inputs, and ends. Nothing is compared, confined, kept or reported. Started by
`throughput.py`, which hands it the calls.

    python benchmarks/floor.py CALLS STUDENTS [warm]

With `warm` it has filled TensorFlow's registries before it forks, as the grader's own warm process has.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.runner.call import Call
from grader.runner.inside import keras
from grader.runner.inside.first_operation import warm_up
from grader.runner.inside.wire import Handle, for_handles, handles_in

__all__ = ["FloorCall", "FloorWork"]


@dataclass(frozen=True)
class FloorCall:
    """One call of a student's function, or of a layer that an earlier call returned."""

    call: Call
    layers: tuple[Handle, ...]
    """The layers that it returned, in order."""


@dataclass(frozen=True)
class FloorWork:
    """What the floor does for a student."""

    preload: tuple[str, ...]
    exercises: tuple[tuple[str, tuple[FloorCall, ...]], ...]
    """Source and calls of each exercise."""


def _returned_layers(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [layer for item in value for layer in _returned_layers(item)]
    return [value] if hasattr(value, "get_config") else []


def run_student(source: str, calls: tuple[FloorCall, ...]) -> None:
    """Execute a file and make its calls."""
    namespace: dict[str, Any] = {"__name__": "submission"}
    exec(compile(source, "submission.py", "exec"), namespace)
    layers: dict[int, Any] = {}
    for made in calls:
        call: Any = made.call.mapped(for_handles(lambda handle: layers[handle.number]))
        function = namespace[call.function] if call.target is None else call.target
        try:
            value = function(*call.args, **call.kwargs)
        except Exception:
            # Some checks ask for an exception.
            continue
        returned = zip(made.layers, _returned_layers(value), strict=False)
        layers.update({handle.number: layer for handle, layer in returned})


def _preload(names: tuple[str, ...]) -> None:
    for name in names:
        parts = name.split(".")
        found: Any = importlib.import_module(parts[0])
        for index, part in enumerate(parts[1:], start=2):
            try:
                found = getattr(found, part)
            except AttributeError:
                found = importlib.import_module(".".join(parts[:index]))


def floor_calls(evidence: Any) -> tuple[FloorCall, ...]:
    """Return the calls in what a judge observed."""
    return tuple(
        FloorCall(item.call, tuple(handles_in(item.outcome)))
        for calls in evidence
        for item in calls
        if item.call.operation == "call"
    )


def _used() -> dict[str, float]:
    """Return the CPU time and page faults of this process and of its forks so far."""
    used = {}
    for name, who in (("", resource.RUSAGE_SELF), (" of forks", resource.RUSAGE_CHILDREN)):
        usage = resource.getrusage(who)
        used["ms" + name] = 1000 * (usage.ru_utime + usage.ru_stime)
        used["faults" + name] = float(usage.ru_minflt)
    return used


def main() -> None:
    """Fork for each submission; print what each took of the processor, and its page faults."""
    # Its own modules are known by this name where the calls were pickled.
    sys.modules["floor"] = sys.modules["__main__"]
    work: FloorWork = pickle.loads(Path(sys.argv[1]).read_bytes())
    _preload(work.preload)
    if sys.argv[3:] == ["warm"] and not warm_up(keras.first_steps()):
        raise SystemExit("the floor could not be warmed")
    # As cheap as a fork can be: the collector does not touch, and so copy, what was there before.
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    sys.stdin.readline()
    before = _used()
    for _ in range(int(sys.argv[2])):
        for source, calls in work.exercises:
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    run_student(source, calls)
                    code = 0
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
            if status:
                raise SystemExit(f"the floor's own run failed: status {status}")
    count = int(sys.argv[2]) * len(work.exercises)
    print(json.dumps({name: (value - before[name]) / count for name, value in _used().items()}), flush=True)


if __name__ == "__main__":
    main()
