"""Modules of a student's own, in the real sandbox: what can be imported, and what they can never hide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from grader.answers.file import read_source
from grader.answers.helpers import helper_unit
from grader.answers.notebook import write_notebook
from grader.errors import SubmissionError
from grader.model import Limits, RunnerSettings, Source
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from tests.support.fakes import source_of
from tests.support.sandbox import needs_sandbox

pytestmark = needs_sandbox

LIMITS = Limits(load_seconds=1, call_seconds=1, check_seconds=2, memory_mib=128, disk_mib=1)


@pytest.fixture(scope="module")
def runner(sandbox: None) -> Iterator[SandboxedRunner]:
    """Return one warm sandbox, in which `absent` may be imported."""
    settings = RunnerSettings(("numpy",), optional_modules=("absent.drawing",))
    with SandboxedRunner(settings, isolation="full", slot=903) as opened:
        yield opened


def beside(code: str, files: Mapping[str, str]) -> Source:
    return replace(
        source_of(code, "ex03.py"), helpers=tuple(helper_unit(file, text) for file, text in files.items())
    )


def value_of(runner: SandboxedRunner, code: str, files: Mapping[str, str]) -> object:
    session = runner.open(beside(code, files), LIMITS)
    try:
        assert session.loaded.failures == (), session.loaded.failures
        return session.call(Call("f")).value
    finally:
        session.close()


WORKING = {
    "module": ("from helper import half\ndef f(): return half", {"helper.py": "half = 7"}),
    "package": (
        "import utils\ndef f(): return utils.half",
        {
            "utils/__init__.py": "from .pool import half",
            "utils/pool.py": "from . import deep\nhalf = deep.x",
            "utils/deep.py": "x = 7",
        },
    ),
    "folder": ("from utils.pool import half\ndef f(): return half", {"utils/pool.py": "half = 7"}),
    "when-called": ("def f():\n    from helper import half\n    return half", {"helper.py": "half = 7"}),
    "own-package": (
        "from .helper import half\ndef f(): return half",
        {"helper.py": "from .other import half", "other.py": "half = 7"},
    ),
    "each-other": ("import a\ndef f(): return a.b.x", {"a.py": "import b", "b.py": "import a\nx = 7"}),
    "package-first": ("import a\ndef f(): return a.x", {"a.py": "x = 1", "a/__init__.py": "x = 7"}),
    "once": (
        "import a, b\ndef f(): return a.n[0]",
        {"a.py": "n = [6]\nimport b", "b.py": "import a\na.n[0] += 1"},
    ),
    "data": ("import data\ndef f(): return data.x", {"data.py": "x = 7"}),
    "its-file": ("import a\ndef f(): return 7 * (a.__file__ == 'a.py' and a.__name__ == 'a')", {"a.py": ""}),
}


@pytest.mark.parametrize(("code", "files"), WORKING.values(), ids=WORKING.keys())
def test_a_students_module_can_be_imported(runner: SandboxedRunner, code: str, files: dict[str, str]) -> None:
    assert value_of(runner, code, files) == 7


RAISES = "raise RuntimeError('the student's')"
HIDING = {
    "loaded": ("import numpy\ndef f(): return numpy.add(3, 4)", {"numpy.py": RAISES}),
    "not-loaded-yet": (
        "import colorsys\ndef f(): return 7 * hasattr(colorsys, 'rgb_to_hls')",
        {"colorsys.py": RAISES},
    ),
    "installed-package": (
        "import click\ndef f(): return 7 * hasattr(click, 'Command')",
        {"click/__init__.py": RAISES},
    ),
    "built-in": ("import math\ndef f(): return int(math.sqrt(49))", {"math.py": RAISES}),
    "in-an-installed-package": (
        "def f():\n    try:\n        import numpy.evil\n    except ImportError:\n        return 7",
        {"numpy/evil.py": "", "numpy/__init__.py": RAISES},
    ),
    "the-graders": (
        "def f():\n    try:\n        import grader.model\n    except ImportError:\n        return 7",
        {"grader/__init__.py": RAISES, "grader/model.py": ""},
    ),
    "the-answer": ("import submission\ndef f(): return 7 * (submission.f is f)", {"submission.py": RAISES}),
    "what-may-be-absent": (
        "import absent.drawing\ndef f(): return 7",
        {"absent/__init__.py": RAISES, "absent/drawing.py": RAISES},
    ),
}


@pytest.mark.parametrize(("code", "files"), HIDING.values(), ids=HIDING.keys())
def test_what_is_installed_is_never_hidden(runner: SandboxedRunner, code: str, files: dict[str, str]) -> None:
    assert value_of(runner, code, files) == 7


def test_nothing_of_one_submission_is_there_for_the_next(runner: SandboxedRunner) -> None:
    assert value_of(runner, "import helper\ndef f(): return helper.x", {"helper.py": "x = 1"}) == 1
    assert value_of(runner, "import helper\ndef f(): return helper.x", {"helper.py": "x = 2"}) == 2
    session = runner.open(source_of("import helper", "ex03.py"), LIMITS)
    session.close()
    (failure,) = session.loaded.failures
    assert failure.explanation.values == {"module": "helper", "place": "ex03.py:1"}


@pytest.mark.parametrize(
    ("helper", "type_name", "place"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError", "helper.py:2"),
        ("def half(x:", "SyntaxError", "helper.py:1"),
        ("raise SystemExit", None, "helper.py:1"),
        ("import nothing_here", None, "helper.py:1"),
    ],
)
def test_a_broken_module_is_told_with_its_own_place(
    runner: SandboxedRunner, helper: str, type_name: str | None, place: str
) -> None:
    session = runner.open(
        beside("from helper import half\ndef f(): return half", {"helper.py": helper}), LIMITS
    )
    session.close()
    (failure,) = session.loaded.failures
    assert failure.explanation.values["place"] == place
    assert failure.explanation.values.get("type") == type_name
    assert failure.line == 1


def test_a_module_that_raises_when_called_is_told_with_its_own_place(runner: SandboxedRunner) -> None:
    with pytest.raises(SubmissionError) as caught:
        value_of(
            runner,
            "import helper\ndef f(): return helper.half()",
            {"helper.py": "def half():\n    return 1 / 0"},
        )
    assert caught.value.explanation.values["place"] == "helper.py:2"


def test_the_time_of_a_module_is_the_files_own(runner: SandboxedRunner) -> None:
    with pytest.raises(SubmissionError) as caught:
        value_of(runner, "import helper\ndef f(): return 7", {"helper.py": "while True:\n    pass"})
    assert caught.value.explanation.key == "submission.load_timeout"


def test_a_modules_file_is_nowhere_in_the_sandbox(runner: SandboxedRunner) -> None:
    code = "import os, helper\ndef f(): return [name for name in os.listdir('.') if name.endswith('.py')]"
    assert value_of(runner, code, {"helper.py": "", "../outside.py": ""}) == []


def test_a_notebooks_cell_writes_a_module(runner: SandboxedRunner) -> None:
    cells = ["%%writefile helper.py\nhalf = 7\n", "from helper import half\ndef f():\n    return half"]
    source = read_source(write_notebook(cells).encode(), "ex03.ipynb")
    session = runner.open(source, LIMITS)
    assert session.call(Call("f")).value == 7
    session.close()
