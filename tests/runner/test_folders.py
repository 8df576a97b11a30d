"""No folder of the grading machine is in what a student reads."""

from __future__ import annotations

import json
import sysconfig
import tempfile

import numpy as np
import pytest

from grader.runner.folders import without_folders
from grader.runner.sandbox import WORK

TEXTS = {
    f'  File "{np.__file__}", line 3': '  File "numpy/__init__.py", line 3',
    f"{json.__file__}:7: UserWarning": "json/__init__.py:7: UserWarning",
    f"cannot import name 'x' from 'numpy' ({np.__file__})": "cannot import name 'x' from 'numpy' (numpy/__init__.py)",
    f"[Errno 2] No such file: '{WORK}/workers/12/data/a.csv'": "[Errno 2] No such file: 'data/a.csv'",
    f"{WORK}/workers/12 {WORK}/zygote/.keras": ". .keras",
    f"{tempfile.gettempdir()}/grader-a1_b/work/workers/3/x.txt": "x.txt",
    f"in {sysconfig.get_path('purelib')}": "in .",
    "'/content/drive/a.csv' a/b ../x 1/2": "'/content/drive/a.csv' a/b ../x 1/2",
}


@pytest.mark.parametrize(("text", "shown"), TEXTS.items())
def test_a_text_has_names_and_no_folders(text: str, shown: str) -> None:
    assert without_folders(text) == shown
