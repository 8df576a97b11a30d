"""Checks in the user's own kernel: `%check`, `check(...)`, and the caller behind them."""

from __future__ import annotations

import linecache
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import grader
from grader.checks.spec import CheckSpec, spec_of
from grader.course.load import load_course
from grader.errors import RequestError, SubmissionError
from grader.ipython import Checked, _cell_name, _magic, check, run_checks
from grader.model import Course, Grade, Text, Verdict
from grader.runner.call import Call
from grader.runner.local import LocalCaller
from tests.support.judging import verdicts
from tests.support.places import ROOT, TINY

GOOD = """
import numpy as np

def row_sums(x):
    if x.ndim != 2:
        raise ValueError("no table")
    return np.array([row @ np.ones(len(row), int) for row in x])

def scale(x, factor=2):
    print("scaling")
    return x * factor
"""


def defined(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"In": ["", code]}
    exec(compile(code, "<ipython-input-1-abc>", "exec"), names)
    return names


def graded(course: Course, code: str, **more: Any) -> Grade:
    return run_checks(course, course.exercises[0], defined(code), **more)


class Unseen:
    """What raises when it is looked at."""

    @property  # type: ignore[misc]  # an attribute in object, which is the trick
    def __class__(self) -> Any:
        raise RuntimeError


# --- the caller -------------------------------------------------------------------------------------------------------


def test_a_call_gets_copies_and_gives_plain_values() -> None:
    def change(x: Any) -> Any:
        x[0] = 9
        return [x, {"a": (1, None)}]

    given = np.array([1, 2])
    reply = LocalCaller({"change": change}).call(Call("change", (given,)))
    assert given[0] == 1
    assert reply.changed == (0,)
    assert reply.value[1] == {"a": (1, None)}
    assert reply.value[0].tolist() == [9, 2]


def test_what_is_printed_is_kept() -> None:
    caller = LocalCaller({"say": lambda: print("hello")})
    caller.call(Call("say"))
    assert caller.take_output() == "hello\n"
    assert caller.take_output() == ""


@pytest.mark.parametrize(
    ("namespace", "verdict"),
    [
        ({}, Verdict.ERROR),
        ({"f": 3}, Verdict.ERROR),
        ({"f": lambda: [][1]}, Verdict.ERROR),
        ({"f": lambda: sys.exit()}, Verdict.ERROR),
        ({"f": lambda: Unseen()}, Verdict.ERROR),
    ],
)
def test_what_goes_wrong_is_a_verdict(namespace: dict[str, Any], verdict: Verdict) -> None:
    with pytest.raises(SubmissionError) as caught:
        LocalCaller(namespace).call(Call("f"))
    assert caught.value.verdict is verdict


def test_the_user_may_stop_it() -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalCaller({"f": stopped}).call(Call("f"))


def test_a_loop_that_prints_does_not_fill_the_memory() -> None:
    caller = LocalCaller({"f": lambda: [print("x" * 1000) for _ in range(1000)] and None})
    reply = caller.call(Call("f"))
    assert reply.output.startswith("x" * 1000)
    assert len(reply.output) == len(caller.take_output()) == 1 << 16
    # What is printed later is taken again.
    assert len(caller.call(Call("f")).output) == 1 << 16


def test_a_line_is_named_by_its_cell() -> None:
    names = defined("def f():\n    return [][1]\n")
    caller = LocalCaller(names, name_file=lambda file: "In[1]" if file.startswith("<ipython") else None)
    with pytest.raises(SubmissionError) as caught:
        caller.call(Call("f"))
    assert caught.value.explanation.values["place"] == "In[1]:2"


def test_a_cell_of_an_old_ipython_is_found_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """IPython 7, which Colab has, keeps what it executed under a file's name, and no number."""
    cells = ["", "def f():\n    return [][1]", "f()", "def f():\n    return [][1]", "f()"]
    shell = SimpleNamespace(compile=object(), user_ns={"In": cells})
    kept = {"/tmp/one.py": (27, None, ["def f():\n", "    return [][1]\n"], "/tmp/one.py")}
    kept["/tmp/two.py"] = (1, None, ["g()\n"], "/tmp/two.py")
    monkeypatch.setattr("grader.ipython._shell", lambda: shell)
    monkeypatch.setattr(linecache, "_ipython_cache", kept, raising=False)
    files = ("/tmp/one.py", "/tmp/two.py", "<ipython-input-9-abc>", "/usr/lib/os.py")
    assert [_cell_name(file) for file in files] == ["In[3]", "In", "In", None]


