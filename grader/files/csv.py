"""CSV tables as people and programs save them: bytes -> rows, in one place for every table that is read."""

from __future__ import annotations

import csv
import io
import re

from grader.files.encoding import decoded, line_in_doubt
from grader.model import Explanation

_OTHER_FILES = {b"PK\x03\x04": "table.workbook", b"\xd0\xcf\x11\xe0": "table.workbook"}
"""How files begin that are named and opened as tables: workbooks of Excel and LibreOffice."""
_SEPARATOR = re.compile(r'\s*"?sep=(.)"?[\s;,]*(?:\n|$)', re.IGNORECASE)
"""Excel's own first line, which says what parts the cells."""


class TableError(ValueError):
    """A file that is no table, with the line where that shows."""

    def __init__(self, key: str, line: int = 0, **values: object) -> None:
        super().__init__(key)
        self.why = Explanation(key, values)
        self.line = line


def csv_rows(content: bytes | str, *, strict: bool = False) -> list[tuple[int, list[str]]]:
    """Return the rows of a table, each with the number of the line on which it ends.

    Bytes are in an encoding that is known for sure. Cells are parted by what a first line `sep=;` says, else by commas,
    semicolons or tabs, whichever the first line has most of. A table that is `strict` holds no quote that CSV does not
    allow.

    Raises:
        TableError: its encoding is not known, or it is no table.
    """
    text = content if isinstance(content, str) else _text_of(content)
    text = text.removeprefix("\ufeff")
    said = _SEPARATOR.match(text.replace("\r\n", "\n", 1))
    head = text.partition("\n")[0]
    delimiter = said[1] if said else max(",;\t", key=re.sub(r'"[^"]*"', "", head).count)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    try:
        if said:
            lines.readline()
        return [(reader.line_num + bool(said), cells) for cells in reader]
    except (csv.Error, TypeError) as error:
        raise TableError("table.no_csv", reader.line_num, error=str(error)) from error


def _text_of(raw: bytes) -> str:
    for beginning, key in _OTHER_FILES.items():
        if raw.startswith(beginning):
            raise TableError(key)
    text = decoded(raw)
    if text is None or "\0" in text:
        raise TableError("table.encoding", line_in_doubt(raw))
    return text
