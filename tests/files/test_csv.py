from __future__ import annotations

import pytest

from grader.files.csv import TableError, csv_rows

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


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        (b"name\n\xff\xfea", "table.encoding", 2),
        (b"a\0b", "table.encoding", 1),
        (b'a,"b', "table.no_csv", 1),
        (b"PK\x03\x04rest", "table.workbook", 0),
        (b"\xd0\xcf\x11\xe0rest", "table.workbook", 0),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, key: str, line: int) -> None:
    with pytest.raises(TableError) as caught:
        csv_rows(content, strict=True)
    assert (caught.value.why.key, caught.value.line) == (key, line)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_excels_first_line_tells_what_parts_cells(first: str, end: str) -> None:
    assert csv_rows(f"\ufeff{first}{end}a,b;c{end}1;2".encode()) == [(2, ["a,b", "c"]), (3, ["1", "2"])]


def test_a_comma_in_a_quoted_heading_parts_nothing() -> None:
    assert csv_rows('"a,b,c";d\n1;2') == [(1, ["a,b,c", "d"]), (2, ["1", "2"])]
