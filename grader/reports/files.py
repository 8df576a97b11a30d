"""Files for other programs: tables, and names of files."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from grader.messages.printable import printable

# Excel takes the wide signs of an East Asian keyboard for the plain ones.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

_HARMLESS = re.compile(r"[+-]?\d+(\.\d+)?|-", re.ASCII)


def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one.

    A number with a sign stays one, and so does the dash that Canvas writes where there is no grade. See OWASP, "CSV
    Injection" (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return f"'{value}" if value[:1] in _FORMULA and not _HARMLESS.fullmatch(value) else value


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180, with plain line ends)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


_LONGEST_STEM = 80

_UNSAFE = re.compile(r"[/\\:*?\"<>|\x00-\x1f\x7f]")

# What Windows takes for a device, whatever follows the first point.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_stem(student: str, taken: set[str]) -> str:
    """Return a file name for a student, unlike those taken already; it is added to them.

    Names are any text: what a file system or a shell could take for something else is replaced.
    """
    stem = _UNSAFE.sub("_", printable(student)).strip(". ").encode()[:_LONGEST_STEM].decode("utf-8", "ignore")
    stem = f"_{stem}" if not stem or _RESERVED.fullmatch(stem) else stem
    number, name = 1, stem
    while _folded(name) in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    """Return what a file system that ignores case, and how letters are composed, takes a name for."""
    return unicodedata.normalize("NFC", name.casefold())
