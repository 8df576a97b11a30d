"""One file that was handed in -> its source."""

from __future__ import annotations

import io
import stat
import tokenize
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.answers.helpers import MOST_HELPERS, helper_unit, is_installed, read_bundle
from grader.answers.notebook import HARMLESS, check_code_size, is_notebook, read_notebook, refused
from grader.errors import SubmissionError
from grader.model import Explanation, Source, Unit

SUFFIXES = (".py", ".ipynb")
"""What the name of an answer ends with."""
MOST_BYTES = 20 << 20
"""A larger file is refused."""
_NO_ENCODINGS = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Codecs of Python that do not encode texts, and punycode, which takes minutes for a small file."""


def read_submission(path: Path) -> Source:
    """Return a submission's source.

    Raises:
        SubmissionError: it is not a text or not a notebook, is larger than 20 MiB, or holds more code than is read.
        OSError: the file cannot be read.
    """
    return read_source(read_file(path), path.name)


def read_file(path: Path) -> bytes:
    """Return a submission's bytes.

    Raises:
        SubmissionError: it is larger than 20 MiB.
        OSError: the file cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{path.name} is not a file")
    if status.st_size > MOST_BYTES:
        raise refused("submission.too_large", mib=MOST_BYTES >> 20)
    return path.read_bytes()


def read_source(raw: bytes, name: str) -> Source:
    """Return the source in a file's bytes, as Python or a notebook by its name.

    Raises:
        SubmissionError: it is not a text or not a notebook, or holds more code than is read.
    """
    raw, files = read_bundle(raw)
    if is_notebook(name):
        source = read_notebook(decode_notebook(raw), name)
    else:
        check_code_size(len(raw))
        source = Source((Unit(name, _text_of(raw)),))
    return _with_helpers(source, files) if files or source.helpers else source


def _with_helpers(source: Source, files: Mapping[str, bytes]) -> Source:
    """Return a source with its modules, those that its cells write and those in files."""
    units = {file: _helper(file, raw) for file, raw in files.items()}
    units |= {unit.name: unit for unit in source.helpers}
    if len(units) > MOST_HELPERS:
        raise refused("submission.too_many_helpers", most=MOST_HELPERS)
    check_code_size(
        sum(len(unit.code.encode("utf-8", "replace")) for unit in (*source.units, *units.values()))
    )
    hidden = {
        file: root for file, unit in units.items() if is_installed(root := unit.module.partition(".")[0])
    }
    notes = [
        Explanation("submission.helper_installed", {"file": file, "module": root})
        for file, root in sorted(hidden.items())
    ]
    helpers = tuple(unit for file, unit in sorted(units.items()) if file not in hidden)
    if helpers:
        notes.append(Explanation("submission.helpers", {"files": ", ".join(unit.name for unit in helpers)}))
    return replace(source, helpers=helpers, notes=(*source.notes, *notes))


def _helper(file: str, raw: bytes) -> Unit:
    try:
        return helper_unit(file, _text_of(raw))
    except SubmissionError as error:
        # It costs what imports it, and is told as Python tells it.
        return helper_unit(file, f"raise SyntaxError({error.explanation.values['error']!r})\n")


def _text_of(raw: bytes) -> str:
    """Return the text of a Python file."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        if encoding in _NO_ENCODINGS:
            raise LookupError(f"unknown encoding: {encoding}")
        text = raw.decode(encoding)
    except (SyntaxError, ValueError, LookupError) as error:
        raise _not_text(error) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_notebook(raw: bytes) -> str:
    """Return a notebook's text.

    Raises:
        SubmissionError: it is not a text.
    """
    try:
        return raw.decode("utf-8-sig")
    except ValueError as error:
        raise _not_text(error) from error


def _not_text(error: Exception) -> SubmissionError:
    return refused("submission.not_text", error=str(error)[:200])


def read_harmless(name: str) -> Source:
    """Read a file of a name's kind in which nothing can be wrong: where this fails, the fault is this program's."""
    text = HARMLESS if is_notebook(name) else "def f(x):\n    return x\n"
    return read_source(text.encode(), name)
