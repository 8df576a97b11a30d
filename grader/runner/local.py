"""Call functions in this process as a runner would, without a sandbox: for people who try their own code."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from grader.errors import SubmissionError
from grader.model import Explanation, Limits, Tensors, Verdict
from grader.runner.call import Call
from grader.runner.frames import with_code
from grader.runner.inside import wire, worker
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.inside.written import Written
from grader.runner.replies import Reply, is_left_open, read_error, read_reply

_MOST_PRINTED = 1 << 16
"""Characters of what is printed between two looks at it; in the sandbox it is as many bytes."""


class LocalCaller:
    """Calls the functions of a namespace, by the code of a runner's worker.

    Arguments are copied, and the answers are read as the judge reads them.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        *,
        seed: int | None = None,
        tensors: Tensors = "numpy",
        forbidden: Mapping[str, Explanation] | None = None,
        name_file: Callable[[str], str | None] = lambda file: None,
        folder: str = ".",
    ) -> None:
        """Take functions from a namespace, which run in `folder`.

        `name_file` names a file of the user's own, and returns None for others.
        """
        self._folder = os.path.abspath(folder)
        self._namespace = namespace
        self._forbidden = dict(forbidden or {})
        self._name_file = name_file
        self._worker = worker.Worker()
        self._worker.functions = dict(namespace)
        self._worker.seed, self._worker.tensors = seed, tensors
        self._worker.written = Written(Limits().result_mib << 20, self._folder)
        self._printed = _Printed()

    def call(self, call: Call) -> Reply:
        """Call a function, or a layer that a function made.

        Raises:
            SubmissionError: it raised, is banned or is missing.
            KeyboardInterrupt: the user stopped it.
        """
        if call.target is None and call.function in self._forbidden:
            raise SubmissionError(Verdict.FORBIDDEN, self._forbidden[call.function])
        is_there = call.function in self._namespace
        if call.operation == "call" and call.target is None:
            is_there = callable(self._namespace.get(call.function))
        if call.target is None and not call.is_about_last and not is_there:
            kind = "function" if call.operation == "call" else "variable"
            values = {"function": call.function}
            raise SubmissionError(Verdict.ERROR, Explanation(f"interactive.no_{kind}", values))
        printed, started = self._printed.tell(), time.process_time()
        reply = read_reply(self._ask(call.request), call)
        self._printed.seek(printed)
        # It is the user's own code that could lie about its time, and nobody else reads of it here.
        reply = replace(reply, output=self._printed.read(), cpu_seconds=time.process_time() - started)
        if call.operation == "value" and is_left_open(reply.value):
            raise SubmissionError(Verdict.NOT_ATTEMPTED, Explanation("submission.not_attempted"))
        return reply

    def take_output(self) -> str:
        """Return what was printed since the last time."""
        output = self._printed.getvalue()
        self._printed.seek(0)
        self._printed.truncate()
        return output

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        # The worker looks in here for the places of an error that are the submission's own.
        self._worker.units = _OwnFiles(self._name_file)
        with contextlib.redirect_stdout(self._printed), contextlib.chdir(self._folder):
            raw = self._worker.answer(wire.copied(request, is_request=True))
        try:
            answer = wire.copied(raw, self._worker.convert)
        except (ProtocolFault, ValueError, TypeError) as error:
            explanation = Explanation("submission.bad_answer", {"problem": str(error)[:200]})
            raise SubmissionError(Verdict.ERROR, explanation) from error
        except Exception as error:
            # An object of the user's own cannot even be looked at, which is not a fault of the check.
            raise read_error(worker.describe_exception(error, self._worker.units)) from error
        if "error" in answer:
            failure = dict(answer["error"])
            if "KeyboardInterrupt" in failure["types"]:
                raise KeyboardInterrupt
            files = {self._name_file(file) or file: file for file, *_ in failure["places"]}
            failure["places"] = [
                (self._name_file(file) or file, line, inside) for file, line, inside in failure["places"]
            ]
            raised = read_error(failure)
            if raised.verdict is not Verdict.NOT_ATTEMPTED:
                raised.explanation = with_code(
                    raised.explanation,
                    raised.frames,
                    lambda unit, line: linecache.getline(files.get(unit, ""), line),
                )
            raise raised
        return dict(answer)


class _Printed(io.StringIO):
    """What was printed, up to more than anybody reads: a loop that prints without end would fill the memory."""

    def write(self, text: str, /) -> int:
        super().write(text[: max(0, _MOST_PRINTED - self.tell())])
        return len(text)


class _OwnFiles(dict[str, str]):
    """Says of a file whether it is the user's own."""

    def __init__(self, name_file: Callable[[str], str | None]) -> None:
        super().__init__()
        self._name_file = name_file

    def __contains__(self, file: object) -> bool:
        return self._name_file(str(file)) is not None
