"""What is banned, seen while it is executed, in the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from grader.errors import RunnerError, SubmissionError
from grader.model import Limits, RunnerSettings, Verdict
from grader.runner.call import Call
from grader.runner.inside.doors import Doors
from grader.runner.process import SandboxedRunner
from grader.runner.start import start_runner
from tests.bans import answers
from tests.support.fakes import source_of
from tests.support.places import real_course
from tests.support.sandbox import needs_sandbox

pytestmark = needs_sandbox

COURSE = real_course()
BANNED = {name: patterns for item in COURSE.exercises for name, patterns in item.banned.items()}
IMAGES = np.arange(32, dtype="f").reshape(2, 4, 4, 1) * np.where(np.arange(32).reshape(2, 4, 4, 1) % 3, 1, -1)
IMAGES = IMAGES.astype("f")
EXPECTED = {
    "max_pool": IMAGES.reshape(2, 2, 2, 2, 2, 1).max((2, 4)),
    "convolve": IMAGES[:, :-1, :-1] + IMAGES[:, 1:, :-1] + IMAGES[:, :-1, 1:] + IMAGES[:, 1:, 1:],
}
LIMITS = Limits(load_seconds=20, call_seconds=20, check_seconds=20, cpu_seconds=40, memory_mib=1024)
EVASIONS = [("max_pool", name) for name in answers.POOLING] + [
    ("convolve", name) for name in answers.CONVOLUTION
]
HONEST = [("max_pool", name) for name in answers.HONEST_POOLING]
HONEST += [("convolve", name) for name in answers.HONEST_CONVOLUTION]


@pytest.fixture(scope="module")
def runner(sandbox: None) -> Iterator[SandboxedRunner]:
    with start_runner(COURSE, "full", 910) as opened:
        yield opened


def called(
    runner: SandboxedRunner, code: str, function: str, banned: Mapping[str, Sequence[str]], times: int = 1
) -> list[Any]:
    """Return what calls of a function give: a value, or what was said of it."""
    session = runner.open(replace(source_of(code), banned=banned), LIMITS)
    values: list[Any] = []
    try:
        for _ in range(times):
            try:
                values.append(session.call(Call(function, (IMAGES,))).value)
            except SubmissionError as error:
                values.append(error)
    finally:
        session.close()
    return values


@pytest.mark.parametrize(("function", "name"), EVASIONS)
def test_what_is_banned_is_seen_however_it_is_called(
    runner: SandboxedRunner, function: str, name: str
) -> None:
    code = (answers.POOLING if function == "max_pool" else answers.CONVOLUTION)[name]
    for error in called(runner, code, function, BANNED, times=2):
        assert isinstance(error, SubmissionError)
        assert (error.verdict, error.explanation.key) == (Verdict.FORBIDDEN, "submission.forbidden")
        # What is executed as a text has no line in the file.
        assert error.explanation.values["place"].startswith(("answer.py:", "<string>:", "a:"))


@pytest.mark.parametrize(("function", "name"), HONEST)
def test_an_honest_answer_is_not_accused(runner: SandboxedRunner, function: str, name: str) -> None:
    code = (answers.HONEST_POOLING if function == "max_pool" else answers.HONEST_CONVOLUTION)[name]
    for value in called(runner, code, function, BANNED, times=2):
        assert not isinstance(value, SubmissionError), value.explanation
        np.testing.assert_allclose(value, EXPECTED[function])


ESCAPED = "def f(x):\n    return "
OF_A_LIBRARY = {
    "imported in the call": "def f(x):\n    from markupsafe import escape\n    return str(escape(x))",
    "imported before": "from markupsafe import escape as e\n" + ESCAPED + "str(e(x))",
    "compiled": "from markupsafe import _speedups as s\n" + ESCAPED + "str(s._escape_inner(x))",
    "compiled, kept by the library": "import markupsafe\n" + ESCAPED + "str(markupsafe._escape_inner(x))",
    "method": "import markupsafe\n" + ESCAPED + "str(next(map(markupsafe.escape, [x])))",
}


def said(runner: SandboxedRunner, code: str, banned: Sequence[str], value: object = "<") -> Any:
    """Return what two calls of a function give, which is the same."""
    session = runner.open(replace(source_of(code), banned={"f": banned}), LIMITS)
    given: list[Any] = []
    for _ in range(2):
        try:
            given.append(session.call(Call("f", (value,))).value)
        except SubmissionError as error:
            given.append((error.verdict.value, error.explanation.values.get("name")))
    session.close()
    assert type(given[0]) is type(given[1])
    return given[0]


@pytest.mark.parametrize("code", OF_A_LIBRARY.values(), ids=OF_A_LIBRARY.keys())
def test_a_library_is_banned_as_a_whole(runner: SandboxedRunner, code: str) -> None:
    assert said(runner, code, []) == "&lt;"
    verdict, name = said(runner, code, ["markupsafe.*"])
    assert verdict == "forbidden"
    assert name.startswith("markupsafe")


def test_a_library_that_is_not_used_is_not_banned(runner: SandboxedRunner) -> None:
    code = "import markupsafe\nmarkupsafe.escape('<')\ndef f(x):\n    return x"
    assert said(runner, code, ["markupsafe.*"]) == "<"


@pytest.mark.parametrize(
    "code",
    [
        "getattr(np, 'ma' + 'x')(x)",
        "list(map(vars(np)['max'], [x]))[0]",
        "np.apply_along_axis(biggest, 0, x)",
    ],
)
def test_a_function_is_known_under_any_name(runner: SandboxedRunner, code: str) -> None:
    code = f"import numpy as np\nbiggest = np.max\ndef f(x):\n    return {code}"
    assert said(runner, code, ["np.max"], np.arange(3.0)) == ("forbidden", "np.max")


def test_what_a_library_does_by_itself_is_not_the_students(runner: SandboxedRunner) -> None:
    code = "import numpy as np\ndef f(x):\n    print(x, np.array2string(x))\n    return x[-1]"
    assert said(runner, code, ["np.max", "np.min"], np.arange(3.0)) == 2


BEHIND = {
    "code": "np.convolve._implementation.__code__",
    "referents": "import gc; gc.get_referents(np.convolve._implementation)",
    "replaced": "def same(*a):\n    pass\nnp.convolve._implementation.__code__ = same.__code__",
    "memory": "import ctypes; ctypes.c_char.from_address(id(np))",
}


@pytest.mark.parametrize("code", BEHIND.values(), ids=BEHIND.keys())
def test_who_looks_behind_a_door_earns_nothing(runner: SandboxedRunner, code: str) -> None:
    code = f"import numpy as np\n{code}\ndef f(x):\n    return x"
    verdict, _ = said(runner, code, ["np.convolve"])
    assert verdict == "forbidden"


def test_a_door_that_was_replaced_is_a_use(runner: SandboxedRunner) -> None:
    code = "import numpy as np\nfrom numpy._core import umath\n"
    code += "def f(x):\n    umath.correlate = len\n    return x"
    assert said(runner, code, ["np.convolve"])[0] == "forbidden"


def test_nothing_takes_back_what_was_seen(runner: SandboxedRunner) -> None:
    code = answers.POOLING["plain"].replace("    return ", "    y = ").replace("max_pool(x)", "f(x)") + "\n"
    code += "    import os, time\n    from grader.runner.inside import wire\n"
    code += "    os.write(11, wire.encode({'number': 2, 'value': 1, 'changed': [], 'seconds': 0.0}))\n"
    code += "    time.sleep(5)\n"
    session = runner.open(replace(source_of(code), banned={"f": BANNED["max_pool"]}), LIMITS)
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f", (IMAGES,)))
    session.close()
    assert caught.value.verdict is Verdict.FORBIDDEN


def test_without_a_door_only_what_has_bans_is_not_graded(runner: SandboxedRunner) -> None:
    sound = runner.wait()
    assert sound.missing_doors == ()
    runner.protections = replace(sound, missing_doors=("tensorflow 9: no such name",))
    try:
        with pytest.raises(RunnerError) as caught:
            called(runner, answers.HONEST_POOLING["loop"], "max_pool", BANNED)
        assert caught.value.explanation.key == "runner.missing_doors"
        (value,) = called(runner, answers.HONEST_POOLING["loop"], "max_pool", {})
        np.testing.assert_allclose(value, EXPECTED["max_pool"])
    finally:
        runner.protections = sound


def test_a_library_without_places_for_doors_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.runner.inside.doors._CORRELATE", {"no_such_function": "numpy.convolve"})
    doors = Doors()
    doors.place([])
    assert len(doors.missing) >= 1
    assert "no_such_function" in doors.missing[0]


TORCH = """
import torch
import torch.nn.functional as F
kept = F.softmax

