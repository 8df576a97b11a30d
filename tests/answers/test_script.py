"""What IPython, nbconvert and Colab write into scripts."""

from __future__ import annotations

import pytest

from grader.answers.file import read_source
from grader.errors import SubmissionError
from grader.model import Explanation, Limits, Source
from grader.runner.call import Call
from tests.support.fakes import FakeRunner, FakeSession

FUNCTION = "def f(x):\n    return x + 1\n"


def executed(code: str) -> tuple[FakeSession, Source]:
    """Return a script, executed, and what was read of it."""
    source = read_source(code.encode(), "ex01.py")
    return FakeRunner().open(source, Limits()), source


COLAB = "# Commented out IPython magic to ensure Python compatibility.\n"
MAGICS = f"!ls\n%cd x\n{FUNCTION}"
SCRIPTS = {
    "nbconvert": f"# coding: utf-8\n\n# In[1]:\n\nget_ipython().run_line_magic('matplotlib', 'inline')\n{FUNCTION}",
    "nbconvert-time": f"get_ipython().run_cell_magic('time', '', {FUNCTION!r})\n",
    "nbconvert-magics-inside": f"get_ipython().run_cell_magic('capture', 'out', {MAGICS!r})\n",
    "nbconvert-line-time": f"{FUNCTION}get_ipython().run_line_magic('time', 'y = f(1)')\nassert y == 2\n",
    "imported": f"import IPython\nfrom IPython import get_ipython as ip\nget_ipython().system('pip install x')\n{FUNCTION}",
    "colab": f"# -*- coding: utf-8 -*-\n!pip install x\nfiles = !ls\nf?\n{COLAB}# %matplotlib inline\n{FUNCTION}",
    "colab-time": COLAB + "# %%time\n" + "".join(f"# {line}\n" for line in FUNCTION.splitlines()),
    "colab-line-time": f"{FUNCTION}{COLAB}# %time y = f(1)\nassert y == 2\n",
    "magics-alone": f"%matplotlib inline\n%load_ext x\n{FUNCTION}",
}


@pytest.mark.parametrize("code", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_what_ipython_writes_does_nothing_and_costs_nothing(code: str) -> None:
    session, _ = executed(code)
    assert session.loaded.failures == ()
    assert session.call(Call("f", (1,))).value == 2


def test_lines_keep_their_numbers() -> None:
    session, source = executed(
        "a = 1\nget_ipython().run_cell_magic('time', '', 'b = 1\\nc = 2\\n')\nd = 3\ndef f():\n    return 1 / 0\n"
    )
    assert [(unit.name, unit.code.splitlines()[-1]) for unit in source.units] == [
        ("ex01.py", "a = 1"),
        ("ex01.py [line 2]", "c = 2"),
        ("ex01.py [below line 2]", "    return 1 / 0"),
    ]
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f"))
    assert caught.value.explanation.values["place"] == "ex01.py [below line 2]:5"


def test_what_is_not_run_is_noted_with_its_line() -> None:
    _, source = executed(f"!pip install x\n{FUNCTION}%cd y\n")
    assert source.notes == tuple(
        Explanation("submission.line_skipped", {"place": f"ex01.py:{number}", "line": line})
        for number, line in (
            (1, "get_ipython().system('pip install x')"),
            (4, "get_ipython().run_line_magic('cd', 'y')"),
        )
    )


def test_an_ordinary_script_is_read_as_it_is() -> None:
    code = f"# %%time\n# %time x\nx = '%time y'\n{FUNCTION}"
    _, source = executed(code)
    assert [unit.code for unit in source.units] == [code]
    assert source.notes == ()


def test_a_script_with_marks_of_a_conflict_is_named() -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(f"{FUNCTION}<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> main\n".encode(), "ex01.py")
    assert caught.value.explanation == Explanation("submission.conflict", {"line": 3})


def test_a_script_that_needs_a_newer_python_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.answers.script.parses", lambda code: False)
    monkeypatch.setattr("grader.answers.script.needed_python", lambda code: "3.99")
    with pytest.raises(SubmissionError) as caught:
        read_source(FUNCTION.encode(), "ex01.py")
    assert caught.value.explanation.key == "submission.newer_python"
    assert caught.value.explanation.values["needed"] == "3.99"
