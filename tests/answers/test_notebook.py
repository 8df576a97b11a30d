from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from grader.answers.notebook import read_cells, read_notebook, write_notebook
from grader.answers.python import MOST_CODE
from grader.errors import SubmissionError
from grader.model import Explanation, Limits, Verdict
from grader.runner.call import Call
from tests.support.fakes import FakeRunner, FakeSession

FUNCTION = "def f(x):\n    return x + 1"


def notebook(*cells: str | list[str], minor: int = 5, **extra: Any) -> str:
    """Return a notebook of format 4 with these code cells, a text cell before each."""
    made: list[dict[str, Any]] = []
    for number, source in enumerate(cells):
        text = {"cell_type": "markdown", "metadata": {}, "source": "# not code"}
        code = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 7}
        if minor >= 5:
            text, code = {**text, "id": f"text-{number}"}, {**code, "id": f"code-{number}"}
        made += [text, code]
    return json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": made, **extra})


def codes(text: str) -> list[str]:
    """Return the code of a notebook's cells."""
    return [unit.code for unit in read_notebook(text, "ex01.ipynb").units]


def executed(text: str) -> FakeSession:
    """Return a notebook, executed."""
    return FakeRunner().open(read_notebook(text, "ex01.ipynb"), Limits())


@pytest.mark.parametrize("minor", [0, 2, 4, 5])
def test_every_minor_version_of_format_4_is_read(minor: int) -> None:
    source = read_notebook(notebook("a = 1", FUNCTION, minor=minor), "ex01.ipynb")
    assert [unit.name for unit in source.units] == [
        "ex01.ipynb [cell 1]",
        "ex01.ipynb [cell 2]",
    ]
    assert [unit.code for unit in source.units] == ["a = 1", FUNCTION]
    assert {unit.module for unit in source.units} == {"submission"}
    assert source.notes == ()


def test_format_3_is_read() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": "Title"},
        {
            "cell_type": "code",
            "input": ["a = 1\n", "b = 2"],
            "language": "python",
            "metadata": {},
            "outputs": [],
        },
    ]
    text = json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    )
    assert codes(text) == ["a = 1\nb = 2"]


def test_cells_without_the_ids_that_their_format_wants_are_read() -> None:
    text = notebook(FUNCTION, minor=4).replace('"nbformat_minor": 4', '"nbformat_minor": 5')
    assert codes(text) == [FUNCTION]


def test_cells_without_what_nobody_reads_are_read() -> None:
    document = json.loads(notebook(FUNCTION))
    document["cells"] = [
        {"cell_type": "code", "source": FUNCTION},
        {"cell_type": "markdown", "source": "text"},
    ]
    assert codes(json.dumps(document)) == [FUNCTION]
    del document["metadata"], document["nbformat"], document["nbformat_minor"]
    assert codes(json.dumps(document)) == [FUNCTION]


def test_a_source_may_be_a_list_of_lines() -> None:
    assert codes(notebook(["a = 1\n", "b = 2"])) == ["a = 1\nb = 2"]


def test_a_notebook_without_cells_is_a_submission_without_functions() -> None:
    session = executed(notebook())
    assert [name for name in session.loaded.functions if name == "f"] == []
    assert session.loaded.failures == ()


CONFLICT = notebook("a = 1").replace("[{", "[\n<<<<<<< HEAD\n{", 1) + "\n=======\n}\n>>>>>>> main\n"
NO_NOTEBOOKS = {
    "brace": ("{", Explanation("submission.notebook_cut")),
    "cut": (notebook("a = 1")[:-20], Explanation("submission.notebook_cut")),
    "cut-in-a-text": (notebook("a = 1")[:120], Explanation("submission.notebook_cut")),
    "damaged": (notebook("a = 1").replace(":", "", 1), Explanation("submission.bad_notebook")),
    "conflict": (CONFLICT, Explanation("submission.conflict", {"line": 2})),
    "prose": ("The answer is 42.", Explanation("submission.wrong_kind", {"kind": Explanation("kind.text")})),
    **{
        text: (text, Explanation("submission.wrong_kind", {"kind": Explanation("kind.json")}))
        for text in ('{"a": 1}', '{"nbformat": 4, "nbformat_minor": 5}')
    },
}


