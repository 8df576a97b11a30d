from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.model import Text
from grader.similarity.answers import Similar
from grader.similarity.report import similar_page
from grader.similarity.winnowing import Compared, compare, compare_all, tokens
from tests.support.places import ROOT, TINY
from tests.support.records import COURSE, EVIL_NAME

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
LONG = '''
def smallest(dtype):
    """What no value is below."""
    if np.issubdtype(dtype, np.integer):
        return np.iinfo(dtype).min
    return -np.inf

def padded(x, pool_size):
    above, left = (-x.shape[1] % pool_size[0]) // 2, (-x.shape[2] % pool_size[1]) // 2
    below, right = -x.shape[1] % pool_size[0] - above, -x.shape[2] % pool_size[1] - left
    return np.pad(x, [(0, 0), (above, below), (left, right), (0, 0)], constant_values=smallest(x.dtype))
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
    (pair,) = compare({"ann": ONE + OTHER, "bob": OTHER + LONG}, least=0.1)
    assert 0.2 < pair.similarity < 0.6


def test_a_copy_that_is_padded_is_a_copy() -> None:
    (pair,) = compare({"ann": ONE, "bob": LONG + DISGUISED + OTHER}, least=0.9)
    assert pair.similarity == pytest.approx(1)


def functions_turned_around(code: str) -> str:
    head, *defs = re.split(r"(?m)^(?=def )", code)
    return head + "\n\n".join(reversed(defs))


def with_hints(code: str) -> str:
    return re.sub(r"def (\w+)\((.*)\):", r"def \1(\2: np.ndarray) -> np.ndarray:", code)


def with_other_layout(code: str) -> str:
    return ast.unparse(ast.parse(code))


def with_prints(code: str) -> str:
    return re.sub(r"(?m)^( +)(\w+ = .*)$", r"\1\2\n\1print('here')", code)


def with_junk(code: str) -> str:
    return code + "".join(
        f"\n\ndef unused_{at}(a, b):\n    return {'[' * at}a, b{']' * at}\n" for at in range(20)
    )


@pytest.mark.parametrize(
    "disguise", [functions_turned_around, with_hints, with_other_layout, with_prints, with_junk]
)
def test_no_disguise_that_costs_little_hides_a_copy(disguise: Callable[[str], str]) -> None:
    (pair,) = compare({"ann": LONG + ONE, "bob": disguise(LONG + DISGUISED)}, least=0.8)
    assert pair.rare > 100


def class_alike(count: int) -> dict[str, str]:
    """Return a class: some with the same short answer, the others each with one of their own."""
    everyday = "\n".join(ONE.splitlines()[4:])
    alike = {f"alike-{at:02d}": everyday for at in range(count)}
    return alike | {f"other-{at:02d}": own(at) for at in range(3 * count)}


def own(seed: int) -> str:
    """Return an answer that nobody else has: a dozen formulas, each with signs of its own."""
    rng = random.Random(seed)
    lines = ["def max_pool(x):"]
    for at in range(12):
        signs = " x ".join(rng.choice("+-*/%@&|^") for _ in range(9))
        lines.append(f"    a{at} = x {signs} x")
    return "\n".join([*lines, "    return a1\n"])


def test_a_copy_comes_before_those_who_found_the_usual_answer() -> None:
    """Thirty usual answers are more pairs than are looked at; nobody is accused, and nothing is buried by them."""
    answers = class_alike(33) | {"ann": own(999), "bob": own(999).replace("a1", "b")}
    pairs = compare(answers)
    assert (pairs[0].first, pairs[0].second) == ("ann", "bob")
    assert pairs[0].rare > 200
    assert {pair.rare for pair in pairs[1:]} == {0}
    assert not any(passage.is_rare for pair in pairs[1:] for passage in pair.first_passages)


def test_a_group_of_four_is_still_rare() -> None:
    answers = class_alike(20) | dict.fromkeys(("a", "b", "c", "d"), own(999))
    assert [pair.rare > 0 for pair in compare(answers)[:7]] == [True] * 6 + [False]


def test_the_same_whatever_the_process_hashes_with() -> None:
    """Python's own hash of a text differs from run to run; no finding does."""
    code = "from tests.similarity.test_report import *; print(compare(class_alike(8), least=0.1))"
    root = ROOT
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


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
    assert compare_all({"bob": "x = 1", "ann": "x = 1", "eve": ""}) == Compared((), ("ann", "bob", "eve"))


def test_the_page_marks_the_passages_and_escapes_the_rest() -> None:
    code = ONE + "# <script>alert(1)</script>\n"
    (pair,) = compare({"ann": code, EVIL_NAME: DISGUISED})
    codes = {"ann": code, EVIL_NAME: DISGUISED}
    found = [Similar("ex01", pair, codes[pair.first], codes[pair.second])]
    page = similar_page(COURSE, found, "en", 10)
    assert page.count("<mark>") == 3, "one of them in the legend"
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
    assert "no proof" in " ".join(result.stdout.split())
    assert pair["rare"] > 50
    assert "Not compared, because they cannot be read or are too long: eve/ex02.py" in result.stderr
    assert "<mark>" in (tmp_path / "s.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.html", "s.json", "submissions"]


def test_nothing_alike_says_so(submissions: Path) -> None:
    result = similar(submissions, "--exercise", "ex1")
    assert result.exit_code == 0
    assert "No two answers are that alike." in result.stdout


def test_titles_of_the_course_are_in_both_languages() -> None:
    page = similar_page(COURSE, [], "ko", 10)
    title = Text({"en": "Tiny &lt;course&gt;", "ko": "작은 &lt;강좌&gt;"})
    assert title["en"] in page
    assert title["ko"] in page


def test_what_an_answer_imports_is_compared_too(submissions: Path, tmp_path: Path) -> None:
    (submissions / "eve" / "ex02.py").write_text("from mine import max_pool\n", encoding="utf-8")
    (submissions / "eve" / "mine.py").write_text(DISGUISED, encoding="utf-8")
    result = similar(submissions, "--json", tmp_path / "s.json")
    assert result.exit_code == 0
    pairs = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["pairs"]
    assert ["ann", "eve"] in [pair["students"] for pair in pairs]
