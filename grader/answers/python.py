"""Code as Python's own reader sees it, and what is too dear to be read.

Python reads most code in no time, but not all: an f-string of 80,000 fields takes it seconds, and whatever looks at a code
after that takes as long as there are names in it. So code is refused that is denser than anything that people write, and a
long one is read by a process of its own first, whose time is limited.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from functools import lru_cache

from grader.answers.kinds import refused

MOST_CODE = 256 << 10
"""Bytes of Python in one submission: many times what an exercise takes."""
MOST_TOKENS = 100_000
"""Words, signs and lines in one submission: written by hand, there are half as many in so many bytes."""
_TOKEN = re.compile(r"(?:\A|\n(?:[ \t]*\n)*)(?:[ \t]*#[^\n]*)?|\w+|[^\w\s]")
_TRIED = 32 << 10
"""Bytes of code that are read at once whatever they are: even of the dearest kind they take less than 0.1 seconds."""
_TRIAL = """
import ast, gc, signal, sys, warnings
if hasattr(signal, "setitimer"):
    signal.setitimer(signal.ITIMER_PROF, 0.4)
gc.disable()
warnings.simplefilter("ignore")
for code in sys.stdin.buffer.read().split(b"\\0"):
    try:
        ast.parse(code.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
"""
"""Reads what it is given, and is ended after 0.4 seconds of its processor: four times what any code takes that is dense
and no more than that."""


def parsed(code: str) -> ast.Module | None:
    """Return a code's syntax tree; None where Python cannot read it."""
    try:
        return _tree(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parses(code: str) -> bool:
    """Return whether this Python can read a code; what it has no room to read counts as readable."""
    try:
        _tree(code)
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):
        return True
    return True


def _tree(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def check_cost(codes: Sequence[str]) -> None:
    """Raise a `SubmissionError` where a submission holds more code than is read, or what would take long to be read."""
    if sum(len(code.encode("utf-8", "replace")) for code in codes) > MOST_CODE:
        raise refused("submission.too_much_code", kib=MOST_CODE >> 10)
    if _is_dear(tuple(codes)):
        raise refused("submission.too_dear")


@lru_cache(maxsize=8)
def _is_dear(codes: tuple[str, ...]) -> bool:
    if sum(len(code) for code in codes) <= _TRIED:
        return False
    if sum(1 for code in codes for _ in _TOKEN.finditer(code)) > MOST_TOKENS:
        return True
    trial = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _TRIAL],
        input="\0".join(codes).encode("utf-8", "replace"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return trial.returncode != 0