@pytest.mark.parametrize(("text", "explanation"), NO_NOTEBOOKS.values(), ids=NO_NOTEBOOKS.keys())
def test_what_is_no_notebook_is_the_students_error(text: str, explanation: Explanation) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_notebook(text, "ex01.ipynb")
    assert (caught.value.verdict, caught.value.explanation) == (Verdict.ERROR, explanation)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%matplotlib inline", "get_ipython().run_line_magic('matplotlib', 'inline')"),
        ("!pip install tensorflow", "get_ipython().system('pip install tensorflow')"),
        ("files = !ls", "files = get_ipython().getoutput('ls')"),
        ("max?", "get_ipython().run_line_magic('pinfo', 'max')"),
        ("%%bash\nrm -rf /", "get_ipython().run_cell_magic('bash', '', 'rm -rf /')"),
    ],
    ids=["magic", "shell", "shell-result", "help", "cell-magic"],
)
def test_magics_and_shell_lines_are_not_run_and_noted(cell: str, line: str) -> None:
    source = read_notebook(notebook("a = 1", cell), "ex01.ipynb")
    (note,) = source.notes
    assert note.key == "submission.magic_skipped"
    assert note.values["cell"] == 2
    assert note.values["line"].replace("\\n", "") == line
    assert executed(notebook("a = 1", cell, FUNCTION)).loaded.failures == ()


def test_a_long_line_is_cut_in_its_note() -> None:
    source = read_notebook(notebook(f"!echo {'x' * 500}"), "ex01.ipynb")
    assert len(source.notes[0].values["line"]) == 100


def test_a_cell_that_ipython_cannot_read_is_executed_as_it_stands_and_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # It gives up after 500 magics, which takes it seconds.
    monkeypatch.setattr("IPython.core.inputtransformer2.TRANSFORM_LOOP_LIMIT", 5)
    text = notebook("!ls\n" * 6, FUNCTION)
    source = read_notebook(text, "ex01.ipynb")
    assert source.units[0].code == "!ls\n" * 6
    assert source.notes == (Explanation("submission.cell_unread", {"cell": 1}),)
    session = executed(text)
    assert [(failure.unit, failure.explanation.values["type"]) for failure in session.loaded.failures] == [
        ("ex01.ipynb [cell 1]", "SyntaxError")
    ]
    assert session.call(Call("f", (1,))).value == 2


def test_magics_that_take_minutes_to_be_read_are_left_as_they_stand() -> None:
    cell = "!ls\n" * 400 + "x = 1\n" * 4000
    source = read_notebook(notebook("!ls", cell, "!ls"), "ex01.ipynb")
    unread = [note.values["cell"] for note in source.notes if note.key == "submission.cell_unread"]
    assert unread == [2, 3]


def test_a_cell_of_blank_lines_is_read_at_once() -> None:
    assert codes(notebook("\n" * 200_000)) == ["\n" * 200_000]


@pytest.mark.parametrize("count", [1, 300])
def test_more_code_than_is_read_is_the_students_error(count: int) -> None:
    size = MOST_CODE // count
    assert len(codes(notebook(*["#" * size] * count))) == count
    with pytest.raises(SubmissionError) as caught:
        codes(notebook(*["#" * (size + 1)] * count, "#" * 300))
    assert caught.value.verdict is Verdict.ERROR
    assert caught.value.explanation == Explanation("submission.too_much_code", {"kib": 256})


def test_more_cells_than_anybody_writes_are_the_students_error() -> None:
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "", "outputs": []}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell] * 50_000})
    with pytest.raises(SubmissionError) as caught:
        read_notebook(text, "ex01.ipynb")
    assert caught.value.explanation == Explanation(
        "submission.too_many_cells", {"count": 50000, "most": 2000}
    )


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "  %%time"])
def test_a_cell_under_a_transparent_magic_is_executed(magic: str) -> None:
    text = notebook(f"{magic}\n{FUNCTION}")
    assert codes(text) == [f"\n{FUNCTION}"]
    assert executed(text).call(Call("f", (1,))).value == 2


