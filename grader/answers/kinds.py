"""What a file is that is no answer: known by how it begins, as people hand it in by mistake."""

from __future__ import annotations

import io
import json
import re
import zipfile

from grader.answers.bounded import TooMuch, without_outputs
from grader.errors import SubmissionError
from grader.model import Explanation, Verdict

_BEGINNINGS: list[tuple[str, str]] = [
    ("kind.pdf", r"%PDF-"),
    ("kind.rich_text", r"\{\\rtf"),
    ("kind.office", r"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|HWP Document File"),
    ("kind.archive", r"PK(?:\x03\x04|\x05\x06)|7z\xbc\xaf\x27\x1c|Rar!\x1a|\x1f\x8b\x08|BZh\d|\xfd7zXZ\x00"),
    ("kind.picture", r"\x89PNG|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|RIFF.{4}WEBP|II\*\0|MM\0\*"),
    ("kind.data", r"\x93NUMPY|\x89HDF\r\n|\x80[\x02-\x05](?:\x95|\}|\]|c)|SQLite format 3\0"),
    ("kind.companion", r"\0\x05\x16[\x00\x07]"),
    ("kind.bytecode", r"[\x00-\xff][\x0c-\x0e]\r\n[\0-\x0f]\0\0\0"),
    ("kind.page", r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|div|svg)\b"),
    ("kind.pointer", r"version https://git-lfs\.github\.com/spec/"),
    ("kind.link", r"\s*(?:\[InternetShortcut\]|https?://\S+\s*\Z|<plist|\{\"(?:url|doc_id)\"\s*:)"),
]
"""Each kind, and what its bytes begin with."""
_COMPILED = [
    (kind, re.compile(beginning.encode("latin-1"), re.IGNORECASE | re.DOTALL))
    for kind, beginning in _BEGINNINGS
]
_LOOKED_AT = 4096
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONFLICT = [re.compile(rf"^{mark}", re.MULTILINE) for mark in ("<{7} ", "={7}$", ">{7} ")]


def refused(key: str, **values: object) -> SubmissionError:
    """Return the error of a file that cannot be read as a submission; the sentence has this key."""
    return SubmissionError(Verdict.ERROR, Explanation(key, values))


def wrong_kind(kind: str) -> SubmissionError:
    """Return the error of a file of a kind that is no answer."""
    return refused("submission.wrong_kind", kind=Explanation(kind))


def check_kind(raw: bytes) -> None:
    """Raise a `SubmissionError` where a file's bytes are known to be no answer."""
    start = raw[:_LOOKED_AT].removeprefix(_BYTE_ORDER_MARK)
    for kind, beginning in _COMPILED:
        if beginning.match(start):
            raise wrong_kind("kind.office" if kind == "kind.archive" and _is_document(raw) else kind)


def _is_document(raw: bytes) -> bool:
    """Return whether an archive is a document, as office programs pack theirs."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()[:1000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def check_conflict(text: str) -> None:
    """Raise a `SubmissionError` where Git's marks of a merge conflict stand in a text."""
    first, *others = (mark.search(text) for mark in _CONFLICT)
    if first is not None and all(others):
        raise refused("submission.conflict", line=text.count("\n", 0, first.start()) + 1)


def no_notebook(text: str) -> SubmissionError:
    """Return what is wrong with a text that cannot be read as a notebook."""
    try:
        check_conflict(text)
        text = without_outputs(text)
        json.loads(text)
    except SubmissionError as error:
        return error
    except json.JSONDecodeError as error:
        if not text.lstrip().startswith("{"):
            return wrong_kind("kind.text")
        is_cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        return refused("submission.notebook_cut" if is_cut else "submission.bad_notebook")
    except (ValueError, RecursionError, TooMuch):
        return refused("submission.bad_notebook")
    return refused("submission.bad_notebook") if '"cells"' in text else wrong_kind("kind.json")
