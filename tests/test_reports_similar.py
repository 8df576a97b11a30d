from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.model import Text
from grader.reports.similar import Similar, similar_page
from grader.similarity import compare, tokens
from tests.records import COURSE, EVIL_NAME

TINY = Path(__file__).parent / "course"

ONE = '''
import numpy as np

def max_pool(x):
    """Pool."""
    rows = []
    for i in range(0, x.shape[1], 2):
        row = []
        for j in range(0, x.shape[2], 2):
            window = x[0, i : i + 2, j : j + 2, 0]
            row.append(window.max())
        rows.append(row)
    return np.array(rows).reshape(1, len(rows), -1, 1)
'''
# The same with other names, numbers, comments and another docstring.
DISGUISED = '''
import numpy as np  # as always

def max_pool(image):
    """My own work."""
    result = []
    # go down
    for a in range(0, image.shape[1], 7):
        line = []
        for b in range(0, image.shape[2], 7):
            part = image[0, a : a + 7, b : b + 7, 0]
            line.append(part.max())
        result.append(line)
    return np.array(result).reshape(1, len(result), -1, 1)
'''
OTHER = """
import tensorflow as tf

def max_pool(x):
    height, width = x.shape[1] // 2, x.shape[2] // 2
    blocks = tf.reshape(x, (x.shape[0], height, 2, width, 2, x.shape[3]))
    return tf.reduce_max(tf.reduce_max(blocks, axis=4), axis=2)
"""


def test_names_numbers_and_comments_do_not_count() -> None:
    assert [form for form, _, _ in tokens(ONE)] == [form for form, _, _ in tokens(DISGUISED)]


def test_a_token_knows_where_it_stands() -> None:
    assert [(form, "x = 'a'"[start:end]) for form, start, end in tokens("x = 'a'")][:2] == [
        ("a name", "x"),
        ("=", "="),
    ]


def test_a_disguised_copy_is_found_and_another_way_is_not() -> None:
    (pair,) = compare({"ann": ONE, "bob": DISGUISED, "eve": OTHER})
    assert (pair.first, pair.second) == ("ann", "bob")
    assert pair.similarity == pytest.approx(1)
    (passage,) = pair.second_passages
    assert DISGUISED[passage.start : passage.end].startswith("import numpy")
    assert DISGUISED[passage.start : passage.end].endswith(")")


def test_a_part_in_common_is_a_part() -> None:
    (pair,) = compare({"ann": ONE, "bob": OTHER + ONE}, least=0.3)
    assert 0.5 < pair.similarity < 0.95


def test_what_everybody_was_given_does_not_count() -> None:
    own = "\ndef more(a, b):\n    while a:\n        a, b = a - 1, b * a\n    return {b: [a, b], a: (b, a)}\n"
    assert compare({"ann": ONE, "bob": ONE + own}, given=[ONE]) == ()


def test_what_much_of_the_class_writes_does_not_count() -> None:
    answers = {f"s{number}": ONE for number in range(9)}
    assert compare(answers) == ()
    assert len(compare(dict(list(answers.items())[:3]))) == 3


def test_code_that_is_no_python_is_compared_all_the_same() -> None:
    (pair,) = compare({"ann": ONE + "\ndef (", "bob": DISGUISED + "\ndef ("})
    assert pair.similarity == pytest.approx(1)


def test_too_little_code_tells_nothing() -> None:
    assert compare({"ann": "x = 1", "bob": "x = 1", "eve": ""}) == ()


def test_the_page_marks_the_passages_and_escapes_the_rest() -> None:
    code = ONE + "# <script>alert(1)</script>\n"
    (pair,) = compare({"ann": code, EVIL_NAME: DISGUISED})
    codes = {"ann": code, EVIL_NAME: DISGUISED}
    found = [Similar("ex01", pair, codes[pair.first], codes[pair.second])]
    page = similar_page(COURSE, found, "en", 10)
    assert page.count("<mark>") == 2
    assert "<script>alert" not in page
    assert "100 %" in page


def similar(*arguments: str | Path) -> Result:
    words = ["similar", *map(str, arguments), "--course", str(TINY), "--lang", "en"]
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Return a class of three: a script, its copy in a notebook, and a file that is no text."""
    folder = tmp_path / "submissions"
    for student in ("ann", "bob", "eve"):
        (folder / student).mkdir(parents=True)
    (folder / "ann" / "ex02.py").write_text(ONE, encoding="utf-8")
    head, _, tail = DISGUISED.partition("\ndef ")
    sources = {"# mine": "markdown", "!pip list\n" + head: "code", "def " + tail: "code"}
    cells: list[dict[str, object]] = [
        {"cell_type": kind, "metadata": {}, "source": text} for text, kind in sources.items()
    ]
    for cell in cells[1:]:
        cell |= {"outputs": [], "execution_count": None}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    (folder / "bob" / "ex02.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "eve" / "ex02.py").write_bytes(b"\xff\xfe\x00")
    return folder


def test_a_notebook_is_compared_with_a_script(submissions: Path, tmp_path: Path) -> None:
    result = similar(submissions, "--json", tmp_path / "s.json", "--html", tmp_path / "s.html")
    assert result.exit_code == 0
    (pair,) = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["pairs"]
    assert (pair["exercise"], pair["students"]) == ("ex02", ["ann", "bob"])
    assert pair["similarity"] > 0.8
    assert "no proof" in result.stdout
    assert "Not compared, because they cannot be read or are too long: eve/ex02.py" in result.stderr
    assert "<mark>" in (tmp_path / "s.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.html", "s.json", "submissions"]


def test_nothing_alike_says_so(submissions: Path) -> None:
    result = similar(submissions, "--exercise", "ex1")
    assert result.exit_code == 0
    assert "No two answers are that alike." in result.stdout


def test_titles_of_the_course_are_in_both_languages() -> None:
    page = similar_page(COURSE, [], "ko", 10)
    title = Text("Tiny &lt;course&gt;", "작은 &lt;강좌&gt;")
    assert title.en in page
    assert title.ko in page
