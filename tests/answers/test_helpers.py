from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from grader.answers.file import read_source
from grader.answers.helpers import (
    MOST_HELPERS,
    imported_helpers,
    imported_names,
    module_of,
    read_bundle,
    write_bundle,
)
from grader.answers.notebook import write_notebook
from grader.answers.python import MOST_CODE
from grader.answers.split import split_notebook
from grader.errors import SubmissionError
from grader.model import Course, Explanation, Limits, Source
from tests.support.fakes import FakeRunner

ANSWER = b"from helper import half\n"


def codes(source: Source) -> dict[str, str]:
    return {unit.name: unit.code for unit in source.helpers}


def test_a_bundle_is_read_as_the_answer_with_its_modules() -> None:
    files = {"utils/pool.py": b"x = 1", "helper.py": b"# \xea\xb0\x95\r\n"}
    bundle = write_bundle(ANSWER, files)
    assert bundle == write_bundle(ANSWER, dict(reversed(files.items())))
    assert read_bundle(bundle) == (ANSWER, files)
    source = read_source(bundle, "ex03.py")
    assert [(unit.name, unit.code) for unit in source.units] == [("ex03.py", ANSWER.decode())]
    assert codes(source) == {"helper.py": "# 강\n", "utils/pool.py": "x = 1"}
    assert [unit.module for unit in source.helpers] == ["helper", "utils.pool"]
    assert source.notes == (Explanation("submission.helpers", {"files": "helper.py, utils/pool.py"}),)


def test_an_answer_without_modules_is_what_it_was() -> None:
    assert read_bundle(ANSWER) == (ANSWER, {})
    assert read_source(ANSWER, "ex03.py").notes == ()


HEAD = write_bundle(b"", {}).split(b"{")[0]


@pytest.mark.parametrize(
    "head",
    [
        b"{",
        b"[]",
        b'{"answer": 1}',
        b'{"answer": 9, "files": {}}',
        b'{"answer": 1, "files": []}',
        b'{"answer": 2, "files": {"helper.py": -1}}',
        b'{"answer": true, "files": {}}',
        b'{"answer": 0, "files": {"../helper.py": 1}}',
        b'{"answer": 0, "files": {"/etc/helper.py": 1}}',
        b'{"answer": 0, "files": {"helper.txt": 1}}',
        b'{"answer": 0, "files": {"": 1}}',
        b'{"answer": 0, "files": {"a b.py": 1}}',
        b"[" * 100_000,
    ],
)
def test_what_only_looks_like_a_bundle_is_an_answer(head: bytes) -> None:
    raw = HEAD + head + b"\nx"
    assert read_bundle(raw) == (raw, {})


MODULES = {
    "helper.py": "helper",
    "utils/__init__.py": "utils",
    "utils/pool.py": "utils.pool",
    "도우미.py": "도우미",
    "__init__.py": None,
    "my-helper.py": None,
    "2.py": None,
    "class.py": None,
    "helper.txt": None,
    "helper": None,
    "../helper.py": None,
    "a//b.py": None,
    "a.b.py": None,
}


@pytest.mark.parametrize("file", MODULES)
def test_a_module_is_called_as_python_would_call_it(file: str) -> None:
    assert module_of(file) == MODULES[file]


IMPORTS = {
    "import a.b as c, d": {"a", "a.b", "d"},
    "from a import b": {"a", "a.b"},
    "from a import *": {"a"},
    "def f():\n    import a": {"a"},
    "try:\n    import a\nexcept ImportError:\n    a = None": {"a"},
    "import importlib\nimportlib.import_module('a.b')": {"importlib", "a", "a.b"},
    "from . import a": {"a"},
    "from .a import b": {"a", "a.b"},
    "'import a'": set(),
    "# import a": set(),
    "import_module(name)": set(),
    "import_module('/etc/secret')": set(),
    "import_module('../secret')": set(),
    "import_module('..secret')": set(),
    "import_module('a..b')": set(),
    "import_module('')": set(),
    "import (": set(),
    "\0": set(),
    "(" * 5000: set(),
}


@pytest.mark.parametrize("code", IMPORTS)
def test_what_a_code_imports_is_read_and_not_executed(code: str) -> None:
    assert imported_names(code) == IMPORTS[code]


def test_relative_imports_are_of_their_package() -> None:
    assert imported_names("from . import b\nfrom ..c import d", "a.x") == {
        "a",
        "a.x",
        "a.x.b",
        "a.c",
        "a.c.d",
    }
    # Python raises; what lies beside may be looked for.
    assert imported_names("from ... import b", "a") <= {"b"}


def taken(answer: str, files: Mapping[str, str]) -> set[str]:
    found = imported_helpers(
        read_source(answer.encode(), "ex03.py"),
        lambda file: files[file].encode() if file in files else None,
    )
    return set(found)