# --- an exercise's checks ---------------------------------------------------------------------------------------------


def test_the_visible_checks_are_run_and_no_others(tiny: Course) -> None:
    grade = graded(tiny, GOOD)
    assert verdicts(grade) == {"example": Verdict.PASSED, "scale": Verdict.PASSED}
    assert (grade.points, grade.possible) == (2, 2)


def test_an_instructor_may_run_all(tiny: Course) -> None:
    grade = graded(tiny, GOOD, everything=True)
    assert set(verdicts(grade).values()) == {Verdict.PASSED}
    assert grade.possible == 6


def test_without_hidden_checks_all_of_them_cannot_be_asked_for(tiny_copy: Path) -> None:
    import shutil

    shutil.rmtree(tiny_copy / "solutions")
    course = load_course(tiny_copy)
    assert graded(course, GOOD).points == 2
    with pytest.raises(RequestError):
        graded(course, GOOD, everything=True)


def test_one_check_can_be_asked_for(tiny: Course) -> None:
    assert list(verdicts(graded(tiny, GOOD, only="test_scale"))) == ["scale"]
    with pytest.raises(RequestError):
        graded(tiny, GOOD, only="test_nothing")


def test_what_is_banned_is_found_in_the_cells_that_were_run(tiny: Course) -> None:
    code = "import numpy as np\ndef row_sums(x):\n    return np.sum(x, axis=1)\ndef scale(x, factor=2):\n    return 0\n"
    assert verdicts(graded(tiny, code)) == {"example": Verdict.FORBIDDEN, "scale": Verdict.FAILED}


def test_the_checks_are_read_again_each_time(tiny_copy: Path) -> None:
    course = load_course(tiny_copy)
    assert graded(course, GOOD).points == 2
    path = course.exercises[0].exercise_folder / "test_ex01.py"
    path.write_text(path.read_text(encoding="utf-8").replace("factor=3", "factor=4"), encoding="utf-8")
    assert graded(course, GOOD).points == 1


# --- what is shown ----------------------------------------------------------------------------------------------------

WRONG = GOOD.replace("x * factor", "x * factor + np.array([0, 1])")


def test_a_notebook_draws_the_tensors_with_the_wrong_cells_marked(tiny: Course) -> None:
    shown = Checked(graded(tiny, WRONG), "en")._repr_html_()
    assert shown.count("✗</td>") == 1
    assert ">7 ✗</td>" in shown
    assert "scale(int64 2, factor=3)" in shown
    assert "points: 1 / 2" in shown
    assert "without a sandbox" in shown


def test_a_terminal_gets_text(tiny: Course) -> None:
    shown = repr(Checked(graded(tiny, WRONG), "ko"))
    assert "점수: 1 / 2" in shown
    assert "샌드박스" in shown
    assert "<" not in shown
    assert "\x1b" not in shown


def test_what_code_says_is_escaped(tiny: Course) -> None:
    code = "def row_sums(x):\n    raise ValueError('<script>')\ndef scale(x, factor=2):\n    print('<b>')\n    return 0\n"
    shown = Checked(graded(tiny, code), "en")._repr_html_()
    assert "<script>" not in shown
    assert "<b></pre>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;" in shown


# --- in IPython -------------------------------------------------------------------------------------------------------