def f(x):
    x = torch.from_numpy(x)
    return {}
"""


@pytest.mark.parametrize(
    ("expression", "is_banned"),
    [
        ("getattr(x, 'soft' + 'max')(0)", True),
        ("getattr(torch.nn.Parameter(x), 'soft' + 'max')(0)", True),
        ("getattr(torch, 'soft' + 'max')(x, 0)", True),
        ("kept(x, 0)", True),
        ("torch.exp(x) / torch.exp(x).sum(0)", False),
        ("torch.nn.functional.cross_entropy(x.reshape(2, 16), torch.tensor([0, 1]))", False),
        ("torch.nn.Softmax(0)(x)", False),
    ],
)
def test_a_method_that_is_banned_by_its_own_name_is_seen(
    torch_runner: SandboxedRunner, expression: str, is_banned: bool
) -> None:
    (value,) = called(torch_runner, TORCH.format(expression), "f", {"f": ["*.softmax"]})
    assert isinstance(value, SubmissionError) == is_banned, getattr(value, "explanation", "")
    if is_banned:
        assert value.verdict is Verdict.FORBIDDEN


@pytest.fixture(scope="module")
def torch_runner(sandbox: None) -> Iterator[SandboxedRunner]:
    """Return a runner that has imported PyTorch."""
    if find_spec("torch") is None:
        pytest.skip("torch is not installed")
    settings = RunnerSettings(("torch",))
    with SandboxedRunner(settings, isolation="full", slot=911, banned=[["*.softmax"]]) as opened:
        yield opened
