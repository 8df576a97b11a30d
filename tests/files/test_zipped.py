from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from grader.files.zipped import zip_of

FILES: dict[str, str | bytes] = {"b.md": "2", "a.sh": b"1"}


@pytest.mark.parametrize("compressed", [True, False])
def test_a_zip_is_the_same_for_the_same_files(compressed: bool) -> None:
    packed = zip_of(FILES, compressed=compressed)
    assert packed == zip_of(dict(reversed(list(FILES.items()))), compressed=compressed)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == ["a.sh", "b.md"]
        assert archive.read("b.md") == b"2"
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_programs_may_be_executed_and_other_files_not() -> None:
    with zipfile.ZipFile(BytesIO(zip_of(FILES, executable={"a.sh"}))) as archive:
        assert [item.external_attr >> 16 for item in archive.infolist()] == [0o100755, 0o100644]
