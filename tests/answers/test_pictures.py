"""What a notebook says of its outputs may be anything: pictures are found, and nothing is raised."""

from __future__ import annotations

import base64
import json

import pytest

from grader.answers.pictures import pictures_below

PICTURE = {"data": {"image/png": base64.b64encode(b"picture").decode()}}


@pytest.mark.parametrize(
    "cell",
    [
        {"source": "draw()", "outputs": None},
        {"source": "draw()", "outputs": 5},
        {"source": "draw()", "outputs": {"data": 1}},
        {
            "source": "draw()",
            "outputs": [None, 1, {"data": {"image/png": [1]}}, {"data": {"image/png": "é"}}],
        },
        {"source": [1, None], "outputs": [PICTURE]},
        {"source": None, "outputs": [PICTURE]},
        {},
    ],
)
def test_a_cell_that_is_none_has_no_picture(cell: dict[str, object]) -> None:
    drawn = {"cell_type": "code", "source": ["dr", "aw()"], "outputs": [PICTURE]}
    raw = json.dumps({"cells": [{"cell_type": "code"} | cell, drawn]}).encode()
    assert list(pictures_below("draw()", raw)) == [("cell_2.png", b"picture")]
