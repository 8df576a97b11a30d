"""A release is written whole or not at all; what students changed in an earlier one stays."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.course.yaml import FILE_NAME, read_yaml
from grader.errors import CourseError, RequestError, file_errors_as
from grader.files.zipped import zip_of
from grader.model import Course
from grader.release.build import Release
from grader.release.notebooks import is_as_released


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    files: Mapping[str, bytes]
    kept: tuple[str, ...]
    """The answers of an earlier release that were left as they were."""
    zip_digest: str | None
    """SHA-256 of the zip."""


def write_release(
    release: Release, folder: Path | None, zip_file: Path | None, *, force: bool = False
) -> Written:
    """Write a release into a folder, a zip, or both: all of it or nothing.

    The folder is new or empty, or with `force` holds an earlier release: then `exercises/`, course.yml and the READMEs
    are replaced, and an answer is written only where there is none or where it is still the earlier stub.

    Raises:
        RequestError: a target holds something else, or cannot be written; nothing was changed.
    """
    folder, zip_file = folder and folder.resolve(), zip_file and zip_file.resolve()
    kept = check_targets(release, folder, zip_file, force=force)
    stems = {Path(name).stem for name in kept}
    everything = release.everything()
    files = {
        name: data
        for name, data in everything.items()
        if name not in release.answers or Path(name).stem not in stems
    }
    # Not compressed, so that everybody gets the same bytes.
    packed = zip_of(
        {f"{release.course.id}/{name}": data for name, data in everything.items()}, compressed=False
    )
    with (
        file_errors_as(RequestError, "release.unwritable", folder or zip_file or Path()),
        ExitStack() as stack,
    ):
        # Everything is on its disk before anything is moved to its place.
        if zip_file is not None:
            staged_zip = stack.enter_context(_staged({zip_file.name: packed}, zip_file.parent))
        if folder is not None:
            stage = stack.enter_context(_staged(files, folder if folder.exists() else folder.parent))
            if folder.exists():
                _swap(stage, folder)
                for name in files.keys() & release.answers.keys():
                    # A release of the other kind began the same answer, and nobody wrote into it.
                    other = {".py": ".ipynb", ".ipynb": ".py"}[Path(name).suffix]
                    (folder / name).with_suffix(other).unlink(missing_ok=True)
            else:
                os.rename(stage, folder)
        if zip_file is not None:
            os.replace(staged_zip / zip_file.name, zip_file)
    digest = hashlib.sha256(packed).hexdigest() if zip_file is not None else None
    return Written(files if folder is not None else everything, kept, digest)


def check_targets(
    release: Release, folder: Path | None, zip_file: Path | None, *, force: bool
) -> tuple[str, ...]:
    """Return the answers that stay as they are in a release that is there already.

    Raises:
        RequestError: a target holds something else.
    """
    folder, zip_file = folder and folder.resolve(), zip_file and zip_file.resolve()
    for target in (folder, zip_file):
        if target is not None:
            _refuse_inside(release.course, target)
    if zip_file is not None and folder is not None and zip_file.is_relative_to(folder):
        raise RequestError("release.zip_inside", {"file": str(zip_file), "folder": str(folder)})
    if zip_file is not None and (zip_file.is_dir() or (zip_file.exists() and not force)):
        raise RequestError("release.zip_there", {"file": str(zip_file)})
    return _kept_answers(release, folder, force=force) if folder is not None else ()


def _refuse_inside(course: Course, path: Path) -> None:
    """Refuse the course itself, what lies above it, and its exercises and solutions."""
    inside = any(path.is_relative_to(course.root / part) for part in ("exercises", "solutions"))
    if inside or course.root.is_relative_to(path):
        raise RequestError("release.inside", {"folder": str(path)})


def _kept_answers(release: Release, folder: Path, *, force: bool) -> tuple[str, ...]:
    """Return the answers that an earlier release in a folder holds and that are to be left as they are."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ()
    if not _is_release(folder, release.course.id):
        raise RequestError("release.not_empty", {"folder": str(folder)})
    if not force:
        raise RequestError("release.there", {"folder": str(folder)})
    kept = []
    for name in release.answers:
        # An answer may be of the other kind too, where an earlier release had that or a student chose it.
        for suffix in (".py", ".ipynb"):
            answer = folder / f"{Path(name).stem}{suffix}"
            if answer.is_symlink() or (answer.exists() and not _is_as_released(answer)):
                kept.append(answer.name)
    return tuple(kept)


def _is_release(folder: Path, course_id: str) -> bool:
    """Return whether a folder holds an earlier release of this course, and not a course with its solutions."""
    if not (folder / "exercises").is_dir() or (folder / "solutions").exists():
        return False
    try:
        described = read_yaml(folder / FILE_NAME)
    except CourseError:
        return False
    return isinstance(described, dict) and described.get("id") == course_id


def _is_as_released(answer: Path) -> bool:
    if answer.suffix == ".ipynb":
        return is_as_released(answer)
    stubs = answer.parent.glob(f"exercises/{answer.stem}_*/stub.py")
    return answer.is_file() and answer.read_bytes() in [stub.read_bytes() for stub in stubs]


@contextmanager
def _staged(files: Mapping[str, bytes], beside: Path) -> Iterator[Path]:
    """Return a folder on the target's disk that holds the files; what is left of it is removed afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".release-", dir=beside))
    try:
        stage.chmod(0o755)
        for name, content in files.items():
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(stage: Path, folder: Path) -> None:
    """Move what was built into its place, entry by entry; on any failure put back what was there."""
    old = stage / ".old"
    old.mkdir()
    moved: list[str] = []
    try:
        for name in sorted(item.name for item in stage.iterdir() if item != old):
            moved.append(name)
            if (folder / name).exists():
                os.rename(folder / name, old / name)
            os.rename(stage / name, folder / name)
    except BaseException:
        for name in reversed(moved):
            if not (stage / name).exists():
                os.rename(folder / name, stage / name)
            if (old / name).exists():
                os.rename(old / name, folder / name)
        raise
