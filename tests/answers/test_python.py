from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.answers.file import read_source
from grader.answers.helpers import imported_names
from grader.answers.notebook import write_notebook
from grader.answers.python import MOST_CODE, MOST_TOKENS, check_cost, parsed, parses
from grader.answers.split import split_notebook, split_script
from grader.answers.untouched import is_untouched
from grader.errors import SubmissionError
from grader.model import Course
from tests.support.hostile_sources import SOURCES

FIELDS = SOURCES["f-string of fields that are names"]()
DENSE = SOURCES["statements"]()
HONEST = '''
def {name}(images, size):
    """Return the largest value in each window of the images."""
    rows, columns = images.shape[1] // size, images.shape[2] // size  # what does not fit is left out
    windows = images[:, : rows * size, : columns * size, :].reshape(-1, rows, size, columns, size, 1)
    return windows.max(axis=(2, 4)) if size > 1 else f"{{images}} and {{size}}"
'''


def honest(size: int) -> str:
    """Return code of a size as people write it."""
    code = ""
    while len(code) < size:
        code += HONEST.format(name=f"pool_{len(code)}")
    return code[: code.rfind("\ndef")]


def key_of(read: Callable[[], object]) -> str:
    """Return the sentence that a file is refused with."""
    with pytest.raises(SubmissionError) as caught:
        read()
    return caught.value.explanation.key


@pytest.mark.parametrize("code", [FIELDS, DENSE], ids=["fields", "dense"])
def test_what_is_dear_to_read_is_the_students_error(code: str) -> None:
    assert key_of(lambda: read_source(code.encode(), "ex01.py")) == "submission.too_dear"
    notebook = write_notebook([code]).encode()
    assert key_of(lambda: read_source(notebook, "ex01.ipynb")) == "submission.too_dear"


def test_cells_count_together() -> None:
    cells = [DENSE[: MOST_CODE // 20]] * 18
    assert key_of(lambda: read_source(write_notebook(cells).encode(), "ex01.ipynb")) == "submission.too_dear"


def test_what_ipython_makes_of_a_cell_is_tried_too() -> None:
    # As it was handed in Python stops reading at the first line.
    code = f"%matplotlib inline\n{FIELDS[: MOST_CODE - 2000]}'\n"
    assert key_of(lambda: read_source(code.encode(), "ex01.py")) == "submission.too_dear"
    notebook = write_notebook([code]).encode()
    assert key_of(lambda: read_source(notebook, "ex01.ipynb")) == "submission.too_dear"


def test_a_dear_file_is_not_split(tiny: Course) -> None:
    assert key_of(lambda: split_script(tiny, FIELDS)) == "submission.too_dear"
    assert key_of(lambda: split_notebook(tiny, write_notebook([FIELDS]))) == "submission.too_dear"


def test_a_dear_file_is_no_stub(tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    path.write_text(FIELDS)
    assert not is_untouched(tiny.exercises[0], path)


@pytest.mark.parametrize("code", [FIELDS, DENSE, "#" * (MOST_CODE + 1)], ids=["fields", "dense", "large"])
def test_of_a_dear_module_no_imports_are_looked_for(code: str) -> None:
    assert imported_names(f"import helper\n{code}"[: MOST_CODE + 1]) == set()


def test_a_name_that_is_no_paths_is_not_imported() -> None:
    assert imported_names("import a.b, c" + ".d" * 10_000) == {"a", "a.b"}


def test_the_largest_file_that_people_write_is_read() -> None:
    code = honest(MOST_CODE)
    assert read_source(code.encode(), "ex01.py").units[0].code == code
    cells = [honest(MOST_CODE // 8) for _ in range(7)]
    assert len(read_source(write_notebook(cells).encode(), "ex01.ipynb").units) == 7


@pytest.mark.parametrize(
    "code",
    ["#" * (MOST_CODE - 1), "\n" * MOST_CODE, "  \n" * (MOST_CODE // 3), "x = '" + "a" * 200_000 + "'\n"],
    ids=["ruler", "empty-lines", "blank-lines", "text"],
)
def test_what_is_long_and_not_dense_is_read(code: str) -> None:
    assert read_source(code.encode(), "ex01.py").units[0].code == code


def test_a_short_code_is_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", run)
    check_cost([honest(30_000)])
    check_cost(["f'" + "{x}" * 10_000 + "'"])


def test_a_long_code_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    run = subprocess.run

    def noted(*args: Any, **rest: Any) -> Any:
        tried.append(args)
        return run(*args, **rest)

    monkeypatch.setattr(subprocess, "run", noted)
    for _ in range(3):
        check_cost([honest(100_000)])
    assert len(tried) == 1


@pytest.mark.parametrize(
    "code", ["(" * 40_000, "x = '\0'\n" * 6000, "x = '\ud800'\n" * 6000, "def f(:" * 9000]
)
def test_what_is_no_python_is_not_refused_for_its_cost(code: str) -> None:
    check_cost([code])


def test_names_are_counted_and_not_characters() -> None:
    check_cost(["ab\n" * (MOST_TOKENS // 2 - 1)])
    assert key_of(lambda: check_cost(["ab\n" * (MOST_TOKENS // 2 + 1)])) == "submission.too_dear"


@pytest.mark.parametrize("code", ["def f(:", "x = '\0'", "(" * 300, "-" * 20_000 + "1"])
def test_what_python_cannot_read_has_no_tree(code: str) -> None:
    assert parsed(code) is None
    assert parsed("x = 1") is not None
    assert not parses("def f(:")
