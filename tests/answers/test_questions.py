"""Where a student answers a question that a person grades."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from grader.answers.questions import MOST_ANSWER, answers_of
from grader.answers.split import split_notebook, split_script
from grader.model import Course, Question, Text

SOFTMAX = "def softmax(x):\n    return x\n"


def notebook(*cells: str | tuple[str, str]) -> bytes:
    """Return a notebook: a text is a cell of code, `("", text)` one of Markdown, `(name, text)` nbgrader's of this name."""
    made: list[dict[str, Any]] = []
    for cell in cells:
        name, source = cell if isinstance(cell, tuple) else ("", cell)
        about = {"nbgrader": {"grade_id": name, "solution": True, "grade": True}} if name else {}
        extra: dict[str, Any] = {} if isinstance(cell, tuple) else {"outputs": [], "execution_count": None}
        kind = "markdown" if isinstance(cell, tuple) else "code"
        made.append({"cell_type": kind, "metadata": about, "source": source, **extra})
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def why(course: Course, raw: bytes | str, name: str = "ex01.py") -> str:
    return answers_of(course.exercises[0], raw.encode() if isinstance(raw, str) else raw, name)["why"]


@pytest.mark.parametrize(
    "code",
    [
        'why = "It overflows."\n',
        'why: str = """\nIt overflows.\n"""\n',
        "# Question: why\n# It overflows.\n" + SOFTMAX,
        "# why\n# It overflows.\n\n" + SOFTMAX + "# another comment\n",
        "# %% Why is the largest value subtracted? (3 points)\n# It overflows.\nimport numpy\n",
        "# why\n#\n" + 'why = "It overflows."\n',
    ],
)
def test_in_a_python_file_a_text_is_a_variable_or_comments_below_its_name(asking: Course, code: str) -> None:
    assert why(asking, code) == "It overflows."


@pytest.mark.parametrize(
    "heading",
    [
        "## why",
        "# Why is the largest value subtracted?",
        "### Question: Why is the largest value subtracted? (3 points)",
        "## Q1. *Why is the largest value subtracted*",
        "## 2) why [3 pts]",
    ],
)
@pytest.mark.parametrize("parts", [1, 2])
def test_in_a_notebook_a_text_stands_below_its_heading(asking: Course, heading: str, parts: int) -> None:
    cells = [("", f"{heading}\nIt overflows.")] if parts == 1 else [("", heading), ("", "It overflows.")]
    raw = notebook("import numpy", *cells, SOFTMAX, ("", "# The end\nof it"))
    assert why(asking, raw, "ex01.ipynb") == "It overflows."


def test_an_answer_may_have_headings_of_its_own(asking: Course) -> None:
    raw = notebook(
        ("", "## why\nBoth:\n### first\none"), ("", "### second\ntwo"), ("", "## loss_plot"), "plot()"
    )
    assert why(asking, raw, "ex01.ipynb") == "Both:\n### first\none\n\n### second\ntwo"
    assert answers_of(asking.exercises[0], raw, "ex01.ipynb")["loss_plot"] == "plot()"


def test_a_text_in_a_cell_of_code_is_found(asking: Course) -> None:
    assert (
        why(asking, notebook(("", "## why"), "it overflows, I think"), "ex01.ipynb")
        == "it overflows, I think"
    )


def test_nbgraders_cell_goes_first_and_its_prompt_and_placeholder_are_no_answer(asking: Course) -> None:
    raw = notebook(("", "## why\nan old one"), ("question_why", "It overflows."))
    assert why(asking, raw, "ex01.ipynb") == "It overflows."
    raw = notebook(
        ("", "### Question: why\n\nTwo sentences are enough."), ("question_why", "YOUR ANSWER HERE")
    )
    assert why(asking, raw, "ex01.ipynb") == ""


def test_code_is_what_is_bound_to_the_name(asking: Course) -> None:
    code = "import numpy\ndef loss_plot(losses):\n    plot(losses)\nx = 1\n"
    found = answers_of(asking.exercises[0], code.encode(), "ex01.py")
    assert found == {"why": "", "loss_plot": "def loss_plot(losses):\n    plot(losses)"}


