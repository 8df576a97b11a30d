from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.runner.inside.wipe import remove_folder


def test_a_folder_goes_with_its_files_and_what_links_lead_to_stays(tmp_path: Path) -> None:
    folder, outside = tmp_path / "work", tmp_path / "outside"
    (folder / "a" / "b").mkdir(parents=True)
    outside.mkdir()
    (outside / "kept").touch()
    for place in (folder, folder / "a", folder / "a" / "b"):
        (place / "file").touch()
        (place / "link").symlink_to(outside)
    remove_folder(str(folder))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept", "outside"]


@pytest.mark.parametrize("mode", [0o000, 0o100, 0o500])
def test_a_folder_that_forbids_everything_goes(mode: int, tmp_path: Path) -> None:
    inner = tmp_path / "work" / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    for path in (inner, inner.parent, inner.parent.parent):
        path.chmod(mode)
    remove_folder(str(tmp_path / "work"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_deeper_than_calls_may_be_goes(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    here = os.open(work, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    remove_folder(str(work))
    assert list(tmp_path.iterdir()) == []