def test_a_cell_under_several_magics_is_executed_line_for_line() -> None:
    text = notebook(f"\n%%time\n%%capture out\n{FUNCTION}")
    assert codes(text) == [f"\n\n\n{FUNCTION}"]


def test_lines_keep_their_numbers() -> None:
    (code,) = codes(notebook(f"%matplotlib inline\n!ls\n{FUNCTION}\nraise_here"))
    assert code.splitlines()[4] == "raise_here"


@pytest.mark.parametrize(
    "cell",
    [
        "a = 7 % 2\nb = a != 1\nc = 'what?'",
        'text = """\n%d of them\n!important\n"""\nlong = (7\n    % 4)',
        "question = 1  # really?",
    ],
    ids=["operators", "text", "comment"],
)
def test_python_that_looks_like_a_magic_stays_python(cell: str) -> None:
    def value(code: str) -> dict[str, Any]:
        namespace: dict[str, Any] = {}
        exec(code, namespace)
        return {name: item for name, item in namespace.items() if name != "__builtins__"}

    (code,) = codes(notebook(cell))
    assert value(code) == value(cell)


def test_a_cell_that_raises_does_not_keep_the_next_from_running() -> None:
    session = executed(notebook("import math", "1 / 0", "broken(", FUNCTION, "math.nothing"))
    assert session.call(Call("f", (1,))).value == 2
    assert [(failure.unit, failure.explanation.values["type"]) for failure in session.loaded.failures] == [
        ("ex01.ipynb [cell 2]", "ZeroDivisionError"),
        ("ex01.ipynb [cell 3]", "SyntaxError"),
        ("ex01.ipynb [cell 5]", "AttributeError"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "    def f(x):\n        return x + 1",
        "\n\n  def f(x):\n    return x + 1\n",
        ">>> def f(x):\n...     return x + 1",
        "In [3]: def f(x):\n   ...:     return x + 1",
    ],
    ids=["indented", "after-blank-lines", "prompts", "numbered-prompts"],
)
def test_a_cell_is_tidied_as_in_jupyter(cell: str) -> None:
    session = executed(notebook(cell))
    assert session.loaded.failures == ()
    assert session.call(Call("f", (1,))).value == 2


def test_prompts_in_a_text_stay() -> None:
    cell = 'def f(x):\n    """Return more.\n\n    >>> f(1)\n    2\n    """\n    return x + 1'
    assert codes(notebook(cell)) == [cell]


AWAIT = f"import asyncio\nawait asyncio.sleep(0)\nseen = 3\n{FUNCTION}"


def test_a_cell_may_await_as_in_jupyter() -> None:
    session = executed(
        notebook(AWAIT, "async def late():\n    return seen\nlater = await late()\nassert later == 3")
    )
    assert session.loaded.failures == ()
    assert session.call(Call("f", (1,))).value == 2


def test_an_await_that_has_to_wait_ends_its_cell_there() -> None:
    session = executed(notebook(f"import asyncio\n{FUNCTION}\nawait asyncio.sleep(9)\ng = f"))
    (failure,) = session.loaded.failures
    assert (failure.explanation.values["type"], failure.line) == ("RuntimeError", 4)
    assert session.call(Call("f", (1,))).value == 2


def test_an_error_is_placed_in_its_cell() -> None:
    session = executed(notebook("a = 1", "def f(x):\n    return g(x)\ndef g(x):\n    raise KeyError(x)"))
    with pytest.raises(SubmissionError) as caught:
        session.call(Call("f", (1,)))
    assert caught.value.explanation == Explanation(
        "submission.raised",
        {"type": "KeyError", "message": "1", "place": "ex01.ipynb [cell 2]:4", "denied": False},
    )


