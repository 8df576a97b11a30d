"""A newer Python's syntax is told from what no Python reads; every code here is one that Python 3.11 cannot read."""

from __future__ import annotations

import time

import pytest

from grader.answers.newer import needed_python
from grader.answers.python import parses

NEWER = {
    "quotes": ("3.12", 'd = {"a": 1}\nprint(f"{d["a"]}")'),
    "backslash": ("3.12", "x = f'{'\\n'.join(['a'])}'"),
    "lines-and-comments": ("3.12", 'x = f"""{\n 1 + # one\n 2}"""\ny = f"{f"{f"{1}"}"}"\nz = f"{\n1}"\n'),
    "all-of-a-field": ("3.12", "x = f'{a!r:>{w}} {b:{'x'}} {{}} {c=} {d!=e}' 'x' f\"{d['k']}\" # it's"),
    "raw": ("3.12", "rf'\\{x['a']}\\d'"),
    "after-a-string": ("3.12", "s = \"it's\"\nf'{s['a']}' # don't"),
    "type": ("3.12", "type X = int"),
    "type-with-parameters": ("3.12", "type X[T] = list[T]"),
    "function": ("3.12", "async def f[T: (int, str), *Ts, **P](x: T) -> T:\n    return x"),
    "class": ("3.12", "class A[T](list[T]):\n    pass"),
    "default": ("3.13", "class A[T = int]:\n    pass"),
    "except": ("3.14", "try:\n    pass\nexcept ValueError, a.TypeError:\n    pass"),
    "template": ("3.14", "x = t'{a}'"),
    "lazy": ("3.15", "lazy from json import dumps"),
}
NEVER = [
    "print 'x'",
    "def f(:",
    "f'{}'",
    "f'{a b}'",
    "f'{a'",
    "f'}'",
    "f'{a!z}'",
    "f'{lambda x: 1}'",
    "f'{x:'",
    "x = '",
    "try:\n    pass\nexcept ValueError, e:\n    pass",
    "type X int",
    "# `type X = int`, it's\ndef f(:",
    "print(f'{a['b']}')\nfor i in x print(i)",
]


@pytest.mark.parametrize(("needed", "code"), NEWER.values(), ids=NEWER.keys())
def test_what_a_newer_python_reads_is_named_by_its_version(needed: str, code: str) -> None:
    assert parses(code) or needed_python(code) == needed


@pytest.mark.parametrize("code", NEVER)
def test_what_no_python_reads_needs_none(code: str) -> None:
    assert not parses(code)
    assert needed_python(code) == ""


@pytest.mark.parametrize("code", ["f'{" * 60_000, "'" * 250_000, "type X[" * 30_000, "f'\\" * 60_000])
def test_what_is_made_to_be_slow_is_read_in_time(code: str) -> None:
    started = time.process_time()
    assert needed_python(code) == ""
    assert time.process_time() - started < 5
