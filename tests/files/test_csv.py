from __future__ import annotations

import pytest

from grader.files.csv import csv_rows

ROWS = [(1, ["이름", "a,b"]), (2, ["ann", ""])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_as_programs_save_it(encoding: str, end: str) -> None:
    assert csv_rows(f'이름,"a,b"{end}ann,{end}'.encode(encoding)) == ROWS


def test_the_first_line_tells_what_parts_cells() -> None:
    assert csv_rows(b"a;b,c;d\n1;2;3") == [(1, ["a", "b,c", "d"]), (2, ["1", "2", "3"])]
    assert csv_rows(b"a\tb\n") == [(1, ["a", "b"])]


def test_a_row_is_numbered_by_the_line_on_which_it_ends() -> None:
    assert csv_rows('a,"b\nc\N{LINE SEPARATOR}d"\n\n1,2\n'.encode()) == [
        (2, ["a", "b\nc\N{LINE SEPARATOR}d"]),
        (3, []),
        (4, ["1", "2"]),
    ]


def test_nothing_has_no_rows() -> None:
    assert csv_rows(b"") == []


@pytest.mark.parametrize("content", [b"\xff\xfea", b'a,"b'])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"decode|unexpected end"):
        csv_rows(content, strict=True)
