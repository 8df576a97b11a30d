"""One file that was handed in -> its source."""

from __future__ import annotations

import io
import os
import tokenize
from pathlib import Path
from typing import IO

from grader.answers.notebook import HARMLESS, check_code_size, is_notebook, read_notebook, refused
from grader.answers.regular import open_regular
from grader.errors import SubmissionError
from grader.model import Source, Submission, Unit

SUFFIXES = (".py", ".ipynb")
"""What the name of an answer ends with."""
MOST_BYTES = 20 << 20
"""A larger file is refused."""
_NO_ENCODINGS = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Codecs of Python that do not encode texts, and punycode, which takes minutes for a small file."""


def read_submission(path: Path, below: Path | None = None) -> Source:
    """Return a submission's source; between the folder `below` and the file no link is followed.

    Raises:
        SubmissionError: it is not a text or not a notebook, is larger than 20 MiB, or holds more code than is read.
        OSError: the file cannot be read.
    """
    return read_source(read_file(path, below), path.name)


def read_file(path: Path, below: Path | None = None) -> bytes:
    """Return a submission's bytes; between the folder `below` and the file no link is followed.

    Raises:
        SubmissionError: it is larger than 20 MiB.
        OSError: the file cannot be read.
    """
    with open_regular(path, below) as file:
        return _bytes_of(file)


def read_submitted(submission: Submission) -> bytes:
    """Return the bytes of a submission with a file.

    Raises:
        SubmissionError: it is larger than 20 MiB.
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
    """Return the source in a file's bytes, as Python or a notebook by its name.

    Raises:
        SubmissionError: it is not a text or not a notebook, or holds more code than is read.
    """
    if is_notebook(name):
        return read_notebook(decode_notebook(raw), name)
    check_code_size(len(raw))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        if encoding in _NO_ENCODINGS:
            raise LookupError(f"unknown encoding: {encoding}")
        text = raw.decode(encoding)
    except (SyntaxError, ValueError, LookupError) as error:
        raise _not_text(error) from error
    return Source((Unit(name, text.replace("\r\n", "\n").replace("\r", "\n")),))


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
