"""How much of a notebook is parsed."""

from __future__ import annotations

import json

import pytest

from grader.answers import bounded
from grader.answers.bounded import MOST_DEPTH, TooMuch, without_outputs
from grader.answers.notebook import completed, read_cells, read_notebook
from grader.errors import SubmissionError
from grader.model import Verdict

CELL = '{"cell_type": "code", "metadata": {}, "outputs" : [%s], "source": "x = \\"[{\\" # \\"outputs\\": ["}'


def notebook(outputs: str = "", metadata: str = "{}") -> str:
    return f'{{"cells": [{CELL % outputs}, {CELL % outputs}], "metadata": {metadata}, "nbformat": 4, "nbformat_minor": 4}}'


@pytest.mark.parametrize(
    "outputs", ["", '{"a": ["]", "\\"", {"outputs": [[1, 2], []]}]}', '"[[[{{{"', "[" * 500 + "]" * 500]
)
def test_outputs_are_left_out_and_nothing_else(outputs: str) -> None:
    text = notebook(outputs, '{"widgets": {"state": {"a": [1]}}, "b": "\\"widgets\\": {"}')
    want = notebook("", '{"widgets": {}, "b": "\\"widgets\\": {"}')
    assert json.loads(without_outputs(text)) == json.loads(want)
    assert [cell.source for cell in read_cells(text)] == ['x = "[{" # "outputs": ['] * 2


def test_what_is_no_json_is_left_to_the_parser() -> None:
    for text in ("", "]", "}{", '"', '{"a": "\\', "[1, 2", '"\\"' * 50_000):
        assert without_outputs(text) == text
    with pytest.raises(ValueError, match="middle of an output"):
        without_outputs('{"outputs": [1, 2, 3')


DEEP = "[" * MOST_DEPTH + "]" * MOST_DEPTH


@pytest.mark.parametrize(
    "metadata",
    [
        json.dumps({"a": [{"a": {}}] * 400}),
        json.dumps({"a": [1] * 2500}),
        f'{{"a": {DEEP}}}',
    ],
    ids=["mappings", "numbers", "deep"],
)
def test_more_than_any_program_writes_is_one_sentence(metadata: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_VALUES", 2000)
    with pytest.raises(TooMuch):
        without_outputs(notebook("", metadata))
    for read in (read_cells, completed, lambda text: read_notebook(text, "ex01.ipynb")):
        with pytest.raises(SubmissionError) as caught:
            read(notebook("", metadata))
        assert caught.value.verdict is Verdict.ERROR
        assert caught.value.explanation.key == "submission.too_nested"


def test_outputs_have_a_limit_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_VALUES", 200)
    numbers = ",".join("1" * 5000)
    assert len(read_cells(notebook(numbers))) == 2
    monkeypatch.setattr(bounded, "_MOST_LEFT_OUT", 200)
    with pytest.raises(TooMuch):
        without_outputs(notebook(",".join(["[]"] * 200)))


def test_large_pictures_are_no_values() -> None:
    picture = json.dumps({"data": {"image/png": "iVBOR" * 1_000_000}})
    assert len(without_outputs(notebook(picture))) < 1000
    attached = notebook("", json.dumps({"attached": "iVBOR" * 1_000_000}))
    assert len(read_cells(attached)) == 2