def test_what_is_imported_by_what_is_imported_is_taken_and_nothing_else() -> None:
    files = {
        "helper.py": "from utils import pool\nimport helper",
        "utils/__init__.py": "from .shapes import half",
        "utils/shapes.py": "",
        "utils/pool.py": "",
        "utils/other.py": "",
        "unrelated.py": "",
    }
    assert taken("import helper", files) == {
        "helper.py",
        "utils/__init__.py",
        "utils/shapes.py",
        "utils/pool.py",
    }
    assert taken("import numpy", files) == set()
    assert taken("from utils.shapes import half", {"utils/shapes.py": ""}) == {"utils/shapes.py"}


def test_a_broken_module_is_taken() -> None:
    assert taken("import helper", {"helper.py": "def half(x:"}) == {"helper.py"}


def test_more_modules_than_may_be_are_refused_and_not_all_read() -> None:
    files = {f"m{number}.py": f"import m{number + 1}" for number in range(1000)}
    found = imported_helpers(
        read_source(b"import m0", "ex03.py"), lambda file: files[file].encode() if file in files else None
    )
    assert len(found) == MOST_HELPERS + 1
    with pytest.raises(SubmissionError) as caught:
        read_source(write_bundle(b"import m0", found), "ex03.py")
    assert caught.value.explanation == Explanation("submission.too_many_helpers", {"most": MOST_HELPERS})


def test_the_code_of_modules_counts_to_the_limit_of_code() -> None:
    half = b"#" * (MOST_CODE // 2)
    assert read_source(write_bundle(half, {"helper.py": half}), "ex03.py")
    with pytest.raises(SubmissionError) as caught:
        read_source(write_bundle(half, {"helper.py": half + b"#"}), "ex03.py")
    assert caught.value.explanation.key == "submission.too_much_code"


def test_a_module_that_is_no_text_costs_what_imports_it() -> None:
    answer = b"def f(x):\n    return x\ntry:\n    import helper\nexcept SyntaxError as error:\n    why = str(error)\n"
    source = read_source(write_bundle(answer, {"helper.py": b"# \x81 \x8d"}), "ex03.py")
    session = FakeRunner().open(source, Limits())
    session.close()
    assert session.loaded.failures == ()
    assert "f" in session.loaded.functions


@pytest.mark.parametrize("file", ["numpy.py", "json/__init__.py", "grader/model.py", "submission.py"])
def test_an_installed_module_is_never_hidden(file: str) -> None:
    source = read_source(write_bundle(b"import numpy", {file: b"raise SystemExit"}), "ex03.py")
    assert source.helpers == ()
    root = file.partition("/")[0].removesuffix(".py")
    assert source.notes == (Explanation("submission.helper_installed", {"file": file, "module": root}),)


WRITES = {
    "%%writefile helper.py\nx = 1\n": {"helper.py": "x = 1\n"},
    "\n%%file ./helper.py\nx = 1": {"helper.py": "x = 1\n"},
    "%%writefile 'helper.py'\nx = %time 1": {"helper.py": "x = %time 1\n"},
    "%%writefile /content/utils/pool.py\n\nx = 1": {"utils/pool.py": "\nx = 1\n"},
    "%%writefile -a helper.py\nx = 1": {"helper.py": "x = 1\n"},
    "%%writefile ../helper.py\nx = 1": {},
    "%%writefile /tmp/helper.py\nx = 1": {},
    "%%writefile a/../../helper.py\nx = 1": {},
    "%%writefile data.csv\n1,2": {},
    "x = 1\n%%writefile helper.py\n": {},
    "%%writefile": {},
}


@pytest.mark.parametrize("cell", WRITES)
def test_a_cell_that_writes_a_module_is_that_module(cell: str) -> None:
    source = read_source(write_notebook([cell, "y = 2"]).encode(), "ex03.ipynb")
    assert codes(source) == WRITES[cell]
    names = [unit.name for unit in source.units]
    assert names == ["ex03.ipynb [cell 1]", "ex03.ipynb [cell 2]"]
    if WRITES[cell]:
        assert [note.key for note in source.notes] == ["submission.helpers"]


def test_what_a_cell_writes_later_counts_and_goes_before_a_file() -> None:
    cells = [
        "%%writefile helper.py\nx = 1",
        "%%writefile helper.py\nx = 2",
        "%%writefile --append helper.py\ny = 3",
    ]
    bundle = write_bundle(write_notebook(cells).encode(), {"helper.py": b"x = 0", "other.py": b"z = 4"})
    assert codes(read_source(bundle, "ex03.ipynb")) == {
        "helper.py": "x = 2\ny = 3\n",
        "other.py": "z = 4",
    }


def test_a_cell_that_writes_a_module_is_part_of_every_exercise(tiny: Course) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# ex01"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "%%writefile helper.py\nx = 1"},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": "def row_sums(x): return x"},
        {"cell_type": "markdown", "metadata": {}, "source": "# ex02"},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": "import helper\ndef max_pool(x): return x",
        },
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    parts = split_notebook(tiny, text).parts
    assert all("%%writefile helper.py" in parts[exercise] for exercise in ("ex01", "ex02"))
