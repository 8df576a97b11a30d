"""One file for several exercises: headings and comments first, then the functions' names."""

from __future__ import annotations

import json
import types
from dataclasses import replace
from typing import Any

import nbformat
import pytest

from grader.answers.file import read_source
from grader.answers.notebook import read_notebook
from grader.answers.split import split_notebook, split_script
from grader.errors import SubmissionError
from grader.messages.sentences import explain
from grader.model import Course, Explanation, Source


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def words(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def text_of(*cells: dict[str, Any], minor: int = 4) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": list(cells)})


def parts_of(course: Course, text: str) -> dict[str, Source]:
    """Return the parts of a notebook, as they are executed."""
    split = split_notebook(course, text)
    return {id: read_notebook(part, "all.ipynb") for id, part in split.parts.items()}


def noted(course: Course, *cells: dict[str, Any]) -> list[str]:
    """Return what is not certain of a notebook."""
    return [
        explain(Explanation(note.key, {"file": "a.ipynb", **note.values}), "en").removeprefix("a.ipynb: ")
        for note in split_notebook(course, text_of(*cells)).notes
    ]


def run(source: Source) -> dict[str, Any]:
    """Return what a part defines."""
    module = types.ModuleType("part")
    for unit in source.units:
        exec(compile(unit.code, unit.name, "exec"), module.__dict__)
    return module.__dict__


@pytest.fixture
def two_pools(tiny: Course) -> Course:
    """Return the tiny course, whose third exercise has a function of its own."""
    *others, last = tiny.exercises
    return replace(tiny, exercises=(*others, replace(last, functions=("max_pool", "pool_layer"))))


IMPORT = code("import math")
FIRST = code("def max_pool(x):\n    return 'first', round(math.pi, 2)")
SECOND = code("def max_pool(x):\n    return 'second', round(math.pi, 2)")
SUMS = code("def row_sums(x):\n    return 'sums'")


def test_cells_belong_to_the_heading_above_them_and_the_first_ones_to_everybody(tiny: Course) -> None:
    parts = parts_of(tiny, text_of(IMPORT, words("## ex02"), FIRST, words("## ex03"), SECOND))
    assert list(parts) == ["ex02", "ex03"]
    assert [run(parts[id])["max_pool"](0)[0] for id in parts] == ["first", "second"]


def test_an_exercise_may_come_in_several_places(tiny: Course) -> None:
    parts = parts_of(
        tiny, text_of(words("# ex03"), SECOND, words("# ex02"), FIRST, words("# ex03"), code("later = 1"))
    )
    assert "later" in run(parts["ex03"])
    assert "later" not in run(parts["ex02"])


def test_other_headings_end_nothing(tiny: Course) -> None:
    cells = (words("# ex02"), words("### Tasks\n\n#### 1. Write it like ex03"), IMPORT, FIRST)
    assert list(parts_of(tiny, text_of(*cells))) == ["ex02"]


HEADINGS = [
    "# ex03", "## EX3", "### ex03. Max pooling: images of any size", "# ex03: see ex02", "# maxpool-2",
    "# ex03_maxpool_2", "# Max pooling: images of any size", "## 최대 풀링: 여러 크기의 이미지", "# **ex03**", "# `maxpool_2` #",
    "# [ex03](somewhere.md)", "ex03\n====", "<h2 id='a'>ex03</h2>", "   ## ex03 - pooling", "some text\n\n## ex03\nmore",
    "## [ex03] pooling", "# 【ex03】", "# [maxpool-2]", "## **[ex03]** pooling", "**ex03**", "__ex03. Max pooling__", "text\n\n**[ex03] pooling**:",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_names_an_exercise_by_number_slug_or_title(tiny: Course, heading: str) -> None:
    parts = parts_of(tiny, text_of(words("# ex01"), SUMS, words(heading), IMPORT, SECOND))
    assert list(parts) == ["ex01", "ex03"]
    assert "max_pool" not in run(parts["ex01"])


NOT_HEADINGS = [
    "ex03", "see # ex03", "```\n# ex03\n```", "~~~\n## ex03\n~~~", "# 3", "# 3. Write max_pool", "# ex033", "# ex99",
    "# Max pooling", "#ex03", "- ex03", "```\n# ex03",
    "see **ex03**", "**ex03** is next", "**see** and **ex03**", "```\n**ex03**\n```", "*ex03*", "# (ex03)", "**3**",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_HEADINGS)
def test_what_only_looks_like_one_names_none(tiny: Course, text: str) -> None:
    parts = parts_of(tiny, text_of(words("# ex02"), IMPORT, FIRST, words(text), code("more = 1")))
    assert list(parts) == ["ex02"]
    assert "more" in run(parts["ex02"])


def test_without_headings_a_function_of_one_exercise_is_taken_and_one_of_several_is_unclear(
    tiny: Course,
) -> None:
    for cells in ((IMPORT, FIRST, SUMS), (IMPORT, FIRST, SUMS, SECOND)):
        split = split_notebook(tiny, text_of(*cells))
        assert split.certain == ("ex01",)
        assert split.unclear == {"max_pool": ("ex02", "ex03")}
        assert split.notes == ()


def test_a_function_of_one_exercise_tells_whose_its_other_functions_are(two_pools: Course) -> None:
    layer = code("def pool_layer():\n    return 'layer'")
    cells = (IMPORT, FIRST, SECOND, layer)
    split = split_notebook(two_pools, text_of(*cells))
    assert split.certain == tuple(split.parts) == ("ex03",)
    assert run(read_notebook(split.parts["ex03"], "a.ipynb"))["max_pool"](0)[0] == "second"
    assert noted(two_pools, *cells) == [
        "no heading says which of several definitions of max_pool counts; taken, by cell: ex03 [3]"
    ]


def test_of_more_definitions_than_exercises_the_last_that_can_be_called_counts(tiny: Course) -> None:
    other = code("def max_pool(x, size, more):\n    return 'third', 0")
    parts = parts_of(tiny, text_of(IMPORT, FIRST, SECOND, other))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["second", "second"]


def test_in_an_exercises_own_cells_the_last_definition_counts(tiny: Course) -> None:
    cells = (IMPORT, words("# ex03"), FIRST, SECOND, words("# ex02"), FIRST)
    parts = parts_of(tiny, text_of(*cells))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["first", "second"]
    assert noted(tiny, *cells) == []


def test_what_another_exercises_cells_define_comes_along_where_it_is_used(tiny: Course) -> None:
    helper = code("import math as maths\n\ndef half(x):\n    return maths.floor(x / 2)")
    user = code("def max_pool(x):\n    return half(x)")
    parts = parts_of(
        tiny, text_of(words("# ex01"), helper, SUMS, words("# ex02"), FIRST, words("# ex03"), user)
    )
    assert run(parts["ex03"])["max_pool"](5) == 2
    assert "half" not in run(parts["ex02"])


def test_an_exercise_that_uses_the_function_above_has_it(tiny: Course) -> None:
    cells = (IMPORT, words("# ex02"), FIRST, words("# ex03"), code("answer = max_pool(3)"))
    parts = parts_of(tiny, text_of(*cells))
    assert run(parts["ex03"])["answer"][0] == "first"


def test_cells_below_a_heading_that_answer_nothing_are_said(tiny: Course) -> None:
    cells = (IMPORT, words("# ex02"), FIRST, words("# ex03"), code("later = 1"))
    assert list(parts_of(tiny, text_of(*cells))) == ["ex02"]
    assert noted(tiny, *cells) == [
        "the cells below the heading of ex03 neither define nor use its functions; nothing taken for it"
    ]


def test_a_definition_below_no_heading_is_not_lost(tiny: Course) -> None:
    cells = (IMPORT, SUMS, FIRST, words("# ex03"), SECOND)
    parts = parts_of(tiny, text_of(*cells))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["first", "second"]
    assert run(parts["ex01"])["row_sums"](0) == "sums"


COUNTED = [
    ("## Exercise 2", "## Exercise 3"), ("## 연습 2", "## 연습 3"), ("## 연습문제 2.", "## 연습문제 3."),
    ("### 2번 문제", "### 3번 문제"), ("# 과제 2: 풀링", "# 과제 3: 풀링"), ("# Problem 2", "# Problem 3"),
    ("# MaxPool2D test 1", "# MaxPool2D 테스트2"), ("# MaxPool2D\n\n## 테스트1", "## 테스트2"),
    ("# maxpool 1", "# Maxpool-2"), ("## Q2", "## Q3"), ("## Q2. pooling", "## Q. 3"), ("## [과제2] 풀링", "## [과제3] 풀링"),
    ("**Exercise 2**", "**Exercise 3**"), ("# HW2", "# HW 3"), ("# Assignment 2", "# Assignment 3"), ("## Ex. 2", "## Ex. 3"),
    ("## 문항 2", "## 3번 문항"),
]  # fmt: skip


@pytest.mark.parametrize(("second", "third"), COUNTED)
def test_headings_may_count_the_exercises(tiny: Course, second: str, third: str) -> None:
    # In this order nothing but the headings can tell.
    parts = parts_of(tiny, text_of(IMPORT, words(third), SECOND, words(second), FIRST))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["first", "second"]


def test_what_only_counts_is_a_task_where_another_heading_names_the_exercise(tiny: Course) -> None:
    parts = parts_of(tiny, text_of(IMPORT, words("# ex02"), words("## Exercise 3"), FIRST))
    assert list(parts) == ["ex02"]


def test_without_headings_the_first_line_of_a_cell_may_name_its_exercise(tiny: Course) -> None:
    cells = (IMPORT, code("# ex03\n" + SECOND["source"]), code("#maxpool-1 ----\n" + FIRST["source"]))
    parts = parts_of(tiny, text_of(*cells))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["first", "second"]
    assert noted(tiny, *cells) == []


def test_a_comment_in_a_cell_that_defines_nothing_names_the_cells_below(tiny: Course) -> None:
    second = (code("# maxpool-1\nimport math"), code("PI = math.pi"), FIRST)
    third = (code("# ex03 --------\nimport math"), words("My answer."), SECOND, code("max_pool(0)"))
    parts = parts_of(tiny, text_of(*third, *second))
    assert [run(parts[id])["max_pool"](0)[0] for id in ("ex02", "ex03")] == ["first", "second"]
    assert "PI" in run(parts["ex02"])
    assert "PI" not in run(parts["ex03"])
    # What defines something is a part of its own, and says nothing of the cells below it.
    parts = parts_of(tiny, text_of(IMPORT, code("# ex02\n" + FIRST["source"]), SECOND))
    assert run(parts["ex02"])["max_pool"](0)[0] == "first"


def test_editing_one_exercises_cell_leaves_the_others_parts_as_they_were(tiny: Course) -> None:
    changed = {**SECOND, "source": "def max_pool(x):\n    return 'better', round(math.pi, 2)"}
    old, new = (
        split_notebook(tiny, text_of(IMPORT, SUMS, words("# ex02"), FIRST, words("# ex03"), answer)).parts
        for answer in (SECOND, changed)
    )
    assert [id for id in old if old[id] != new[id]] == ["ex03"]


def test_outputs_and_metadata_change_no_part(tiny: Course) -> None:
    printed = {
        **FIRST,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
        "execution_count": 9,
    }
    marked = {**SUMS, "metadata": {"colab": {"base_uri": "https://example.org"}, "id": "aB3"}}
    assert split_notebook(tiny, text_of(IMPORT, printed, marked, SECOND)) == split_notebook(
        tiny, text_of(IMPORT, FIRST, SUMS, SECOND)
    )


def test_a_cell_that_is_marked_as_a_check_is_not_executed_and_said(tiny: Course) -> None:
    about = {"nbgrader": {"grade": True, "grade_id": "mine", "solution": False, "locked": True}}
    parts = parts_of(tiny, text_of(words("# ex02"), FIRST, {**SECOND, "metadata": about}))
    assert "second" not in "".join(unit.code for unit in parts["ex02"].units)
    assert [note.key for note in parts["ex02"].notes] == ["submission.checks_skipped"]


@pytest.mark.parametrize(
    "definition",
    [
        "max_pool = other",
        "max_pool: object = other",
        "%matplotlib inline\ndef max_pool(x):\n    pass",
        "if True:\n    def max_pool(x): pass",
        "from elsewhere import max_pool",
        "def max_pool(x):\n    pass\n)",
        "    def max_pool(x):\n        pass",
    ],
)
def test_a_function_may_be_defined_in_other_ways(tiny: Course, definition: str) -> None:
    assert list(parts_of(tiny, text_of(code(definition)))) == ["ex02", "ex03"]


@pytest.mark.parametrize(
    "no_definition",
    [
        "max_pool(x)",
        "[max_pool for max_pool in []]",
        "def f():\n    max_pool = 1",
        "max_pool == 3",
        "x = 1\n    def max_pool(x): pass",
        "x = 'max_pool = 1'",
    ],
)
def test_a_use_is_no_definition(tiny: Course, no_definition: str) -> None:
    assert parts_of(tiny, text_of(code(no_definition))) == {}


def test_cells_keep_their_numbers(tiny: Course) -> None:
    parts = parts_of(tiny, text_of(IMPORT, words("# ex02"), FIRST, words("# ex03"), SECOND))
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
    parts = parts_of(tiny, text_of(*cells, minor=minor))
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
    parts = parts_of(tiny, old.writes_json(old.new_notebook(worksheets=[sheet])))
    assert {id: run(part)["max_pool"](0)[0] for id, part in parts.items()} == {
        "ex02": "first",
        "ex03": "second",
    }


def test_skipped_lines_are_noted_in_their_own_exercise(tiny: Course) -> None:
    parts = parts_of(tiny, text_of(words("# ex02"), code("!ls\n"), FIRST, words("# ex03"), SECOND))
    assert [len(part.notes) for part in parts.values()] == [1, 0]


OWN = {
    "another number": (words("## Problem 1"), code("print(1)"), words("## Problem 4"), SECOND),
    "its number has something else": (
        words("## Problem 2"),
        SECOND,
        words("## Problem 3"),
        code("max_pool(1)"),
    ),
    "its number": (words("## Problem 3"), SECOND, words("## Problem 2"), FIRST),
    "below a later number": (
        words("## Problem 3"),
        SECOND,
        words("## Problem 4"),
        code("def pool_layer(): pass"),
    ),
}


@pytest.mark.parametrize("own", OWN)
def test_where_one_exercise_is_asked_for_the_students_own_numbers_hide_no_function(
    own: str, two_pools: Course
) -> None:
    split = split_notebook(two_pools, text_of(IMPORT, *OWN[own]), "ex03")
    defined = run(read_notebook(split.parts["ex03"], "a.ipynb"))
    assert defined["max_pool"](0)[0] == "second"
    assert ("pool_layer" in defined) == (own == "below a later number")


def test_a_heading_that_names_another_exercise_is_believed_whatever_is_asked_for(tiny: Course) -> None:
    split = split_notebook(tiny, text_of(IMPORT, words("# ex02"), FIRST), "ex03")
    assert tuple(split.parts) == tuple(split.headed) == ("ex02",)


SCRIPTS = {
    "comments": "# ex02\n{first}\n# ex03: any size\n{second}",
    "cells": "# %% ex02\n{first}\n# %%\n# ex03\n{second}",
    "nbconvert": "# In[1]:\n\n# # maxpool-1\n{first}\n# In[2]:\n\n# ## ex03 - pooling\n{second}",
    "rulers": "#####\n# ex02\n#####\n{first}\n# ----\n# ex03 ----\n{second}",
    "korean": "# 최대 풀링\n# 안녕\n\n# ex02 풀이\n{first}\n\n#ex03\n{second}",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_comments_say_what_in_a_script_is_for_which_exercise(script: str, tiny: Course) -> None:
    answers = {"first": FIRST["source"] + "\n", "second": SECOND["source"] + "\n"}
    text = "import math\n\n" + SCRIPTS[script].format(**answers)
    split = split_script(tiny, text)
    assert split.certain == ("ex02", "ex03")
    for id, word in (("ex02", "first"), ("ex03", "second")):
        part = split.parts[id]
        assert run(read_source(part.encode(), "a.py"))["max_pool"](0) == (word, 3.14)
        # Lines keep their numbers, and the other exercise's are empty.
        kept = [(line, own) for line, own in zip(text.splitlines(), part.splitlines(), strict=True) if own]
        assert all(line == own for line, own in kept)
        assert len(kept) < len(text.splitlines())


NO_COMMENTS = [
    "x = 1\n# ex03\ndef max_pool(x): pass", "def f():\n    pass\n\n    # ex03\n", "x = '''\n\n# ex03\n'''\n",
    "def f(x):\n    y = 1\n\n# ex03\n    return y", "# ex031\n", "# see ex03\n", "# 3\n", "# Exercise 3\n",
    "x = [\n\n# ex03\n1]\n", "#!ex03\n",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_COMMENTS)
def test_what_only_looks_like_such_a_comment_names_none(text: str, tiny: Course) -> None:
    assert split_script(tiny, text).headed == frozenset()


def test_a_script_in_another_encoding_is_written_as_utf_8(tiny: Course) -> None:
    text = (
        "# -*- coding: cp949 -*-\n# ex02\n"
        + FIRST["source"]
        + "\n\n# ex03\nname = '풀링'\n"
        + SECOND["source"]
    )
    source = read_source(text.encode("cp949"), "a.py")
    part = split_script(tiny, source.units[0].code).parts["ex03"]
    assert run(read_source(part.encode(), "b.py"))["name"] == "풀링"


def test_what_only_some_take_for_the_end_of_a_line_is_none(tiny: Course) -> None:
    text = f"x = '\u2028'\n\f\n\x1c\n# ex02\n{FIRST['source']}\n\n# ex03\n{SECOND['source']}"
    assert "'second'" in split_script(tiny, text).parts["ex03"]
    assert "'first'" not in split_script(tiny, text).parts["ex03"]


@pytest.mark.parametrize("text", ["def f(:\n", "\t x\n  y", "'''", "\0", "(" * 3000, ""])
def test_a_script_that_is_no_python_is_split_all_the_same(text: str, tiny: Course) -> None:
    split = split_script(tiny, f"# ex03\n{SECOND['source']}\n\n# ex01\n{text}\ndef row_sums(x): pass\n")
    assert "ex03" in split.parts


@pytest.mark.parametrize("text", ["", "no notebook", "[]", '{"nbformat": 4}', '{"cells": 3, "nbformat": 4}'])
def test_what_is_no_notebook_is_the_students_error(tiny: Course, text: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        split_notebook(tiny, text)
    assert caught.value.explanation.key in ("submission.wrong_kind", "submission.bad_notebook")
