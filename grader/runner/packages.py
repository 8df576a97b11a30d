"""Which packages outside of Python's own folders the sandbox shows: those of `sys.path`, never what a course hides.

They come by `.pth` files, the user's own site-packages, PYTHONPATH and editable installs. Of a folder that is no
site-packages only its packages and modules are shown, for others keep more there than that.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.model import Explanation

_SITE = ("site-packages", "dist-packages")
_OWN = Path(__file__).resolve().parents[1]
"""This package, of which the sandbox shows what it needs."""


@dataclass(frozen=True, slots=True)
class Packages:
    """Says what of `sys.path` is shown beside Python's own folders."""

    folders: tuple[Path, ...]
    """Where modules are looked for."""
    shown: tuple[Path, ...]
    """What of these folders is there."""
    hidden: tuple[tuple[Path, Explanation], ...]
    """What is not shown, and why."""


def find_packages(roots: Sequence[Path], course: Path | None) -> Packages:
    """Return what is shown beside the folders that are shown in any case; nothing that holds the course or a part of it."""
    known = [path.resolve() for path in (*roots, Path("/usr"))]
    folders: list[Path] = []
    shown: list[Path] = []
    hidden: list[tuple[Path, Explanation]] = []
    for path in dict.fromkeys([*map(Path, sys.path), *_editable()]):
        place = path.resolve()
        # The empty entry stands for the current folder.
        if not path.is_absolute() or not place.exists() or any(place.is_relative_to(root) for root in known):
            continue
        if place in (_OWN, _OWN.parent):
            continue
        why = _why_hidden(place, course)
        if why is not None:
            hidden.append((path, why))
            continue
        is_folder = path.name in _SITE or str(path) not in sys.path
        parts = (
            [path]
            if is_folder
            else [
                item
                for item in sorted(path.iterdir())
                if _is_module(item) and not _why_hidden(item.resolve(), course)
            ]
        )
        shown += parts
        folders += [path] if parts and str(path) in sys.path else []
    return Packages(tuple(folders), tuple(shown), tuple(hidden))


def _why_hidden(place: Path, course: Path | None) -> Explanation | None:
    """Return why a folder or file is not shown; None where it may be."""
    secret = [course.resolve() / name for name in ("solutions", "exercises")] if course is not None else []
    if any(place.is_relative_to(folder) or folder.is_relative_to(place) for folder in secret):
        return Explanation("runner.hidden_course")
    if place.is_dir() and any(
        (place / name).exists() for name in ("course.yml", "solutions", "gradebook.db")
    ):
        return Explanation("runner.hidden_course")
    broad = (Path.home(), Path.cwd(), Path(tempfile.gettempdir()))
    if any(folder.resolve().is_relative_to(place) for folder in broad):
        return Explanation("runner.hidden_broad")
    if place.is_file() and place.suffix not in (".py", ".so"):
        return Explanation("runner.hidden_file")
    return None


def _is_module(path: Path) -> bool:
    """Return whether a file or folder is what Python imports, or says what was installed."""
    if path.is_dir():
        return (path / "__init__.py").is_file() or path.suffix in (".dist-info", ".egg-info")
    return path.suffix in (".py", ".so")


def _editable() -> Iterator[Path]:
    """Yield the packages that editable installs find by a table instead of by `sys.path`, as setuptools writes it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable__"):
            mapping = getattr(module, "MAPPING", {})
            yield from (Path(place) for place in mapping.values())
