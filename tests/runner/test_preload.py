"""What a course names is imported without a search for garbage, which goes on after it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.runner.inside.preload import preload


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.parametrize("ending", ["", "raise RuntimeError('broken')\n"])
def test_garbage_is_looked_for_after_an_import_and_not_in_it(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_library.py").write_text(
        f"import gc, sys\nsys.seen = gc.isenabled()\nMADE = [{{}}]\n{ending}", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "seen", None, raising=False)
    try:
        preload(["a_library.MADE"])
        assert not ending
        assert not any(item is sys.modules["a_library"].MADE for item in gc.get_objects())
    except RuntimeError:
        assert ending
    finally:
        sys.modules.pop("a_library", None)
    assert sys.seen is False  # type: ignore[attr-defined]  # the module above sets it
    assert gc.isenabled()
