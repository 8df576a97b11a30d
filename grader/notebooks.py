"""A notebook -> its code cells, in order, as Python."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Any

from grader.errors import SubmissionError
from grader.model import Explanation, Source, Unit, Verdict

__all__ = ["read_notebook"]

# Cell magics whose body is ordinary Python that the student means to be executed.
_TRANSPARENT = re.compile(r"\A\s*%%(time|timeit|capture|prun)\b[^\n]*")

# What a notebook's own tools are in a submission: names that do nothing. Shell lines and magics are never run.
_PRELUDE = """
class _NotebookTools:
    def __getattr__(self, name):
        return lambda *args, **kwargs: None
def get_ipython():
    return _NotebookTools()
def display(*args, **kwargs):
    return None
"""


def read_notebook(text: str, name: str) -> Source:
    """Return a notebook's code cells as units; outputs and metadata are not looked at.

    Raises:
        SubmissionError: the text is no notebook.

    """
    import nbformat

    try:
        with warnings.catch_warnings():
            # Missing cell ids and the like: what a student's tool wrote is taken as it is.
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        cells = [cell for cell in notebook.cells if cell.get("cell_type") == "code"]
        sources = [_text(cell.get("source", "")) for cell in cells]
    except Exception as error:  # nbformat raises whatever the damage makes it raise
        explanation = Explanation("submission.bad_notebook", {"error": str(error)[:300]})
        raise SubmissionError(Verdict.ERROR, explanation) from error
    units, notes = [Unit(f"{name} [tools]", _PRELUDE)], []
    for number, source in enumerate(sources, start=1):
        unit = Unit(f"{name} [cell {number}]", _python(source))
        units.append(unit)
        for line in unit.code.splitlines():
            if "get_ipython()." in line:
                values = {"cell": number, "line": line.strip()[:100]}
                notes.append(Explanation("submission.magic_skipped", values))
    return Source(tuple(units), tuple(notes))


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source)


@cache
def _transformer() -> Any:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager()  # type: ignore[no-untyped-call]


def _python(source: str) -> str:
    """Return a cell as Python; magics and shell lines become calls of `get_ipython()`, line for line."""
    source = _TRANSPARENT.sub("", source, count=1)
    if not re.search(r"^\s*[%!?]|\?\s*$|=\s*[%!]", source, flags=re.MULTILINE):
        return source
    try:
        return str(_transformer().transform_cell(source))
    except SyntaxError:
        return source
