"""What an instructor is shown of a submission's pictures and files: known by their content, small, and made anew."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable, Iterator
from itertools import islice

from grader.checks.remote import RemoteCode
from grader.errors import RunnerError, SubmissionError
from grader.files.png import remade_png
from grader.messages.printable import printable
from grader.model import Attachment
from grader.runner.call import Call

_MOST = 3
"""Pictures and files of one check."""
_LARGEST = 128 << 10
"""Bytes of a picture that is kept: a gradebook holds those of a whole class."""
_LONGEST = 4000
"""Characters of a text that are kept."""


def attachments_of(code: RemoteCode) -> tuple[Attachment, ...]:
    """Return the picture of the figure that a check looked at, and the files that it read."""
    return attached((*_picture(code), *code._files_read.items()))


def attached(files: Iterable[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Return the first of some files as they may be shown, by their names."""
    return tuple(_attachment(printable(name)[:100], content) for name, content in islice(files, _MOST))


def _picture(code: RemoteCode) -> Iterator[tuple[str, bytes]]:
    if code._figure:
        # It is drawn by the student's code, which may fail once more, and nothing is said of that.
        with contextlib.suppress(SubmissionError, RunnerError):
            call = Call("picture", target=code._figure[0], operation="picture")
            yield "figure.png", bytes(code._caller.call(call).value)


def _attachment(name: str, content: bytes) -> Attachment:
    picture = remade_png(content)
    if picture is not None and len(picture) <= _LARGEST:
        return Attachment(name, "picture", len(content), base64.b64encode(picture).decode())
    with contextlib.suppress(UnicodeDecodeError):
        text = content.decode().replace("\r\n", "\n")
        if text == printable(text):
            return Attachment(name, "text", len(content), text[:_LONGEST])
    return Attachment(name, "other", len(content))
