"""Read what was handed in: one file -> its source."""

from __future__ import annotations

import io
import stat
import tokenize
from pathlib import Path

from grader.answers.notebook import HARMLESS, MOST_CODE, read_notebook
from grader.errors import SubmissionError
from grader.model import Explanation, Source, Unit, Verdict

__all__ = ["SUFFIXES", "decode_notebook", "read_file", "read_harmless", "read_source", "read_submission"]

SUFFIXES = (".py", ".ipynb")
MOST_BYTES = 20 << 20
_NO_ENCODINGS = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Python's names for what is no encoding of a text; punycode takes minutes for a small file."""


def read_submission(path: Path) -> Source:
    """Return a submission's source.

    Raises:
        SubmissionError: it is no text, no notebook, or larger than 20 MiB.
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
        explanation = Explanation("submission.too_large", {"mib": MOST_BYTES >> 20})
        raise SubmissionError(Verdict.ERROR, explanation)
    return path.read_bytes()


def read_source(raw: bytes, name: str) -> Source:
    """Return the source in a file's bytes.

    Raises:
        SubmissionError: it is no text or no notebook, or holds more code than is read.

    """
    is_notebook = name.lower().endswith(".ipynb")
    if not is_notebook and len(raw) > MOST_CODE:
        raise SubmissionError(
            Verdict.ERROR, Explanation("submission.too_much_code", {"kib": MOST_CODE >> 10})
        )
    if is_notebook:
        return read_notebook(decode_notebook(raw), name)
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
        SubmissionError: it is no text.

    """
    try:
        return raw.decode("utf-8-sig")
    except ValueError as error:
        raise _not_text(error) from error


def _not_text(error: Exception) -> SubmissionError:
    return SubmissionError(Verdict.ERROR, Explanation("submission.not_text", {"error": str(error)[:200]}))


def read_harmless(name: str) -> Source:
    """Read a file of a name's kind in which nothing can be wrong."""
    text = HARMLESS if name.lower().endswith(".ipynb") else "def f(x):\n    return x\n"
    return read_source(text.encode(), name)