def test_the_package_is_an_extension_of_ipython(tmp_path: Path) -> None:
    """In a process of its own: an IPython changes the process that it starts in."""
    lines = [
        "from IPython.core.interactiveshell import InteractiveShell",
        "shell = InteractiveShell.instance()",
        "run = lambda code: shell.run_cell(code, store_history=True)",
        "run('%load_ext grader')",
        f"run({GOOD!r})",
        "run('%check ex1')",
        "run('def scale(x, factor=2):\\n    return [][1]')",
        "run('%check row-sums --all --lang ko')",
        "run('%check ex77')",
        "run('%check')",
        "run('from grader import check')",
        'print(run(\'check("ex1", only="test_scale")\').error_in_exec is not None)',
    ]
    environment = {"PATH": "", "HOME": str(tmp_path), "GRADER_LANG": "en", "IPYTHONDIR": str(tmp_path)}
    environment["PYTHONPATH"] = str(Path(grader.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=TINY / "exercises",
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert "points: 2 / 2" in done.stdout
    assert "점수: 5 / 6" in done.stdout
    assert "In[4]:2" in done.stdout
    assert "ex77" in done.stdout
    assert "`%check` is not understood. Usage: %check" in done.stdout
    assert done.stdout.rstrip().endswith("True")


def test_outside_of_ipython_the_result_is_returned(tiny: Course) -> None:
    checked = check("ex1", course=tiny.root, namespace=defined(GOOD), language="en")
    assert checked is not None
    assert checked.passed


def test_what_is_wrong_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert check("ex1", course=tmp_path, namespace={}, language="en") is None
    assert "course.yml" in capsys.readouterr().out


def test_a_home_folder_a_number_and_a_comment_are_understood(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cnn").symlink_to(tiny.root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GRADER_LANG", "en")
    checked = grader.check(1, course="~/cnn", namespace=defined(GOOD))
    assert checked is not None
    assert checked.passed
    _magic("ex99 --course ~/cnn  # now it works")
    assert "There is no exercise 'ex99'" in capsys.readouterr().out


def test_one_name_serves_students_and_authors(tiny: Course) -> None:
    checked = grader.check("ex1", course=tiny.root, namespace=defined(GOOD), language="en")
    assert checked is not None
    assert checked.passed

    @grader.check(points=2, en="works", ko="동작한다", after="test_other")
    def test_it() -> None: ...

    assert spec_of(test_it) == CheckSpec(2, Text({"en": "works", "ko": "동작한다"}), "test_other")


@pytest.mark.parametrize(
    ("exercise", "settings"),
    [
        ((), {}),
        ((), {"exercise": "ex1"}),
        (("ex1", "ex2"), {}),
        (("ex1",), {"points": 1, "en": "works", "ko": "동작한다"}),
    ],
)
def test_a_mixture_of_both_is_refused(exercise: tuple[str, ...], settings: dict[str, Any]) -> None:
    either: Any = grader.check
    with pytest.raises(TypeError, match="argument"):
        either(*exercise, **settings)


def test_the_extension_is_found_on_the_package() -> None:
    assert callable(grader.load_ipython_extension)
    assert not hasattr(grader, "anything_else")


def test_importing_the_package_stays_light() -> None:
    lines = [
        "import sys",
        "from grader import check",
        "loaded = lambda names: print(*[name for name in names.split() if name in sys.modules])",
        "loaded('IPython nbformat pytest numpy')",
        "check(points=1, en='works', ko='동작한다')(lambda: None)",
        "loaded('IPython nbformat pytest grader.interactive')",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_a_check_needs_few_libraries(tiny: Course) -> None:
    """So that it can be installed beside an IPython that nbgrader does not go with, as Colab's."""
    lines = [
        "import sys, grader",
        f"grader.check('ex1', course={str(tiny.root)!r}, namespace={{}}, language='en')._repr_html_()",
        "print(*{name.split('.')[0] for name in sys.modules})",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["project"]["dependencies"]}
    assert len(names) > 10
    needed = {"jinja2", "numpy", "pydantic", "pygments", "pytest", "rich", "ruamel"}
    assert names & set(done.stdout.split()) == needed


def test_points_of_hidden_checks_are_told(tiny: Course) -> None:
    def shown(language: str, **options: Any) -> str:
        checked = check("ex1", course=tiny.root, namespace=defined(GOOD), language=language, **options)
        assert checked is not None
        assert (" more point" in checked._repr_html_()) is (" more point" in repr(checked))
        return repr(checked)

    assert "more points are in hidden checks, graded after you hand in." in shown("en")
    assert "비공개 검사에" in shown("ko")
    # What is next is the last that is said of the answer.
    assert shown("en").index("hidden checks") < shown("en").index("Next: ")
    assert "hidden checks" not in shown("en", everything=True)
    name = next(iter(run_checks(tiny, tiny.exercises[0], defined(GOOD)).checks)).name
    assert "hidden checks" not in shown("en", only=name)