@pytest.mark.parametrize(
    "code",
    [
        'if True:\n    why = "It overflows."\n',
        'try:\n    pass\nfinally:\n    with open("x"):\n        why = "It overflows."\n',
        'why = "It "\nwhy += "overflows."\n',
        'why = "Something else."\nwhy = "It overflows."\n',
        'x = 1; why = "It overflows."; y = 2\n',
    ],
)
def test_an_answer_may_be_bound_in_parts_and_inside_of_other_statements(asking: Course, code: str) -> None:
    assert why(asking, code) == "It overflows."


def test_what_is_bound_to_no_text_is_shown_as_its_code(asking: Course) -> None:
    code = 'x = 1; why = "".join(\n    ["한", "글"])  # comment\nwhy = "못 " + why; y = 2\n'
    assert why(asking, code) == 'why = "못 " + why'
    assert why(asking, code.rpartition("why =")[0]) == 'why = "".join(\n    ["한", "글"])'


def test_a_long_line_and_what_is_dear_to_read_take_no_time(asking: Course) -> None:
    long = f'other = 1; why = "It overflows."; more = "{"z" * 250_000}"\n'
    started = time.perf_counter()
    assert why(asking, long) == "It overflows."
    assert why(asking, f'why = f"{"{1}" * 80_000}"\n') == ""
    assert why(asking, "x\n" * 200_000) == ""
    assert time.perf_counter() - started < 5


def test_very_many_questions_and_comments_take_no_time(asking: Course) -> None:
    questions = [
        Question(f"question_{number}", Text({"en": f"Part {number}"}), "text", 1) for number in range(1000)
    ]
    exercise = replace(asking.exercises[0], questions=tuple(questions))
    lines = [*(f"# line {number}" for number in range(20_000)), "# 7. Part 999 (2 points)", "# It is."]
    started = time.process_time()
    found = answers_of(exercise, "\n".join(lines).encode(), "ex01.py")
    assert {name: answer for name, answer in found.items() if answer} == {"question_999": "It is."}
    assert time.process_time() - started < 4


def test_the_stub_answers_nothing(asking: Course) -> None:
    for exercise in asking.exercises:
        raw = (exercise.exercise_folder / "stub.py").read_bytes()
        assert not any(answers_of(exercise, raw, f"{exercise.id}.py").values())


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\xff", b"def (:\n", b"{", b"why = 1 +"])
def test_what_cannot_be_read_answers_nothing(asking: Course, raw: bytes) -> None:
    for name in ("ex01.py", "ex01.ipynb"):
        assert why(asking, raw, name) == ""


def test_an_answer_has_a_length(asking: Course) -> None:
    assert len(why(asking, f"why = '{'x' * 10 * MOST_ANSWER}'")) == MOST_ANSWER


def test_what_looks_like_a_heading_inside_of_a_block_of_code_is_none(asking: Course) -> None:
    raw = notebook(("", "## why\n```\n# a comment\n```\nand more"))
    assert why(asking, raw, "ex01.ipynb") == "```\n# a comment\n```\nand more"


def test_one_notebook_of_all_exercises_keeps_the_texts_of_each(asking: Course) -> None:
    raw = notebook(
        ("", "# ex01 Softmax"), SOFTMAX, ("", "## why\nIt overflows."),
        ("", "# ex02 An essay"), ("", "## essay\nA lot."), ("", "# ex03 A quiz"), 'largest = "b"',
    )  # fmt: skip
    parts = split_notebook(asking, raw.decode()).parts
    essays = [
        answers_of(asking.exercises[1], parts[id].encode(), "a.ipynb")["essay"] for id in ("ex01", "ex02")
    ]
    assert why(asking, parts["ex01"].encode(), "a.ipynb") == "It overflows."
    assert essays == ["", "A lot."]


def test_one_python_file_of_all_exercises_keeps_the_answers_of_each(asking: Course) -> None:
    text = f"# ex01\n{SOFTMAX}# Question: why\n# It overflows.\n\n# ex02\n\nessay = 'A lot.'\n"
    parts = split_script(asking, text).parts
    assert why(asking, parts["ex01"]) == "It overflows."
    assert answers_of(asking.exercises[1], parts["ex02"].encode(), "a.py") == {"essay": "A lot."}
