"""One notebook for several exercises: headings first, then the functions' names."""

from __future__ import annotations

import json
import types
from typing import Any

import nbformat
import pytest

from grader.errors import SubmissionError
from grader.model import Course, Source
from grader.notebook_split import split_notebook


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def words(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def text_of(*cells: dict[str, Any], minor: int = 4) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": list(cells)})


def run(source: Source) -> dict[str, Any]:
    """Return what a part defines."""
    module = types.ModuleType("part")
    for unit in source.units:
        exec(compile(unit.code, unit.name, "exec"), module.__dict__)
    return module.__dict__


IMPORT = code("import math")
FIRST = code("def max_pool(x):\n    return 'first', math.pi")
SECOND = code("def max_pool(x):\n    return 'second', math.pi")
SUMS = code("def row_sums(x):\n    return 'sums'")


def test_cells_belong_to_the_heading_above_them_and_the_first_ones_to_everybody(tiny: Course) -> None:
    parts = split_notebook(
        tiny, text_of(IMPORT, words("## ex02"), FIRST, words("## ex03"), SECOND), "all.ipynb"
    )
    assert list(parts) == ["ex02", "ex03"]
    assert [run(parts[id])["max_pool"](0)[0] for id in parts] == ["first", "second"]


def test_an_exercise_may_come_in_several_places(tiny: Course) -> None:
    parts = split_notebook(
        tiny,
        text_of(words("# ex03"), SECOND, words("# ex02"), FIRST, words("# ex03"), code("later = 1")),
        "a",
    )
    assert "later" in run(parts["ex03"])
    assert "later" not in run(parts["ex02"])


def test_other_headings_end_nothing(tiny: Course) -> None:
    cells = (words("# ex02"), words("### Tasks\n\n#### 1. Write it like ex03"), IMPORT, FIRST)
    assert list(split_notebook(tiny, text_of(*cells), "a")) == ["ex02"]


HEADINGS = [
    "# ex03", "## EX3", "### ex03. Max pooling: images of any size", "# ex03: see ex02", "# maxpool-2",
    "# ex03_maxpool_2", "# Max pooling: images of any size", "## 최대 풀링: 여러 크기의 이미지", "# **ex03**", "# `maxpool_2` #",
    "# [ex03](somewhere.md)", "ex03\n====", "<h2 id='a'>ex03</h2>", "   ## ex03 - pooling", "some text\n\n## ex03\nmore",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_names_an_exercise_by_number_slug_or_title(tiny: Course, heading: str) -> None:
    parts = split_notebook(tiny, text_of(words("# ex01"), SUMS, words(heading), IMPORT, SECOND), "a")
    assert list(parts) == ["ex01", "ex03"]
    assert "max_pool" not in run(parts["ex01"])


NOT_HEADINGS = [
    "ex03", "see # ex03", "```\n# ex03\n```", "~~~\n## ex03\n~~~", "# 3", "# 3. Write max_pool", "# ex033", "# ex99",
    "# Max pooling", "#ex03", "- ex03", "```\n# ex03",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_HEADINGS)
def test_what_only_looks_like_one_names_none(tiny: Course, text: str) -> None:
    parts = split_notebook(tiny, text_of(words("# ex02"), IMPORT, FIRST, words(text), code("more = 1")), "a")
    assert list(parts) == ["ex02"]
    assert "more" in run(parts["ex02"])


def test_without_headings_an_exercise_gets_all_and_the_last_definition_wins(tiny: Course) -> None:
    parts = split_notebook(tiny, text_of(IMPORT, FIRST, SUMS, SECOND), "all.ipynb")
    assert list(parts) == ["ex01", "ex02", "ex03"]
    assert run(parts["ex02"])["max_pool"](0)[0] == "second"
    assert run(parts["ex03"])["max_pool"](0)[0] == "second"


@pytest.mark.parametrize(
    "definition",
    ["max_pool = other", "max_pool: object = other", "%matplotlib inline\ndef max_pool(x):\n    pass"],
)
def test_a_function_may_be_defined_in_other_ways(tiny: Course, definition: str) -> None:
    assert list(split_notebook(tiny, text_of(code(definition)), "a")) == ["ex02", "ex03"]


@pytest.mark.parametrize(
    "no_definition", ["max_pool(x)", "max_pool == 3", "    def max_pool(x): pass", "x = 'max_pool = 1'"]
)
def test_a_use_is_no_definition(tiny: Course, no_definition: str) -> None:
    assert split_notebook(tiny, text_of(code(no_definition)), "a") == {}


def test_cells_keep_their_numbers(tiny: Course) -> None:
    parts = split_notebook(
        tiny, text_of(IMPORT, words("# ex02"), FIRST, words("# ex03"), SECOND), "all.ipynb"
    )
    [unit] = [unit for unit in parts["ex03"].units if "second" in unit.code]
    assert unit.name == "all.ipynb [cell 3]"


@pytest.mark.parametrize("metadata", [None, {"nbgrader": {"grade_id": "solution_max_pool"}}])
@pytest.mark.parametrize("minor", [0, 2, 4, 5])
def test_metadata_and_old_formats_do_not_matter(tiny: Course, metadata: Any, minor: int) -> None:
    cells = [IMPORT, words("# ex02"), FIRST, words("# ex03"), SECOND, SECOND]
    if metadata is not None:
        cells = [{**cell, "metadata": metadata} for cell in cells]
    if minor == 5:
        cells = [{**cell, "id": "the-same"} for cell in cells]
    parts = split_notebook(tiny, text_of(*cells, minor=minor), "a")
    assert run(parts["ex03"])["max_pool"](0)[0] == "second"


def test_a_notebook_of_format_3_is_read(tiny: Course) -> None:
    old = nbformat.v3
    sheet = old.new_worksheet(
        cells=[
            old.new_code_cell(IMPORT["source"]),
            old.new_heading_cell("ex02", level=2),
            old.new_code_cell(FIRST["source"]),
            old.new_text_cell("markdown", source="## maxpool-2"),
            old.new_code_cell(SECOND["source"]),
        ]
    )
    parts = split_notebook(tiny, old.writes_json(old.new_notebook(worksheets=[sheet])), "old.ipynb")
    assert {id: run(part)["max_pool"](0)[0] for id, part in parts.items()} == {
        "ex02": "first",
        "ex03": "second",
    }


def test_skipped_lines_are_noted_in_their_own_exercise(tiny: Course) -> None:
    parts = split_notebook(tiny, text_of(words("# ex02"), code("!ls\n"), FIRST, words("# ex03"), SECOND), "a")
    assert [len(part.notes) for part in parts.values()] == [1, 0]


@pytest.mark.parametrize("text", ["", "no notebook", "[]", '{"nbformat": 4}', '{"cells": 3, "nbformat": 4}'])
def test_what_is_no_notebook_is_the_students_error(tiny: Course, text: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        split_notebook(tiny, text, "a")
    assert caught.value.explanation.key == "submission.bad_notebook"
