"""One file that was handed in -> its source."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from grader.answers.helpers import MOST_HELPERS, helper_unit, is_installed, read_bundle
from grader.answers.kinds import check_kind, refused, wrong_kind
from grader.answers.notebook import HARMLESS, Cell, is_notebook, read_cells, read_notebook
from grader.answers.python import MOST_CODE, check_cost, parses
from grader.answers.regular import open_regular
from grader.answers.script import read_script
from grader.errors import SubmissionError
from grader.model import Explanation, Source, Submission, Unit

SUFFIXES = (".py", ".ipynb")
"""What the name of an answer ends with."""
MOST_BYTES = 100 << 20
"""A larger file is refused: pictures in a notebook count for no other limit."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What Windows begins a text with that it calls Unicode."""
_UNDECLARED = ("cp949", "cp1252")
"""What Windows writes in Korea and in western Europe where nobody says UTF-8; an answer's code is ASCII in both."""
_BEGINS_NOTEBOOK = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*\{\s*\"(?:cells|metadata|nbformat\w*|worksheets|orig_nbformat)\"\s*:"
)
_DEFINES = re.compile(
    r"^(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|import[ \t]+\w|from[ \t]+[\w.]+[ \t]+import\b)", re.MULTILINE
)
_NO_ENCODINGS = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Codecs of Python that do not encode texts, and punycode, which takes minutes for a small file."""


def read_submission(path: Path, below: Path | None = None) -> Source:
    """Return a submission's source; between the folder `below` and the file no link is followed.

    Raises:
        SubmissionError: it is not a text or not a notebook, is larger than 100 MiB, or holds more code than is read.
        OSError: the file cannot be read.
    """
    return read_source(read_file(path, below), path.name)


def read_file(path: Path, below: Path | None = None) -> bytes:
    """Return a submission's bytes; between the folder `below` and the file no link is followed.

    Raises:
        SubmissionError: it is larger than 100 MiB.
        OSError: the file cannot be read.
    """
    with open_regular(path, below) as file:
        return _bytes_of(file)


def read_submitted(submission: Submission) -> bytes:
    """Return the bytes of a submission with a file.

    Raises:
        SubmissionError: it is larger than 100 MiB.
        OSError: the file cannot be read, or could not be when it was found.
    """
    with open_submitted(submission) as file:
        return _bytes_of(file)


def open_submitted(submission: Submission) -> IO[bytes]:
    """Open the file of a submission with one.

    Raises:
        OSError: the file cannot be read, or could not be when it was found.
    """
    assert submission.path is not None
    if submission.failure:
        raise OSError(submission.failure)
    return open_regular(submission.path, submission.below)


def _bytes_of(file: IO[bytes]) -> bytes:
    # Whoever writes into it now may make it larger than it says.
    is_large = os.fstat(file.fileno()).st_size > MOST_BYTES
    if is_large or len(raw := file.read(MOST_BYTES + 1)) > MOST_BYTES:
        raise refused("submission.too_large", mib=MOST_BYTES >> 20)
    return raw


def read_source(raw: bytes, name: str) -> Source:
    """Return the source in a file's bytes: a notebook or Python, whichever it is; a note says where its name is wrong.

    Raises:
        SubmissionError: it is neither, or holds more code than is read.
    """
    raw, files = read_bundle(raw)
    if is_notebook(name):
        return _with_helpers(_read_notebook(raw, name), files)
    check_kind(raw)
    is_named_wrongly = _BEGINS_NOTEBOOK.match(raw) is not None
    if not is_named_wrongly and len(raw) > MOST_CODE:
        raise refused("submission.too_much_code", kib=MOST_CODE >> 10)
    text, declared = _decoded(raw)
    if is_named_wrongly:
        source = _noted("submission.is_notebook", read_notebook(text, name))
    else:
        source = read_script(text, name)
        if _DEFINES.search(text) is None and not all(parses(unit.code) for unit in source.units):
            raise wrong_kind("kind.text")
    if not declared:
        source = _noted("submission.undeclared", source)
    return _with_helpers(source, files)


def _read_notebook(raw: bytes, name: str) -> Source:
    text = decode_notebook(raw)
    if not _is_script(text):
        return read_notebook(text, name)
    return _noted("submission.is_script", read_script(text, name))


def _with_helpers(source: Source, files: Mapping[str, bytes]) -> Source:
    """Return a source with its modules, those that its cells write and those in files."""
    if not files and not source.helpers:
        return source
    units = {file: _helper(file, raw) for file, raw in files.items()}
    units |= {unit.name: unit for unit in source.helpers}
    if len(units) > MOST_HELPERS:
        raise refused("submission.too_many_helpers", most=MOST_HELPERS)
    check_cost([unit.code for unit in (*source.units, *units.values())])
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
        return helper_unit(file, _decoded(raw)[0])
    except SubmissionError as error:
        # It costs what imports it, and is told as Python tells it.
        return helper_unit(
            file, f"raise SyntaxError({error.explanation.values.get('error', 'this is no text')!r})\n"
        )


def _decoded(raw: bytes) -> tuple[str, bool]:
    """Return the text of a Python file, and whether it is in the encoding that it says."""
    is_declared = True
    try:
        encoding, _ = (
            ("utf-16", b"") if raw[:2] in _UTF_16 else tokenize.detect_encoding(io.BytesIO(raw).readline)
        )
        if encoding in _NO_ENCODINGS:
            raise LookupError(f"unknown encoding: {encoding}")
        text = raw.decode(encoding)
    except (SyntaxError, ValueError, LookupError) as error:
        text, is_declared = _undeclared(raw, error), False
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_declared


def _undeclared(raw: bytes, error: Exception) -> str:
    """Return a text that is in no encoding which it says, as an editor of Windows saves it."""
    if b"\0" in raw:
        raise wrong_kind("kind.binary") from error
    with suppress(UnicodeDecodeError):
        raw.decode()
        # It is UTF-8, and says otherwise.
        raise refused("submission.not_text", error=str(error)[:200]) from error
    for encoding in _UNDECLARED:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise refused("submission.not_text", error=str(error)[:200]) from error


def read_cells_in(raw: bytes, name: str) -> list[Cell]:
    """Return the cells of a notebook; a Python file is one of code.

    Raises:
        SubmissionError: it is neither.
    """
    raw, _ = read_bundle(raw)
    if is_notebook(name) or _BEGINS_NOTEBOOK.match(raw) is not None:
        text = decode_notebook(raw)
        return [Cell("code", text)] if _is_script(text) else read_cells(text)
    return [Cell("code", _decoded(raw)[0])]


def _noted(key: str, source: Source) -> Source:
    return replace(source, notes=(Explanation(key), *source.notes))


def _is_script(text: str) -> bool:
    """Return whether what is named as a notebook is Python that defines something."""
    if text.lstrip()[:1] in ("{", "[", '"', ""):
        return False
    return _DEFINES.search(text) is not None


def decode_notebook(raw: bytes) -> str:
    """Return a notebook's text.

    Raises:
        SubmissionError: it is not a text, or of a kind that is no notebook.
    """
    check_kind(raw)
    try:
        text = raw.decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig")
    except ValueError as error:
        text = _undeclared(raw, error)
    if not text.strip():
        raise refused("submission.empty")
    return text


def read_harmless(name: str) -> Source:
    """Read a file of a name's kind in which nothing can be wrong: where this fails, the fault is this program's."""
    text = HARMLESS if is_notebook(name) else "def f(x):\n    return x\n"
    return read_source(text.encode(), name)