def test_a_notebooks_own_tools_do_nothing() -> None:
    cell = "def f(x):\n    display(x)\n    return get_ipython().run_line_magic('time', 'x')"
    assert executed(notebook(cell)).call(Call("f", (1,))).value is None


def test_outputs_and_metadata_are_not_looked_at() -> None:
    hidden = {"output_type": "stream", "name": "stdout", "text": "import os"}
    text = notebook(FUNCTION).replace('"outputs": []', f'"outputs": [{json.dumps(hidden)}]')
    assert codes(text) == [FUNCTION]


def marked(**about: Any) -> str:
    """Return a notebook with an answer and a cell that nbgrader's metadata says something of."""
    document = json.loads(notebook(FUNCTION, "def f(x):\n    return 'marked'"))
    document["cells"][-1]["metadata"] = {"nbgrader": about} if about else {"nbgrader": "lost"}
    return json.dumps(document)


CHECKS = [
    {"grade": True, "grade_id": "test_f", "solution": False, "locked": True, "points": 2},
    {"grade": True, "grade_id": "test_f"},
    {"grade": False, "grade_id": "check_tools", "solution": False, "locked": True},
    {"grade": False, "grade_id": "environment", "solution": False, "locked": True},
    # nbgrader knows these by their names, whatever became of the rest.
    {"grade": False, "grade_id": "hidden_test_f", "solution": False, "locked": False},
    {"grade": False, "grade_id": "statement", "solution": False, "locked": True},
]
ANSWERS = [
    {},
    {"grade": False, "grade_id": "solution_f", "solution": True, "locked": False},
    {"grade": True, "grade_id": "written", "solution": True, "points": 2},
    {"grade": False, "grade_id": "given", "solution": False, "locked": True},
    {"grade": "yes", "grade_id": 3},
]


@pytest.mark.parametrize("about", CHECKS)
def test_a_check_of_nbgraders_is_no_part_of_the_answer(about: dict[str, Any]) -> None:
    source = read_notebook(marked(**about), "ex01.ipynb")
    assert [unit.name for unit in source.units] == ["ex01.ipynb [cell 1]"]
    assert source.notes == (Explanation("submission.checks_skipped", {"cells": "2"}),)


@pytest.mark.parametrize("about", ANSWERS)
def test_any_other_cell_is(about: dict[str, Any]) -> None:
    source = read_notebook(marked(**about), "ex01.ipynb")
    assert len(source.units) == 2
    assert source.notes == ()


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_that_became_text_is_code_as_in_nbgrader(kind: str) -> None:
    document = json.loads(marked(grade=False, grade_id="solution_f", solution=True, task=False))
    document["cells"][-1]["cell_type"] = kind
    assert codes(json.dumps(document))[-1] == "def f(x):\n    return 'marked'"
    document["cells"][-1]["metadata"]["nbgrader"]["grade"] = True
    assert len(codes(json.dumps(document))) == 1


def test_a_notebook_is_written_as_it_is_read() -> None:
    text = write_notebook(["!ls", FUNCTION, "assert f(1) == 2", "\udc80"], {3})
    assert text == write_notebook(["!ls", FUNCTION, "assert f(1) == 2", "\udc80"], {3})
    assert [(cell.kind, cell.is_check) for cell in read_cells(text)] == [("code", False)] * 2 + [
        ("code", True),
        ("code", False),
    ]
    assert [cell.source for cell in read_cells(text)][1] == FUNCTION


def test_reading_does_not_wait_for_a_grammar_of_addresses() -> None:
    program = (
        "import importlib.util, sys\n"
        "assert importlib.util.find_spec('rfc3987_syntax')\n"
        "from grader.answers.notebook import HARMLESS, read_notebook\n"
        "read_notebook(HARMLESS, 'ex01.ipynb')\n"
        "assert 'jsonschema' in sys.modules\n"
        "assert 'lark' not in sys.modules and 'rfc3987_syntax' not in sys.modules\n"
        "import rfc3987_syntax\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
