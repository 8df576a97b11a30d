"""CSV tables as people and programs save them: bytes -> rows, in one place for every table that is read."""

from __future__ import annotations

import csv
import io


def csv_rows(content: bytes | str, *, strict: bool = False) -> list[tuple[int, list[str]]]:
    """Return the rows of a table, each with the number of the line on which it ends.

    Bytes are UTF-8, or CP949 as Excel in Korea writes it. Cells are parted by commas, semicolons or tabs, whichever
    the first line has most of. A table that is `strict` holds no quote that CSV does not allow.

    Raises:
        ValueError: it is no text in these encodings, or no table.
    """
    text = content if isinstance(content, str) else _decoded(content)
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=max(",;\t", key=head.count), strict=strict)
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp949")
